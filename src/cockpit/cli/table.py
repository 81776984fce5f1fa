"""How is the board printed for people? A table as wide as the terminal, no markup, no cursor tricks."""

from __future__ import annotations

import shutil
import sys

from cockpit.cli import output
from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.domain.signs import CONFORMANCE, HEALTH, STAGE
from cockpit.domain.text import one_line
from cockpit.domain.words import Level, StackState


def print_board(snapshot: Snapshot) -> None:
    """Print the header, one line an RPT, and what is wrong with the workspace itself."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    counts = snapshot.counts
    console = Console(file=sys.stdout, highlight=False, markup=False, width=_width())
    console.print(
        Text(
            f"{one_line(snapshot.root, 60)}  env: {snapshot.env}   {counts.needs_me} need you   "
            f"{counts.down} down   {counts.ok} ok",
            "bold",
        )
    )
    if not snapshot.handoffs:
        console.print("No RPT yet. `cockpit new` starts one; `cockpit demo` shows a filled board.")
    else:
        table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
        for name, extra in _COLUMNS:
            table.add_column(name, no_wrap=True, overflow="ellipsis", **extra)  # type: ignore[arg-type]
        for row in snapshot.handoffs:
            table.add_row(*(Text(cell) for cell in cells(row)))
        console.print(table)
    for gate in snapshot.gates:
        for problem in gate.problems:
            for line in output.problem_lines(problem):
                output.say(line)
    for problem in snapshot.problems:
        for line in output.problem_lines(problem):
            output.talk(line)


_COLUMNS: tuple[tuple[str, dict[str, object]], ...] = (
    ("RPT", {"min_width": 8}),
    ("Title", {"ratio": 2, "min_width": 10}),
    ("Stage", {"min_width": 8}),
    ("Contract", {}),
    ("Stack", {}),
    ("Health", {}),
    ("Ready", {"justify": "right", "min_width": 4}),
    ("Next", {"ratio": 3, "min_width": 12}),
)


def cells(row: Handoff) -> tuple[str, ...]:
    """Return the texts of one row, in the order of the columns."""
    stage = STAGE[row.stage].word + ("!" if row.unsupported_status else "")
    levels = " ".join(f"{CONFORMANCE[row.contract.levels[level]].glyph}{level}" for level in Level)
    stack = "–" if row.stack.state is StackState.NONE else f"{row.stack.merged}/{row.stack.total}"
    sign = HEALTH[row.health.state]
    latency = f"{row.health.latency_ms:.0f} ms" if row.health.latency_ms is not None else sign.word
    texts = (
        row.id,
        row.rpt.title,
        stage,
        levels,
        stack,
        f"{sign.glyph} {latency}",
        f"{row.readiness.percent}%",
        row.next.text,
    )
    return tuple(one_line(text) for text in texts)


def _width() -> int:
    return shutil.get_terminal_size((120, 40)).columns if sys.stdout.isatty() else 160
