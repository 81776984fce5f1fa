"""How does `check` print its gates for people? What counts first, then what the next status lacks."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.cli import output
from cockpit.cli.finding_lines import write_finding, write_undecided
from cockpit.domain.gates import Gate
from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.domain.progress import next_status
from cockpit.domain.signs import GATE
from cockpit.domain.text import one_line
from cockpit.domain.words import GateVerdict
from cockpit.workspace.check import Judged
from cockpit.workspace.levels import report_of

_IN_FULL = 8  # documents; of more only the gates are named


def print_gates(snapshot: Snapshot, gates: Sequence[Judged]) -> None:
    """Print what is wrong with the workspace, every open gate with its reasons, what comes next, the sum."""
    for problem in snapshot.problems:
        for line in output.problem_lines(problem):
            output.say(line)
    rows = {row.id: row for row in snapshot.handoffs}
    for judged in gates:
        if judged.open:
            _print_gate(judged, rows.get(judged.rpt or ""))
    _print_waiting(snapshot, gates)
    counted = [judged for judged in gates if judged.counted]
    later = sum(not j.counted and j.gate.verdict is not GateVerdict.PASS for j in gates)
    rest = f"; {later} more stand open that the written statuses do not require" if later else ""
    output.say(f"{sum(not j.open for j in counted)} of {len(counted)} gates pass{rest}")


def _print_waiting(snapshot: Snapshot, gates: Sequence[Judged]) -> None:
    """Print quietly what the next status of each document lacks and was not printed above."""
    judged = {one.rpt for one in gates}
    shown = {(one.rpt, one.gate.spec.id) for one in gates if one.open}
    waiting = [
        (row, [gate for gate in row.readiness.missing if (row.id, gate.spec.id) not in shown])
        for row in snapshot.handoffs
        if row.id in judged
    ]
    waiting = [(row, missing) for row, missing in waiting if missing]
    if not waiting:
        return
    output.write_styled(output.painted("Before the next status, and not counted here:", "quiet"))
    for row, missing in waiting:
        target = next_status(row.rpt.status, row.stage).value
        if len(waiting) > _IN_FULL:
            names = ", ".join(gate.spec.id for gate in missing)
            output.write_styled(output.styled(f"  {row.id} → {target}: {names}", "quiet"))
            continue
        output.write_styled(output.styled(f"  {row.id} → {target}", "quiet"))
        for gate in missing:
            output.write_styled(output.painted(f"    {_in_short(gate)}", "quiet"))


def _in_short(gate: Gate) -> str:
    """A gate with the first thing that is wrong, and how many more there are."""
    said = f"{GATE[gate.verdict].glyph} {gate.spec.id}"
    if not gate.problems:
        return said
    first, more = gate.problems[0], len(gate.problems) - 1
    where = f"{first.where}: " if first.line is not None else ""
    rest = f" (and {more} more)" if more else ""
    return f"{said}  {one_line(where + first.message, 240)}{rest}"


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
