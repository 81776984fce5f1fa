"""Roll back a service: the release that served before takes over, the same way as a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.actions import conformity, deployment
from cockpit.actions.perform import Cancelled, Emit, Outcome
from cockpit.domain.action import Plan, Step
from cockpit.domain.handoff import Handoff

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace


def plan(workspace: Workspace, row: Handoff, env: str) -> Plan:
    """Return what would be gone back to. Raises NotFoundError if no other release served before."""
    deployment.require_local(workspace, env)
    service = deployment.slug_of(row)
    before = workspace.target.previous(service, env)
    now = workspace.target.status(env).get(service)
    serves = f", while release {now.release[:12]} still serves" if now and now.wanted and now.release else ""
    name = f"release {before.release[:12]} ({before.commit or 'commit unknown'})"
    steps = (
        Step(f"start {name}{serves}, and wait until /readyz answers 200 (at most {before.grace_s:g} s)"),
        Step(f"take over {workspace.target.url(service, env)}"),
        Step(f"compare {workspace.target.url(service, env)}/openapi.json with the contract (L2)"),
    )
    return deployment.planned(
        workspace, row, env, "rollback", f"roll {service} in {env} back to {name}", steps
    )


def run(workspace: Workspace, plan: Plan, emit: Emit, cancelled: Cancelled) -> Outcome:
    """Go back. What serves now goes on serving if that fails."""
    deployment.require_local(workspace, plan.env)
    done = workspace.target.rollback(plan.service or "", plan.env, emit, cancelled)
    return conformity.after(workspace, plan, deployment.outcome(done), emit)
