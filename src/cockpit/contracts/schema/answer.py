"""What can the algebra answer? Proved subset, not a subset with a witness, or unknown with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """The three answers to "is everything that A accepts accepted by B?"."""

    SUBSET = "subset"
    NOT_SUBSET = "not-subset"
    UNKNOWN = "unknown"


class Formats(StrEnum):
    """How `format` is read: as a promise that is enforced, or as a note that asserts nothing."""

    ASSERTED = "asserted"
    ANNOTATED = "annotated"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one check.

    `value` is the witness of NOT_SUBSET: accepted by A and rejected by B, both confirmed by an
    independent validator. It may be None, which is JSON's null: ask `outcome`. `reason` and `place` (a
    JSON pointer, "" where it has none) say what could not be decided. `assumed` is true if the answer
    rests on the assumption that an undeclared key of an open object of A never bears a name that B
    declares: it then would be NOT_SUBSET without it, or was not looked into.
    """

    outcome: Outcome
    value: Any = None
    reason: str = ""
    place: str = ""
    assumed: bool = False

    @property
    def proved(self) -> bool:
        """True if A is a subset of B, proved."""
        return self.outcome is Outcome.SUBSET
