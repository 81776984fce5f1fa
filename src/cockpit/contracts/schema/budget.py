"""How much may one check cost? Steps and time are counted, and past the bound the answer is unknown."""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time

STEPS = 400_000
SECONDS = 1.0
_LOOK_EVERY = 1_000


class OutOfBudget(BaseException):
    """The check has used up its steps or its time. Caught by the checker alone."""


class Budget:
    """Counts the steps of one check.

    `clock` returns seconds and is asked once in a thousand steps, because asking costs more than many of
    them. It counts what this thread worked, so that an answer does not depend on what else the machine does.
    """

    def __init__(
        self, steps: int = STEPS, seconds: float = SECONDS, clock: Callable[[], float] = thread_time
    ) -> None:
        self._clock = clock
        self._left = steps
        self._seconds = seconds
        self._until: float | None = None
        self._look_at = max(steps - _LOOK_EVERY, 0)

    def spend(self, steps: int = 1) -> None:
        """Count `steps`. Raises OutOfBudget past the bound."""
        self._left -= steps
        if self._left < self._look_at:
            self._look_at = max(self._left - _LOOK_EVERY, 0)
            if self._left < 0:
                raise OutOfBudget
            now = self._clock()
            if self._until is None:
                self._until = now + self._seconds
            if now > self._until:
                raise OutOfBudget
