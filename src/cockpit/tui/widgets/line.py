"""How is one line, or one page, of spans put on the screen? As Content with theme tokens, never markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from cockpit.tui.spans import Spans
from cockpit.tui.theme import STYLES


def content_of(spans: Spans) -> Content:
    """Return one line of spans as Content."""
    return Content.assemble(*((text, STYLES[token]) for text, token in spans))


def page_content(lines: Sequence[Spans], chosen: int | None = None) -> Content:
    """Return lines as Content; the line `chosen` is shown as selected."""
    parts: list[tuple[str, str]] = []
    for index, spans in enumerate(lines):
        if index:
            parts.append(("\n", ""))
        back = " on $cursor" if index == chosen else ""
        parts += [(text, STYLES[token] + back) for text, token in spans]
    return Content.assemble(*parts)


class Line(Widget):
    """One line that is made anew for the width that it has."""

    def __init__(self, make: Callable[[int], Spans], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._make = make
        self._shown: Spans = ()

    def show(self) -> None:
        """Draw it again if it says something else now."""
        if self._make(self.size.width) != self._shown:
            self.refresh()

    def render(self) -> Content:
        """Return the line."""
        self._shown = self._make(self.size.width)
        return content_of(self._shown)


class Teaching(Static):
    """An empty state: what is not there, and the key or command that brings it."""

    def teach(self, *lines: Spans) -> None:
        """Show these lines."""
        self.update(page_content(lines))
