"""What was deployed where, when, and how did it end? The table of deployments."""

from __future__ import annotations

from typing import Any

from cockpit.domain.service import Deployment
from cockpit.edges.clock import Clock, iso
from cockpit.edges.store import Store

DEPLOYING, LIVE, FAILED, REPLACED, STOPPED = "deploying", "live", "failed", "replaced", "stopped"
_COLUMNS = "id, service, env, target, state, url, commit_id, digest, at, error"
_SHOWN = 20  # deployments of one service in one environment that are handed out
_ERROR = 500


def by_service(store: Store, env: str) -> dict[str, tuple[Deployment, ...]]:
    """Return service → its last 20 deployments to `env`, the newest first."""
    rows = store.query(
        f"SELECT {_COLUMNS} FROM"  # noqa: S608
        " (SELECT *, row_number() OVER (PARTITION BY service ORDER BY id DESC) AS place"
        " FROM deployments WHERE env = ?) WHERE place <= ? ORDER BY id DESC",
        (env, _SHOWN),
    )
    found: dict[str, list[Deployment]] = {}
    for row in rows:
        found.setdefault(row[1], []).append(Deployment(*row))
    return {service: tuple(deployments) for service, deployments in found.items()}


def get(store: Store, deployment: int) -> Deployment:
    """Return one deployment by its id."""
    row = store.query(f"SELECT {_COLUMNS} FROM deployments WHERE id = ?", (deployment,))[0]  # noqa: S608
    return Deployment(*row)


def begin(
    store: Store,
    clock: Clock,
    *,
    service: str,
    env: str,
    target: str,
    url: str | None,
    commit: str | None,
    digest: str,
    version: str,
) -> Deployment:
    """Record that `version` of `service` is being deployed now."""
    values = (service, env, target, DEPLOYING, url, commit, digest, iso(clock.epoch()), version)
    identity = store.execute(
        "INSERT INTO deployments (service, env, target, state, url, commit_id, digest, at, version)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )
    return get(store, identity)


def went_live(store: Store, deployment: int, url: str | None) -> Deployment:
    """Record that `deployment` serves now, and that what served before is replaced."""
    with store.transaction() as connection:
        connection.execute(
            "UPDATE deployments SET state = ? WHERE state = ? AND id <> ?"
            " AND (service, env) = (SELECT service, env FROM deployments WHERE id = ?)",
            (REPLACED, LIVE, deployment, deployment),
        )
        connection.execute(
            "UPDATE deployments SET state = ?, url = ?, error = NULL WHERE id = ?", (LIVE, url, deployment)
        )
    return get(store, deployment)


def failed(store: Store, deployment: int, error: str) -> Deployment:
    """Record why `deployment` never served."""
    store.execute(
        "UPDATE deployments SET state = ?, error = ? WHERE id = ?", (FAILED, error[:_ERROR], deployment)
    )
    return get(store, deployment)


def stopped(store: Store, service: str, env: str, error: str | None = None) -> Deployment | None:
    """Record that what is live of `service` in `env` serves no more; return it, None if nothing was live."""
    rows = store.query(
        "SELECT id FROM deployments WHERE service = ? AND env = ? AND state = ? ORDER BY id DESC",
        (service, env, LIVE),
    )
    store.execute(
        "UPDATE deployments SET state = ?, error = ? WHERE service = ? AND env = ? AND state = ?",
        (STOPPED, error, service, env, LIVE),
    )
    return get(store, rows[0][0]) if rows else None


def moved(store: Store, service: str, env: str, url: str) -> None:
    """Record that what is live of `service` in `env` answers at another URL."""
    store.execute(
        "UPDATE deployments SET url = ? WHERE service = ? AND env = ? AND state = ?",
        (url, service, env, LIVE),
    )


def unsettled(store: Store, target: str) -> list[tuple[Deployment, str]]:
    """Return every deployment to `target` that is deploying or live, with its version, the oldest first."""
    rows: list[tuple[Any, ...]] = store.query(
        f"SELECT {_COLUMNS}, version FROM deployments WHERE target = ? AND state IN (?, ?) ORDER BY id",  # noqa: S608
        (target, DEPLOYING, LIVE),
    )
    return [(Deployment(*row[:-1]), row[-1]) for row in rows]
