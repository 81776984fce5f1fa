"""All stacks: how far is each, what holds up every slice, whose turn is it, and does it wait for me?"""

from __future__ import annotations

from textual.app import ComposeResult

from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.domain.slice_state import waits_for
from cockpit.stacks import standing, telling
from cockpit.tui.keys import Key, Place, Tab
from cockpit.tui.page import Target
from cockpit.tui.pages.stack import target_of
from cockpit.tui.screens.base import FactScreen
from cockpit.tui.slices import StackLine, mark, stack_columns, stack_lines, whole_spans
from cockpit.tui.spans import Spans, fit, safe, width_of
from cockpit.tui.widgets.filter import FilterBar
from cockpit.tui.widgets.line import Line, Teaching
from cockpit.tui.widgets.rows import RowList, Titles

_AGES_S = 5.0  # how often ages are drawn again while nothing else changes
_HINT = "words of a branch, title, person, #number or state"


def words_of(text: str) -> tuple[str, ...]:
    """Return the words that a slice has to have."""
    return tuple(text.casefold().split())


class StacksScreen(FactScreen):
    """The list of all stacks with their slices."""

    place = Place.STACKS
    CSS_PATH = "wall.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._titles = Titles(id="titles")
        self._lines: list[StackLine] = []
        self._mine = False
        self.filter = FilterBar(words_of, _HINT)
        self.rows: RowList[StackLine] | None = None

    def compose(self) -> ComposeResult:
        """Yield the list, and the line that says what it is a list of and how old."""
        columns = stack_columns(self.cockpit.now)
        self.rows = RowList(columns, lambda line: line.key, mark, titles=self._titles, id="rows")
        yield from self.compose_header()
        yield Line(self._note, id="stacks-note")
        yield self.filter
        yield self._titles
        yield self.rows
        yield Teaching(id="empty", markup=False)
        yield Line(self._whole, id="stacks-whole")
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
        """The handoff whose stack is under the cursor."""
        line = self.line
        if line is None or line.stack.rpt is None or self.shown is None:
            return None
        return next((row for row in self.shown.handoffs if row.id == line.stack.rpt), None)

    def has_row(self, key: Key) -> bool:
        """True where a stack is under the cursor: what the keys do here, they do to a slice."""
        return self.line is not None

    def take(self, snapshot: Snapshot) -> None:
        """Show another snapshot."""
        super().take(snapshot)
        self._arrange(snapshot)

    def _arrange(self, snapshot: Snapshot) -> None:
        self.query_one("#stacks-note", Line).show()
        lines = stack_lines(snapshot, mine=self._mine, words=words_of(self.filter.text))
        if self.rows is None:
            return
        if lines != self._lines or not lines:
            self._lines = lines
            self.rows.set_rows(lines)
            self.set_class(not lines, "-empty")
            self._teach(snapshot)
            self.show_keys()
        self.query_one("#stacks-whole", Line).show()
        total = sum(len(stack.slices) for stack in snapshot.stacks)
        self.filter.count(sum(line.part is not None for line in lines), total)

    def _teach(self, snapshot: Snapshot) -> None:
        empty = self.query_one("#empty", Teaching)
        everything: Spans = (("w ", "accent"), ("shows all stacks", ""))
        if self.filter.text and snapshot.stacks:
            empty.teach(
                (("No slice has all these words.", "strong"),),
                (),
                (("esc ", "accent"), ("clears the filter   ", ""), ("/ ", "accent"), ("changes it", "")),
            )
        elif self._mine and not snapshot.me_names:
            empty.teach(
                (("Nobody knows here who you are, so nothing waits for you by name.", "strong"),),
                (),
                (
                    ("people: {mira: {github: LOGIN, email: YOUR GIT E-MAIL}} ", "accent"),
                    ("in cockpit.yaml,", ""),
                ),
                (("or ", ""), ("export COCKPIT_ME=HANDLE", "accent"), (" before cockpit starts", "")),
                (),
                everything,
            )
        elif self._mine:
            names = safe(", ".join(snapshot.me_names), 120)
            empty.teach((("No slice waits for you", "strong"), (f" ({names}).", "quiet")), (), everything)
        else:
            empty.teach(
                (("No branch is ahead of the trunk, and no pull request is open.", "strong"),),
                (),
                (("cockpit stack slice RPT --from BRANCH ", "accent"), ("makes a stack of a prototype", "")),
                (("git switch -c BRANCH ", "accent"), ("and a commit begin one by hand", "")),
                (("r ", "accent"), ("reads again", "")),
            )

    def _note(self, width: int) -> Spans:
        """What is listed, how much of it there is, and how old the server's word is."""
        what = "waiting for me" if self._mine else "all stacks"
        if self.shown is None:
            return fit(((f" {what}", "strong"),), width)
        words, tone = telling.heard(self.shown.server, self.cockpit.now())
        left: Spans = ((f" {what}", "strong"), ("  ", ""), *_counts(self.shown))
        right: Spans = ((f"{safe(words)} ", tone.value),)
        gap = width - width_of(left) - width_of(right)
        if gap < 2:
            left = ((f" {what}", "strong"),)
            gap = max(2, width - width_of(left) - width_of(right))
        return fit((*left, (" " * gap, ""), *right), width)

    def _whole(self, width: int) -> Spans:
        """The row under the cursor in full: what its cells have no room for."""
        return fit(whole_spans(self.line, self.cockpit.now()), width) if self.line is not None else ()

    def _older(self) -> None:
        if self.rows is not None:
            self.rows.repaint()
        self.query_one("#stacks-note", Line).show()

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        """Say of another row what its cells have no room for."""
        self.query_one("#stacks-whole", Line).show()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        """Open the Stack tab of its handoff on the board."""
        row = self.selected
        if row is None:
            self.cockpit.say("this stack belongs to no RPT: nothing in it names one", wrong=True)
            return
        board = self.cockpit.board
        self.cockpit.pop_screen()
        board.go_to(row.id)
        board.detail.show_tab(Tab.STACK)

    def press(self, key: str) -> bool:
        """Open, check out or copy the slice under the cursor; show what waits for me, or everything."""
        match key:
            case "mine":
                self._mine = not self._mine
                self._again()
            case "filter":
                self.filter.open()
            case "back" if self.filter.text:
                self.filter.clear()
            case "open" | "copy" | "checkout" if self._target is not None:
                self.cockpit.use_slice(key, self._target)
            case _:
                return key == "stacks"
        return True

    @property
    def _target(self) -> Target | None:
        """The slice under the cursor; of a whole stack the one that comes next, else its lowest."""
        line = self.line
        if line is None or self.shown is None:
            return None
        part = line.part or standing.outlook(line.stack, self.cockpit.now()).next or line.stack.slices[0]
        return target_of(part, line.stack, self.shown.server)

    def _again(self) -> None:
        if self.shown is not None:
            self._lines = []
            self._arrange(self.shown)

    def action_keep_filter(self) -> None:
        """Enter in the filter: keep it and go back to the rows."""
        self.filter.close()

    def action_drop_filter(self) -> None:
        """Escape in the filter: take it away."""
        self.filter.clear()

    def on_filter_bar_changed(self, event: FilterBar.Changed) -> None:
        """Keep the stacks that the filter says."""
        self._again()

    def on_filter_bar_closed(self) -> None:
        """Give the keys back to the list."""
        if self.rows is not None:
            self.rows.focus()


def _counts(snapshot: Snapshot) -> Spans:
    parts = [part for stack in snapshot.stacks for part in stack.slices]
    stacks, slices = len(snapshot.stacks), len(parts)
    spans: Spans = ((f"{stacks} stack{'s' * (stacks != 1)}, {slices} slice{'s' * (slices != 1)}", "quiet"),)
    if not snapshot.me_names:
        return spans
    mine = sum(waits_for(part, snapshot.me_names) for part in parts)
    verb = "waits" if mine == 1 else "wait"
    return (
        *spans,
        (
            f", {mine} {verb} for {safe(snapshot.me or snapshot.me_names[0], 40)}",
            "accent" if mine else "quiet",
        ),
    )
