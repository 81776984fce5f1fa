"""How is one line of things that can be pressed shown? The footer and the tabs; a click presses them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.widget import Widget

from cockpit.tui.theme import STYLES

GAP = 2


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to press: the face of its key, its label, the action, and how it looks."""

    face: str
    label: str
    action: str
    chosen: bool = False
    off: bool = False

    @property
    def text(self) -> str:
        """What is shown."""
        return f"{self.face} {self.label}" if self.face else self.label


def gap_of(items: Sequence[Item], width: int) -> int:
    """Return the cells between items: one where only that lets all of them fit."""
    needed = sum(cell_len(item.text) for item in items)
    return 1 if needed + len(items) <= width < needed + GAP * len(items) else GAP


def that_fit(items: Sequence[Item], width: int, always: int = 0) -> tuple[Item, ...]:
    """Return the items that fit in `width` cells; the last `always` of them are kept, whatever goes."""
    gap = gap_of(items, width)
    tail = list(items[len(items) - always :]) if always else []
    room = width - sum(cell_len(item.text) + gap for item in tail)
    taken: list[Item] = []
    for item in items[: len(items) - always]:
        room -= cell_len(item.text) + gap
        if room < 0:
            break
        taken.append(item)
    return (*taken, *tail)


class Bar(Widget):
    """A line of items."""

    def __init__(self, *, always: int = 0, id: str | None = None) -> None:
        super().__init__(id=id)
        self._always = always
        self._items: tuple[Item, ...] = ()
        self._message: tuple[str, str] | None = None

    def show(self, items: Sequence[Item]) -> None:
        """Show these items."""
        if tuple(items) != self._items:
            self._items = tuple(items)
            self.refresh()

    def render(self) -> Content:
        """Return the items that fit."""
        parts: list[tuple[str, str]] = []
        gap = gap_of(self._items, self.size.width)
        for item in that_fit(self._items, self.size.width, self._always):
            face = STYLES["quiet" if item.off else "accent"]
            label = STYLES["quiet"] if not item.chosen else f"{STYLES['strong']} underline"
            if item.face:
                parts.append((f"{item.face} ", face))
            parts += [(item.label, label), (" " * gap, "")]
        return Content.assemble(*parts)

    async def on_click(self, event: events.Click) -> None:
        """Press the item under the pointer."""
        x, gap = 0, gap_of(self._items, self.size.width)
        for item in that_fit(self._items, self.size.width, self._always):
            width = cell_len(item.text)
            if x <= event.get_content_offset_capture(self).x < x + width:
                await self.app.run_action(item.action, self.screen)
                return
            x += width + gap
