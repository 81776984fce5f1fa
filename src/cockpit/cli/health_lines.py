"""How is the health of an endpoint printed for people? One line each: glyph, word, latency, phases, error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cockpit.cli.output import styled, write_styled
from cockpit.domain.order import WORST_FIRST
from cockpit.domain.signs import HEALTH
from cockpit.domain.text import one_line
from cockpit.domain.words import HealthState
from cockpit.workspace.probe_report import ProbeRow

_WORD_WIDTH = max(len(sign.word) for sign in HEALTH.values()) + 2


def print_rows(rows: Sequence[ProbeRow], *, time: str = "") -> None:
    """Print one line for each of `rows`, in columns, each with `time` before it if that is given."""
    services = [one_line(row.service or "no service", 40) for row in rows]
    width = max(map(len, services), default=0)
    for row, service in zip(rows, services, strict=True):
        sign = HEALTH[row.health.state]
        write_styled(
            *((styled(time, "quiet"), "  ") if time else ()),
            styled(f"{sign.glyph} {sign.word}", sign.tone),
            " " * (_WORD_WIDTH - len(sign.word)),
            styled(service, "strong"),
            " " * (width - len(service) + 2),
            f"{one_line(row.rpt or '–', 12):<10}",
            f"{_latency(row):>9}  ",
            styled(_rest(row) or "–", "bad" if row.health.error else "quiet"),
        )


def counted(rows: Sequence[ProbeRow]) -> str:
    """Return how many are in each state, worst first, e.g. "1 down, 3 up"."""
    counts = Counter(row.health.state for row in rows)
    return ", ".join(f"{counts[s]} {HEALTH[s].word}" for s in WORST_FIRST if counts[s]) or "nothing"


def _latency(row: ProbeRow) -> str:
    ms = row.health.latency_ms if row.probe is None else row.probe.latency_ms
    return "–" if ms is None else f"{ms:.1f} ms" if ms < 100 else f"{ms:,.0f} ms"


def _rest(row: ProbeRow) -> str:
    """Return why it is not well and where it was asked, what deploys it, or the phases of what is well."""
    if row.health.error:
        return row.health.error + (f"  ({row.health.url})" if row.health.url else "")
    if row.health.state is HealthState.NOT_DEPLOYED:
        return f"`cockpit deploy {row.rpt} --env {row.env}` deploys it"
    phases = {} if row.probe is None else row.probe.phases
    return " · ".join(f"{name.replace('_', ' ')} {ms:.1f}" for name, ms in phases.items())
