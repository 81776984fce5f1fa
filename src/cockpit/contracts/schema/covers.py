"""Which schemas must the value of a key match, under all the object rules that hold at once?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cockpit.contracts.schema.nodes import NOT, Node, ObjectSpec
from cockpit.contracts.schema.outcome import Doubt, Hit

if TYPE_CHECKING:
    from cockpit.contracts.schema.search import Search

_READABLE = ("extra", "other", "more")


class Covers:
    """The object rules that hold, looked at key by key. `keep` pairs each with the bit of its side."""

    def __init__(self, search: Search, keep: list[tuple[ObjectSpec, int]]) -> None:
        self._search = search
        self._keep = keep
        self._known: dict[str, frozenset[int]] = {}
        self._doubts: dict[str, Doubt] = {}
        always = search.pool.always
        self._names = frozenset(spec.names.id << 2 | side for spec, side in keep if spec.names is not always)
        self._patterns = list(dict.fromkeys(pattern for spec, _ in keep for pattern, _ in spec.patterns))

    def of(self, name: str) -> frozenset[int]:
        """Return the literals that the value of the property `name` must match."""
        known = self._known.get(name)
        if known is not None:
            return known
        found: list[int] = []
        for spec, side in self._keep:
            node = spec.properties.get(name)
            looked_at = node is not None
            if node is not None:
                found.append(node.id << 2 | side)
            for pattern, value in spec.patterns:
                fits = self._search.fits(name, (pattern.id << 2,))
                if fits is None:
                    # Neither the pattern's rule nor the rest is laid on: what is left out loses no value.
                    looked_at = True
                    self._doubts[name] = Doubt("whether a key matches a pattern cannot be told")
                elif fits:
                    looked_at = True
                    found.append(value.id << 2 | side)
            if not looked_at:
                found.append(spec.rest.id << 2 | side)
        literals = frozenset(literal for literal in found if literal >> 2 != self._search.pool.always.id)
        self._known[name] = literals
        return literals

    def doubt(self, name: str) -> Doubt | None:
        """Return why nobody can tell what holds for `name`, None if one can."""
        return self._doubts.get(name)

    def contradicts(self, name: str, literal: int) -> bool:
        """True if `of(name)` and `literal` say the opposite of each other."""
        covers = self.of(name)
        return literal ^ NOT in covers or literal ^ 3 in covers

    def declared(self, name: str) -> bool:
        """True if a rule names this key, or says what keys without a name of their own hold."""
        always = self._search.pool.always
        for spec, _ in self._keep:
            if name in spec.properties or name in spec.required or spec.rest is not always:
                return True
            if any(self._search.fits(name, (pattern.id << 2,)) is not False for pattern, _ in spec.patterns):
                return True
        return False

    def allows(self, name: str) -> bool | None:
        """Return whether `propertyNames` lets a key pass."""
        return self._search.fits(name, self._names) if self._names else True

    def fresh(self, keys: frozenset[int], taken: Sequence[str]) -> Iterator[tuple[Hit, frozenset[int]]]:
        """Yield one key of each kind that no rule names, with what its value must match.

        Two keys without a name are of one kind if the same patterns occur in them. `keys` are literals
        that the key must match beside `propertyNames`; `taken` are keys that are no longer free.
        """
        excluded = self._search.without(list(dict.fromkeys(taken))) if taken else frozenset()
        text = frozenset((self._search.pool.string.id << 2,))
        yield from self._kinds(keys | self._names | excluded | text, 0, frozenset())

    def _kinds(
        self, goal: frozenset[int], index: int, matched: frozenset[Node]
    ) -> Iterator[tuple[Hit, frozenset[int]]]:
        """Yield the kinds of keys that match `goal`, from the pattern at `index` on both ways."""
        key = self._readable(goal) or self._search.inhabit(goal)
        if key is None:
            return
        if index == len(self._patterns):
            yield key, self._covers_of_kind(matched)
            return
        pattern = self._patterns[index]
        yield from self._kinds(goal | {pattern.id << 2 | NOT}, index + 1, matched)
        yield from self._kinds(goal | {pattern.id << 2}, index + 1, matched | {pattern})

    def _readable(self, goal: frozenset[int]) -> Hit | None:
        return next((Hit(text) for text in _READABLE if self._search.fits(text, goal)), None)

    def _covers_of_kind(self, matched: frozenset[Node]) -> frozenset[int]:
        found = set()
        for spec, side in self._keep:
            nodes = [value for pattern, value in spec.patterns if pattern in matched]
            found |= {node.id << 2 | side for node in nodes or [spec.rest]}
        return frozenset(found)
