"""Which report stands behind a gate of conformance, and does it still hold?"""

from __future__ import annotations

from cockpit.domain.conformance import LevelReport
from cockpit.domain.handoff import Handoff
from cockpit.domain.words import Conformance, Level

GATE_OF: dict[Level, str] = {Level.L1: "contract.code", Level.L2: "contract.live"}
_LEVEL_OF = {gate: level for level, gate in GATE_OF.items()}


def report_of(row: Handoff, gate: str) -> LevelReport | None:
    """Return the report that decides `gate`; None for another gate, and where it is out of date."""
    level = _LEVEL_OF.get(gate)
    known = row.report(level) if level is not None else None
    return known if known is not None and holds(row, known) else None


def holds(row: Handoff, known: LevelReport) -> bool:
    """True while the row's verdict of that level is the report's own, and not that it is out of date."""
    return row.contract.levels.get(known.level, Conformance.UNKNOWN) is known.report.verdict
