"""How is the board printed for people? As wide as the terminal, in a pipe uncut; no markup in it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass

from cockpit.cli import output
from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.domain.signs import CONFORMANCE, HEALTH, STAGE, Tone
from cockpit.domain.text import one_line
from cockpit.domain.words import Conformance, HealthState, Level, StackState
from cockpit.errors import Problem

_GAP = 2
_MOST_PROBLEMS = 30

Cell = tuple[str, Tone | None]


def print_board(snapshot: Snapshot) -> None:
    """Print the header, one line an RPT, and below them everything that is wrong."""
    counts = snapshot.counts
    said = (
        one_line(snapshot.root, 60),
        f"env: {snapshot.env}",
        f"{counts.needs_me} need you",
        f"{counts.down} down",
        f"{counts.ok} ok",
    )
    output.write_styled("   ".join(output.styled(part, "strong") for part in said))
    if snapshot.handoffs:
        for line in _table(snapshot, _width()):
            output.write_styled(*(output.styled(text, style) for text, style in line))
    else:
        output.say("No RPT yet. `cockpit new` starts one; `cockpit demo` shows a filled board.")
    problems = [problem for row in snapshot.handoffs for problem in row.rpt.problems]
    problems += [problem for gate in snapshot.gates for problem in gate.problems]
    problems += [p for p in snapshot.problems if snapshot.handoffs or p.code != "no-rpts"]
    _print_problems(problems)


def _print_problems(problems: list[Problem]) -> None:
    if problems:
        output.say()
    for problem in problems[:_MOST_PROBLEMS]:
        for line in output.problem_lines(problem):
            output.say(line)
    if len(problems) > _MOST_PROBLEMS:
        output.say(f"and {len(problems) - _MOST_PROBLEMS} more: `cockpit status --json` has them all")


def rpt_cell(row: Handoff) -> Cell:
    """The id, marked where the row needs the person at the keyboard."""
    return f"{'▸' if row.needs_me else ' '}{row.id}", None


def title_cell(row: Handoff) -> Cell:
    """The title."""
    return row.rpt.title, None


def stage_cell(row: Handoff) -> Cell:
    """The stage; "!" where the document claims more than its gates support."""
    sign = STAGE[row.stage]
    if row.unsupported_status:
        return f"{sign.word}!", Tone.WARN
    return sign.word, sign.tone if sign.tone in (Tone.GOOD, Tone.BAD) else None


def contract_cell(row: Handoff) -> Cell:
    """The levels that were decided, and the first that was not; the number of violations where there are."""
    contract = row.contract
    sign = CONFORMANCE[contract.verdict]
    if contract.verdict is Conformance.VIOLATES:
        word = "violation" if contract.violations == 1 else "violations"
        return f"{sign.glyph} {contract.violations or 'some'} {word}", sign.tone
    shown = []
    for level in Level:
        found = contract.levels[level]
        shown.append(f"{CONFORMANCE[found].glyph}{level}")
        if found is Conformance.UNKNOWN:
            break
    return " ".join(shown), None


def stack_cell(row: Handoff) -> Cell:
    """How many slices are merged."""
    if row.stack.state is StackState.NONE:
        return "–", Tone.QUIET
    return (
        f"{row.stack.merged}/{row.stack.total}",
        Tone.BAD if row.stack.state is StackState.BLOCKED else None,
    )


def health_cell(row: Handoff) -> Cell:
    """The state, with the latency while it answers."""
    sign = HEALTH[row.health.state]
    if row.health.state is HealthState.NOT_DEPLOYED:
        return sign.glyph, sign.tone
    known = row.health.latency_ms
    return f"{sign.glyph} {f'{known:.0f} ms' if known is not None else sign.word}", sign.tone


def ready_cell(row: Handoff) -> Cell:
    """Readiness for the next status."""
    return f"{row.readiness.percent:>3} %", None


def next_cell(row: Handoff) -> Cell:
    """What has to happen first."""
    return row.next.text, Tone.QUIET if row.next.who is None else None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `keep` says how long it stays as the terminal narrows, `least` how far it may shrink."""

    name: str
    cell: Callable[[Handoff], Cell]
    keep: int
    least: int | None = None


COLUMNS = (
    Column(" RPT", rpt_cell, 9),
    Column("Title", title_cell, 5, 12),
    Column("Stage", stage_cell, 8),
    Column("Contract", contract_cell, 4),
    Column("Stack", stack_cell, 2),
    Column("Health", health_cell, 6),
    Column("Ready", ready_cell, 3),
    Column("Next", next_cell, 9, 18),
)


def _table(snapshot: Snapshot, width: int | None) -> list[list[tuple[str, Tone | str | None]]]:
    """The lines of the table, each as texts with their style; not cut where `width` is None."""
    from rich.cells import cell_len, set_cell_size

    rows = [[_clean(column.cell(row)) for column in COLUMNS] for row in snapshot.handoffs]
    natural = [
        max(cell_len(column.name), *(cell_len(row[index][0]) for row in rows))
        for index, column in enumerate(COLUMNS)
    ]
    widths = _fit(natural, width)

    def line(cells: list[tuple[str, Tone | str | None]]) -> list[tuple[str, Tone | str | None]]:
        shown: list[tuple[str, Tone | str | None]] = []
        for index, (text, style) in enumerate(cells):
            if index not in widths:
                continue
            room = widths[index]
            if cell_len(text) > room:
                text = set_cell_size(text, room - 1).rstrip() + "…"
            last = index == max(widths)
            shown.append((text if last else text + " " * (room - cell_len(text) + _GAP), style))
        return shown

    return [line([(column.name, Tone.QUIET) for column in COLUMNS]), *map(line, rows)]


def _clean(cell: Cell) -> tuple[str, Tone | str | None]:
    lead = len(cell[0]) - len(cell[0].lstrip(" "))
    return " " * lead + one_line(cell[0], 300), cell[1]


def _fit(natural: list[int], width: int | None) -> dict[int, int]:
    """Column index → its width. Wide columns shrink first, then the least needed ones go."""
    shown = dict(enumerate(natural))
    if width is None:
        return shown
    while True:
        excess = sum(shown.values()) + _GAP * (len(shown) - 1) - width
        if excess <= 0:
            return shown
        for index, room in sorted(shown.items(), key=lambda item: -item[1]):
            least = COLUMNS[index].least
            if least is not None and room > least and excess > 0:
                cut = min(excess, room - least)
                shown[index] -= cut
                excess -= cut
        if excess <= 0:
            return shown
        droppable = [index for index in shown if COLUMNS[index].keep < 9]
        if not droppable:
            return shown
        del shown[min(droppable, key=lambda index: COLUMNS[index].keep)]
        # Room was won: what had shrunk may grow again.
        for index in shown:
            if COLUMNS[index].least is not None:
                shown[index] = natural[index]


def _width() -> int | None:
    return shutil.get_terminal_size((120, 40)).columns if sys.stdout.isatty() else None
