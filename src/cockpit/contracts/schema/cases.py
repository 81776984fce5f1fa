"""What is known of a goal that is being split: what holds, what must not, what is still to be chosen?"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from cockpit.contracts.schema.nodes import Enum, Spec
from cockpit.contracts.schema.outcome import Doubt
from cockpit.contracts.schema.values import Kind

Tags = Mapping[str, frozenset[Hashable]]


class Case:
    """A goal seen as far as it has been split, for one type (`kind`), or for all of them at the start.

    `keep` and `break_` are what holds and what must not, each with the bit of its side; `without` are the
    keys of excluded values; `choices` are literals that offer alternatives. `listed` is a list of values
    that alone come into question. `doubt` says what could not be read.
    """

    __slots__ = ("break_", "choices", "doubt", "keep", "kind", "listed", "pending", "seen", "tags", "without")

    def __init__(self, kind: Kind | None = None) -> None:
        self.seen: frozenset[int] = frozenset()
        self.kind = kind
        self.pending: tuple[int, ...] = ()
        self.keep: tuple[tuple[Spec, int], ...] = ()
        self.break_: tuple[tuple[Spec, int], ...] = ()
        self.without: frozenset[Hashable] = frozenset()
        self.choices: tuple[int, ...] = ()
        self.listed: Enum | None = None
        self.doubt: Doubt | None = None
        self.tags: Tags = {}

    def copy(self) -> Case:
        """Return a case that can go another way."""
        other = Case(self.kind)
        other.seen, other.pending, other.keep, other.break_ = self.seen, self.pending, self.keep, self.break_
        other.without, other.choices, other.listed = self.without, self.choices, self.listed
        other.doubt, other.tags = self.doubt, self.tags
        return other

    @property
    def size(self) -> tuple[int, int, int, int]:
        """How much has been laid on the value so far, and how much is to be chosen."""
        return len(self.keep), len(self.break_), len(self.without), len(self.choices)


def merged(one: Tags, other: Tags) -> Tags | None:
    """Return what both say of the same properties, None if one of them has no value left."""
    found = dict(one)
    for name, keys in other.items():
        left = keys & found[name] if name in found else keys
        if not left:
            return None
        found[name] = left
    return found
