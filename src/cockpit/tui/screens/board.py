"""The board: which handoffs are there, which needs me, and everything about the one under the cursor."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.timer import Timer

from cockpit.domain.filter import Filter, FilterError, parse
from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.domain.order import Order
from cockpit.tui import opening
from cockpit.tui.board_columns import BOARD, mark
from cockpit.tui.keys import TABS, Place, Tab
from cockpit.tui.page import Target
from cockpit.tui.screens.base import FactScreen
from cockpit.tui.visible import VisibleRows
from cockpit.tui.widgets.detail import DetailBody, DetailPane
from cockpit.tui.widgets.filter import FilterBar
from cockpit.tui.widgets.line import Teaching
from cockpit.tui.widgets.rows import RowList, Titles

_SETTLE_S = 0.05  # the detail follows the cursor once it has rested for this long


class BoardScreen(FactScreen):
    """List above, detail below."""

    place = Place.BOARD
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(str(n), f"tab({n})", tab.value, show=False, tooltip=f"the tab {tab.value}", id=f"tab.{n}")
        for n, tab in enumerate(TABS, 1)
    ]

    def __init__(self) -> None:
        super().__init__()
        self._visible = VisibleRows()
        self._order = Order.AS_READ
        self._settle: Timer | None = None
        titles = Titles(id="titles")
        self._titles = titles
        self.rows: RowList[Handoff] = RowList(BOARD, lambda row: row.id, mark, titles=titles, id="rows")
        self.detail = DetailPane()
        self.filter = FilterBar()

    def compose(self) -> ComposeResult:
        """Yield the board from top to bottom."""
        yield from self.compose_header()
        yield self._titles
        yield self.rows
        yield Teaching(id="empty", markup=False)
        yield self.filter
        yield self.detail
        yield from self.compose_footer()

    def on_mount(self) -> None:
        """Take up the last view and the first snapshot."""
        view = self.cockpit.view
        if view.get("tab") in {tab.value for tab in TABS}:
            self.detail.tab = Tab(view["tab"])
        if view.get("order") in {order.value for order in Order}:
            self._order = Order(view["order"])
        text = view.get("filter")
        self.filter.text = text if isinstance(text, str) else ""
        self._arrange()
        if isinstance(view.get("selected"), str):
            self.rows.cursor_key = view["selected"]
        if self.cockpit.snapshot is not None:
            self.take(self.cockpit.snapshot)
        self.rows.focus()

    def view(self) -> dict[str, Any]:
        """Return what the next start takes up."""
        return {
            "selected": self.rows.cursor_key,
            "tab": self.detail.tab.value,
            "filter": self.filter.text,
            "order": self._order.value,
        }

    # Facts

    @property
    def selected(self) -> Handoff | None:
        """The handoff under the cursor."""
        return self.rows.row

    def take(self, snapshot: Snapshot) -> None:
        """Show another snapshot: single lines where rows changed, everything where their set did."""
        before = self.shown.server if self.shown is not None else None
        super().take(snapshot)
        if snapshot.server != before:
            self.detail.older()
        changes = self._visible.take(snapshot.handoffs, snapshot.me)
        if changes is None:
            self._set_rows()
        else:
            self.rows.change_rows(changes)
            if self.rows.row is not self.detail.row:
                self._follow_soon()

    def _arrange(self) -> None:
        try:
            chosen = parse(self.filter.text)
        except FilterError:
            chosen = Filter()
        self._visible.arrange(chosen, self._order)
        self._set_rows()

    def _set_rows(self) -> None:
        wanted = self.rows.cursor_key
        self.rows.set_rows(self._visible.rows)
        if self.shown is None and not self._visible.rows:
            # Nothing was delivered yet: keep the key that the last view remembers.
            self.rows.cursor_key = wanted
        self.filter.count(self.rows.count, len(self.shown.handoffs) if self.shown else 0)
        self._fit_height()
        self._teach()
        self._follow()
        self.show_keys()

    def _fit_height(self) -> None:
        """Give the list the lines that it fills, at most half of the room."""
        room = max(6, self.size.height - 4)
        self.rows.styles.height = max(1, min(self.rows.count, room * 45 // 100))

    def on_resize(self) -> None:
        """Share the height anew."""
        self._fit_height()

    def _teach(self) -> None:
        empty = self.query_one("#empty", Teaching)
        self.set_class(self.rows.count == 0, "-empty")
        if self.rows.count:
            return
        if self.shown is None:
            empty.teach((("reading the workspace …", "quiet"),))
        elif self.filter.text:
            empty.teach(
                (("No handoff matches the filter.", "strong"),),
                (),
                (("esc ", "accent"), ("clears it   ", ""), ("/ ", "accent"), ("changes it", "")),
            )
        else:
            empty.teach(
                (("No RPT in this workspace yet.", "strong"),),
                (),
                (("cockpit new   ", "accent"), ("starts one in rpts/", "")),
                (("cockpit demo  ", "accent"), ("builds a throwaway workspace with something to triage", "")),
            )

    # The detail follows the cursor

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        """Let the detail follow once the cursor rests."""
        self._follow_soon()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        """Open the whole detail."""
        self._follow()
        self.open_detail()

    def _follow_soon(self) -> None:
        if self._settle is not None:
            self._settle.stop()
        self._settle = self.set_timer(_SETTLE_S, self._follow)

    def _follow(self) -> None:
        self.detail.show(self.rows.row)

    def open_detail(self) -> None:
        """Give the detail the whole height and the keys."""
        self.add_class("-detail")
        self.detail.body.focus()

    def close_detail(self) -> None:
        """Show list and detail again."""
        self.remove_class("-detail")
        self.set_focus(self.rows)

    # Keys

    def action_tab(self, number: int) -> None:
        """Show a tab."""
        self._follow()
        self.detail.show_tab(TABS[number - 1])

    def press(self, key: str) -> bool:
        """Do what only the board does."""
        match key:
            case "detail":
                self.open_detail()
            case "filter":
                self.close_detail()
                self.filter.open()
            case "open":
                self._follow()
                self._open(self.detail.body.target)
            case "copy":
                return self._copy_evidence()
            case "checkout":
                self._check_out()
            case "back":
                return self._back()
            case "run-ended":
                self.detail.load(again=True)
            case "board":
                self.close_detail()
            case _:
                return False
        return True

    def _back(self) -> bool:
        if self.has_class("-detail") or self.detail.body.has_focus:
            self.close_detail()
        elif self.filter.text:
            self.filter.clear()
        return True

    def _copy_evidence(self) -> bool:
        """In the detail, copy what is under its cursor; False where that is nothing to copy."""
        target = self.detail.body.target if self.detail.body.has_focus else None
        if target is None or target.copy is None:
            return False
        text = target.copy()
        self.cockpit.copy_to_clipboard(text)
        self.cockpit.say(f"copied: {text.splitlines()[0]}")
        return True

    def _check_out(self) -> None:
        """Check out the slice under the cursor of the Stack tab, the lowest where there is no cursor yet."""
        self._follow()
        target = self.detail.body.target if self.detail.tab is Tab.STACK else None
        if target is None or target.branch is None:
            self.cockpit.say("c (check out) needs a slice: 3 shows those of this handoff, S all", wrong=True)
        else:
            self.cockpit.use_slice("checkout", target)

    def action_keep_filter(self) -> None:
        """Enter in the filter: keep it and go back to the rows."""
        self.filter.close()

    def action_drop_filter(self) -> None:
        """Escape in the filter: take it away."""
        self.filter.clear()

    def order_by(self, order: Order) -> None:
        """Show the rows in another order; the cursor stays on its row."""
        self._order = order
        self._arrange()

    def go_to(self, rpt: str) -> None:
        """Put the cursor on an RPT, clearing a filter that hides it."""
        if not self.rows.select(rpt):
            self.filter.clear()
            self.rows.select(rpt)
        self._follow()

    def on_filter_bar_changed(self, event: FilterBar.Changed) -> None:
        """Keep the rows that the filter says."""
        self._visible.arrange(event.filter, self._order)
        self._set_rows()

    def on_filter_bar_closed(self) -> None:
        """Give the keys back to the list."""
        self.rows.focus()

    def on_detail_body_opened(self, event: DetailBody.Opened) -> None:
        """Open the evidence."""
        self._open(event.target)

    def _open(self, target: Target | None) -> None:
        row, app = self.selected, self.cockpit
        if row is None:
            return
        if target is not None and target.branch is not None:
            app.use_slice("open", target)
        elif target is not None and target.note is not None:
            app.say(target.note, wrong=True)
        elif target is not None and target.run is not None:
            opening.open_run(app, target.run)
        elif target is not None and target.url is not None:
            opening.open_url(app, target.url)
        elif self.detail.tab is Tab.HEALTH:
            app.say(f"{row.id} has no endpoint in {row.env} to open: d deploys it", wrong=True)
        elif self.detail.tab is Tab.RUNS:
            app.say("no run to open: t runs the tests, d deploys", wrong=True)
        else:
            path = (target.path if target else None) or row.rpt.path
            opening.open_file(app, path, target.line if target else None)
