"""What does a log say? The end of a service's log, or of an older run's, read in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Log

from cockpit.domain.text import clean
from cockpit.errors import CockpitError
from cockpit.tui.desk import KEPT_LINES
from cockpit.tui.log_line import readable
from cockpit.tui.screens.modal import Modal
from cockpit.tui.spans import Spans, fit, safe
from cockpit.tui.widgets.line import Line

_AGAIN_S = 1.0


class LogScreen(Modal[None]):
    """A log that is read again every second while it is `live`."""

    CSS_PATH = "logs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "again", "read again", show=False, id="log.again"),
        Binding("G,end", "tail", "follow", show=False, id="log.tail"),
        Binding("g,home", "head", "top", show=False, id="log.head"),
    ]

    def __init__(self, title: str, load: Callable[[], Sequence[str]], *, live: bool) -> None:
        super().__init__()
        self._name, self._load, self._live = title, load, live
        self._note: Spans = ((" reading …", "quiet"),)
        self._lines: list[str] = []

    def compose(self) -> ComposeResult:
        """Yield title, note, log and keys."""
        yield Line(lambda width: fit(((f" {safe(self._name)}", "strong"),), width), id="log-title")
        yield Line(lambda width: fit(self._note, width), id="log-note")
        yield Log(highlight=False, max_lines=KEPT_LINES, id="log")
        yield self.keys(
            ("esc", "back", "screen.leave"),
            ("r", "read again", "screen.again"),
            ("G", "follow", "screen.tail"),
        )

    def on_mount(self) -> None:
        """Read it, and again while it is live."""
        self.query_one("#log", Log).focus()
        self.action_again()
        if self._live:
            self.set_interval(_AGAIN_S, self.action_again)

    def action_again(self) -> None:
        """Read it again in a thread."""
        self.run_worker(self._read(), group="log", exclusive=True, exit_on_error=False)

    def _readable(self) -> list[str]:
        """Read it, in a thread."""
        parts = (part for line in self._load() for part in readable(line))
        return [clean(part, 2_000).replace("\n", " ").expandtabs(4) for part in parts]

    async def _read(self) -> None:
        try:
            lines = await asyncio.to_thread(self._readable)
        except CockpitError as error:
            self._note = (
                (f" {safe(error.problem.message)} ", "bad"),
                (f" → {safe(error.problem.do)}", "quiet"),
            )
            self.query_one("#log-note", Line).show()
            return
        state = "follows" if self._live else "as it was written"
        self._note = ((f" {len(lines)} lines, {state}" if lines else " the log is empty", "quiet"),)
        self.query_one("#log-note", Line).show()
        self._write(lines)

    def _write(self, lines: list[str]) -> None:
        log, before = self.query_one("#log", Log), self._lines
        self._lines = lines
        if lines == before:
            return
        if before and lines[: len(before)] == before:
            log.write_lines(lines[len(before) :])
            return
        log.clear()
        log.write_lines(lines)

    def action_tail(self) -> None:
        """Go to the end, and follow it."""
        self.query_one("#log", Log).scroll_end(animate=False)

    def action_head(self) -> None:
        """Go to the first line that is kept."""
        self.query_one("#log", Log).scroll_home(animate=False)
