"""What does the search say of one goal? A value that reaches it, a doubt, or None: there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why nobody can tell, and where: `place` is a JSON pointer."""

    reason: str
    place: str = ""


class _Nothing:
    """Stands for no value; None is JSON's null."""


NOTHING = _Nothing()


# More parts than this nobody reads, and the validator would be busy with.
_LARGEST = 50_000


@dataclass(frozen=True, slots=True)
class Hit:
    """A value that reaches a goal; with a `doubt` it only may, and `value` may be NOTHING.

    `size` counts the values inside, itself among them: parts are shared, and what is small in memory may
    be written out without end. None in place of a Hit is the proof that no value reaches the goal.
    """

    value: Any
    doubt: Doubt | None = None
    size: int = 1

    @classmethod
    def built(cls, value: Any, parts: list[Hit], doubt: Doubt | None) -> Hit:
        """Return the hit of an array or an object from those of its parts."""
        doubt = next((part.doubt for part in parts if part.doubt is not None), doubt)
        size = 1 + sum(part.size for part in parts)
        if size > _LARGEST:
            return cls.doubtful(doubt or Doubt("the value that would show it is too large"))
        if not all(part.has_value for part in parts):
            return cls.doubtful(doubt or Doubt("no value was found"))
        return cls(value, doubt, size)

    @classmethod
    def doubtful(cls, doubt: Doubt) -> Hit:
        """Return what is known where no value was found and none was excluded."""
        return cls(NOTHING, doubt)

    @property
    def has_value(self) -> bool:
        """True if there is a value at all."""
        return self.value is not NOTHING


def better(one: Hit | None, other: Hit | None) -> Hit | None:
    """Return the hit that says more: a sure one, a doubtful one with a value, one without, none."""
    if one is None or other is None:
        return one or other
    rank = [(hit.doubt is None, hit.has_value) for hit in (one, other)]
    return other if rank[1] > rank[0] else one
