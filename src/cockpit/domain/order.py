"""In which order are handoffs shown? Orders are total and stable: equal rows stay as they were."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from cockpit.domain.handoff import Handoff
from cockpit.domain.words import HealthState


class Order(StrEnum):
    """The orders that a face offers; AS_READ keeps the order of the snapshot."""

    AS_READ = "as read"
    NEEDS_ME = "needs me first"
    WORST_HEALTH = "worst health first"
    READIEST = "readiest first"
    DUE = "due first"


# What an on-call person must look at first. Unknown stands before starting: nothing is known of it.
WORST_FIRST: tuple[HealthState, ...] = (
    HealthState.DOWN,
    HealthState.DEGRADED,
    HealthState.UNKNOWN,
    HealthState.STARTING,
    HealthState.WAKING,
    HealthState.UP,
    HealthState.ASLEEP,
    HealthState.PAUSED,
    HealthState.NOT_DEPLOYED,
)
_RANK = {state: rank for rank, state in enumerate(WORST_FIRST)}

KEYS: dict[Order, Callable[[Handoff], Any]] = {
    Order.NEEDS_ME: lambda row: (not row.needs_me, row.seen),
    Order.WORST_HEALTH: lambda row: _RANK[row.health.state],
    Order.READIEST: lambda row: -row.readiness.percent,
    Order.DUE: lambda row: row.rpt.due or "9999",
}
