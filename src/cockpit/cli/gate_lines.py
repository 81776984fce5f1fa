"""How does `check` print its gates for people? What counts first, then what the next status lacks."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.cli import output
from cockpit.cli.finding_lines import write_finding, write_undecided
from cockpit.domain.gates import Gate
from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.domain.progress import next_status
from cockpit.domain.signs import GATE
from cockpit.domain.words import GateVerdict
from cockpit.workspace.check import Judged
from cockpit.workspace.levels import report_of


def print_gates(snapshot: Snapshot, gates: Sequence[Judged]) -> None:
    """Print what is wrong with the workspace, every open gate with its reasons, what comes next, the sum."""
    for problem in snapshot.problems:
        for line in output.problem_lines(problem):
            output.say(line)
    rows = {row.id: row for row in snapshot.handoffs}
    for judged in gates:
        if judged.open:
            _print_gate(judged, rows.get(judged.rpt or ""))
    judged_rpts = {judged.rpt for judged in gates}
    open_ones = {(judged.rpt, judged.gate.spec.id) for judged in gates if judged.open}
    waiting = [(row, _still_missing(row, open_ones)) for row in snapshot.handoffs if row.id in judged_rpts]
    if any(missing for _, missing in waiting):
        output.write_styled(output.painted("Before the next status, and not counted here:", "quiet"))
    for row, missing in waiting:
        if missing:
            names = ", ".join(gate.spec.id for gate in missing)
            target = next_status(row.rpt.status, row.stage).value
            output.write_styled(output.styled(f"  {row.id} → {target}: {names}", "quiet"))
    counted = [judged for judged in gates if judged.counted]
    later = sum(not j.counted and j.gate.verdict is not GateVerdict.PASS for j in gates)
    rest = f"; {later} more stand open that the written statuses do not require" if later else ""
    output.say(f"{sum(not j.open for j in counted)} of {len(counted)} gates pass{rest}")


def _still_missing(row: Handoff, shown: set[tuple[str | None, str]]) -> list[Gate]:
    """What readiness counts as missing and was not printed above."""
    return [gate for gate in row.readiness.missing if (row.id, gate.spec.id) not in shown]


def _print_gate(judged: Judged, row: Handoff | None) -> None:
    gate = judged.gate
    sign = GATE[gate.verdict]
    head = output.styled(f"{sign.glyph} {judged.rpt or 'workspace'} {gate.spec.id}", sign.tone)
    output.write_styled(head, "  ", output.styled(gate.spec.promise, "quiet"))
    known = report_of(row, gate.spec.id) if row is not None else None
    if known is not None and (known.report.findings or known.report.undecided):
        for finding in known.report.findings:
            write_finding(finding, rpt=judged.rpt, silencing=finding.breaks, indent=4)
        for part in known.report.undecided:
            write_undecided(part, indent=4)
        return
    for problem in gate.problems:
        for line in output.problem_lines(problem):
            output.say(f"    {line}")
