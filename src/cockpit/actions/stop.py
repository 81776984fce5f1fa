"""Stop a service: its process ends and stays ended until it is deployed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.actions import deployment
from cockpit.actions.perform import Cancelled, Emit, Outcome
from cockpit.domain.action import Plan, Step
from cockpit.domain.handoff import Handoff
from cockpit.errors import ExitCode, NotFoundError

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace


def plan(workspace: Workspace, row: Handoff, env: str) -> Plan:
    """Return what would end. Raises NotFoundError if nothing of it runs in `env`."""
    deployment.require_local(workspace, env)
    service = deployment.slug_of(row)
    wanted = workspace.target.wanted(service, env)
    if wanted is None or not wanted.anything:
        raise NotFoundError(
            f"{service} does not run in {env}", do="see `cockpit status` for what does", code="not-deployed"
        )
    steps = (
        Step(f"end {service}: requests to {wanted.url} are refused from then on"),
        Step("keep its releases, so that `cockpit rollback` and `cockpit deploy` bring it back"),
    )
    return deployment.planned(workspace, row, env, "stop", f"stop {service} in {env}", steps)


def run(workspace: Workspace, plan: Plan, emit: Emit, cancelled: Cancelled) -> Outcome:
    """End it."""
    deployment.require_local(workspace, plan.env)
    stopped = workspace.target.stop(plan.service or "", plan.env, emit)
    if stopped is None:
        return Outcome(ExitCode.OK, f"{plan.service} was not live in {plan.env}")
    return deployment.outcome(stopped)
