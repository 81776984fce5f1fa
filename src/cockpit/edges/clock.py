"""What time is it? The only place that asks the machine."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Protocol


class Clock(Protocol):
    """Wall time and a monotonic counter."""

    def epoch(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary start that never run backwards."""
        ...


class SystemClock:
    """The machine's clock."""

    def epoch(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds from an arbitrary start that never run backwards."""
        return time.monotonic()


class FakeClock:
    """A clock that tests move by hand."""

    def __init__(self, epoch: float = 1_800_000_000.0) -> None:
        self._epoch = epoch
        self._elapsed = 0.0

    def epoch(self) -> float:
        """Seconds since 1970-01-01 UTC, as set and advanced."""
        return self._epoch + self._elapsed

    def monotonic(self) -> float:
        """Seconds advanced so far."""
        return self._elapsed

    def advance(self, seconds: float) -> None:
        """Move both readings forward."""
        self._elapsed += seconds


def iso(epoch: float) -> str:
    """Return `epoch` seconds as ISO 8601 UTC with seconds, e.g. "2026-11-23T20:16:46Z"."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def today(clock: Clock) -> date:
    """Return today's date in UTC."""
    return datetime.fromtimestamp(clock.epoch(), UTC).date()
