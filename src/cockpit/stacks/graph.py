"""Which branch stands on which? Pure: commits in, a place for every branch out.

Sets of branches are bits of one integer, so that a thousand branches cost one pass over the commits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit: its parents' ids, and when (seconds since the epoch) it was made, by whom, saying what."""

    parents: tuple[str, ...]
    at: int = 0
    author: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a branch stands.

    `parent` is the branch below it, None for the trunk; `leaves` the newest commit of the trunk that it
    contains, None where none is known; `base` the commit it is compared with, the tip of its parent or
    `leaves`; `commits` how many lie between. `twins` point at the same commit,
    `also` are other branches that it contains; `sharing` counts those that have a part of its own commits,
    so that ancestry cannot tell which of them stands on which, and `shares` names the first of them.
    """

    branch: str
    commit: str
    parent: str | None
    leaves: str | None
    base: str | None
    commits: int
    twins: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    sharing: int = 0


def arrange(
    tips: Mapping[str, str], commits: Mapping[str, Commit], trunk: Mapping[str, int]
) -> list[list[Place]]:
    """Return a list of places for every stack, parents before children.

    `tips` is branch → commit, of branches that are ahead of the trunk. `commits` holds what is reachable
    from them and not from the trunk, children before parents; `trunk` the commits of the trunk that those
    have as parents, with their times. A stack is everything that stands on one commit that has no branch
    below it.
    """
    graph = _Graph(tips, commits, trunk)
    children: dict[str | None, list[str]] = defaultdict(list)
    for tip in graph.names:
        children[graph.standing[tip][0]].append(tip)
    stacks = []
    for root in sorted(children[None], key=lambda tip: graph.names[tip][0]):
        places: list[Place] = []
        waiting = [root]
        while waiting:
            tip = waiting.pop()
            places += graph.places(tip)
            waiting += sorted(children[tip], key=lambda child: graph.names[child][0], reverse=True)
        stacks.append(places)
    return stacks


class _Graph:
    def __init__(
        self, tips: Mapping[str, str], commits: Mapping[str, Commit], trunk: Mapping[str, int]
    ) -> None:
        self.names: dict[str, list[str]] = defaultdict(list)
        for branch in sorted(tips):
            self.names[tips[branch]].append(branch)
        self._tips = list(self.names)
        self._bit = {tip: 1 << number for number, tip in enumerate(self._tips)}
        self._commits = commits
        self._trunk = trunk
        # Per commit: tips properly below it; the nearest of them by first parents; whether a merge of
        # branches lies at or below it down to that one; the newest commit of the trunk that it reaches.
        self._below: dict[str, int] = {}
        self._nearest: dict[str, str | None] = {}
        self._merges: dict[str, bool] = {}
        self._leaves: dict[str, tuple[int, str] | None] = {}
        for name in reversed(list(commits)):
            self._climb(name)
        heads, self._above = self._descend()
        self._groups = Counter(self._above.values())
        self._own, self._shares = self._shared(Counter(heads.values()))
        self.standing = {tip: self._below_of(tip) for tip in self._tips}

    def _climb(self, name: str) -> None:
        below, inside, merges = 0, 0, False
        nearest: str | None = None
        leaves: tuple[int, str] | None = None
        for place, parent in enumerate(self._commits[name].parents):
            direct = parent in self._trunk
            if direct:
                found: tuple[int, str] | None = (self._trunk[parent], parent)
            elif parent in self._commits:
                bit = self._bit.get(parent, 0)
                below |= self._below[parent] | bit
                inside += 1
                merges = merges or (not bit and self._merges[parent])
                if place == 0:
                    nearest = parent if bit else self._nearest[parent]
                found = self._leaves[parent]
            else:
                found = None
            # Of equally new ones the one that was merged last is the newest.
            if found is not None and (leaves is None or found[0] > leaves[0] - direct):
                leaves = found
        self._below[name] = below
        self._nearest[name] = nearest
        self._merges[name] = merges or inside > 1
        self._leaves[name] = leaves

    def _descend(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return for every commit the tips that reach it past no other tip, and all that reach it."""
        heads: dict[str, int] = defaultdict(int)
        above: dict[str, int] = defaultdict(int)
        for name, commit in self._commits.items():
            bit = self._bit.get(name, 0)
            heads[name] = bit or heads[name]
            above[name] |= bit
            for parent in commit.parents:
                if parent in self._commits:
                    heads[parent] |= heads[name]
                    above[parent] |= above[name]
        return heads, above

    def _shared(self, heads: Counter[int]) -> tuple[Counter[str], dict[str, int]]:
        """Return for every tip how many commits are its own, and the tips that share some of them."""
        own: Counter[str] = Counter()
        shares: dict[str, int] = defaultdict(int)
        for value, number in heads.items():
            for tip in self._of(value):
                own[tip] += number
                shares[tip] |= value & ~self._bit[tip]
        return own, shares

    def _below_of(self, tip: str) -> tuple[str | None, list[str]]:
        """Return the tip that `tip` stands on (None: the trunk), and further ones that it contains."""
        below, nearest = self._below[tip], self._nearest[tip]
        if not below:
            return None, []
        if nearest is not None and below == self._below[nearest] | self._bit[nearest]:
            return nearest, []
        lower = 0
        for other in self._of(below):
            lower |= self._below[other]
        highest = list(self._of(below & ~lower))
        chosen = (
            nearest
            if nearest in highest
            else max(highest, key=lambda other: (self._commits[other].at, self.names[other][0]))
        )
        return chosen, [other for other in highest if other != chosen]

    def places(self, tip: str) -> Iterator[Place]:
        """Yield the place of every branch that points at `tip`."""
        parent, also = self.standing[tip]
        found = self._leaves[tip]
        leaves = found[1] if found is not None else None
        names = self.names[tip]
        # A branch that contains another one stands on it: nothing is in doubt between the two.
        sharing = self._shares[tip] & ~self._below[tip] & ~self._above[tip]
        for branch in names:
            yield Place(
                branch=branch,
                commit=tip,
                parent=self.names[parent][0] if parent is not None else None,
                leaves=leaves,
                base=parent if parent is not None else leaves,
                commits=self._count(tip, parent),
                twins=tuple(name for name in names if name != branch),
                also=tuple(self.names[other][0] for other in also),
                shares=tuple(self.names[other][0] for other in islice(self._of(sharing), _MOST_NAMED)),
                sharing=sharing.bit_count(),
            )

    def _count(self, tip: str, parent: str | None) -> int:
        if not self._merges[tip]:
            return self._own[tip]
        mine, theirs = self._bit[tip], self._bit[parent] if parent is not None else 0
        return sum(number for value, number in self._groups.items() if value & mine and not value & theirs)

    def _of(self, bits: int) -> Iterator[str]:
        while bits:
            low = bits & -bits
            yield self._tips[low.bit_length() - 1]
            bits ^= low
