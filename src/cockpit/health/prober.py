"""What does an endpoint answer right now? One bounded GET, read honestly; a second look where it helps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

from cockpit.domain.health import Endpoint, Health, Probe
from cockpit.domain.text import one_line
from cockpit.edges.clock import Clock
from cockpit.edges.http import LIMITS, Http, Limits, UnansweredError
from cockpit.health.reading import read
from cockpit.health.state import first_failure, observe, undecided

# A second look only confirms: whoever answers at all does so well within this time.
CONFIRM = Limits(connect_s=2.0, total_s=4.0)
_PAUSE_S = 0.3
_ASLEEP = "not asked: a request would wake it (`cockpit probe --wake` asks all the same)"


class Seen(NamedTuple):
    """One endpoint, what its last probe found, and the health that follows."""

    endpoint: Endpoint
    probe: Probe
    health: Health


async def probe_one(
    endpoint: Endpoint, http: Http, clock: Clock, limits: Limits = LIMITS, *, wake: bool = False
) -> Probe:
    """Return what one GET of the endpoint's readiness URL found. Never raises for what a host can do.

    An endpoint that scales to zero is asked only if `wake`; otherwise nothing is sent and nothing learned.
    """

    def found(ok: bool | None, error: str | None, **more: object) -> Probe:
        return Probe(endpoint.id, clock.epoch(), ok, error=error, **more)  # type: ignore[arg-type]

    if endpoint.url is None:
        return found(None, "it has no URL")
    if endpoint.scales_to_zero and not wake:
        return found(None, _ASLEEP)
    try:
        answer = await http.get(endpoint.url + endpoint.path, limits)
    except UnansweredError as error:
        exchange = error.exchange
        said = one_line(error.problem.message)
        return found(
            False if error.blames_host else None, said, latency_ms=None, phases=dict(exchange.phases)
        )
    except Exception as error:  # noqa: BLE001 - a defect here must show as unknown, not end the sweep
        return found(None, f"could not be probed: {type(error).__name__}: {one_line(str(error), 120)}")
    said_by_it = read(answer)
    return found(
        said_by_it.ok,
        said_by_it.error,
        latency_ms=answer.elapsed_ms,
        status_code=answer.status,
        starting=said_by_it.starting,
        phases=dict(answer.phases),
    )


async def probe_many(
    endpoints: Sequence[Endpoint], http: Http, clock: Clock, *, wake: bool = False
) -> list[Probe]:
    """Probe every endpoint once, at the same time as far as `http` lets through; same order as given."""
    return list(await asyncio.gather(*(probe_one(e, http, clock, wake=wake) for e in endpoints)))


async def settle(
    endpoint: Endpoint,
    known: Callable[[], Health],
    http: Http,
    clock: Clock,
    note: Callable[[Seen], None],
    *,
    asked: bool,
    wake: bool = False,
) -> None:
    """Probe `endpoint`, and again at once where one probe leaves it open; `note` gets every probe.

    In the background (not `asked`) a first failure is confirmed once. When a person asked, it goes on
    until the state is decided: with a failing host three probes, one that hangs under 20 s in all.
    `known` gives the health to go on from, which another task may have changed meanwhile.
    """
    limits = LIMITS
    while True:
        probe = await probe_one(endpoint, http, clock, limits, wake=wake)
        health = observe(known(), probe, endpoint, clock.epoch())
        note(Seen(endpoint, probe, health))
        if probe.ok is None or not (undecided(health) if asked else first_failure(health)):
            return
        if asked and limits is CONFIRM:
            await asyncio.sleep(_PAUSE_S)
        limits = CONFIRM
