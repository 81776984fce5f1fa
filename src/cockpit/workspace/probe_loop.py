"""Who is probed next, and what becomes of the answer? The endpoints of one environment on an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from cockpit.domain.health import NOT_DEPLOYED, Endpoint, Health
from cockpit.domain.words import HealthState
from cockpit.edges.http import Http
from cockpit.errors import CockpitError, Problem
from cockpit.health import history
from cockpit.health.prober import Seen, settle
from cockpit.health.schedule import INTERVAL_S, due_at
from cockpit.health.state import NEVER_PROBED

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace

READ_AGAIN_S = 15.0  # how often it is looked whether something was deployed or stopped
_TOGETHER_S = 0.05  # probes that end in such short order are recorded and told at once
_TICK_S = 0.25  # endpoints that are due in such short order are probed at once
_DEFECT = "this is a defect of cockpit; please report it"

OnHealth = Callable[[dict[str, Health]], None]
OnSeen = Callable[[Sequence[Seen]], None]
_T = TypeVar("_T")


@dataclass(slots=True)
class Wishes:
    """What other threads want: which environment, a new look at the endpoints, probes (ids, wake)."""

    env: str
    reload: bool = True
    asked: list[tuple[frozenset[str] | None, bool]] = field(default_factory=list)

    def use_env(self, env: str) -> None:
        """Switch to `env`."""
        self.env, self.reload = env, True

    def look_again(self) -> None:
        """Read the endpoints again."""
        self.reload = True


class ProbeLoop:
    """Keeps the health of the endpoints current. Other threads read `problems` and `settled` alone."""

    def __init__(
        self, workspace: Workspace, on_health: OnHealth, on_seen: OnSeen, ids: Collection[str] | None
    ) -> None:
        self.problems: dict[str, Problem] = {}
        self.settled = False
        self._workspace = workspace
        self._clock = workspace.clock
        self._on_health = on_health
        self._on_seen = on_seen
        self._only = None if ids is None else frozenset(ids)
        self._env = ""
        self._endpoints: dict[str, Endpoint] = {}
        self._known: dict[str, Health] = {}
        self._next: dict[str, float] = {}
        self._under_way: dict[asyncio.Task[None], str] = {}
        self._noted: list[Seen] = []

    async def run(
        self, http: Http, take: Callable[[], Wishes], woken: asyncio.Event, stopped: Callable[[], bool]
    ) -> None:
        """Probe until `stopped()`; `take` hands over what is wished, `woken` says that it is worth asking.

        Reading the workspace and the store happens in a thread beside the loop: were the loop held up,
        answers that came in time would look late.
        """
        self._woken = woken
        read_at = 0.0
        with ThreadPoolExecutor(1, "cockpit-probe-store") as self._beside:
            try:
                while not stopped():
                    woken.clear()
                    wishes = take()
                    if wishes.reload or wishes.asked or self._clock.monotonic() >= read_at:
                        await self._read_endpoints(wishes.env)
                        read_at = self._clock.monotonic() + READ_AGAIN_S
                        self.problems.pop("loop", None)
                    for wanted, wake in wishes.asked:
                        self._launch(wanted, http, asked=True, wake=wake)
                    self._launch(await self._due(), http, asked=False, wake=False)
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._idle(read_at)):
                            await woken.wait()
                    await self._hand_over()
                    self.settled = not (self._under_way or self._noted or "endpoints" in self.problems)
            finally:
                await self._leave(http)

    def lose(self, reason: str) -> None:
        """Say that nothing is known of any endpoint, because probing itself is broken."""
        self.problems["loop"] = Problem("probing-failed", reason, _DEFECT)
        self._next = dict.fromkeys(self._endpoints, 0.0)
        now = self._clock.epoch()
        for id in self._endpoints:
            before = self._known.get(id, NEVER_PROBED)
            since = before.since if before.state is HealthState.UNKNOWN else now
            self._known[id] = replace(before, state=HealthState.UNKNOWN, since=since, error=reason)
        self._publish(self._known)

    async def _leave(self, http: Http) -> None:
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._hand_over()
        await http.close()

    # Which endpoints there are, and whose turn it is

    async def _read_endpoints(self, env: str) -> None:
        def read() -> tuple[list[Endpoint], dict[str, Health]]:
            endpoints = [
                e for e in self._workspace.endpoints(env) if self._only is None or e.id in self._only
            ]
            return endpoints, history.latest(self._workspace.store, [e.id for e in endpoints])

        found = await self._try("endpoints", read)
        if found is None:
            return  # what was there before is still worth probing
        endpoints = {endpoint.id: endpoint for endpoint in found[0]}
        same = {id for id, endpoint in endpoints.items() if self._endpoints.get(id) == endpoint}
        for task, id in self._under_way.items():
            if id not in same:
                task.cancel()
        gone = {id: NOT_DEPLOYED for id in self._endpoints if id not in endpoints and env == self._env}
        self._publish(gone)
        self._env, self._endpoints = env, endpoints
        self._known = {id: health for id, health in self._known.items() if id in endpoints}
        self._adopt(found[1])
        # A new or newly deployed endpoint is looked at now, whatever is remembered of it.
        self._next = {id: self._next[id] if id in same and id in self._next else 0.0 for id in endpoints}

    async def _due(self) -> frozenset[str]:
        """Return whose turn it is, unless another cockpit has just probed it."""
        limit = self._clock.epoch() + _TICK_S
        busy = set(self._under_way.values())
        due = [id for id, at in self._next.items() if at <= limit and id not in busy]
        if not due:
            return frozenset()
        store = self._workspace.store
        self._adopt(await self._try("history", lambda: history.latest(store, due)) or {})
        return frozenset(id for id in due if self._next.get(id, limit + 1) <= limit)

    def _adopt(self, remembered: Mapping[str, Health]) -> None:
        """Take over what another cockpit found since."""
        newer = {
            id: replace(health, url=self._endpoints[id].url)
            for id, health in remembered.items()
            if id in self._endpoints
            and (health.checked_at or 0.0) > (self._known.get(id, NEVER_PROBED).checked_at or 0.0)
        }
        for id, health in newer.items():
            self._known[id] = health
            self._next[id] = due_at(id, health)
        self._publish(newer)

    def _idle(self, read_at: float) -> float:
        busy = set(self._under_way.values())
        now = self._clock.epoch()
        first = min((at - now for id, at in self._next.items() if id not in busy), default=READ_AGAIN_S)
        return max(_TICK_S, min(first, read_at - self._clock.monotonic()))

    # Probing

    def _launch(self, wanted: frozenset[str] | None, http: Http, *, asked: bool, wake: bool) -> None:
        for id, endpoint in self._endpoints.items():
            if wanted is None or id in wanted:
                self._next[id] = self._clock.epoch() + INTERVAL_S
                task = asyncio.create_task(self._probe(endpoint, http, asked=asked, wake=wake))
                self._under_way[task] = id
                task.add_done_callback(self._under_way.pop)

    async def _probe(self, endpoint: Endpoint, http: Http, *, asked: bool, wake: bool) -> None:
        def before() -> Health:
            return self._known.get(endpoint.id, NEVER_PROBED)

        try:
            await settle(endpoint, before, http, self._clock, self._note, asked=asked, wake=wake)
        except Exception as error:  # noqa: BLE001 - one endpoint must not end the watch over the others
            self.problems["probing"] = Problem("probing-failed", f"{endpoint.id}: {error!r}", _DEFECT)

    def _note(self, seen: Seen) -> None:
        id = seen.endpoint.id
        self._known[id] = seen.health
        self._next[id] = due_at(id, seen.health)
        self._noted.append(seen)
        self._woken.set()

    async def _hand_over(self) -> None:
        """Tell and record what was noted."""
        if not self._noted:
            return
        await asyncio.sleep(_TOGETHER_S)
        noted, self._noted = self._noted, []
        with self._reported("probing"):
            self._on_seen(noted)
        self._publish({seen.endpoint.id: seen.health for seen in noted})
        store = self._workspace.store
        await self._try("history", lambda: history.record(store, noted))

    def _publish(self, health: Mapping[str, Health]) -> None:
        current = {id: known for id, known in health.items() if id in self._endpoints}
        if current:
            with self._reported("probing"):
                self._on_health(current)

    # What may fail

    async def _try(self, what: str, work: Callable[[], _T]) -> _T | None:
        """Return what `work` gives, done beside the loop; None, and a problem, where it fails."""
        try:
            result = await asyncio.get_running_loop().run_in_executor(self._beside, work)
        except CockpitError as error:
            self.problems[what] = error.problem
            return None
        self.problems.pop(what, None)
        return result

    @contextmanager
    def _reported(self, what: str) -> Iterator[None]:
        """A listener that fails must not end the watch."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - said in `problems` instead
            self.problems[what] = Problem("listener-failed", f"a listener failed: {error!r}", _DEFECT)
