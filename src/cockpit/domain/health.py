"""What is an endpoint, what did one probe of it find, and what is its state over time?"""

from __future__ import annotations

from dataclasses import dataclass, field

from cockpit.domain.words import HealthState


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Something that can be probed: one service in one environment.

    `id` is "service@env". `url` is the base URL without a trailing slash, None when not deployed.
    `p95_budget_ms` comes from the contract's x-slo, `grace_s` from the anatomy's cold_start_s: for
    that long after `deployed_at` (seconds since the epoch) a failing probe means starting, not down.
    One that `scales_to_zero` is woken, and paid for, by any request: it is probed only when asked.
    """

    id: str
    service: str
    env: str
    url: str | None
    path: str = "/readyz"
    p95_budget_ms: float | None = None
    grace_s: float = 30.0
    deployed_at: float | None = None
    scales_to_zero: bool = False


@dataclass(frozen=True, slots=True)
class Probe:
    """What one probe found. `ok` is None where nothing could be learned (never counted as good).

    `at` is seconds since the epoch, `latency_ms` the whole exchange, `phases` milliseconds by phase
    (connect, first_byte, body). `starting` is True when the service itself said that it is loading.
    """

    endpoint: str
    at: float
    ok: bool | None
    latency_ms: float | None = None
    status_code: int | None = None
    error: str | None = None
    starting: bool = False
    phases: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Health:
    """The state of an endpoint: since when (epoch seconds), last latency, and recent latencies.

    `recent` holds up to 40 latencies in milliseconds, oldest first, None for a failed probe.
    `checked_at` is None when it was never probed. Failures in a row go on counting while it is down: a single
    success does not end them.
    """

    state: HealthState
    url: str | None = None
    latency_ms: float | None = None
    since: float | None = None
    checked_at: float | None = None
    error: str | None = None
    recent: tuple[float | None, ...] = ()
    failures_in_a_row: int = 0
    successes_in_a_row: int = 0


NOT_DEPLOYED = Health(HealthState.NOT_DEPLOYED)
