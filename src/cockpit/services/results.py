"""How did each service's tests end the last time they ran here? The table `tests`."""

from __future__ import annotations

import json
from dataclasses import asdict

from cockpit.domain.service import FailedTest, ServiceTests
from cockpit.edges.store import Store


def latest(store: Store) -> dict[str, ServiceTests]:
    """Return the last kept result of every service, by slug. One that does not read counts as none."""
    found = {}
    for service, text in store.query("SELECT service, result FROM tests"):
        result = _decode(text)
        if result is not None:
            found[service] = result
    return found


def keep(store: Store, result: ServiceTests) -> None:
    """Remember `result` as the last one of its service."""
    store.execute(
        "REPLACE INTO tests (service, result) VALUES (?, ?)", (result.service, json.dumps(asdict(result)))
    )


def _decode(text: str) -> ServiceTests | None:
    try:
        kept = json.loads(text)
        failures = tuple(FailedTest(**failure) for failure in kept.pop("failures"))
        return ServiceTests(**kept, failures=failures)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
