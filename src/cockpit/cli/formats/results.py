"""Which single results does `check` have, and how much does each weigh?

A gate that does not pass gives one result for each thing that is wrong; a gate of conformance gives one
for each finding and each part that nobody could decide.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from cockpit.domain.conformance import Finding, LevelReport, Severity
from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.domain.text import one_line
from cockpit.domain.words import GateVerdict
from cockpit.errors import Problem
from cockpit.workspace.check import Judged
from cockpit.workspace.finding_text import Place, place_of, where
from cockpit.workspace.levels import report_of


class Weight(StrEnum):
    """How much a result weighs. Only an error makes `check` exit 1, only an open one 3."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Result:
    """One result. `rule` is a gate's id or a rule of conformance; `code` says more than a gate's id does.

    `where` is the operation and the part of it that a finding is about, "" for a gate. `fingerprint`
    stays the same while lines move.
    """

    rule: str
    gate: str
    rpt: str | None
    weight: Weight
    message: str
    do: str
    fingerprint: str
    code: str = ""
    where: str = ""
    place: Place | None = None
    finding: Finding | None = None
    env: str = ""


def results_of(snapshot: Snapshot, gates: Iterable[Judged]) -> Iterator[Result]:
    """Yield what is wrong, gate by gate. What only a later status requires is left out."""
    rows = {row.id: row for row in snapshot.handoffs}
    for judged in gates:
        row = rows.get(judged.rpt or "")
        report = report_of(row, judged.gate.spec.id) if row is not None else None
        if report is not None:
            yield from _of_report(judged, report, row)
        elif judged.gate.verdict is not GateVerdict.PASS:
            yield from _of_gate(judged, row)


def _of_gate(judged: Judged, row: Handoff | None) -> Iterator[Result]:
    spec = judged.gate.spec
    failed = judged.gate.verdict is GateVerdict.FAIL
    if not judged.counted and not (failed and spec.needed_for is None):
        return
    weight = (Weight.ERROR if failed else Weight.OPEN) if judged.counted else Weight.NOTE
    for problem in judged.gate.problems:
        yield Result(
            rule=spec.id,
            gate=spec.id,
            rpt=judged.rpt,
            weight=weight,
            message=problem.message,
            do=problem.do,
            fingerprint=_digest(judged.rpt or "", spec.id, problem.code, problem.path or "", problem.message),
            code=problem.code,
            place=_place(problem, row),
        )


def _of_report(judged: Judged, known: LevelReport, row: Handoff | None) -> Iterator[Result]:
    for finding in known.report.findings:
        yield Result(
            rule=finding.rule.value,
            gate=judged.gate.spec.id,
            rpt=judged.rpt,
            weight=_weight(finding, judged.counted),
            message=finding.message,
            do=finding.do,
            fingerprint=_digest(judged.rpt or "", judged.gate.spec.id, known.env, finding.fingerprint),
            where=where(finding),
            place=place_of(finding.service_at) or place_of(finding.contract_at) or _document(row),
            finding=finding,
            env=known.env,
        )
    if judged.counted:
        yield from _of_undecided(judged, known, row)


def _of_undecided(judged: Judged, known: LevelReport, row: Handoff | None) -> Iterator[Result]:
    spec, report = judged.gate.spec, known.report
    first = judged.gate.problems[0] if judged.gate.problems else None
    reasons = [("", report.reason)] if report.reason is not None else []
    reasons += [(where(part), part.reason) for part in report.undecided]
    for at, reason in reasons:
        yield Result(
            rule=spec.id,
            gate=spec.id,
            rpt=judged.rpt,
            weight=Weight.OPEN,
            message=reason,
            do=first.do if first is not None else "",
            fingerprint=_digest(judged.rpt or "", spec.id, known.env, "undecided", at, "" if at else reason),
            code="undecided",
            where=at,
            place=_place(first, row) if first is not None else None,
            env=known.env,
        )


def _weight(finding: Finding, counted: bool) -> Weight:
    """What the written status does not require yet is a note, whatever its severity."""
    if not counted:
        return Weight.NOTE
    return {
        Severity.ERROR: Weight.ERROR,
        Severity.WARNING: Weight.WARNING,
        Severity.NOTE: Weight.NOTE,
    }[finding.severity]


def _place(problem: Problem, row: Handoff | None) -> Place | None:
    """Where a problem stands. Formats show files: for a folder, or nothing, that is the document."""
    if problem.path is None or (problem.line is None and not PurePosixPath(problem.path).suffix):
        return _document(row) or (Place(problem.path) if problem.path else None)
    return Place(problem.path, problem.line, problem.column)


def _document(row: Handoff | None) -> Place | None:
    return Place(row.rpt.path) if row is not None else None


def _digest(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode("utf-8", "replace")).hexdigest()


def headline(result: Result) -> str:
    """Return what identifies a result in a list: "RPT-0007 request-narrowed POST /v1/plan · body …"."""
    parts = (result.rpt or "workspace", result.rule, result.code, result.where)
    return one_line(" ".join(part for part in parts if part and part != "undecided"), 300)
