"""How do commands follow the health of endpoints until they are ended? Changes as they come, a heartbeat."""

from __future__ import annotations

import queue
import signal
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from cockpit.cli import output
from cockpit.domain.health import Health, Probe
from cockpit.domain.rpt import RptFacts
from cockpit.domain.words import HealthState
from cockpit.errors import ExitCode, Problem

if TYPE_CHECKING:
    from cockpit.workspace.probe_report import ProbeRow
    from cockpit.workspace.probing import Seen
    from cockpit.workspace.workspace import Workspace

_HEARTBEAT_S = 60.0
_POLL_S = 0.2


def follow(
    workspace: Workspace,
    env: str,
    rpts: Callable[[], Sequence[RptFacts]],
    ids: Collection[str] | None,
    show: Callable[[list[ProbeRow]], None],
    beat: Callable[[list[ProbeRow]], None] | None = None,
    *,
    wake: bool = False,
) -> ExitCode:
    """Probe until SIGTERM (then 0) or ctrl-c (raises); `show` gets rows whose state changed.

    `rpts` is asked again for each change, because documents come and go meanwhile. `beat` gets every
    row that was ever seen, once the first probes are decided and then once a minute. `wake` asks
    endpoints that scale to zero at the start, and only then.
    """
    from cockpit.health.state import undecided
    from cockpit.workspace.probe_report import rows_of
    from cockpit.workspace.probing import Watcher

    came: queue.SimpleQueue[Mapping[str, Health]] = queue.SimpleQueue()
    health: dict[str, Health] = {}
    probes: dict[str, Probe] = {}
    shown: dict[str, HealthState] = {}

    def note(seen: Sequence[Seen]) -> None:
        probes.update({one.endpoint.id: one.probe for one in seen})

    def rows(wanted: Collection[str]) -> list[ProbeRow]:
        return [row for row in rows_of(rpts(), env, health, probes) if row.id in wanted]

    watcher = Watcher(workspace, env, came.put, on_seen=note, ids=ids)
    told: Problem | None = None
    next_beat = 0.0
    with _until_terminated() as ended:
        watcher.start()
        watcher.probe(wake=wake)
        try:
            while not ended():
                news = _next(came)
                health.update(news)
                # What one more probe is about to decide is not told yet.
                decided = {id: new.state for id, new in news.items() if not undecided(new)}
                fresh = dict(decided.items() - shown.items())
                if fresh:
                    shown.update(fresh)
                    show(rows(fresh))
                now = workspace.clock.monotonic()
                begun = next_beat > 0 or (watcher.settled and came.empty())
                if beat is not None and begun and now >= next_beat:
                    beat(rows(health))
                    next_beat = now + _HEARTBEAT_S
                if watcher.problem is not None and watcher.problem != told:
                    output.talk("\n".join(output.problem_lines(watcher.problem)))
                told = watcher.problem
        finally:
            watcher.stop()
    return ExitCode.OK


def _next(came: queue.SimpleQueue[Mapping[str, Health]]) -> Mapping[str, Health]:
    try:
        return came.get(timeout=_POLL_S)
    except queue.Empty:
        return {}


@contextmanager
def _until_terminated() -> Iterator[Callable[[], bool]]:
    """Give a function that says whether SIGTERM came; the handler that was there before comes back."""
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield ended.is_set
    finally:
        signal.signal(signal.SIGTERM, before)
