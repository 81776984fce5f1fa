"""What does the board say of one handoff, column by column? Pure: facts in, spans out."""

from __future__ import annotations

from collections.abc import Callable

from cockpit.domain.handoff import Handoff
from cockpit.domain.health import Health
from cockpit.domain.signs import CONFORMANCE, HEALTH, SLICE, STACK, STAGE, Sign, sparkline
from cockpit.domain.slice_state import SliceState, left, state_of
from cockpit.domain.words import Conformance, HealthState, Level, StackState
from cockpit.tui.columns import Column
from cockpit.tui.moments import day, milliseconds, since, since_iso
from cockpit.tui.spans import Spans, safe, width_of


def mark(row: Handoff) -> Spans:
    """Return the cell before the row: "•" where it waits for this person."""
    return (("•", "accent"),) if row.needs_me and not row.seen else ((" ", ""),)


def id_cell(row: Handoff, width: int) -> Spans:
    """The RPT's id."""
    return ((safe(row.id, 40), "strong" if row.needs_me and not row.seen else ""),)


def title_cell(row: Handoff, width: int) -> Spans:
    """The title."""
    return ((safe(row.rpt.title), "quiet" if row.seen else ""),)


def stage_cell(row: Handoff, width: int) -> Spans:
    """The stage; "!" where the document claims more than its gates support."""
    sign = STAGE[row.stage]
    claim = (("!", "bad"),) if row.unsupported_status else ()
    return ((sign.word, "" if sign.tone == "busy" else sign.tone), *claim)


def contract_cell(row: Handoff, width: int) -> Spans:
    """The violations where there are any, else what each level says, in as few words as possible."""
    state = row.contract
    if state.violations:
        word = "violation" if state.violations == 1 else "violations"
        sign = CONFORMANCE[Conformance.VIOLATES]
        return ((f"{sign.glyph} {state.violations} {word}", sign.tone),)
    groups: list[list[Level]] = []
    for level in Level:
        verdict = state.levels.get(level, Conformance.UNKNOWN)
        if groups and state.levels.get(groups[-1][-1], Conformance.UNKNOWN) is verdict:
            groups[-1].append(level)
        else:
            groups.append([level])
    spans: list[tuple[str, str]] = []
    for group in groups[:2]:
        verdict = state.levels.get(group[0], Conformance.UNKNOWN)
        sign = CONFORMANCE[verdict]
        # An undecided tail is named by its first level only: that one is next.
        open_tail = verdict is Conformance.UNKNOWN or len(group) == 1
        name = group[0].value if open_tail else f"{group[0]}–{group[-1]}"
        spans.append((f"{'  ' if spans else ''}{sign.glyph} {name}", sign.tone))
    return tuple(spans)


def stack_cell(row: Handoff, width: int) -> Spans:
    """A glyph for the state of each slice, lowest first, and how many are merged; planned ones are quiet.

    Where they have no room, the glyph of the worst slice that is left stands beside the figures.
    """
    stack, sign = row.stack, STACK[row.stack.state]
    if stack.state is StackState.NONE or not stack.total:
        return ((f"{sign.glyph} {sign.word}" if width > 9 else f"{sign.glyph} none", sign.tone),)
    figures = f"{stack.merged}/{stack.total}"
    if stack.state is StackState.MERGED:
        squares = f"{'■' * stack.total} merged"
        return ((squares if len(squares) <= width else f"■ {figures}", "good"),)
    if width >= stack.total + 1 + len(figures):
        return (*_squares(row), (f" {figures}", ""))
    shown = sign
    if stack.state is not StackState.UNKNOWN:
        shown = SLICE[min(map(state_of, left(row.stacks)), key=_RANK.__getitem__, default=SliceState.OPEN)]
    return ((f"{figures} ", ""), (shown.glyph, shown.tone))


_UNDEPLOYED = len("– undeployed")
_RANK = {state: rank for rank, state in enumerate(SliceState)}


def _squares(row: Handoff) -> Spans:
    merged, total = row.stack.merged, row.stack.total
    signs = [SLICE[state_of(part)] for part in left(row.stacks)[: total - merged]]
    if row.stack.state is StackState.UNKNOWN:
        signs = [STACK[StackState.UNKNOWN]] * len(signs)
    planned = "□" * (total - merged - len(signs))
    return (("■" * merged, "good"), *((sign.glyph, sign.tone.value) for sign in signs), (planned, "quiet"))


def health_words(health: Health, budget_ms: float | None) -> str:
    """Return the state in figures where there are any ("34ms", "412/300ms" over budget), else in a word."""
    sign = HEALTH[health.state]
    if health.latency_ms is None or health.state not in (HealthState.UP, HealthState.DEGRADED):
        return sign.word
    if health.state is HealthState.DEGRADED and budget_ms and health.latency_ms > budget_ms:
        return f"{health.latency_ms:.0f}/{budget_ms:.0f}ms"
    return milliseconds(health.latency_ms)


def health_cell(row: Handoff, width: int) -> Spans:
    """Glyph, latency or word, and the recent latencies as bars where there is room."""
    health, sign = row.health, HEALTH[row.health.state]
    words = f"{sign.glyph} {health_words(health, row.rpt.p95_ms)}"
    if health.state is HealthState.NOT_DEPLOYED and len(words) > width:
        words = f"{sign.glyph} {'undeployed' if width >= _UNDEPLOYED else 'none'}"
    spans: Spans = ((words, sign.tone),)
    room = width - max(7, width_of(spans)) - 1
    if health.recent and room >= 3:
        bars = sparkline(health.recent, min(room, 10))
        return (*spans, (" " * max(1, 8 - width_of(spans)), ""), (bars, "quiet"))
    return spans


def ready_cell(row: Handoff, width: int) -> Spans:
    """Readiness for the next status."""
    percent = row.readiness.percent
    return ((f"{percent}%", "good" if percent == 100 else ""),)


def next_cell(row: Handoff, width: int) -> Spans:
    """What has to happen first, with the key that does it."""
    text = safe(row.next.text)
    if row.next.gate is None:
        return ((text, "quiet"),)
    key, tone = row.next.key, "quiet" if row.seen else ""
    if key is None:
        return ((text, tone),)
    before, found, after = text.partition(f"({key})")
    if found:
        return ((before, tone), (found, "accent"), (after, tone))
    return ((f"{key} ", "accent"), (text, tone))


BOARD: tuple[Column[Handoff], ...] = (
    Column("id", "RPT", 8, 8, 100, id_cell),
    Column("title", "Title", 9, 14, 90, title_cell, weight=2),
    Column("stage", "Stage", 9, 9, 50, stage_cell),
    Column("contract", "Contract", 14, 14, 65, contract_cell),
    Column("stack", "Stack", 9, 10, 75, stack_cell),
    Column("health", "Health", 10, 16, 72, health_cell, weight=1),
    Column("ready", "Ready", 5, 5, 60, ready_cell, align="right"),
    Column("next", "Next", 14, 16, 70, next_cell, weight=3),
)


def wall_columns(now: Callable[[], float]) -> tuple[Column[Handoff], ...]:
    """Return the columns of the health wall; `now` gives seconds since the epoch."""

    def state_cell(row: Handoff, width: int) -> Spans:
        sign: Sign = HEALTH[row.health.state]
        return ((f"{sign.glyph} {sign.word}", sign.tone),)

    def service_cell(row: Handoff, width: int) -> Spans:
        return ((safe(row.rpt.service or "–", 80), "strong"),)

    def latency_cell(row: Handoff, width: int) -> Spans:
        return ((milliseconds(row.health.latency_ms) or "–", ""),)

    def budget_cell(row: Handoff, width: int) -> Spans:
        return ((milliseconds(row.rpt.p95_ms) or "–", "quiet"),)

    def bars_cell(row: Handoff, width: int) -> Spans:
        return ((sparkline(row.health.recent, width), HEALTH[row.health.state].tone),)

    def since_cell(row: Handoff, width: int) -> Spans:
        return ((since(row.health.since, now()), ""),)

    def deploy_cell(row: Handoff, width: int) -> Spans:
        if not row.deployments:
            return (("never", "quiet"),)
        last = max(row.deployments, key=lambda d: d.id)
        commit = f" {safe(last.commit, 40)[:9]}" if last.commit else ""
        return ((since_iso(last.at, now()), ""), (commit, "quiet"))

    def why_cell(row: Handoff, width: int) -> Spans:
        return ((safe(row.health.error or row.health.url or ""), "" if row.health.error else "quiet"),)

    return (
        Column("state", "State", 14, 14, 100, state_cell),
        Column("service", "Service", 14, 20, 95, service_cell),
        Column("id", "RPT", 8, 8, 40, id_cell),
        Column("latency", "Last", 6, 6, 80, latency_cell, align="right"),
        Column("budget", "Budget", 6, 6, 30, budget_cell, align="right"),
        Column("bars", "Recent", 10, 20, 70, bars_cell, weight=1),
        Column("since", "Since", 5, 5, 90, since_cell, align="right"),
        Column("deploy", "Last deploy", 11, 15, 60, deploy_cell),
        Column("why", "Why", 14, 24, 50, why_cell, weight=3),
    )


def head(row: Handoff) -> Spans:
    """Return the title line of the detail: who hands what to whom, until when."""
    owners = row.rpt.owners
    people = f"{safe(owners.researcher or 'nobody', 40)} → {safe(owners.engineer or 'nobody', 40)}"
    spans: Spans = (
        (safe(row.id, 40) + " ", "accent"),
        (safe(row.rpt.title), "strong"),
        (f" · {people}", "quiet"),
    )
    return (*spans, (f" · due {safe(day(row.rpt.due), 20)}", "quiet")) if row.rpt.due else spans
