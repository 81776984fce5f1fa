"""May code be generated from this contract? Only from one that everybody who must has signed."""

from __future__ import annotations

from cockpit.domain.handoff import Handoff
from cockpit.domain.text import one_line
from cockpit.domain.words import GateVerdict, Status
from cockpit.errors import DocumentError


def require(row: Handoff) -> None:
    """Raise DocumentError, naming the gate and its remedy, while the handoff has not reached `agreed`."""
    rpt = row.rpt
    if not row.stage.on_the_way:
        raise DocumentError(
            f"{rpt.id} is {row.stage}",
            do=f"write `status: agreed` in {rpt.path} if work on it goes on",
            code="not-on-the-way",
            path=rpt.path,
            line=1,
        )
    for gate in row.gates:
        if gate.verdict is GateVerdict.PASS or not gate.required_by(Status.AGREED):
            continue
        problem = gate.problems[0] if gate.problems else None
        names = {"rpt": row.id, "service": rpt.service or "", "env": row.env}
        command = " ".join(part.format(**names) for part in gate.spec.command)
        said = f": {one_line(problem.message, 200)}" if problem else ""
        raise DocumentError(
            f"{row.id} is not agreed: {gate.spec.id} is missing{said}",
            do=command or (problem.do if problem else "") or f"cockpit check {row.id}",
            code="not-agreed",
            path=(problem.path if problem else None) or rpt.path,
            line=problem.line if problem else None,
            column=problem.column if problem else None,
        )
