"""Which schemas must the value of a key match, under all the object rules that hold at once?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING

from cockpit.contracts.schema.nodes import NOT, Node, ObjectSpec
from cockpit.contracts.schema.outcome import Doubt, Hit

if TYPE_CHECKING:
    from cockpit.contracts.schema.search import Search

_MOST_PATTERNS = 6
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
        if len(self._patterns) > _MOST_PATTERNS:
            yield Hit.doubtful(Doubt("too many patterns for keys")), frozenset()
            return
        excluded = self._search.without(list(dict.fromkeys(taken))) if taken else frozenset()
        text = frozenset((self._search.pool.string.id << 2,))
        for signs in product((NOT, 0), repeat=len(self._patterns)):
            matched = {pattern for pattern, sign in zip(self._patterns, signs, strict=True) if not sign}
            wanted = frozenset(
                pattern.id << 2 | sign for pattern, sign in zip(self._patterns, signs, strict=True)
            )
            goal = keys | wanted | self._names | excluded | text
            key = self._readable(goal) or self._search.inhabit(goal)
            if key is not None:
                yield key, self._covers_of_kind(matched)

    def _readable(self, goal: frozenset[int]) -> Hit | None:
        return next((Hit(text) for text in _READABLE if self._search.fits(text, goal)), None)

    def _covers_of_kind(self, matched: set[Node]) -> frozenset[int]:
        found = set()
        for spec, side in self._keep:
            nodes = [value for pattern, value in spec.patterns if pattern in matched]
            found |= {node.id << 2 | side for node in nodes or [spec.rest]}
        return frozenset(found)
