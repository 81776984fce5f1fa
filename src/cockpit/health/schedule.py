"""When is an endpoint due for its next probe? Pure, and spread so that they do not all come at once."""

from __future__ import annotations

from zlib import crc32

from cockpit.domain.health import Health
from cockpit.domain.words import HealthState
from cockpit.health.state import undecided

INTERVAL_S = 30.0
SOON_S = 1.5
_JITTER = 0.05  # of the interval to either side, so that two probes are 90 % to 110 % of it apart
_EAGER_S = 120.0  # how long a starting service is looked at every other second


def due_at(endpoint: str, health: Health) -> float:
    """Return when endpoint id `endpoint` is due (seconds since the epoch); 0 if it was never probed.

    Each endpoint has its place in the interval, from a hash of its id, with a small jitter; the first
    gap may therefore be between half and one and a half intervals. One that is starting, or that the
    last probe left undecided, is due in one to two seconds.
    """
    checked = health.checked_at
    if checked is None:
        return 0.0
    wobble = _unit(f"{endpoint}/{checked:.3f}") - 0.5
    if undecided(health) or _starts(health, checked):
        return checked + SOON_S + wobble
    place = _unit(endpoint) * INTERVAL_S
    earliest = checked + INTERVAL_S / 2
    slot = place + -(-(earliest - place) // INTERVAL_S) * INTERVAL_S
    return slot + 2 * _JITTER * INTERVAL_S * wobble


def _starts(health: Health, checked: float) -> bool:
    began = checked if health.since is None else health.since
    return health.state is HealthState.STARTING and checked - began < _EAGER_S


def _unit(text: str) -> float:
    """Return a number in [0, 1) that depends on `text` alone."""
    return crc32(text.encode()) / 2**32
