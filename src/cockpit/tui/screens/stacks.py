"""All stacks: which branches lie on which, how does each stand, what holds it up, and does it wait for me?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.app import ComposeResult

from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.domain.slice_state import waits_for, worst
from cockpit.domain.stack import Slice, Stack
from cockpit.stacks import listing, telling
from cockpit.tui import slices
from cockpit.tui.columns import Column
from cockpit.tui.keys import Key, Place, Tab
from cockpit.tui.moments import since_iso
from cockpit.tui.pages.stack import target_of
from cockpit.tui.screens.base import FactScreen
from cockpit.tui.spans import Spans, fit, safe
from cockpit.tui.widgets.line import Line, Teaching
from cockpit.tui.widgets.rows import RowList, Titles

_AGES_S = 5.0  # how often ages are drawn again while nothing else changes


@dataclass(frozen=True, slots=True)
class StackLine:
    """One branch as a row: its stack, how deep it lies in it, and whether it waits for this person."""

    part: Slice
    stack: Stack
    depth: int
    mine: bool


def stack_lines(snapshot: Snapshot, *, mine: bool = False) -> list[StackLine]:
    """Return every branch, parents before children, the stack with the worst slice first.

    With `mine` only the stacks in which something waits for this person, each of them whole.
    """
    lines: list[StackLine] = []
    for stack in sorted(snapshot.stacks, key=worst):
        tree = [
            StackLine(part, stack, depth, waits_for(part, snapshot.me_names))
            for part, depth in zip(stack.slices, listing.depths(stack), strict=True)
        ]
        if not mine or any(line.mine for line in tree):
            lines += tree
    return lines


def stack_columns(now: Callable[[], float]) -> tuple[Column[StackLine], ...]:
    """Return the columns; `now` gives seconds since the epoch."""
    return (
        Column("branch", "Branch", 22, 30, 100, lambda line, w: slices.name_spans(line.part, line.depth)),
        Column("pr", "PR", 5, 6, 70, lambda line, w: slices.pull_spans(line.part), align="right"),
        Column("state", "State", 9, 17, 95, lambda line, w: slices.state_spans(line.part)),
        Column("held", "Held up by", 16, 24, 90, lambda line, w: slices.held_spans(line.part), weight=3),
        Column("checks", "Checks", 9, 12, 60, lambda line, w: slices.checks_spans(line.part)),
        Column("review", "Review", 14, 20, 55, lambda line, w: slices.review_spans(line.part), weight=2),
        Column("rpt", "RPT", 8, 8, 65, _rpt_cell),
        Column("size", "Lines", 10, 12, 50, lambda line, w: slices.size_spans(line.part)),
        Column("age", "Age", 4, 4, 58, lambda line, w: _age(line, now()), align="right"),
        Column("author", "Author", 8, 12, 30, lambda line, w: ((safe(_author(line.part), 80), "quiet"),)),
        Column("title", "Title", 14, 30, 40, lambda line, w: ((safe(telling.title(line.part)), ""),), 2),
    )


def _rpt_cell(line: StackLine, width: int) -> Spans:
    return ((safe(line.stack.rpt, 40), ""),) if line.stack.rpt else (("–", "quiet"),)


def _age(line: StackLine, now: float) -> Spans:
    return ((since_iso(line.part.updated_at, now), ""),)


def _author(part: Slice) -> str:
    return (part.pull.author if part.pull is not None else None) or part.author or "–"


def _mark(line: StackLine) -> Spans:
    return (("•", "accent"),) if line.mine else ((" ", ""),)


class StacksScreen(FactScreen):
    """The list of all branches, as they are stacked."""

    place = Place.STACKS
    CSS_PATH = "wall.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._titles = Titles(id="titles")
        self._lines: list[StackLine] = []
        self._mine = False
        self.rows: RowList[StackLine] | None = None

    def compose(self) -> ComposeResult:
        """Yield the list, and the line that says what it is a list of and how old."""
        columns = stack_columns(self.cockpit.now)
        self.rows = RowList(columns, lambda line: line.part.branch, _mark, titles=self._titles, id="rows")
        yield from self.compose_header()
        yield Line(self._note, id="stacks-note")
        yield self._titles
        yield self.rows
        yield Teaching(id="empty", markup=False)
        yield from self.compose_footer()

    def on_mount(self) -> None:
        """Show what is known, and keep its age fresh."""
        if self.rows is not None:
            self.rows.focus()
        self.set_interval(_AGES_S, self._older)
        if self.cockpit.snapshot is not None:
            self.take(self.cockpit.snapshot)

    @property
    def line(self) -> StackLine | None:
        """The row under the cursor."""
        return self.rows.row if self.rows is not None else None

    @property
    def selected(self) -> Handoff | None:
        """The handoff whose branch is under the cursor."""
        line = self.line
        if line is None or line.stack.rpt is None or self.shown is None:
            return None
        return next((row for row in self.shown.handoffs if row.id == line.stack.rpt), None)

    def has_row(self, key: Key) -> bool:
        """True where a branch is under the cursor: what the keys do here, they do to a slice."""
        return self.line is not None

    def take(self, snapshot: Snapshot) -> None:
        """Show another snapshot."""
        super().take(snapshot)
        self.query_one("#stacks-note", Line).show()
        lines = stack_lines(snapshot, mine=self._mine)
        if self.rows is None or (lines == self._lines and lines):
            return
        self._lines = lines
        self.rows.set_rows(lines)
        self.set_class(not lines, "-empty")
        self._teach()
        self.show_keys()

    def _teach(self) -> None:
        empty = self.query_one("#empty", Teaching)
        if self._mine:
            empty.teach(
                (("No slice waits for you.", "strong"),), (), (("w ", "accent"), ("shows all stacks", ""))
            )
            return
        empty.teach(
            (("No local branch is ahead of the trunk.", "strong"),),
            (),
            (
                ("git switch -c BRANCH ", "accent"),
                ("and a commit begin a stack; ", ""),
                ("r ", "accent"),
                ("reads again", ""),
            ),
        )

    def _note(self, width: int) -> Spans:
        what = "waiting for me" if self._mine else "all stacks, worst first"
        server = self.shown.server if self.shown is not None else None
        if server is None:
            return fit(((f" {what}", "strong"), ("  from git alone", "quiet")), width)
        words, tone = telling.heard(server, self.cockpit.now())
        return fit(((f" {what}", "strong"), (f"  {safe(words)}", tone)), width)

    def _older(self) -> None:
        if self.rows is not None:
            self.rows.repaint()
        self.query_one("#stacks-note", Line).show()

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
        """Open, check out or copy the slice under the cursor; show what waits for me, or everything."""
        if key == "mine":
            self._mine = not self._mine
            if self.shown is not None:
                self._lines = []
                self.take(self.shown)
            return True
        line = self.line
        if line is None or self.shown is None or key not in ("open", "copy", "checkout"):
            return key == "stacks"
        self.cockpit.use_slice(key, target_of(line.part, line.stack, self.shown.server))
        return True
