"""What runs the board? Snapshots in from the feed's thread, keys out to the screens and the workshop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.errors import CockpitError, Problem
from cockpit.tui.desk import ActiveRun, RunDesk
from cockpit.tui.keys import KEY, KEYS
from cockpit.tui.ports import Feed, Workshop
from cockpit.tui.spans import safe
from cockpit.tui.theme import DARK, LIGHT

if TYPE_CHECKING:
    from textual.command import Provider

    from cockpit.domain.action import Plan
    from cockpit.tui.page import Target
    from cockpit.tui.screens.base import FactScreen
    from cockpit.tui.screens.board import BoardScreen


def _commands() -> type[Provider]:
    from cockpit.tui.palette import CockpitCommands

    return CockpitCommands


class CockpitApp(App[int]):
    """The board over a feed and a workshop."""

    TITLE = "cockpit"
    # The board is the default screen, whose own CSS_PATH Textual does not read.
    CSS_PATH = ["app.tcss", "screens/board.tcss"]  # noqa: RUF012 - as Textual declares it
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands}
    COMMAND_PALETTE_BINDING = "f9"  # ours, on `:` and ctrl+p, is in the table of keys
    NOTIFICATION_TIMEOUT = 6
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(key.keys, f"press('{key.id}')", key.label, show=False, tooltip=key.tooltip, id=key.id)
            for key in KEYS
            # The list and the detail bind enter themselves: it means the row or the line under the cursor.
            if key.keys != "enter"
        ),
        Binding("ctrl+c", "interrupt", "interrupt", show=False, priority=True, id="interrupt"),
    ]

    class Delivered(Message):
        """The feed delivered; the newest snapshot waits in `_newest`."""

    def __init__(
        self,
        feed: Feed,
        workshop: Workshop,
        *,
        said: Sequence[str] = (),
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self.feed, self.workshop, self.now = feed, workshop, now
        self.snapshot: Snapshot | None = None
        self._said = tuple(said)
        self.desk = RunDesk(workshop, now)
        self.view: dict[str, Any] = {}
        self._newest: Snapshot | None = None
        self._leaving = False
        self.register_theme(DARK)
        self.register_theme(LIGHT)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the tokens, so that Textual's own themes work too."""
        return (DARK if self.current_theme.dark else LIGHT).variables

    def get_default_screen(self) -> Screen[Any]:
        """Return the board."""
        from cockpit.tui.screens.board import BoardScreen

        self._board = BoardScreen()
        return self._board

    # Life

    def on_load(self) -> None:
        """Take up the last view before the first frame."""
        try:
            self.view = self.feed.load_view()
        except CockpitError as error:
            self.call_after_refresh(self.complain, error.problem)
        wanted = self.view.get("theme")
        self.theme = wanted if wanted in (DARK.name, LIGHT.name) else DARK.name

    def on_mount(self) -> None:
        """Ask for facts once the first frame is out."""
        self.call_after_refresh(self.feed.start, self._deliver, self._told)
        for text in self._said:
            self.call_after_refresh(self.say, text, wrong=True)

    def on_unmount(self) -> None:
        """Leave nothing running and remember the view."""
        self.feed.stop()
        self.desk.cancel_all()
        self.feed.save_view(self.current_view())

    @property
    def board(self) -> BoardScreen:
        """The screen at the bottom of the stack."""
        return self._board

    def current_view(self) -> dict[str, Any]:
        """Return what is shown, to be taken up by the next start."""
        return {**self.view, **self._board.view(), "theme": self.theme}

    # Facts

    def _deliver(self, snapshot: Snapshot) -> None:
        """Called from the feed's thread. Many deliveries before the next turn of the loop become one."""
        waiting = self._newest is not None
        self._newest = snapshot
        if not waiting:
            self.post_message(self.Delivered())

    def _told(self, text: str) -> None:
        """Called from the feed's thread with something that it did by itself."""
        self.call_later(self.say, text, wrong=True)

    def on_cockpit_app_delivered(self) -> None:
        """Hand the newest snapshot to the screen on top; others catch up when they come back."""
        snapshot, self._newest = self._newest, None
        if snapshot is None:
            return
        self.snapshot = snapshot
        screen = self._facts()
        if screen is not None:
            screen.take(snapshot)

    def _facts(self) -> FactScreen | None:
        from cockpit.tui.screens.base import FactScreen

        return self.screen if isinstance(self.screen, FactScreen) else None

    # Saying things

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show a short notice; never markup."""
        self.notify(safe(text, 600), severity="warning" if wrong else "information", markup=False)

    def complain(self, problem: Problem) -> None:
        """Show what is wrong and what to do about it."""
        where = f"{problem.where}\n" if problem.where else ""
        text = f"{safe(problem.message, 400)}\n{where}→ {safe(problem.do, 400)}"
        self.notify(text, severity="warning", markup=False, timeout=10)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say that something unexpected failed; a worker never ends the board."""
        if event.state is WorkerState.ERROR:
            error = event.worker.error
            self.complain(
                Problem(
                    "internal",
                    f"{type(error).__name__}: {error}",
                    "this is a defect of cockpit; please report it",
                )
            )

    # Keys

    def action_press(self, key_id: str) -> None:
        """Do what a key of the table does here, or say why it does nothing."""
        key, screen = KEY[key_id], self._facts()
        if screen is None:
            return
        reason = screen.why_not(key)
        if reason is not None:
            self.say(reason, wrong=True)
        elif key.act is not None and screen.selected is not None:
            self.begin(key.act, screen.selected)
        elif not screen.press(key_id):
            self._press_anywhere(key_id, screen.selected)

    def _press_anywhere(self, key_id: str, row: Handoff | None) -> None:
        from cockpit.tui import places

        match key_id:
            case "probe" if row is not None:
                self.feed.probe([row.id])
                self.say(f"probing {row.rpt.service or row.id}")
            case "refresh":
                self.feed.refresh()
                self.say("reading everything again")
            case "seen" if row is not None:
                self.feed.mark_seen(row.id)
                self.say(
                    f"{row.id} shows its changes again" if row.seen else f"{row.id} is quiet until it changes"
                )
            case "copy" if row is not None:
                self.copy_command(row)
            case "palette":
                self.action_command_palette()
            case "quit":
                self.leave()
            case _:
                places.open_place(self, key_id, row)

    def act_on_selected(self, action: str) -> None:
        """Begin an action that has no key, on the selected handoff."""
        screen = self._facts()
        if screen is None or screen.selected is None:
            self.say(f"{action} needs a selected handoff", wrong=True)
        else:
            self.begin(action, screen.selected)

    def show_tab(self, number: int) -> None:
        """Show a tab of the board's detail."""
        from cockpit.tui.places import to_board

        to_board(self)
        self._board.action_tab(number)

    def go_to(self, rpt: str) -> None:
        """Show an RPT on the board."""
        from cockpit.tui.places import to_board

        to_board(self)
        self._board.go_to(rpt)

    def copy_command(self, row: Handoff) -> None:
        """Copy the next command, quoted for a shell."""
        import shlex

        if not row.next.argv:
            self.say(f"{row.id} has no next command to copy", wrong=True)
            return
        command = " ".join(part if part == "$EDITOR" else shlex.quote(part) for part in row.next.argv)
        self.copy_to_clipboard(command)
        self.say(f"copied: {command}")

    def copy_to_clipboard(self, text: str) -> None:
        """Copy by OSC 52; inside tmux once more in its passthrough, which the plain form does not survive."""
        import os

        super().copy_to_clipboard(text)
        if os.environ.get("TMUX") and self._driver is not None:
            import base64

            code = base64.b64encode(text.encode()).decode()
            self._driver.write(f"\x1bPtmux;\x1b\x1b]52;c;{code}\a\x1b\\")

    def use_slice(self, key: str, target: Target) -> None:
        """Open the page of a slice, copy the links of its stack, or check it out."""
        from cockpit.tui import opening

        if key == "checkout" and target.branch is not None:
            self.begin_on(target.branch, "checkout", self.snapshot.env if self.snapshot is not None else "")
        elif key == "copy" and target.copy is not None:
            text = target.copy()
            self.copy_to_clipboard(text)
            self.say(f"copied the stack as a list of {len(text.splitlines())} links")
        elif target.url is not None:
            opening.open_url(self, target.url)
        elif target.note is not None:
            self.say(target.note, wrong=True)

    # Actions: plan → confirm → run

    def begin(self, action: str, row: Handoff) -> None:
        """Plan an action on a handoff, show the plan, and run it if the person agrees."""
        self.begin_on(row.id, action, self.snapshot.env if self.snapshot is not None else row.env)

    def begin_on(self, subject: str, action: str, env: str) -> None:
        """Plan an action on an RPT or a branch, show the plan, and run it if the person agrees."""
        self.run_worker(self._begin(action, subject, env), group="plan", exclusive=True, exit_on_error=False)

    async def _begin(self, action: str, subject: str, env: str) -> None:
        try:
            plan = await asyncio.to_thread(self.workshop.plan, action, subject, env)
        except CockpitError as error:
            self.complain(error.problem)
            return
        if not plan.touches and not any(step.argv for step in plan.steps):
            self.say(plan.title)  # it is as it should be already, and there is nothing to agree to
            return
        from cockpit.tui.screens.confirm import ConfirmScreen

        if await self.push_screen_wait(ConfirmScreen(plan)):
            self.perform(plan)

    def perform(self, plan: Plan) -> None:
        """Run a plan that was agreed to, and show its output."""
        from cockpit.tui.screens.run import RunScreen

        one = self.desk.open(plan)
        self.run_worker(self._perform(one), group=f"run-{id(one)}", exit_on_error=False)
        self.push_screen(RunScreen(one))

    async def _perform(self, one: ActiveRun) -> None:
        await self.desk.perform(one)
        self.feed.refresh()
        screen = self._facts()
        if screen is not None:
            screen.show_header()
            screen.press("run-ended")
            self.say(f"{one.plan.action} {one.plan.subject}: {one.state.value}. {one.summary}")

    # Leaving

    def action_interrupt(self) -> None:
        """ctrl+c: cancel the run on screen, else leave."""
        from cockpit.tui.screens.run import RunScreen

        if isinstance(self.screen, RunScreen) and self.screen.one.running:
            self.screen.action_cancel()
        else:
            self.leave()

    def leave(self) -> None:
        """Quit; the first time while actions run, only say that they would be cancelled."""
        from cockpit.tui.ghost import keep

        running = self.desk.running
        if running and not self._leaving:
            self._leaving = True
            names = ", ".join(f"{one.plan.action} {one.plan.subject}" for one in running)
            self.say(f"still running: {names}. q again cancels and quits.", wrong=True)
            self.set_timer(5, self._stay)
            return
        if self.screen is self._board and not self.is_headless:
            keep(self, self.feed.folder / ".cockpit")
        self.exit(0)

    def _stay(self) -> None:
        self._leaving = False


def run(feed: Feed, workshop: Workshop, *, said: Sequence[str] = ()) -> int:
    """Show the board until it is left, beginning with notices of what was `said`; return the exit code."""
    app = CockpitApp(feed, workshop, said=said)
    app.run()
    return app.return_code or 0
