"""What was found before? Probes, thinned as they age, and the state each endpoint was left in.

Every probe is kept for a day, then one row for each five minutes up to two weeks, then one for each
hour up to 90 days. Good and failed probes are never averaged together. A probe that learned nothing,
or found a service that is starting, leaves a gap. That is at most about 11,000 rows an endpoint.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import NamedTuple

from cockpit.domain.health import Endpoint, Health, Probe
from cockpit.domain.words import HealthState
from cockpit.edges.store import Connection, Store

_DAY_S = 86_400.0
_HOUR_S = 3600
# (older than, width of a bucket), in seconds; what is older than the last age is dropped.
_THINNING = ((_DAY_S, 300), (14 * _DAY_S, _HOUR_S))
_FORGET_S = 90 * _DAY_S


class Sample(NamedTuple):
    """One row of history: `samples` probes around `at` with the same outcome, their mean latency."""

    at: float
    ok: bool
    latency_ms: float | None
    samples: int
    error: str | None


def latest(store: Store, endpoints: Sequence[str] | None = None) -> dict[str, Health]:
    """Return endpoint id → the state it was left in, of `endpoints` or of all. Raises StateError."""
    if endpoints is None:
        rows = store.query("SELECT endpoint, state FROM health")
    else:
        wanted = json.dumps(list(endpoints))
        rows = store.query(
            "SELECT endpoint, state FROM health WHERE endpoint IN (SELECT value FROM json_each(?))", (wanted,)
        )
    found = {endpoint: _decode(state) for endpoint, state in rows}
    return {endpoint: health for endpoint, health in found.items() if health is not None}


def record(store: Store, seen: Iterable[tuple[Endpoint, Probe, Health]]) -> None:
    """Keep probes in the order they were made, and the last state of each endpoint, in one transaction.

    The first probe of an endpoint in each hour also thins what is kept of it. Raises StateError.
    """
    with store.transaction() as connection:
        states: dict[str, Health] = {}
        for endpoint, probe, health in seen:
            states[endpoint.id] = health
            if probe.ok is not None and health.state is not HealthState.STARTING:
                _insert(connection, probe)
        connection.executemany(
            "REPLACE INTO health (endpoint, state) VALUES (?, ?)",
            [(endpoint, _encode(health)) for endpoint, health in states.items()],
        )


def series(store: Store, endpoint: str, since: float) -> list[Sample]:
    """Return the history of endpoint id `endpoint` from `since` (epoch seconds), oldest first."""
    rows = store.query(
        "SELECT at, ok, latency_ms, samples, error FROM probes WHERE endpoint = ? AND at >= ? ORDER BY at",
        (endpoint, since),
    )
    return [Sample(at, bool(ok), latency, samples, error) for at, ok, latency, samples, error in rows]


def _insert(connection: Connection, probe: Probe) -> None:
    (before,) = connection.execute(
        "SELECT max(at) FROM probes WHERE endpoint = ?", (probe.endpoint,)
    ).fetchone()
    connection.execute(
        "INSERT INTO probes (endpoint, at, ok, latency_ms, status_code, error) VALUES (?, ?, ?, ?, ?, ?)",
        (probe.endpoint, probe.at, probe.ok, probe.latency_ms, probe.status_code, probe.error),
    )
    if before is not None and before // _HOUR_S != probe.at // _HOUR_S:
        _thin(connection, probe.endpoint, probe.at)


def _thin(connection: Connection, endpoint: str, now: float) -> None:
    connection.execute("DELETE FROM probes WHERE endpoint = ? AND at < ?", (endpoint, now - _FORGET_S))
    for age, width in _THINNING:
        # Only whole buckets: a row that is merged once is not touched again until the next age.
        end = (now - age) // width * width
        merged = connection.execute(
            "SELECT CAST(at / :width AS INTEGER) AS bucket, ok, avg(at),"
            " sum(latency_ms * samples) / sum(CASE WHEN latency_ms IS NOT NULL THEN samples END),"
            " max(status_code), max(error), sum(samples) FROM probes"
            " WHERE endpoint = :endpoint AND at < :end GROUP BY bucket, ok HAVING count(*) > 1",
            {"width": width, "endpoint": endpoint, "end": end},
        ).fetchall()
        for bucket, ok, at, latency, status, error, samples in merged:
            connection.execute(
                "DELETE FROM probes WHERE endpoint = ? AND ok = ? AND at >= ? AND at < ?",
                (endpoint, ok, bucket * width, (bucket + 1) * width),
            )
            connection.execute(
                "INSERT INTO probes (endpoint, at, ok, latency_ms, status_code, error, samples)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (endpoint, at, ok, latency, status, error, samples),
            )


def _encode(health: Health) -> str:
    kept = asdict(health)
    kept["recent"] = [None if ms is None else round(ms, 2) for ms in health.recent]
    return json.dumps(kept, separators=(",", ":"))


def _decode(text: str) -> Health | None:
    """Return the health in `text`; None where another version wrote something else."""
    try:
        kept = json.loads(text)
        return Health(**{**kept, "state": HealthState(kept["state"]), "recent": tuple(kept["recent"])})
    except (ValueError, TypeError, KeyError):
        return None
