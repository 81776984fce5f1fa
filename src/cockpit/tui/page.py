"""What is a page of the detail? Wrapped lines with style tokens, and the places that it can open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cockpit.domain.action import Run
from cockpit.tui.spans import Span, Spans, safe, wrap


@dataclass(frozen=True, slots=True)
class Target:
    """What `o` opens on a line: a file at a line (path relative to the workspace), a URL, or a run.

    `note` is what it says instead where there is nothing to open. `copy` makes what `y` copies there, None
    where it copies the next command as everywhere. `branch` is the slice that `c` checks out.
    """

    path: str | None = None
    line: int | None = None
    url: str | None = None
    run: Run | None = None
    note: str | None = None
    copy: Callable[[], str] | None = None
    branch: str | None = None


@dataclass(slots=True)
class Page:
    """Lines that fit `width` cells. `targets` are (index of the line, what it opens), top to bottom.

    All foreign text passes through `say`, `pair` or `bullet`, which clean and wrap it.
    """

    width: int
    lines: list[Spans] = field(default_factory=list)
    targets: list[tuple[int, Target]] = field(default_factory=list)

    def blank(self) -> None:
        """Add an empty line, never two in a row nor one at the top."""
        if self.lines and self.lines[-1]:
            self.lines.append(())

    def heading(self, text: str, note: str = "") -> None:
        """Add a heading after an empty line, with a quiet note beside it."""
        self.blank()
        self.lines.append(((safe(text), "title"), *(((f"  {safe(note)}", "quiet"),) if note else ())))

    def line(self, *spans: Span) -> None:
        """Add one line of spans that are clean already; the view crops what is too wide."""
        self.lines.append(spans)

    def say(
        self, text: object, token: str = "", indent: int = 0, first: Spans = (), limit: int = 2_000
    ) -> None:
        """Add foreign text, wrapped; `first` stands before the first line, inside the indent."""
        lead = sum(len(part) for part, _ in first)
        for number, part in enumerate(wrap(safe(text, limit), self.width - indent)):
            if number == 0 and first:
                self.lines.append((*first, (" " * max(0, indent - lead) + part, token)))
            else:
                self.lines.append(((" " * indent + part, token),))

    def pair(self, label: str, value: object, token: str = "", room: int = 12) -> None:
        """Add a quiet label and its value in a column of its own; nothing where the value is empty."""
        if value is None or value == "":
            return
        self.say(value, token, room, ((label.ljust(room - 1)[: room - 1] + " ", "quiet"),))

    def bullet(self, text: object, token: str = "", indent: int = 2) -> None:
        """Add an item of a list."""
        self.say(text, token, indent + 2, ((" " * indent + "• ", "quiet"),))

    def aim(self, target: Target) -> None:
        """Make the line that comes next one that opens `target`."""
        self.targets.append((len(self.lines), target))
