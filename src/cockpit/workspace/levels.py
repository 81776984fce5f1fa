"""Which report stands behind a gate of conformance, and does it still hold?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cockpit.domain.conformance import Finding, LevelReport, Severity
from cockpit.domain.gates import Gate
from cockpit.domain.handoff import Handoff
from cockpit.domain.words import Conformance, GateVerdict, Level

GATE_OF: dict[Level, str] = {Level.L1: "contract.code", Level.L2: "contract.live"}
_LEVEL_OF = {gate: level for level, gate in GATE_OF.items()}
# Codes of the problems of a gate whose last report, if there is one, says nothing of today.
_NOT_TODAYS = ("not-validated", "validated-before", "waits", "not-checked-yet")
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding and the levels that it was seen at: what code and endpoint both do wrong is one."""

    finding: Finding
    levels: tuple[Level, ...]


def gate_of(row: Handoff, level: Level) -> Gate | None:
    """Return the gate that a level decides, None for one that decides none."""
    return next((gate for gate in row.gates if gate.spec.id == GATE_OF.get(level)), None)


def report_of(row: Handoff, gate: str) -> LevelReport | None:
    """Return the report that decides `gate`; None for another gate, and where it is out of date."""
    level = _LEVEL_OF.get(gate)
    known = row.report(level) if level is not None else None
    return known if known is not None and holds(row, known) else None


def holds(row: Handoff, known: LevelReport) -> bool:
    """True while what the row says of that level comes from this report, and not that it is out of date."""
    if row.contract.levels.get(known.level, Conformance.UNKNOWN) is not known.report.verdict:
        return False
    gate = gate_of(row, known.level)
    if gate is None or gate.verdict is not GateVerdict.UNKNOWN:
        return True
    return not any(problem.code in _NOT_TODAYS for problem in gate.problems)


def current(row: Handoff) -> tuple[LevelReport, ...]:
    """Return the reports that hold."""
    return tuple(known for known in row.reports if holds(row, known))


def merged(reports: Iterable[LevelReport]) -> tuple[Seen, ...]:
    """Return the findings of several levels, each once: the worst first, what is silenced last.

    Of one that several levels show, the first report's is kept; a place that it lacks comes from another.
    """
    found: dict[str, Seen] = {}
    for known in reports:
        for finding in known.report.findings:
            before = found.get(finding.fingerprint)
            if before is None:
                found[finding.fingerprint] = Seen(finding, (known.level,))
                continue
            placed = replace(
                before.finding,
                contract_at=before.finding.contract_at or finding.contract_at,
                service_at=before.finding.service_at or finding.service_at,
            )
            levels = before.levels if known.level in before.levels else (*before.levels, known.level)
            found[finding.fingerprint] = Seen(placed, levels)
    return tuple(
        sorted(
            found.values(),
            key=lambda s: (s.finding.silenced is not None, _ORDER.index(s.finding.severity)),
        )
    )
