"""What tells that a workspace changed? Two waits, each for a thread of its own: files, and other cockpits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.errors import Problem
from cockpit.workspace import watched

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace

_OTHERS_S = 1.0  # how often the store is asked whether another cockpit did something
_TRACES = (
    "SELECT (SELECT max(id) FROM runs), (SELECT max(ended_at) FROM runs),"
    " (SELECT count(*) || '/' || coalesce(max(id), 0) || group_concat(state)"
    "    FROM (SELECT id, state FROM deployments ORDER BY id DESC LIMIT 50)),"
    " (SELECT count(*) || '/' || coalesce(max(at), '') FROM conformance)"
)


def for_files(
    folder: Path, changed: Callable[[], None], say: Callable[[Problem], None], stop: threading.Event
) -> None:
    """Call `changed` after each change of a file that matters, until `stop`; `say` why that is impossible."""
    from watchfiles import watch

    root = folder.resolve()
    while not stop.is_set():
        try:
            known = watched.folders(root)
            for changes in watch(
                *known,
                watch_filter=lambda _, path: watched.matters(root, path),
                debounce=300,
                step=30,
                stop_event=stop,
                recursive=False,
                raise_interrupt=False,
            ):
                changed()
                if any(Path(path).is_dir() or not Path(path).exists() for _, path in changes):
                    break  # a folder came or went: watch the new set
        except (OSError, RuntimeError) as error:
            say(
                Problem(
                    "not-watching",
                    f"files cannot be watched: {error}",
                    "r reads again; on Linux raise fs.inotify.max_user_watches",
                )
            )
            return


def for_others(
    workspace: Workspace,
    changed: Callable[[], None],
    tell: Callable[[str], None],
    stop: threading.Event,
    reported: Callable[[], AbstractContextManager[None]],
) -> None:
    """Call `changed` after another cockpit (a test in a second terminal, a deploy from CI) did something.

    It leaves its traces in the store. What was killed, here or there, is put right as it is when a cockpit
    starts, and `tell` gets it in words. Each look is made inside `reported`.
    """
    last = None
    while not stop.wait(_OTHERS_S):
        with reported():
            traces = workspace.store.query(_TRACES)
            if last is not None and traces != last:
                changed()
            last = traces
            for said in workspace.settle():
                tell(said)
                changed()
