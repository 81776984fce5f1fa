"""All stacks: which branches lie on which, how large and how old are they, and whose handoff is it?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.app import ComposeResult

from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.domain.stack import Slice
from cockpit.tui.columns import Column
from cockpit.tui.keys import Place, Tab
from cockpit.tui.moments import since_iso
from cockpit.tui.pages.stack import depths, size_spans, slice_spans
from cockpit.tui.screens.base import FactScreen
from cockpit.tui.spans import Spans, safe
from cockpit.tui.widgets.line import Teaching
from cockpit.tui.widgets.rows import RowList, Titles


@dataclass(frozen=True, slots=True)
class StackLine:
    """One branch as a row: how deep it lies in its stack, and whose it is."""

    part: Slice
    depth: int
    rpt: str | None


def stack_lines(snapshot: Snapshot) -> list[StackLine]:
    """Return every branch of every stack, parents before children."""
    lines: list[StackLine] = []
    for stack in snapshot.stacks:
        depth = depths(stack)
        lines += [StackLine(part, depth[part.branch], stack.rpt) for part in stack.slices]
    return lines


def stack_columns(now: Callable[[], float]) -> tuple[Column[StackLine], ...]:
    """Return the columns; `now` gives seconds since the epoch."""
    return (
        Column(
            "branch", "Branch", 26, 44, 100, lambda line, width: slice_spans(line.part, line.depth), weight=2
        ),
        Column("rpt", "RPT", 8, 8, 90, _rpt_cell),
        Column("state", "State", 7, 7, 60, lambda line, width: ((safe(line.part.state, 20), "quiet"),)),
        Column("pr", "PR", 5, 6, 50, _pr_cell, align="right"),
        Column("size", "Lines", 11, 12, 80, lambda line, width: size_spans(line.part)),
        Column(
            "age",
            "Age",
            4,
            4,
            70,
            lambda line, width: ((since_iso(line.part.updated_at, now()), ""),),
            align="right",
        ),
        Column(
            "author", "Author", 8, 14, 30, lambda line, width: ((safe(line.part.author or "–", 80), "quiet"),)
        ),
        Column(
            "subject",
            "Subject",
            14,
            30,
            40,
            lambda line, width: ((safe(line.part.subject or ""), ""),),
            weight=3,
        ),
    )


def _rpt_cell(line: StackLine, width: int) -> Spans:
    return ((safe(line.rpt, 40), ""),) if line.rpt else (("–", "quiet"),)


def _pr_cell(line: StackLine, width: int) -> Spans:
    return ((f"#{line.part.pr}", "accent"),) if line.part.pr is not None else (("–", "quiet"),)


class StacksScreen(FactScreen):
    """The list of all branches, as they are stacked."""

    place = Place.STACKS
    CSS_PATH = "wall.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._titles = Titles(id="titles")
        self._lines: list[StackLine] = []
        self.rows: RowList[StackLine] | None = None

    def compose(self) -> ComposeResult:
        """Yield the list."""
        columns = stack_columns(self.cockpit.now)
        self.rows = RowList(columns, lambda line: line.part.branch, titles=self._titles, id="rows")
        yield from self.compose_header()
        yield self._titles
        yield self.rows
        yield Teaching(id="empty", markup=False)
        yield from self.compose_footer()

    def on_mount(self) -> None:
        """Show what is known."""
        if self.rows is not None:
            self.rows.focus()
        if self.cockpit.snapshot is not None:
            self.take(self.cockpit.snapshot)

    @property
    def selected(self) -> Handoff | None:
        """The handoff whose branch is under the cursor."""
        line = self.rows.row if self.rows is not None else None
        if line is None or line.rpt is None or self.shown is None:
            return None
        return next((row for row in self.shown.handoffs if row.id == line.rpt), None)

    def take(self, snapshot: Snapshot) -> None:
        """Show another snapshot."""
        super().take(snapshot)
        lines = stack_lines(snapshot)
        if self.rows is None or (lines == self._lines and lines):
            return
        self._lines = lines
        self.rows.set_rows(lines)
        self.set_class(not lines, "-empty")
        self.query_one("#empty", Teaching).teach(
            (("No local branch is ahead of the trunk.", "strong"),),
            (),
            (
                ("git switch -c BRANCH ", "accent"),
                ("and a commit begin a stack; ", ""),
                ("r ", "accent"),
                ("reads again", ""),
            ),
        )
        self.show_keys()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        """Open the Stack tab of its handoff on the board."""
        row = self.selected
        if row is None:
            self.cockpit.say("this branch belongs to no RPT: its files are in no Merge Plan", wrong=True)
            return
        board = self.cockpit.board
        self.cockpit.pop_screen()
        board.go_to(row.id)
        board.detail.show_tab(Tab.STACK)

    def press(self, key: str) -> bool:
        """Nothing but being here already."""
        return key == "stacks"
