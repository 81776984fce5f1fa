"""The health wall: what is down, since when, after which deployment?"""

from __future__ import annotations

from textual.app import ComposeResult

from cockpit.domain.filter import Filter
from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.domain.order import Order
from cockpit.domain.words import HealthState
from cockpit.tui.board_columns import mark, wall_columns
from cockpit.tui.keys import Place, Tab
from cockpit.tui.screens.base import FactScreen
from cockpit.tui.visible import VisibleRows
from cockpit.tui.widgets.line import Teaching
from cockpit.tui.widgets.rows import RowList, Titles

_AGES_S = 5.0  # how often "since 3m" is drawn again while nothing else changes


class WallScreen(FactScreen):
    """Every endpoint, worst first. What was never deployed is left out."""

    place = Place.WALL
    CSS_PATH = "wall.tcss"

    def __init__(self, begin_at: str | None = None) -> None:
        super().__init__()
        self._visible = VisibleRows()
        self._visible.arrange(Filter(), Order.WORST_HEALTH)
        self._begin_at = begin_at
        self._titles = Titles(id="titles")
        self.rows: RowList[Handoff] | None = None

    def compose(self) -> ComposeResult:
        """Yield the wall."""
        columns = wall_columns(self.cockpit.now)
        self.rows = RowList(columns, lambda row: row.id, mark, titles=self._titles, id="rows")
        self.rows.cursor_key = self._begin_at
        yield from self.compose_header()
        yield self._titles
        yield self.rows
        yield Teaching(id="empty", markup=False)
        yield from self.compose_footer()

    def on_mount(self) -> None:
        """Show the wall and keep its ages fresh."""
        if self.rows is not None:
            self.rows.focus()
            self.set_interval(_AGES_S, self.rows.repaint)
        if self.cockpit.snapshot is not None:
            self.take(self.cockpit.snapshot)

    @property
    def selected(self) -> Handoff | None:
        """The handoff under the cursor."""
        return self.rows.row if self.rows is not None else None

    def take(self, snapshot: Snapshot) -> None:
        """Show another snapshot."""
        super().take(snapshot)
        deployed = [row for row in snapshot.handoffs if row.health.state is not HealthState.NOT_DEPLOYED]
        changes = self._visible.take(deployed, snapshot.me)
        if self.rows is None:
            return
        if changes is not None:
            self.rows.change_rows(changes)
            return
        self.rows.set_rows(self._visible.rows)
        self.set_class(not deployed, "-empty")
        self.query_one("#empty", Teaching).teach(
            ((f"Nothing is deployed to {snapshot.env}.", "strong"),),
            (),
            (
                ("b ", "accent"),
                ("goes back to the board; ", ""),
                ("d ", "accent"),
                ("deploys the selected handoff there", ""),
            ),
        )
        self.show_keys()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        """Open its Health tab on the board."""
        self.press("detail")

    def press(self, key: str) -> bool:
        """Do what the wall does with keys of its own."""
        if key in ("detail", "open") and self.selected is not None:
            board = self.cockpit.board
            rpt = self.selected.id
            self.cockpit.pop_screen()
            board.go_to(rpt)
            board.detail.show_tab(Tab.HEALTH)
            if key == "open":
                board.press("open")
            return True
        return key == "wall"
