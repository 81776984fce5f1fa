"""Which characters does a class hold? Sets of Unicode scalar values, and their simplest members.

A set is interned: two equal sets are one object, so that sets compare and hash by identity.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

_SURROGATES = 0xD800
_END = 0x110000
_MOST_KNOWN = 20_000
# The order in which a reader likes to meet characters; everything printable in ASCII is in it.
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LIKED = (
    "a0A- " + _LETTERS[1:] + "123456789" + _LETTERS[1:].upper() + "_.,:;/@+=#!?*&%$~^|<>()[]{}'`\"\\éñüα中"
)
_RANK = {ord(character): rank for rank, character in enumerate(_LIKED)}
_MOST_TRIED = 300


class CharSet:
    """A set of Unicode scalar values: `bounds` are where membership starts, ends, starts …."""

    __slots__ = ("bounds", "is_single")

    def __init__(self, bounds: tuple[int, ...]) -> None:
        self.bounds = bounds
        self.is_single = len(bounds) == 2 and bounds[1] - bounds[0] == 1

    def has(self, point: int) -> bool:
        """Return whether the code point is a member."""
        return bisect_right(self.bounds, point) & 1 == 1

    def __repr__(self) -> str:
        pairs = zip(self.bounds[::2], self.bounds[1::2], strict=True)
        return "CharSet(" + " ".join(f"{low:x}-{high - 1:x}" for low, high in pairs) + ")"


_known: dict[tuple[int, ...], CharSet] = {}


def _interned(bounds: tuple[int, ...]) -> CharSet:
    if len(_known) > _MOST_KNOWN:
        # Sets in use stay as they are; a later equal one is merely not recognised as the same.
        _known.clear()
        _known.update({each.bounds: each for each in (ANY, NONE)})
    return _known.setdefault(bounds, CharSet(bounds))


NONE = CharSet(())
ANY = CharSet((0, 0xD800, 0xE000, _END))
_known.update({each.bounds: each for each in (ANY, NONE)})


def of_ranges(ranges: Iterable[tuple[int, int]]) -> CharSet:
    """Return the set of all scalar values in the ranges, both ends included; surrogates are left out."""
    bounds: list[int] = []
    for low, high in sorted(ranges):
        if bounds and low <= bounds[-1]:
            bounds[-1] = max(bounds[-1], high + 1)
        else:
            bounds += (low, high + 1)
    return meet(_interned(tuple(bounds)), ANY)


def of_text(characters: str) -> CharSet:
    """Return the set of the characters of a text."""
    return of_ranges((ord(character), ord(character)) for character in characters)


def ranges_of(chars: CharSet) -> list[tuple[int, int]]:
    """Return the intervals of a set, both ends included, in rising order."""
    return [(low, high - 1) for low, high in zip(chars.bounds[::2], chars.bounds[1::2], strict=True)]


def union(sets: Iterable[CharSet]) -> CharSet:
    """Return the set of what is in any of the sets."""
    return of_ranges(pair for each in sets for pair in ranges_of(each))


@lru_cache(maxsize=10_000)
def meet(left: CharSet, right: CharSet) -> CharSet:
    """Return the set of what is in both."""
    if left is right or (right is ANY and left.bounds and left.bounds[-1] <= _SURROGATES):
        return left
    found: list[int] = []
    one, other = ranges_of(left), ranges_of(right)
    at, to = 0, 0
    while at < len(one) and to < len(other):
        low, high = max(one[at][0], other[to][0]), min(one[at][1], other[to][1])
        if low <= high:
            found += (low, high + 1)
        if one[at][1] < other[to][1]:
            at += 1
        else:
            to += 1
    return _interned(tuple(found))


@lru_cache(maxsize=2_000)
def inverse(chars: CharSet) -> CharSet:
    """Return the set of every scalar value that is not in the set."""
    bounds = chars.bounds
    bounds = bounds[1:] if bounds and bounds[0] == 0 else (0, *bounds)
    bounds = bounds[:-1] if bounds and bounds[-1] == _END else (*bounds, _END)
    return meet(_interned(bounds), ANY)


def within(part: CharSet, whole: CharSet) -> bool:
    """Return whether every member of `part` is one of `whole`."""
    return whole is ANY or meet(part, whole).bounds == part.bounds


def rank(point: int) -> int:
    """Return how late a reader likes to meet the code point: simple and printable characters come first."""
    known = _RANK.get(point)
    if known is not None:
        return known
    return point + (1_000 if chr(point).isprintable() else _END)


@lru_cache(maxsize=10_000)
def representatives(sets: frozenset[CharSet]) -> tuple[int, ...]:
    """Return one code point for each way to be in some of the sets and not in the others, simplest first."""
    members = sorted(sets, key=lambda each: each.bounds)
    edges: dict[int, int] = dict.fromkeys(ANY.bounds, 0)
    for number, each in enumerate(members):
        for edge in each.bounds:
            edges[edge] = edges.get(edge, 0) ^ (1 << number)
    classes: dict[int, list[tuple[int, int]]] = {}
    places = sorted(edges)
    inside = 0
    for low, high in pairwise(places):
        inside ^= edges[low]
        if low != _SURROGATES:
            classes.setdefault(inside, []).append((low, high))
    return tuple(sorted((_simplest(intervals) for intervals in classes.values()), key=rank))


def _simplest(intervals: list[tuple[int, int]]) -> int:
    """The code point that a reader likes best; among the unusual ones, one of the first printable ones."""
    first, last = intervals[0][0], intervals[-1][1]
    if first < 0x80:
        bounds = [edge for interval in intervals for edge in interval]
        for liked in _RANK:
            if first <= liked < last and bisect_right(bounds, liked) & 1:
                return liked
    tried = 0
    best = first
    for low, high in intervals:
        for point in range(max(low, 0xA0), min(high, low + _MOST_TRIED)):
            if rank(point) < rank(best):
                return point
            tried += 1
        if tried > _MOST_TRIED:
            break
    return best
