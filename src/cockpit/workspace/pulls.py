"""How is a workspace's GitHub asked, once by a command and again and again beside the board?

Without a remote on GitHub nothing is asked. What was read last is kept, so that a board that is offline
shows it with its age.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.edges.http import Http, HttpxHttp, run_loop
from cockpit.errors import CockpitError, Problem
from cockpit.stacks.github import OVERRIDE, Host, Token, token_for
from cockpit.stacks.github.reading import FULL_S, read
from cockpit.stacks.pulls import Pulls
from cockpit.workspace.remote import host, remote

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace

__all__ = ["PullWatcher", "found_token", "host", "known", "refresh", "remote", "token"]

_BETWEEN_TRIES_S = 5.0
_LEAVING_S = 2.0
_WISHED_FULL_S = 5.0
_SAME_TOKEN_S = 300.0
# With another token these may be answered.
_SHUT = frozenset(
    {
        "github-no-token",
        "github-token-refused",
        "github-forbidden",
        "github-closed",
        "github-sso",
        "github-repository",
    }
)


def known(workspace: Workspace) -> Pulls | None:
    """Return what was read last, None where nothing was or the remote is no GitHub. Asks nobody."""
    try:
        there = host(workspace.git)
    except CockpitError:
        return None
    return None if there is None else workspace.kept_pulls.load(there)


def found_token(there: Host, environ: Mapping[str, str] | None = None) -> Token | None:
    """Return the token for `there` and where it was found; it may take gh's time to answer."""
    found = os.environ if environ is None else environ
    return token_for(there, found, overridden=bool(found.get(OVERRIDE)))


def token(there: Host, environ: Mapping[str, str] | None = None) -> str | None:
    """Return the token for `there` from the environment or from gh; it may take gh's time to answer."""
    found = found_token(there, environ)
    return None if found is None else found.secret


async def refresh(workspace: Workspace, branches: Collection[str] = ()) -> Pulls | None:
    """Ask once, keep and return what is known then; None where the remote is no GitHub.

    Raises ConfigError if COCKPIT_GITHUB_URL is no URL.
    """
    there = await asyncio.to_thread(host, workspace.git)
    if there is None:
        return None
    before = await asyncio.to_thread(workspace.kept_pulls.load, there)
    secret = await asyncio.to_thread(token, there)
    async with HttpxHttp(workspace.clock) as http:
        pulls = await read(http, there, secret, before, workspace.clock, branches=branches)
    await asyncio.to_thread(workspace.kept_pulls.save, there, pulls)
    return pulls


class PullWatcher:
    """Asks the workspace's GitHub every `poll_s` seconds, in a thread of its own.

    `on_pulls` is called from that thread where a pull request is new or another one than before, and
    `on_heard` after each answer and each failure to get one (None: the remote is no GitHub). `branches` tells
    whose merged pull requests matter. Without `poll_s` it is what cockpit.yaml says. Every method returns at
    once, but for `stop`, which waits two seconds at most. Nothing is raised out of the thread: `problem` says
    what fails.
    """

    def __init__(
        self,
        workspace: Workspace,
        on_pulls: Callable[[Pulls], None],
        *,
        on_heard: Callable[[Pulls | None], None] = lambda pulls: None,
        poll_s: float | None = None,
        branches: Callable[[], Collection[str]] = lambda: (),
    ) -> None:
        self._workspace, self._on_pulls, self._on_heard = workspace, on_pulls, on_heard
        self._poll_s, self._branches = poll_s, branches
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._wished = False
        self._wake: Callable[[], object] = lambda: None
        self._leave: Callable[[], object] = lambda: None
        self.problem: Problem | None = None
        self._thread = threading.Thread(target=self._run, name="cockpit-pulls", daemon=True)
        # Of the thread alone:
        self._there: Host | None = None
        self._pulls: Pulls | None = None
        self._told: Pulls | None = None
        self._token: Token | None = None
        self._refused_until = 0.0

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def refresh(self) -> None:
        """Ask soon, for checks too."""
        with self._lock:
            self._wished = True
            self._wake()

    def stop(self) -> None:
        """Ask no more; what is under way is given up."""
        self._stopped.set()
        with self._lock:
            self._leave()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=_LEAVING_S)

    # The thread

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                run_loop(self._on_loop())
            except asyncio.CancelledError:
                return
            except CockpitError as error:
                self._fail(error.problem)
            except Exception as error:  # noqa: BLE001 - said in `problem`; the thread lives on
                what = f"pull requests cannot be read: {type(error).__name__}"
                self._fail(Problem("pulls-failed", what, "this is a defect of cockpit; please report it"))
            self._stopped.wait(_BETWEEN_TRIES_S)

    def _fail(self, problem: Problem) -> None:
        self.problem = problem
        if self._there is not None:
            before = self._pulls or Pulls(self._there.full_name, self._there.name)
            self._on_heard(replace(before, stale=True, problems=(problem,)))

    async def _on_loop(self) -> None:
        loop, woken, own = asyncio.get_running_loop(), asyncio.Event(), asyncio.current_task()
        assert own is not None  # noqa: S101 - a coroutine that runs has a task
        with self._lock:
            self._wake = lambda: loop.call_soon_threadsafe(woken.set)
            self._leave = lambda: loop.call_soon_threadsafe(own.cancel)
        try:
            async with HttpxHttp(self._workspace.clock) as http:
                while not self._stopped.is_set():
                    woken.clear()
                    await self._ask(http)
                    pause = await asyncio.to_thread(self._pause)
                    try:
                        await asyncio.wait_for(woken.wait(), pause)
                    except TimeoutError:
                        continue
        finally:
            with self._lock:
                self._wake = self._leave = lambda: None

    def _pause(self) -> float:
        return self._poll_s if self._poll_s is not None else self._workspace.config.policy.github_poll_s

    async def _ask(self, http: Http) -> None:
        with self._lock:
            wished, self._wished = self._wished, False
        there = await asyncio.to_thread(host, self._workspace.git)
        if there != self._there:
            await asyncio.to_thread(self._turn_to, there)
        if there is None:
            self.problem = None
            self._on_heard(None)
            return
        if not await self._is_open(there) and not wished:
            return
        secret = self._token.secret if self._token is not None else None
        full_s = _WISHED_FULL_S if wished else FULL_S
        clock, names = self._workspace.clock, self._branches()
        self._pulls = await read(http, there, secret, self._pulls, clock, branches=names, full_s=full_s)
        await asyncio.to_thread(self._take, there, self._pulls)

    def _turn_to(self, there: Host | None) -> None:
        """Another remote: nothing that is known counts for it."""
        self._there, self._told, self._token, self._refused_until = there, None, None, 0.0
        self._pulls = self._workspace.kept_pulls.load(there) if there is not None else None

    async def _is_open(self, there: Host) -> bool:
        """Look for a token again where the last one did not help; False where it is known to be refused.

        One that GitHub refused is sent again only now and then: it locks out who insists.
        """
        shut = self._pulls is not None and any(one.code in _SHUT for one in self._pulls.problems)
        if self._token is not None and not shut:
            return True
        before, self._token = self._token, await asyncio.to_thread(found_token, there)
        refused = self._pulls is not None and any(
            one.code == "github-token-refused" for one in self._pulls.problems
        )
        now = self._workspace.clock.epoch()
        if before is None or before != self._token or not refused or now >= self._refused_until:
            self._refused_until = now + _SAME_TOKEN_S
            return True
        return False

    def _take(self, there: Host, pulls: Pulls) -> None:
        self.problem = next(iter(pulls.problems), None)
        self._workspace.kept_pulls.save(there, pulls)
        if self._told is None or not _same(self._told, pulls):
            self._told = pulls
            self._on_pulls(pulls)
        self._on_heard(pulls)


def _same(before: Pulls, after: Pulls) -> bool:
    """Times, limits and failures alone change no stack."""
    return (before.pulls, before.trunk, before.at > 0) == (after.pulls, after.trunk, after.at > 0)
