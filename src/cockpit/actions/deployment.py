"""What do deploy, roll back and stop share? Whose service, which environment, and how it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cockpit.actions.perform import Outcome
from cockpit.domain.action import Plan, Risk, Step
from cockpit.domain.handoff import Handoff
from cockpit.domain.service import Deployment
from cockpit.errors import ExitCode, NotFoundError

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace


def slug_of(row: Handoff) -> str:
    """Return the service of `row`. Raises NotFoundError if its RPT names none."""
    if row.rpt.service is None:
        raise NotFoundError(
            f"{row.id} names no service",
            do="write `service: a-slug` in its front matter",
            code="service-missing",
            path=row.rpt.path,
        )
    return row.rpt.service


def planned(
    workspace: Workspace, row: Handoff, env: str, action: str, title: str, steps: tuple[Step, ...]
) -> Plan:
    """Return the plan of `action`: production asks for its name to be typed."""
    service = slug_of(row)
    protected = workspace.config.environment(env).protected
    return Plan(
        action,
        title,
        row.id,
        service,
        env,
        ("cockpit", action, row.id, "--env", env),
        steps,
        touches=(f"{workspace.target.url(service, env)} on this machine", ".cockpit/local/"),
        risk=Risk.PRODUCTION if protected else Risk.LOCAL,
        confirm_word=env if protected else None,
    )


def require_local(workspace: Workspace, env: str) -> None:
    """Return if `env` runs on this machine. Raises NotBuiltError or ConfigError if it does not."""
    from cockpit.targets import names

    names.require_local(workspace.config.environment(env).target)


def outcome(one: Deployment) -> Outcome:
    """Return how a deployment ended, as one line and as `cockpit.deploy/v1`."""
    release = f"release {one.digest[:12]}" + (f", {one.commit}" if one.commit else "")
    if one.state == "live":
        return Outcome(ExitCode.OK, f"{one.service} is live at {one.url} ({release})", document(one))
    if one.state == "stopped":
        return Outcome(ExitCode.OK, f"{one.service} is stopped in {one.env} ({release})", document(one))
    return Outcome(
        ExitCode.NOT_GOOD, f"{one.service} was not deployed to {one.env}: {one.error}", document(one)
    )


def document(one: Deployment) -> dict[str, Any]:
    """Return a deployment as `cockpit.deploy/v1`; `error` only where there is one."""
    return {
        "schema": "cockpit.deploy/v1",
        "service": one.service,
        "env": one.env,
        "url": one.url,
        "state": one.state,
        "commit": one.commit,
        "digest": one.digest,
    } | ({"error": one.error} if one.error else {})
