"""Sign an RPT: one person says that contract, persistence and anatomy are what they agree to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.actions.perform import Cancelled, Emit, Outcome
from cockpit.domain.action import Plan, Risk, Step
from cockpit.domain.handoff import Handoff
from cockpit.edges.clock import today
from cockpit.errors import ConfigError, DocumentError, ExitCode

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace


def plan(workspace: Workspace, row: Handoff, env: str) -> Plan:
    """Return what signing would write. Raises CockpitError if there is nothing to sign, or nobody to."""
    rpt, me = row.rpt, workspace.me
    if rpt.digest is None:
        raise DocumentError(
            f"{rpt.id} cannot be signed: contract, persistence and anatomy do not all read",
            do=f"mend them: cockpit check {rpt.id} --strict",
            code="not-signable",
            path=rpt.path,
        )
    if me is None:
        raise ConfigError(
            "nobody knows who you are",
            do="add your git e-mail under `people:` in cockpit.yaml, or set COCKPIT_ME=HANDLE",
            code="no-me",
        )
    if me not in rpt.approvers:
        raise DocumentError(
            f"{me} is no approver of {rpt.id}",
            do=f"its approvers are {', '.join(rpt.approvers) or 'not named yet'}",
            code="not-approver",
            path=rpt.path,
        )
    if any(s.by == me and s.digest == rpt.digest for s in rpt.signoffs):
        raise DocumentError(
            f"{me} has signed this already", do="nothing", code="signed-already", path=rpt.path
        )
    return Plan(
        "sign",
        f"sign {rpt.id} revision {rpt.revision} as {me}",
        rpt.id,
        rpt.service,
        env,
        ("cockpit", "sign", rpt.id),
        (Step(f"add a sign-off over {rpt.digest[:19]}… to the front matter"),),
        touches=(rpt.path,),
        risk=Risk.LOCAL,
    )


def run(workspace: Workspace, plan: Plan, emit: Emit, cancelled: Cancelled) -> Outcome:
    """Write the sign-off. The digest is taken anew: what is signed is what stands in the file now."""
    from cockpit.rpts.writer import Edit

    row = workspace.resolve(plan.subject, workspace.snapshot(plan.env))
    me, rpt = workspace.me, row.rpt
    if me is None or rpt.digest is None:
        raise DocumentError(
            f"{rpt.id} changed meanwhile", do="look at it again", code="not-signable", path=rpt.path
        )
    role = (
        "researcher"
        if me == rpt.owners.researcher
        else "engineer"
        if me == rpt.owners.engineer
        else "approver"
    )
    edit = Edit(workspace.root / rpt.path, workspace.root)
    day = today(workspace.clock).isoformat()
    edit.append(
        "signoffs", {"by": me, "role": role, "at": day, "revision": rpt.revision, "digest": rpt.digest}
    )
    edit.save()
    document = {"schema": "cockpit.sign/v1", "rpt": rpt.id, "by": me, "role": role, "digest": rpt.digest}
    return Outcome(ExitCode.OK, f"{rpt.id} signed by {me}", document)
