"""How does a face learn of health while it runs? A thread that probes, steered from any other thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from cockpit.domain.health import Health
from cockpit.domain.text import one_line
from cockpit.edges.http import Http, HttpxHttp, run_loop
from cockpit.errors import Problem
from cockpit.workspace.probe_loop import OnSeen, ProbeLoop, Wishes

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace

_BETWEEN_TRIES_S = 5.0
_LEAVING_S = 2.0


class Watcher:
    """Probes the endpoints of one environment, each when it is due, in a thread of its own.

    `on_health` is called from that thread with the endpoints whose health is new (not-deployed for one
    that is gone), `on_seen` just before with every probe that was made. `ids` ("service@env") narrows
    what is watched. Every method returns at once, but for `stop`, which waits two seconds at most.
    Nothing is raised out of the thread: what cannot be probed is unknown with the reason, and `problem`
    says what fails as a whole (None while nothing does).
    """

    def __init__(
        self,
        workspace: Workspace,
        env: str,
        on_health: Callable[[dict[str, Health]], None],
        *,
        on_seen: OnSeen | None = None,
        ids: Collection[str] | None = None,
        http: Callable[[], Http] | None = None,
    ) -> None:
        self._client = http or (lambda: HttpxHttp(workspace.clock))
        self._work = ProbeLoop(workspace, on_health, on_seen or (lambda seen: None), ids)
        self._lock = threading.Lock()
        self._wishes = Wishes(env)
        self._wake: Callable[[], object] = lambda: None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="cockpit-probe", daemon=True)

    @property
    def problem(self) -> Problem | None:
        """What fails as a whole: the endpoints cannot be read, the history cannot be written."""
        return next(iter(self._work.problems.values()), None)

    @property
    def settled(self) -> bool:
        """True while the endpoints are known and no probe of them is under way."""
        return self._work.settled

    def start(self) -> None:
        """Begin to probe."""
        self._thread.start()

    def stop(self) -> None:
        """Probe no more; waits shortly for what is under way."""
        self._stopped.set()
        self._tell()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=_LEAVING_S)

    def probe(self, ids: Collection[str] | None = None, *, wake: bool = False) -> None:
        """Probe the endpoints with these ids ("service@env"; None: all) now, until each is decided.

        Endpoints that scale to zero are asked only with `wake`.
        """
        wanted = None if ids is None else frozenset(ids)
        self._tell(lambda wishes: wishes.asked.append((wanted, wake)))

    def use_env(self, env: str) -> None:
        """Probe environment `env` from now on."""
        self._tell(lambda wishes: wishes.use_env(env))

    def reload(self) -> None:
        """Look again which endpoints there are, soon."""
        self._tell(lambda wishes: wishes.look_again())

    def _tell(self, change: Callable[[Wishes], None] = lambda wishes: None) -> None:
        with self._lock:
            change(self._wishes)
            self._wake()

    def _take(self) -> Wishes:
        with self._lock:
            taken, self._wishes = self._wishes, Wishes(self._wishes.env, reload=False)
            return taken

    # The thread

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                run_loop(self._on_loop())
            except Exception as error:  # noqa: BLE001 - shown as unknown with its reason; the thread lives on
                self._work.lose(f"probing failed: {type(error).__name__}: {one_line(str(error), 120)}")
                self._tell(lambda wishes: wishes.look_again())
                self._stopped.wait(_BETWEEN_TRIES_S)

    async def _on_loop(self) -> None:
        loop, woken = asyncio.get_running_loop(), asyncio.Event()
        with self._lock:
            self._wake = lambda: loop.call_soon_threadsafe(woken.set)
        try:
            await self._work.run(self._client(), self._take, woken, self._stopped.is_set)
        finally:
            with self._lock:
                self._wake = lambda: None
