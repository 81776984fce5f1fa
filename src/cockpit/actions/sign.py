"""Sign an RPT: one person says that contract, persistence and anatomy are what they agree to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.actions.perform import Cancelled, Emit, Outcome
from cockpit.domain.action import Plan, Risk, Step
from cockpit.domain.handoff import Handoff
from cockpit.domain.rpt import RptFacts
from cockpit.domain.text import one_line
from cockpit.domain.words import GateVerdict
from cockpit.edges.clock import today
from cockpit.errors import ConfigError, DocumentError, ExitCode

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace

# What must read, without a fault, before anybody can agree to it.
_NEEDED = ("header.valid", "header.unique", "contract.valid", "persistence.valid", "anatomy.valid")


def plan(workspace: Workspace, row: Handoff, env: str) -> Plan:
    """Return what signing would write. Raises CockpitError if there is nothing to sign, or nobody to."""
    return _planned(workspace, row, env)


def _planned(workspace: Workspace, row: Handoff, env: str) -> Plan:
    rpt, me = row.rpt, workspace.me
    _signable(row)
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
            f"{me} has signed this already",
            do="nothing: the signature holds until contract, persistence or anatomy change",
            code="signed-already",
            path=rpt.path,
        )
    return Plan(
        "sign",
        f"sign {rpt.id} revision {rpt.revision} as {me}",
        rpt.id,
        rpt.service,
        env,
        ("cockpit", "sign", rpt.id),
        (Step(f"add a sign-off over {rpt.digest} to the front matter"),),
        touches=(rpt.path,),
        risk=Risk.LOCAL,
    )


def run(workspace: Workspace, plan: Plan, emit: Emit, cancelled: Cancelled) -> Outcome:
    """Write the sign-off, if the document still says what was planned to be signed."""
    from cockpit.rpts.writer import Edit

    (path,) = plan.touches
    # The bytes are taken before the document is judged again, and compared before they are written:
    # what is signed is what stood in the file when the plan was shown.
    edit = Edit(workspace.root / path, workspace.root)
    row = workspace.resolve(path, workspace.snapshot(plan.env))
    me, rpt = workspace.me, row.rpt
    if me is None or _planned(workspace, row, plan.env) != plan:
        raise DocumentError(
            f"{rpt.id} changed since you looked at it",
            do="read what changed, then sign it again",
            code="not-signable",
            path=path,
        )
    digest = str(rpt.digest)
    role = _role(rpt, me)
    day = today(workspace.clock).isoformat()
    signed: dict[str, str | int] = {"by": me, "role": role, "at": day, "revision": rpt.revision}
    edit.append("signoffs", signed | {"digest": digest})
    edit.save()
    document = {"schema": "cockpit.sign/v1", "rpt": rpt.id, "by": me, "role": role, "digest": digest}
    standing = {me, *(s.by for s in rpt.signoffs if s.digest == digest)}
    waiting = [approver for approver in rpt.approvers if approver not in standing]
    rest = f"; still to sign: {', '.join(waiting)}" if waiting else "; everybody has signed"
    return Outcome(ExitCode.OK, f"{rpt.id} signed by {me}{rest}", document)


def _signable(row: Handoff) -> None:
    """Raise DocumentError, with the place, while what would be signed does not read."""
    for gate in row.gates:
        if gate.spec.id in _NEEDED and gate.verdict is not GateVerdict.PASS:
            problem = gate.problems[0]
            raise DocumentError(
                f"{row.id} cannot be signed: {one_line(problem.message, 200)}",
                do=problem.do,
                code="not-signable",
                path=problem.path,
                line=problem.line,
                column=problem.column,
            )
    if row.rpt.digest is None:
        raise DocumentError(
            f"{row.id} cannot be signed: it has values that JSON has no form for",
            do="write numbers that JSON knows",
            code="not-signable",
            path=row.rpt.path,
        )


def _role(rpt: RptFacts, me: str) -> str:
    if me == rpt.owners.researcher:
        return "researcher"
    return "engineer" if me == rpt.owners.engineer else "approver"
