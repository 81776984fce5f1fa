"""What is known of this workspace's pull requests, and how does it stay up to date?

Without a remote on GitHub nothing is asked and nothing is known. What was read last is kept in the store,
so that a board that is offline shows it with its age.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.edges.git import Git
from cockpit.edges.http import HttpxHttp, run_loop
from cockpit.errors import CockpitError, GitError, Problem
from cockpit.stacks import pulls_codec
from cockpit.stacks.github import OVERRIDE, Host, of_remote, read, token_for
from cockpit.stacks.pulls import Pulls

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace

POLL_S = 30.0
_FORMAT = "1"
_KIND = "pulls"
_BETWEEN_TRIES_S = 5.0
_LEAVING_S = 2.0
_NAMES = ("upstream", "origin")


def host(git: Git, environ: Mapping[str, str] | None = None) -> Host | None:
    """Return the GitHub repository that the workspace's remote names, None where there is none.

    Raises ConfigError if COCKPIT_GITHUB_URL is no URL.
    """
    found = remote(git, environ)
    return None if found is None else found[1]


def remote(git: Git, environ: Mapping[str, str] | None = None) -> tuple[str, Host] | None:
    """Return the remote that is a GitHub repository, by its name in this clone, None where there is none.

    A remote `upstream` wins over `origin`, and that over the others: pull requests go there. Raises
    ConfigError if COCKPIT_GITHUB_URL is no URL.
    """
    override = (os.environ if environ is None else environ).get(OVERRIDE) or None
    try:
        said = git.run("config", "--get-regexp", r"^remote\..*\.url$")
    except GitError:
        return None
    remotes: dict[str, str] = {}
    for line in said.splitlines():
        name, _, url = line.partition(" ")
        remotes.setdefault(name.removeprefix("remote.").removesuffix(".url"), url)
    for name in sorted(remotes, key=lambda n: (_NAMES.index(n) if n in _NAMES else len(_NAMES), n)):
        if (found := of_remote(remotes[name], override)) is not None:
            return name, found
    return None


def known(workspace: Workspace) -> Pulls | None:
    """Return what was read last, None where nothing was or the remote is no GitHub. Asks nobody."""
    try:
        there = host(workspace.git)
    except CockpitError:
        return None
    return None if there is None else _kept(workspace, there)


def token(there: Host, environ: Mapping[str, str] | None = None) -> str | None:
    """Return the token for `there` from the environment or from gh; it may take gh's time to answer."""
    found = os.environ if environ is None else environ
    return token_for(there, found, overridden=bool(found.get(OVERRIDE)))


async def refresh(workspace: Workspace, branches: Collection[str] = ()) -> Pulls | None:
    """Ask once, keep and return what is known then; None where the remote is no GitHub."""
    there = host(workspace.git)
    if there is None:
        return None
    async with HttpxHttp(workspace.clock) as http:
        pulls = await read(
            http, there, token(there), _kept(workspace, there), workspace.clock, branches=branches
        )
    _keep(workspace, there, pulls)
    return pulls


def _key(there: Host) -> str:
    return f"{there.name}/{there.full_name}"


def _kept(workspace: Workspace, there: Host) -> Pulls | None:
    return pulls_codec.decode(workspace.cache.read(_KIND, _key(there), _FORMAT))


def _keep(workspace: Workspace, there: Host, pulls: Pulls) -> None:
    workspace.cache.write(_KIND, {_key(there): (_FORMAT, pulls_codec.encode(pulls))})


class PullWatcher:
    """Asks the workspace's GitHub every `poll_s` seconds, in a thread of its own.

    `on_pulls` is called from that thread where something is new besides the time. `branches` tells whose
    merged pull requests matter. Every method returns at once, but for `stop`, which waits two seconds at
    most. Nothing is raised out of the thread: `problem` says what fails.
    """

    def __init__(
        self,
        workspace: Workspace,
        on_pulls: Callable[[Pulls], None],
        *,
        poll_s: float = POLL_S,
        branches: Callable[[], Collection[str]] = lambda: (),
    ) -> None:
        self._workspace, self._on_pulls = workspace, on_pulls
        self._poll_s, self._branches = poll_s, branches
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._wake: Callable[[], object] = lambda: None
        self._told: Pulls | None = None
        self.problem: Problem | None = None
        self._thread = threading.Thread(target=self._run, name="cockpit-pulls", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def refresh(self) -> None:
        """Ask soon."""
        with self._lock:
            self._wake()

    def stop(self) -> None:
        """Ask no more; waits shortly for what is under way."""
        self._stopped.set()
        self.refresh()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=_LEAVING_S)

    # The thread

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                there = host(self._workspace.git)
                if there is None:
                    return
                run_loop(self._on_loop(there, token(there)))
            except CockpitError as error:
                self.problem = error.problem
            except Exception as error:  # noqa: BLE001 - said in `problem`; the thread lives on
                what = f"pull requests cannot be read: {type(error).__name__}"
                self.problem = Problem("pulls-failed", what, "this is a defect of cockpit; please report it")
            self._stopped.wait(_BETWEEN_TRIES_S)

    async def _on_loop(self, there: Host, opened_with: str | None) -> None:
        loop, woken = asyncio.get_running_loop(), asyncio.Event()
        with self._lock:
            self._wake = lambda: loop.call_soon_threadsafe(woken.set)
        pulls = await asyncio.to_thread(_kept, self._workspace, there)
        try:
            async with HttpxHttp(self._workspace.clock) as http:
                while not self._stopped.is_set():
                    woken.clear()
                    pulls = await read(
                        http, there, opened_with, pulls, self._workspace.clock, branches=self._branches()
                    )
                    await asyncio.to_thread(self._take, there, pulls)
                    try:
                        await asyncio.wait_for(woken.wait(), self._poll_s)
                    except TimeoutError:
                        continue
        finally:
            with self._lock:
                self._wake = lambda: None

    def _take(self, there: Host, pulls: Pulls) -> None:
        self.problem = next(iter(pulls.problems), None)
        if self._told is not None and _same_but_for_time(self._told, pulls):
            return
        _keep(self._workspace, there, pulls)
        self._told = pulls
        self._on_pulls(pulls)


def _same_but_for_time(before: Pulls, after: Pulls) -> bool:
    """Limits and times alone are nothing new to a board; what is kept may be a little older then."""
    still = replace(before, at=after.at, full_at=after.full_at, rate=after.rate, etag=after.etag)
    return still == after
