"""What is new from GitHub, for a feed that takes it up when it has time?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.domain.pull import Server

if TYPE_CHECKING:
    from cockpit.stacks.pulls import Pulls
    from cockpit.workspace.pulls import PullWatcher
    from cockpit.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class News:
    """Whether a pull request is another one than before, and what was heard of the server.

    `heard` says whether anything was, since `server` is None where the remote is no GitHub.
    """

    pulls: bool = False
    heard: bool = False
    server: Server | None = None


class GithubNews:
    """Watches the workspace's GitHub from `start` on, and calls `wake` where there is something to take."""

    def __init__(self, workspace: Workspace, wake: Callable[[], None], poll_s: float | None = None) -> None:
        self._workspace, self._tell, self._poll_s = workspace, wake, poll_s
        self._lock = threading.Lock()
        self._news = News()
        self._watcher: PullWatcher | None = None

    def start(self, branches: Callable[[], Collection[str]]) -> None:
        """Begin to ask, if that was not begun yet; `branches` tells whose merged pull requests matter."""
        if self._watcher is not None:
            return
        from cockpit.workspace.pulls import PullWatcher

        self._watcher = PullWatcher(
            self._workspace,
            self._on_pulls,
            on_heard=self._on_heard,
            poll_s=self._poll_s,
            branches=branches,
        )
        self._watcher.start()

    def refresh(self) -> None:
        """Ask soon."""
        if self._watcher is not None:
            self._watcher.refresh()

    def stop(self) -> None:
        """Ask no more; waits two seconds at most."""
        if self._watcher is not None:
            self._watcher.stop()

    def take(self) -> News:
        """Return what is new since the last time."""
        with self._lock:
            news, self._news = self._news, News()
            return news

    # Called from the watcher's thread

    def _on_pulls(self, pulls: Pulls) -> None:
        with self._lock:
            self._news = News(True, self._news.heard, self._news.server)
        self._tell()

    def _on_heard(self, pulls: Pulls | None) -> None:
        from cockpit.workspace.heard import server_of

        server = None if pulls is None else server_of(pulls)
        with self._lock:
            self._news = News(self._news.pulls, True, server)
        self._tell()
