"""What does a running action say right now, and how does it end?"""

from __future__ import annotations

import shlex
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Log

from cockpit.domain.signs import RUN
from cockpit.tui.desk import KEPT_LINES, ActiveRun
from cockpit.tui.moments import exact
from cockpit.tui.screens.modal import Modal
from cockpit.tui.spans import Spans, fit, safe
from cockpit.tui.widgets.bar import Bar, Item
from cockpit.tui.widgets.line import Line

_TICK_S = 0.08  # lines are written in batches: one by one they cost fifty times as much


class RunScreen(Modal[None]):
    """Live output. Leaving it leaves the action running; x or ctrl+c cancels it."""

    CSS_PATH = "logs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "cancel", "cancel", show=False, id="run.cancel"),
        Binding("G,end", "tail", "follow", show=False, id="run.tail"),
        Binding("g,home", "head", "top", show=False, id="run.head"),
    ]

    def __init__(self, one: ActiveRun) -> None:
        super().__init__()
        self.one = one
        self._seen = 0
        self._told_end = False

    def compose(self) -> ComposeResult:
        """Yield what runs, what it says, and the keys."""
        yield Line(self._title, id="log-title")
        yield Line(self._command, id="log-note")
        yield Log(highlight=False, max_lines=KEPT_LINES, id="log")
        yield self.keys(
            ("x", "cancel", "screen.cancel"),
            ("esc", "back, it goes on", "screen.leave"),
            ("G", "follow", "screen.tail"),
        )

    def on_mount(self) -> None:
        """Begin to follow."""
        self.query_one("#log", Log).focus()
        self.set_interval(_TICK_S, self._tick)
        self._tick()

    def _title(self, width: int) -> Spans:
        one = self.one
        sign = RUN[one.state]
        lasted = exact((one.ended_at if one.ended_at is not None else self.cockpit.now()) - one.started_at)
        return fit(
            (
                (f" {sign.glyph} {sign.word} ", sign.tone),
                (f" {safe(one.plan.title)} ", "strong"),
                (f" {safe(one.plan.env, 40)} · {lasted}", "quiet"),
                (f"  {safe(one.summary)}", "" if one.problem is None else "bad"),
            ),
            width,
        )

    def _command(self, width: int) -> Spans:
        return fit(((f" $ {safe(shlex.join(self.one.plan.argv))}", "quiet"),), width)

    def _tick(self) -> None:
        log = self.query_one("#log", Log)
        lines, self._seen = self.one.after(self._seen)
        if lines:
            log.write_lines(lines)
        self.query_one("#log-title", Line).show()
        if not self.one.running and not self._told_end:
            self._told_end = True
            ended = (("esc", "back", "screen.leave"), ("G", "to the end", "screen.tail"))
            self.query_one("#modal-keys", Bar).show([Item(*item) for item in ended])
            if self.one.problem is not None:
                log.write_lines(["", safe(self.one.problem.message), f"→ {safe(self.one.problem.do)}"])

    def action_cancel(self) -> None:
        """Ask the action to stop."""
        if not self.one.running:
            self.cockpit.say("it has ended already: esc goes back", wrong=True)
            return
        self.one.cancel_asked.set()
        self.cockpit.say("asked it to stop")

    def action_tail(self) -> None:
        """Go to the end, and follow it."""
        self.query_one("#log", Log).scroll_end(animate=False)

    def action_head(self) -> None:
        """Go to the first line that is kept."""
        self.query_one("#log", Log).scroll_home(animate=False)
