"""Which state follows from one more probe? Pure: no clock, no network."""

from __future__ import annotations

from dataclasses import replace

from cockpit.domain.health import Endpoint, Health, Probe
from cockpit.domain.words import HealthState

FAILURES_UNTIL_DOWN = 3
SUCCESSES_UNTIL_UP = 2  # only on the way back from down
RECENT = 40
SLOW_WINDOW = 10
SLOW_UNTIL_DEGRADED = 5

NEVER_PROBED = Health(HealthState.UNKNOWN)
_WELL = (HealthState.UP, HealthState.DEGRADED)


def observe(before: Health, probe: Probe, endpoint: Endpoint, now: float) -> Health:
    """Return the health of `endpoint` after `probe`, seen at `now` (seconds since the epoch).

    A single failure leaves the state as it is and says why in `error`. Nothing learned means unknown,
    at once, and neither counts nor breaks a row of failures or successes. Time never runs backwards:
    `checked_at` is at least what it was.
    """
    at = max(now, before.checked_at or now)
    seen = replace(before, url=endpoint.url, checked_at=at, error=probe.error)
    if probe.ok is None:
        return _enter(HealthState.UNKNOWN, seen, before, at)
    if probe.ok:
        return _succeeded(seen, before, probe, endpoint, at)
    if probe.starting or _within_grace(before, endpoint, at):
        settled = replace(seen, failures_in_a_row=0, successes_in_a_row=0)
        return _enter(HealthState.STARTING, settled, before, at)
    failed = replace(
        seen,
        failures_in_a_row=before.failures_in_a_row + 1,
        successes_in_a_row=0,
        recent=(*before.recent, None)[-RECENT:],
    )
    down = before.state is HealthState.DOWN or failed.failures_in_a_row >= FAILURES_UNTIL_DOWN
    if down:
        return _enter(HealthState.DOWN, failed, before, at)
    # A service that stopped starting, or that was never seen, is neither up nor down yet.
    return _enter(before.state if before.state in _WELL else HealthState.UNKNOWN, failed, before, at)


def undecided(health: Health) -> bool:
    """True if one more probe at once could decide what the last one left open."""
    if health.state is HealthState.DOWN:
        return 0 < health.successes_in_a_row < SUCCESSES_UNTIL_UP
    return 0 < health.failures_in_a_row < FAILURES_UNTIL_DOWN


def first_failure(health: Health) -> bool:
    """True if the last probe failed after one that did not: worth a second look at once."""
    return health.failures_in_a_row == 1 and health.state is not HealthState.DOWN


def _succeeded(seen: Health, before: Health, probe: Probe, endpoint: Endpoint, at: float) -> Health:
    answered = replace(
        seen,
        latency_ms=probe.latency_ms,
        failures_in_a_row=0,
        successes_in_a_row=before.successes_in_a_row + 1,
        recent=(*before.recent, probe.latency_ms)[-RECENT:],
    )
    was_down = before.state is HealthState.DOWN or (
        before.state is HealthState.UNKNOWN and before.failures_in_a_row >= FAILURES_UNTIL_DOWN
    )
    if was_down and answered.successes_in_a_row < SUCCESSES_UNTIL_UP:
        # The failures stay counted: it is still known to have been down where nothing is learned next.
        again = replace(
            answered,
            failures_in_a_row=before.failures_in_a_row,
            error="it answered once; up after the next answer",
        )
        return _enter(HealthState.DOWN, again, before, at)
    slow = _slow(answered, endpoint)
    if slow >= SLOW_UNTIL_DEGRADED:
        said = f"slower than {endpoint.p95_budget_ms:g} ms in {slow} of the last {SLOW_WINDOW} probes"
        return _enter(HealthState.DEGRADED, replace(answered, error=said), before, at)
    return _enter(HealthState.UP, replace(answered, error=None), before, at)


def _slow(health: Health, endpoint: Endpoint) -> int:
    budget = endpoint.p95_budget_ms
    if budget is None:
        return 0
    return sum(ms is not None and ms > budget for ms in health.recent[-SLOW_WINDOW:])


def _within_grace(before: Health, endpoint: Endpoint, at: float) -> bool:
    """True while a new deployment may still fail: until its first success, and for `grace_s` at most."""
    deployed = endpoint.deployed_at
    if deployed is None or not deployed <= at < deployed + endpoint.grace_s:
        return False
    answered_since = before.state in _WELL and before.since is not None and before.since >= deployed
    return not answered_since


def _enter(state: HealthState, health: Health, before: Health, at: float) -> Health:
    """Return `health` in `state`: `since` stays while the state does, a latency while it is well."""
    began = before.since if state is before.state and before.since is not None else at
    latency = health.latency_ms if state in _WELL else None
    return replace(health, state=state, since=began, latency_ms=latency)
