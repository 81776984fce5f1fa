"""How is each state shown? One table: glyph, word, tone. Colour never stands alone.

The glyphs are in every common monospace font. The faces map a tone to a colour of their theme.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cockpit.domain.conformance import Severity
from cockpit.domain.slice_state import SliceState
from cockpit.domain.words import Conformance, GateVerdict, HealthState, RunState, StackState, Status


class Tone(StrEnum):
    """The meaning of a colour."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    BUSY = "busy"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Sign:
    """Glyph, word and tone of one state."""

    glyph: str
    word: str
    tone: Tone


HEALTH: dict[HealthState, Sign] = {
    HealthState.UP: Sign("●", "up", Tone.GOOD),
    HealthState.DEGRADED: Sign("▲", "degraded", Tone.WARN),
    HealthState.STARTING: Sign("◇", "starting", Tone.BUSY),
    HealthState.WAKING: Sign("◇", "waking", Tone.BUSY),
    HealthState.ASLEEP: Sign("◆", "asleep", Tone.QUIET),
    HealthState.DOWN: Sign("×", "down", Tone.BAD),
    HealthState.UNKNOWN: Sign("?", "unknown", Tone.WARN),
    HealthState.PAUSED: Sign("■", "paused", Tone.QUIET),
    HealthState.NOT_DEPLOYED: Sign("–", "not deployed", Tone.QUIET),
}

CONFORMANCE: dict[Conformance, Sign] = {
    Conformance.CONFORMS: Sign("✓", "conforms", Tone.GOOD),
    Conformance.VIOLATES: Sign("×", "violates", Tone.BAD),
    Conformance.UNKNOWN: Sign("·", "unknown", Tone.QUIET),
}

SEVERITY: dict[Severity, Sign] = {
    Severity.ERROR: Sign("×", "error", Tone.BAD),
    Severity.WARNING: Sign("▲", "warning", Tone.WARN),
    Severity.NOTE: Sign("•", "note", Tone.QUIET),
}

GATE: dict[GateVerdict, Sign] = {
    GateVerdict.PASS: Sign("✓", "pass", Tone.GOOD),
    GateVerdict.FAIL: Sign("×", "fail", Tone.BAD),
    GateVerdict.UNKNOWN: Sign("?", "unknown", Tone.WARN),
}

STAGE: dict[Status, Sign] = {
    Status.DRAFT: Sign("□", "draft", Tone.QUIET),
    Status.REVIEW: Sign("◇", "review", Tone.BUSY),
    Status.AGREED: Sign("◆", "agreed", Tone.BUSY),
    Status.BUILDING: Sign("▲", "building", Tone.BUSY),
    Status.DEPLOYED: Sign("●", "deployed", Tone.GOOD),
    Status.BLOCKED: Sign("×", "blocked", Tone.BAD),
    Status.WITHDRAWN: Sign("–", "withdrawn", Tone.QUIET),
    Status.RETIRED: Sign("–", "retired", Tone.QUIET),
}

STACK: dict[StackState, Sign] = {
    StackState.NONE: Sign("–", "no stack", Tone.QUIET),
    StackState.OPEN: Sign("□", "open", Tone.BUSY),
    StackState.BLOCKED: Sign("×", "blocked", Tone.BAD),
    StackState.MERGED: Sign("■", "merged", Tone.GOOD),
    StackState.UNKNOWN: Sign("?", "unknown", Tone.WARN),
}

SLICE: dict[SliceState, Sign] = {
    SliceState.CONFLICT: Sign("↔", "conflict", Tone.BAD),
    SliceState.FAILING: Sign("×", "checks failing", Tone.BAD),
    SliceState.CHANGES: Sign("▲", "changes requested", Tone.WARN),
    SliceState.UNKNOWN: Sign("?", "unknown", Tone.WARN),
    SliceState.DRAFT: Sign("·", "draft", Tone.QUIET),
    SliceState.OPEN: Sign("□", "open", Tone.BUSY),
    SliceState.QUEUED: Sign("→", "in the merge queue", Tone.BUSY),
    SliceState.APPROVED: Sign("✓", "approved", Tone.GOOD),
    SliceState.CLOSED: Sign("–", "closed", Tone.QUIET),
    SliceState.MERGED: Sign("■", "merged", Tone.GOOD),
}

RUN: dict[RunState, Sign] = {
    RunState.RUNNING: Sign("◇", "running", Tone.BUSY),
    RunState.SUCCEEDED: Sign("✓", "succeeded", Tone.GOOD),
    RunState.FAILED: Sign("×", "failed", Tone.BAD),
    RunState.CANCELLED: Sign("–", "cancelled", Tone.QUIET),
    RunState.INTERRUPTED: Sign("×", "interrupted", Tone.BAD),
}

_BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: tuple[float | None, ...], width: int) -> str:
    """Return the last `width` values as bars scaled to their maximum; a gap (None) is "×"."""
    tail = values[-width:] if width > 0 else ()
    top = max((v for v in tail if v is not None), default=0.0) or 1.0
    return "".join("×" if v is None else _BARS[min(7, int(8 * v / (top * 1.0001)))] for v in tail)
