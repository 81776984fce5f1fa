"""How is the filter typed? An input whose rows follow while it is typed, with the grammar as a hint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from cockpit.domain.filter import KEYS, FilterError, parse
from cockpit.tui.spans import Spans
from cockpit.tui.widgets.line import content_of

_HINT = "keys: " + " ".join(f"{key}:" for key in KEYS) + "  - negates  , or"


class FilterInput(Input):
    """The input; enter keeps the filter, escape takes it away."""

    BINDINGS = [  # noqa: RUF012 - as Textual declares it
        Binding("escape", "screen.drop_filter", "clear", show=False, id="filter.clear"),
        Binding("enter,down", "screen.keep_filter", "keep", show=False, id="filter.keep"),
    ]


class FilterBar(Horizontal):
    """The filter: open while it is typed, closed to one line while it holds, hidden while there is none."""

    @dataclass
    class Changed(Message):
        """The filter means something else now: what its language makes of the text."""

        filter: Any

    class Closed(Message):
        """The person is done typing."""

    def __init__(self, read: Callable[[str], Any] = parse, hint: str = _HINT) -> None:
        super().__init__(id="filter")
        self._read, self._hint = read, hint
        self.text = ""
        self._open = False
        self._count = (0, 0)

    def compose(self) -> ComposeResult:
        """Yield prompt and note; the input comes when it is opened."""
        yield Static("/", id="filter-prompt", markup=False)
        yield Static("", id="filter-text", markup=False)
        yield Static("", id="filter-note", markup=False)

    def on_mount(self) -> None:
        """Show a remembered filter; the input comes after the first frame."""
        self._show()
        self.call_after_refresh(self._box)

    def open(self) -> None:
        """Start typing. From here on no key acts: a word of the filter must never deploy anything."""
        box = self._box()
        if not self._open:
            self._open = box.display = True
            box.value = self.text
            box.cursor_position = len(self.text)
        # At once: `box.focus()` waits its turn behind keys that are typed already.
        self.screen.set_focus(box)
        self._show()

    def _box(self) -> FilterInput:
        found = self.query(FilterInput)
        if found:
            return found.first()
        box = FilterInput(placeholder=self._hint, compact=True, select_on_focus=False)
        box.display = False
        self.mount(box, after="#filter-prompt")
        return box

    def clear(self) -> None:
        """Take the filter away."""
        self.text = ""
        self.close()
        self.post_message(self.Changed(self._read("")))

    def close(self) -> None:
        """Stop typing and keep what was typed."""
        self._open = self._box().display = False
        self._show()
        self.post_message(self.Closed())

    def count(self, shown: int, total: int) -> None:
        """Say how many rows the filter keeps."""
        self._count = (shown, total)
        if self.is_mounted:
            self._show()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Follow the typing; an unfinished filter keeps the rows as they are and says what can come."""
        event.stop()
        if not self._open:
            return
        self.text = event.value
        try:
            chosen = self._read(event.value)
        except FilterError:
            self._show()
            return
        self.post_message(self.Changed(chosen))

    def _show(self) -> None:
        self.set_class(self._open, "-open")
        self.set_class(bool(self.text) or self._open, "-shown")
        self.query_one("#filter-text", Static).update(content_of(((self.text, "strong"),)))
        self.query_one("#filter-note", Static).update(content_of(self._note(self._open)))

    def _note(self, is_open: bool) -> Spans:
        """Return what is wrong with the filter, else how many rows it keeps."""
        try:
            self._read(self.text)
        except FilterError as error:
            return (f"{error.problem.message}. ", "warn"), (error.problem.do, "quiet")
        shown, total = self._count
        return (f"{shown} of {total}  ", ""), ("" if is_open else "esc clears", "quiet")
