"""How is each service on this machine, in words that are true even if the agent was killed?"""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.targets.local import keeper, state
from cockpit.targets.local import wanted as wanting
from cockpit.targets.local.places import Places
from cockpit.targets.local.state import ServiceState
from cockpit.targets.local.wanted import Wanted

UP, STARTING, DOWN, STOPPED = "up", "starting", "down", "stopped"
_AGENT_GONE = "the process agent is gone; the next cockpit command restarts it"


@dataclass(frozen=True, slots=True)
class LocalState:
    """One service in one environment of this machine.

    `state` is "up" (ready, and its process lives), "starting", "down" (it should run and does not;
    `error` says why) or "stopped". `since` is when its process was started (epoch seconds), `release`
    the digest of what serves or is being tried.
    """

    service: str
    env: str
    state: str
    wanted: bool
    url: str
    since: float | None = None
    release: str | None = None
    pid: int | None = None
    error: str | None = None


def read(places: Places, env: str | None, now: float) -> dict[str, LocalState]:
    """Return service → its state in `env` at `now` (epoch seconds); for None where it was started last.

    Raises StateError if what is wanted cannot be read.
    """
    table = wanting.read(places)
    if not table:
        return {}
    seen = state.read(places).services if keeper.alive(places) else None
    found: dict[str, LocalState] = {}
    for key, wanted in table.items():
        if env is not None and wanted.env != env:
            continue
        one = _of(wanted, None if seen is None else seen.get(key, ServiceState(wanted.port)), now)
        before = found.get(one.service)
        if before is None or (one.wanted, one.since or 0.0) > (before.wanted, before.since or 0.0):
            found[one.service] = one
    return found


def _of(wanted: Wanted, seen: ServiceState | None, now: float) -> LocalState:
    """`seen` is None where there is no agent to see anything."""
    tried = wanted.candidate
    took_over = tried is not None and seen is not None and seen.live == tried.id
    serving = tried if took_over else wanted.serving if wanted.run else None
    shown = serving or tried
    port = seen.port if seen is not None and seen.port else wanted.port
    base = LocalState(wanted.service, wanted.env, STOPPED, wanted.anything, f"http://127.0.0.1:{port}")
    if shown is None:
        return base
    process = seen.process(shown.id) if seen is not None else None
    state_, error = _word(seen, process is not None, process is not None and process.ready, now)
    if serving is None and seen is not None and seen.failure(shown.id) is not None:
        return base
    return LocalState(
        wanted.service,
        wanted.env,
        state_,
        wanted.anything,
        base.url,
        since=process.started if process is not None else None,
        release=shown.release,
        pid=process.pid if process is not None else None,
        error=error,
    )


def _word(seen: ServiceState | None, runs: bool, ready: bool, now: float) -> tuple[str, str | None]:
    if seen is None:
        return DOWN, _AGENT_GONE
    if runs:
        return (UP, None) if ready else (STARTING, seen.error)
    if seen.crashes == 0:
        return STARTING, None
    again = f"; starts again in {max(0.0, seen.retry_at - now):.0f} s" if seen.retry_at else ""
    return DOWN, f"{seen.error or 'it ended'}{again}"
