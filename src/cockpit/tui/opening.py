"""How does the board open something outside itself, or an older run? Editor, browser, log."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from cockpit.domain.action import Run
from cockpit.tui.editor import editor_argv

if TYPE_CHECKING:
    from cockpit.tui.app import CockpitApp


def open_file(app: CockpitApp, path: str, line: int | None) -> None:
    """Open a workspace file in the person's editor, the board suspended meanwhile; read again afterwards.

    A path that leads out of the workspace, or to nothing, is refused: it came from a document.
    """
    root = app.feed.folder.resolve()
    full = (root / path).resolve()
    place = path if line is None else f"{path}:{line}"
    if not full.is_relative_to(root) or not full.exists():
        app.say(f"{place} is not a file in this workspace", wrong=True)
        return
    argv = editor_argv(os.environ, shutil.which, str(full), line)
    if argv is None:
        app.copy_to_clipboard(place)
        app.say(f"no editor found: set $EDITOR. {place} is copied.", wrong=True)
        return
    refused: OSError | None = None
    try:
        with app.suspend():
            # Textual does not take the terminal back where an exception leaves this block.
            try:
                subprocess.run(argv, check=False)
            except OSError as error:
                refused = error
    except SuspendNotSupported:
        app.copy_to_clipboard(place)
        app.say(f"this terminal cannot make room for an editor; {place} is copied", wrong=True)
    if refused is not None:
        app.say(
            f"{argv[0]} does not start ({refused.strerror}): set $EDITOR. The place is {place}", wrong=True
        )
    app.refresh(layout=True)
    app.feed.refresh()


def open_url(app: CockpitApp, url: str) -> None:
    """Open an http(s) URL in a browser; where there is none, say and copy it."""
    if not url.startswith(("http://", "https://")):
        app.say(f"not opened, it is no web address: {url}", wrong=True)
        return
    app.run_worker(_browse(app, url), group="browser", exit_on_error=False)


async def _browse(app: CockpitApp, url: str) -> None:
    import webbrowser

    # A text browser would draw over the board, so without a desktop the URL is only said.
    desktop = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.name == "nt" or _mac()
    if desktop and await asyncio.to_thread(webbrowser.open, url):
        app.say(f"opened {url}")
        return
    app.copy_to_clipboard(url)
    app.say(f"no browser here; copied {url}")


def _mac() -> bool:
    import sys

    return sys.platform == "darwin"


def open_run(app: CockpitApp, run: Run) -> None:
    """Show the output of a run: live if this board runs it, else its log."""
    from cockpit.tui.screens.logs import LogScreen
    from cockpit.tui.screens.run import RunScreen

    live = app.desk.find(run)
    if live is not None:
        app.push_screen(RunScreen(live))
        return
    title = f"{run.action} {run.subject} · {run.state.value} · {run.summary}"
    app.push_screen(LogScreen(title, lambda: app.feed.run_log(run).splitlines(), live=run.ended_at is None))
