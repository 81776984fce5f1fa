"""How are thousands of rows shown so that one change costs one line? A list on Textual's Line API.

The cursor is a key, not an index: when the order changes it stays on the same row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from cockpit.tui.columns import Column, Fitted, fit_columns, row_spans, title_spans
from cockpit.tui.spans import TOKENS, Spans, cells_of

T = TypeVar("T")

_KEPT_STRIPS = 2_000  # a few dozen screens: scrolling back is free, memory stays bounded


class RowList(ScrollView, Generic[T], can_focus=True):
    """A list of rows with columns that fit its width."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "rows--plain",
        "rows--cursor",
        "rows--cursor-away",
        *(f"rows--{token}" for token in TOKENS),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "down", show=False, id="rows.down"),
        Binding("up,k", "move(-1)", "up", show=False, id="rows.up"),
        Binding("pagedown,ctrl+f,ctrl+d", "page(1)", "page down", show=False, id="rows.page-down"),
        Binding("pageup,ctrl+b,ctrl+u", "page(-1)", "page up", show=False, id="rows.page-up"),
        Binding("home,g", "end(False)", "first", show=False, id="rows.first"),
        Binding("end,G", "end(True)", "last", show=False, id="rows.last"),
        Binding("enter", "choose", "open", show=False, id="rows.choose"),
    ]

    @dataclass
    class Moved(Message):
        """The cursor went to another row; `key` is None when no row is left."""

        rows: RowList[Any]
        key: str | None

        @property
        def control(self) -> RowList[Any]:
            """The list that sent it."""
            return self.rows

    @dataclass
    class Chosen(Message):
        """Enter or a double click on a row."""

        rows: RowList[Any]
        key: str

        @property
        def control(self) -> RowList[Any]:
            """The list that sent it."""
            return self.rows

    def __init__(
        self,
        columns: Sequence[Column[T]],
        key: Callable[[T], str],
        mark: Callable[[T], Spans] = lambda row: ((" ", ""),),
        *,
        titles: Titles | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._columns, self._key, self._mark, self._titles = tuple(columns), key, mark, titles
        self._fitted: tuple[Fitted[T], ...] = ()
        self._rows: list[T] = []
        self._index: dict[str, int] = {}
        self._strips: dict[int, Strip] = {}
        self._styles: dict[str, Style] = {}
        self._cursor = 0
        self.cursor_key: str | None = None

    # What is shown

    @property
    def row(self) -> T | None:
        """The row under the cursor."""
        return self._rows[self._cursor] if self._rows else None

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def set_rows(self, rows: Iterable[T]) -> None:
        """Show other rows, or the same in another order; the cursor stays on its key where it is left."""
        self._rows = list(rows)
        self._index = {self._key(row): i for i, row in enumerate(self._rows)}
        self._strips.clear()
        before = self.cursor_key
        kept = self._index.get(before) if before is not None else None
        self._cursor = kept if kept is not None else max(0, min(self._cursor, len(self._rows) - 1))
        self.cursor_key = self._key(self._rows[self._cursor]) if self._rows else None
        self.virtual_size = Size(1, len(self._rows))
        self.refresh()
        self._show_cursor()
        if self.cursor_key != before:
            self.post_message(self.Moved(self, self.cursor_key))

    def change_rows(self, changes: Iterable[tuple[int, T]]) -> None:
        """Replace single rows in place: each costs the cells that differ, and nothing out of sight."""
        for index, row in changes:
            before, self._rows[index] = self._rows[index], row
            self._strips.pop(index, None)
            # Not "where there was a strip": a change of style forgets those of lines that stay on screen.
            if self._in_sight(index):
                self._refresh_line(index, *self._difference(before, row))

    def select(self, key: str) -> bool:
        """Put the cursor on the row with `key`; return False if there is none."""
        index = self._index.get(key)
        if index is None:
            return False
        self._go(index)
        return True

    def repaint(self) -> None:
        """Draw every row again: something outside the rows (the time) is part of what they say."""
        self._strips.clear()
        self.refresh()

    # The cursor

    def action_move(self, step: int) -> None:
        """Move by `step` rows."""
        self._go(self._cursor + step)

    def action_page(self, step: int) -> None:
        """Move by a page."""
        self._go(self._cursor + step * max(1, self.size.height - 1))

    def action_end(self, last: bool) -> None:
        """Go to the first or the last row."""
        self._go(len(self._rows) - 1 if last else 0)

    def action_choose(self) -> None:
        """Open the row under the cursor."""
        if self.cursor_key is not None:
            self.post_message(self.Chosen(self, self.cursor_key))

    def _go(self, index: int) -> None:
        index = max(0, min(index, len(self._rows) - 1))
        if not self._rows or index == self._cursor:
            return
        old, self._cursor = self._cursor, index
        self._strips.pop(old, None)
        self.cursor_key = self._key(self._rows[index])
        self._refresh_line(old)
        self._refresh_line(index)
        self._show_cursor()
        self.post_message(self.Moved(self, self.cursor_key))

    def _show_cursor(self) -> None:
        top, height = int(self.scroll_offset.y), self.size.height
        if height <= 0:
            return
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False, immediate=True)
        elif self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False, immediate=True)

    def on_click(self, event: events.Click) -> None:
        """Move to the row that was clicked; open it on a double click."""
        index = event.y + int(self.scroll_offset.y)
        if index < len(self._rows):
            self._go(index)
            if event.chain == 2:
                self.action_choose()

    # Drawing

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        self._fit()

    def watch_show_vertical_scrollbar(self) -> None:
        """Fit the columns beside the scroll bar, which lies over the last cells."""
        if self.is_mounted:
            self._fit()

    @property
    def _room(self) -> int:
        """The cells that a row has."""
        return self.size.width - (self.scrollbar_size_vertical if self.show_vertical_scrollbar else 0)

    def _fit(self) -> None:
        self._fitted = fit_columns(self._columns, self._room)
        if self._titles is not None:
            self._titles.show(title_spans(self._fitted))
        self.repaint()
        self._show_cursor()

    def notify_style_update(self) -> None:
        """Forget colours of the theme before."""
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()

    def on_focus(self) -> None:
        """Show the cursor as active."""
        self._refresh_line(self._cursor)

    def on_blur(self) -> None:
        """Show the cursor as inactive."""
        self._refresh_line(self._cursor)

    def _refresh_line(self, index: int, start: int = 0, width: int | None = None) -> None:
        width = self.size.width - start if width is None else width
        if self._in_sight(index) and width > 0:
            self.refresh(Region(start, index - int(self.scroll_offset.y), width, 1))

    def _in_sight(self, index: int) -> bool:
        return 0 <= index - int(self.scroll_offset.y) < self.size.height

    def _difference(self, before: T, after: T) -> tuple[int, int]:
        """Return the first column, and how many from there, in which two rows look different."""
        spans = [(*self._mark(row), *row_spans(self._fitted, row, ())) for row in (before, after)]
        old, new = (list(cells_of(one)) for one in spans)
        if len(old) != len(new):
            return 0, self.size.width
        differing = [column for column, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]]
        return (differing[0], differing[-1] - differing[0] + 1) if differing else (0, 0)

    def _style(self, name: str) -> Style:
        style = self._styles.get(name)
        if style is None:
            whole = self.get_component_rich_style(f"rows--{name or 'plain'}", partial=True)
            style = self._styles[name] = whole
        return style

    def render_line(self, y: int) -> Strip:
        """Return line `y` of what is visible."""
        index, width = y + int(self.scroll_offset.y), self.size.width
        base = self.rich_style
        if index >= len(self._rows):
            return Strip.blank(width, base)
        on_cursor = index == self._cursor
        strip = None if on_cursor else self._strips.get(index)
        if strip is None:
            mark: Spans = (("▶", "accent"),) if on_cursor else self._mark(self._rows[index])
            spans = row_spans(self._fitted, self._rows[index], mark)
            strip = Strip([Segment(text, self._style(token)) for text, token in spans if text])
            paper = self._style("cursor" if self.has_focus else "cursor-away") if on_cursor else base
            strip = strip.adjust_cell_length(width).apply_style(paper).simplify()
            if len(self._strips) > _KEPT_STRIPS:
                self._strips.clear()
            self._strips[index] = strip
        return strip


class Titles(Widget):
    """The line of column titles over a list."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--quiet"}

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._spans: Spans = ()

    def show(self, spans: Spans) -> None:
        """Show these titles."""
        self._spans = spans
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the one line."""
        style = self.get_component_rich_style("rows--quiet", partial=True)
        segments = [Segment(text, style) for text, _ in self._spans]
        return Strip(segments).adjust_cell_length(self.size.width).apply_style(self.rich_style)
