"""How is one handoff shown in full? A title, seven tabs, and one page whose evidence can be opened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Static

from cockpit.domain.action import Run
from cockpit.domain.detail import Detail
from cockpit.domain.handoff import Handoff
from cockpit.errors import CockpitError, Problem
from cockpit.tui.board_columns import head
from cockpit.tui.keys import TABS, Tab
from cockpit.tui.page import Page, Target
from cockpit.tui.spans import Spans, fit, width_of
from cockpit.tui.widgets.bar import Bar, Item
from cockpit.tui.widgets.line import Line, page_content

if TYPE_CHECKING:
    from cockpit.tui.app import CockpitApp

_TABS_WIDTH = sum(len(tab.value) + 2 for tab in TABS)
_ONE_LINE = 40 + _TABS_WIDTH  # from this width on, title and tabs share a line
_NUMBERED = _TABS_WIDTH + 2 * len(TABS)
_AGES_S = 5.0  # how old the server's word is, is said again


class DetailBody(VerticalScroll, can_focus=True):
    """The page; the cursor goes from one line that can be opened to the next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "step(1)", "next evidence", show=False, id="detail.down"),
        Binding("up,k", "step(-1)", "evidence before", show=False, id="detail.up"),
        Binding("g", "scroll_home", "top", show=False, id="detail.top"),
        Binding("G", "scroll_end", "bottom", show=False, id="detail.bottom"),
        Binding("ctrl+d", "page_down", "page down", show=False, id="detail.page-down"),
        Binding("ctrl+u", "page_up", "page up", show=False, id="detail.page-up"),
        Binding("enter", "open", "open", show=False, id="detail.open"),
    ]

    @dataclass
    class Opened(Message):
        """Enter on a line of evidence."""

        target: Target

    def __init__(self) -> None:
        super().__init__(id="detail-body")
        self._page = Page(80)
        self._chosen: int | None = None

    def compose(self) -> ComposeResult:
        """Yield the one widget that holds the page."""
        yield Static(id="page", markup=False)

    def show(self, page: Page, *, keep_place: bool) -> None:
        """Show a page; with `keep_place` the cursor and the scroll position stay."""
        self._page = page
        last = len(page.targets) - 1
        self._chosen = (
            min(self._chosen, last) if keep_place and self._chosen is not None and last >= 0 else None
        )
        if not keep_place:
            self.scroll_to(y=0, animate=False)
        self._draw()

    @property
    def target(self) -> Target | None:
        """What is under the cursor; the first on the page where there is no cursor yet."""
        if not self._page.targets:
            return None
        return self._page.targets[self._chosen or 0][1]

    def action_step(self, by: int) -> None:
        """Go to the next evidence; scroll where the page has none, or none further."""
        targets = self._page.targets
        current = -1 if self._chosen is None else self._chosen
        wanted = current + by
        if not targets or not 0 <= wanted < len(targets):
            self.scroll_relative(y=by, animate=False)
            return
        self._chosen = wanted
        self._draw()
        line, height, top = targets[wanted][0], self.size.height, int(self.scroll_offset.y)
        if not top <= line < top + height - 3:
            self.scroll_to(y=max(0, line - height // 3), animate=False)

    def action_open(self) -> None:
        """Open the evidence under the cursor."""
        if self.target is not None:
            self.post_message(self.Opened(self.target))

    def on_focus(self) -> None:
        """Show the cursor."""
        if self._page.targets and self._chosen is None:
            self._chosen = 0
        self._draw()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self._draw()

    def _draw(self) -> None:
        chosen = None
        if self.has_focus and self._chosen is not None and self._page.targets:
            chosen = self._page.targets[self._chosen][0]
        self.query_one("#page", Static).update(page_content(self._page.lines, chosen))


class DetailPane(Vertical):
    """Title, tabs and page of one handoff."""

    def __init__(self) -> None:
        super().__init__(id="detail")
        self.tab = Tab.OVERVIEW
        self.row: Handoff | None = None
        self._loaded: dict[Tab, Detail | tuple[Run, ...] | Problem] = {}
        self._place: tuple[str | None, Tab] = (None, self.tab)

    @property
    def cockpit(self) -> CockpitApp:
        """The app, by its own type."""
        return cast("CockpitApp", self.app)

    def compose(self) -> ComposeResult:
        """Yield title, tabs and page."""
        with Vertical(id="detail-head"):
            yield Line(self._title, id="detail-title")
            yield Bar(id="tabs")
        yield DetailBody()

    def on_mount(self) -> None:
        """Let the ages go on where the page has them."""
        self.set_interval(_AGES_S, self.older)

    def older(self) -> None:
        """Draw the stacks again: how old they are and why changes though the row does not."""
        if self.tab is Tab.STACK and self.row is not None and self.screen.is_current:
            self.draw()

    @property
    def body(self) -> DetailBody:
        """The page."""
        return self.query_one(DetailBody)

    def show(self, row: Handoff | None) -> None:
        """Show a handoff, or nothing."""
        other = (row.id if row else None) != (self.row.id if self.row else None)
        changed = row is not self.row
        self.row = row
        if other:
            self._loaded.clear()
        if changed:
            self.draw()
            self.load(again=not other)

    def show_tab(self, tab: Tab) -> None:
        """Show another tab."""
        self.tab = tab
        self.draw()
        self.load()

    def on_resize(self) -> None:
        """Put title and tabs on one line where both fit, and wrap the page again."""
        self.set_class(self.size.width >= _ONE_LINE, "-one-line")
        self.draw()

    def _title(self, width: int) -> Spans:
        if self.row is None:
            return ()
        spans = head(self.row)
        return spans if width_of(spans) <= width else fit(spans, width)

    def draw(self) -> None:
        """Draw title, tabs and page from what is known."""
        self.query_one("#detail-title", Line).show()
        numbered = self.size.width >= (
            _ONE_LINE + 2 * len(TABS) if self.has_class("-one-line") else _NUMBERED
        )
        self.query_one("#tabs", Bar).show(
            [
                Item(str(n) if numbered else "", tab.value, f"screen.tab({n})", chosen=tab is self.tab)
                for n, tab in enumerate(TABS, 1)
            ]
        )
        place = (self.row.id if self.row else None, self.tab)
        self.body.show(self._page(max(20, self.size.width - 4)), keep_place=place == self._place)
        self._place = place

    def _page(self, width: int) -> Page:
        from cockpit.tui.pages import contract, health, overview, runs, sections, stack

        page, row, now = Page(width), self.row, self.cockpit.now()
        if row is None:
            return page
        loaded = self._loaded.get(_source(self.tab))
        if isinstance(loaded, Problem) and self.tab not in _ROW_TABS:
            return _failed(page, loaded)
        detail = loaded if isinstance(loaded, Detail) else None
        server = self.cockpit.snapshot.server if self.cockpit.snapshot is not None else None
        simple: dict[Tab, Callable[[], Page]] = {
            Tab.OVERVIEW: lambda: overview.overview(row, width),
            Tab.CONTRACT: lambda: contract.contract(row, detail, width, now),
            Tab.STACK: lambda: stack.stack(row, width, now, server),
            Tab.HEALTH: lambda: health.health(row, width, now),
        }
        if self.tab in simple:
            return simple[self.tab]()
        if loaded is None:
            page.line(("reading …", "quiet"))
            return page
        if self.tab is Tab.RUNS:
            return runs.runs(cast("Sequence[Run]", loaded), width, now)
        make = sections.anatomy if self.tab is Tab.ANATOMY else sections.persistence
        return make(row, cast("Detail", loaded), width)

    def load(self, *, again: bool = False) -> None:
        """Read in a thread what this tab needs beyond the row, once, or `again`."""
        source = _source(self.tab)
        if self.row is None or self.tab in (Tab.OVERVIEW, Tab.STACK, Tab.HEALTH):
            return
        if source in self._loaded and not again and source is not Tab.RUNS:
            return
        self.run_worker(self._load(self.row.id, source), group="detail", exclusive=True, exit_on_error=False)

    async def _load(self, rpt: str, source: Tab) -> None:
        feed = self.cockpit.feed
        found: Detail | tuple[Run, ...] | Problem
        try:
            if source is Tab.RUNS:
                found = tuple(await asyncio.to_thread(feed.runs, rpt))
            else:
                found = await asyncio.to_thread(feed.detail, rpt)
        except CockpitError as error:
            found = error.problem
        if self.row is not None and self.row.id == rpt:
            self._loaded[source] = found
            self.draw()


_ROW_TABS = (Tab.OVERVIEW, Tab.STACK, Tab.HEALTH, Tab.CONTRACT)


def _source(tab: Tab) -> Tab:
    """Return the tab under which the facts of `tab` are kept: all sections come in one Detail."""
    return Tab.RUNS if tab is Tab.RUNS else Tab.CONTRACT


def _failed(page: Page, problem: Problem) -> Page:
    page.aim(Target(path=problem.path, line=problem.line))
    page.say(problem.message, "bad", 2, (("× ", "bad"),))
    if problem.where:
        page.say(problem.where, "accent", 2)
    page.say(problem.do, "quiet", 4, (("  → ", "quiet"),))
    return page
