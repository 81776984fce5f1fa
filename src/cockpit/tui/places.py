"""Where does a key lead that leaves the board for another screen? Each is imported when it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.domain.handoff import Handoff

if TYPE_CHECKING:
    from cockpit.tui.app import CockpitApp


def open_place(app: CockpitApp, key_id: str, row: Handoff | None) -> None:
    """Open the screen of `key_id`; the board stays at the bottom of the stack."""
    match key_id:
        case "help":
            from cockpit.tui.screens.help import HelpScreen

            app.push_screen(HelpScreen())
        case "env":
            from cockpit.tui.screens.environments import EnvironmentScreen

            if app.snapshot is not None:
                app.push_screen(EnvironmentScreen(app.snapshot), lambda env: _use(app, env))
        case "logs" if row is not None:
            from cockpit.tui.screens.logs import LogScreen

            title = f"{row.rpt.service or row.id} in {row.env}"
            app.push_screen(LogScreen(title, lambda: app.feed.logs(row.id), live=True))
        case "wall":
            from cockpit.tui.screens.wall import WallScreen

            to_board(app)
            app.push_screen(WallScreen(row.id if row is not None else None))
        case "stacks":
            from cockpit.tui.screens.stacks import StacksScreen

            to_board(app)
            app.push_screen(StacksScreen())
        case "board" | "back":
            to_board(app)


def to_board(app: CockpitApp) -> None:
    """Close everything over the board."""
    while len(app.screen_stack) > 1:
        app.pop_screen()


def _use(app: CockpitApp, env: str | None) -> None:
    if env is not None:
        app.feed.use_env(env)
        app.say(f"showing {env}")
