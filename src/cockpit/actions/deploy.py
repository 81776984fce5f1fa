"""Deploy a service: a release of its sources takes over once it is ready, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.actions import conformity, deployment
from cockpit.actions.perform import Cancelled, Emit, Outcome
from cockpit.domain.action import Plan, Step
from cockpit.domain.handoff import Handoff
from cockpit.domain.rpt import RptFacts
from cockpit.domain.service import ServiceFacts
from cockpit.domain.words import Conformance, Level
from cockpit.errors import GitError, NotFoundError

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace

_GRACE_S = 60.0  # where the anatomy names no cold_start_s


def plan(workspace: Workspace, row: Handoff, env: str) -> Plan:
    """Return how the service of `row` would be deployed to `env`. Raises CockpitError if it cannot be."""
    from cockpit.targets.local import launcher

    deployment.require_local(workspace, env)
    service = _service(row)
    url = workspace.target.url(service.slug, env)
    release = f".cockpit/local/releases/{service.slug}/…"
    now = workspace.target.status(env).get(service.slug)
    until = f"; release {now.release[:12]} serves until then" if now and now.wanted and now.release else ""
    steps = (
        *_notes(workspace, row, env),
        Step("compare its code with the contract (L1)", folder=service.path),
        Step(f"copy {service.path}/ to a release: later edits do not change what runs"),
        Step("lock its dependencies, where they are not locked yet", launcher.LOCK_ARGV, release),
        Step("build its environment, shared by releases with the same lock", launcher.SYNC_ARGV, release),
        Step(
            f"start it, and wait until /readyz answers 200 (at most {_grace_s(row.rpt):g} s)",
            ("python", "cockpit_serve.py", f"{service.package}.app:app"),
            release,
        ),
        Step(f"take over {url}{until}"),
        Step(f"compare {url}/openapi.json with the contract (L2)"),
    )
    return deployment.planned(workspace, row, env, "deploy", f"deploy {service.slug} to {env}", steps)


def run(workspace: Workspace, plan: Plan, emit: Emit, cancelled: Cancelled) -> Outcome:
    """Deploy the sources as they are now. What served before goes on serving if that fails."""
    from cockpit.targets.local.target import Order

    deployment.require_local(workspace, plan.env)
    row = workspace.resolve(plan.subject, workspace.snapshot(plan.env))
    service = _service(row)
    conformity.before(workspace, row, emit, cancelled)
    order = Order(service.slug, plan.env, service.path, commit_of(workspace, service.path), _grace_s(row.rpt))
    done = workspace.target.deploy(order, emit, cancelled)
    return conformity.after(workspace, plan, deployment.outcome(done), emit, (done.digest, service.sources))


def commit_of(workspace: Workspace, folder: str) -> str | None:
    """Return the short commit that `folder` stands at, "+dirty" if it differs; None outside of git."""
    try:
        commit = workspace.git.run("rev-parse", "--short", "HEAD").strip()
        dirty = workspace.git.run("status", "--porcelain", "--", folder).strip()
    except GitError:
        return None
    return f"{commit}+dirty" if dirty else commit


def _service(row: Handoff) -> ServiceFacts:
    slug = deployment.slug_of(row)
    if row.service is None:
        raise NotFoundError(
            f"services/{slug}/ is not there", do=f"cockpit scaffold {row.id}", code="service-missing"
        )
    return row.service


def _grace_s(rpt: RptFacts) -> float:
    return max(_GRACE_S, rpt.cold_start_s or 0.0)


def _notes(workspace: Workspace, row: Handoff, env: str) -> tuple[Step, ...]:
    """What somebody should know before they say yes; none of it stops a deploy to this machine."""
    notes = []
    tests, service = row.tests, row.service
    if tests is None:
        notes.append("its tests have never run")
    elif service is not None and tests.sources != service.sources:
        notes.append("its tests have not run on these sources")
    elif not tests.green:
        red = f"{tests.failed} failed, {tests.todo} not written, {tests.errors} erred"
        notes.append(f"its tests are red: {red}")
    if row.contract.levels.get(Level.L1) is Conformance.VIOLATES:
        refused = workspace.config.environment(env).protected
        notes.append(f"its code violates the contract{': ' + env + ' refuses that' if refused else ''}")
    if row.unsupported_status:
        notes.append(f"the document says {row.rpt.status}, and its gates support only {row.stage}")
    named = workspace.config.endpoints.get(row.rpt.service or "", {}).get(env)
    if named is not None:
        notes.append(f"cockpit.yaml names {named} in {env}: that is what is probed, not this machine")
    return tuple(Step(f"note: {note}") for note in notes)
