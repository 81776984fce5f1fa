"""Which array keeps some rules and breaks others? A short one, or the proof that there is none.

Every rule set to break is broken in one place: too short, too long, an item at a position, an item
somewhere behind, how many items match `contains`, two equal items. The shortest array that has those
items is then enough: a longer one must keep the same rules and more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

from cockpit.contracts.schema.cases import Case
from cockpit.contracts.schema.nodes import NOT, ArraySpec
from cockpit.contracts.schema.outcome import Doubt, Hit, better

if TYPE_CHECKING:
    from cockpit.contracts.schema.search import Search

_LONGEST = 10_000
_MOST_DISTINCT = 500
_MOST_COUNTED = 8
_MOST_CHOSEN = 64
Literals = frozenset[int]


@dataclass(frozen=True, slots=True)
class _Demand:
    """An item at `start` or behind that matches `literals`; `alone`: one that no equal demand has already."""

    start: int
    literals: Literals
    alone: bool = False


@dataclass(frozen=True, slots=True)
class _Goal:
    """What the array must have: `items` by position, and `demands` anywhere from a position on.

    `at_least` and `at_most` count the items that match a literal. `twins` asks for two equal items, which
    `pair` then names by position.
    """

    least: int
    most: int | None
    items: dict[int, Literals]
    demands: tuple[tuple[int, Literals], ...] = ()
    at_least: dict[int, int] = field(default_factory=dict)
    at_most: dict[int, int] = field(default_factory=dict)
    unique: bool = False
    twins: bool = False
    pair: tuple[int, int] | None = None

    def having(self, index: int, literals: Literals) -> _Goal:
        known = self.items.get(index, frozenset())
        return replace(self, items={**self.items, index: known | literals})

    def with_at_least(self, literal: int, count: int) -> _Goal:
        most = max(count, self.at_least.get(literal, 0))
        return replace(self, at_least={**self.at_least, literal: most})

    def with_at_most(self, literal: int, count: int) -> _Goal:
        least = min(count, self.at_most.get(literal, count))
        return replace(self, at_most={**self.at_most, literal: least})

    @property
    def length(self) -> int:
        return max([self.least, *(index + 1 for index in self.items)])

    @property
    def impossible(self) -> bool:
        if self.most is not None and self.length > self.most:
            return True
        too_few = any(count > self.at_most.get(literal, count) for literal, count in self.at_least.items())
        return too_few or (self.unique and self.twins)


def find(search: Search, case: Case) -> Hit | None:
    """Return an array that keeps `case.keep` and breaks all of `case.break_`, None if there is none."""
    return _Arrays(search, case).find()


class _Arrays:
    def __init__(self, search: Search, case: Case) -> None:
        self._search = search
        self._keep = [(spec, side) for spec, side in case.keep if isinstance(spec, ArraySpec)]
        self._break = [(spec, side) for spec, side in case.break_ if isinstance(spec, ArraySpec)]
        self._ahead = max((len(spec.prefix) for spec, _ in self._keep), default=0)
        self._everywhere: Literals = frozenset()

    def find(self) -> Hit | None:
        """Return the array."""
        specs = [spec for spec, _ in self._keep]
        goal = _Goal(
            least=max((spec.least for spec in specs), default=0),
            most=min((spec.most for spec in specs if spec.most is not None), default=None),
            items={},
            unique=any(spec.unique for spec in specs),
        )
        for spec, side in self._keep:
            if spec.contains is not None:
                literal = spec.contains.id << 2 | side
                goal = goal.with_at_least(literal, spec.contains_least)
                if spec.contains_most is not None:
                    goal = goal.with_at_most(literal, spec.contains_most)
        return self._broken(goal, self._break)

    def _broken(self, goal: _Goal, left: list[tuple[ArraySpec, int]]) -> Hit | None:
        self._search.spend()
        if goal.impossible:
            return None
        if not left:
            return self._counted(goal)
        (spec, side), rest = left[0], left[1:]
        return self._first(self._broken(way, rest) for way in self._ways(goal, spec, side))

    def _first(self, hits: Iterator[Hit | None]) -> Hit | None:
        """Return the first sure hit, else the one that says most."""
        best: Hit | None = None
        for hit in hits:
            if hit is not None and hit.doubt is None:
                return hit
            best = better(best, hit)
        return best

    def _ways(self, goal: _Goal, spec: ArraySpec, side: int) -> Iterator[_Goal]:
        """Every way to break one rule set."""
        never, always = NOT | side, self._search.pool.always
        if spec.least:
            limit = spec.least - 1
            yield replace(goal, most=limit if goal.most is None else min(goal.most, limit))
        for index, node in enumerate(spec.prefix):
            if node is not always:
                yield goal.having(index, frozenset((node.id << 2 | never,)))
        if spec.rest is not always:
            demand = (len(spec.prefix), frozenset((spec.rest.id << 2 | never,)))
            yield replace(goal, demands=(*goal.demands, demand))
        if spec.most is not None:
            yield replace(goal, least=max(goal.least, spec.most + 1))
        if spec.contains is not None:
            literal = spec.contains.id << 2 | side
            if spec.contains_least:
                yield goal.with_at_most(literal, spec.contains_least - 1)
            if spec.contains_most is not None:
                yield goal.with_at_least(literal, spec.contains_most + 1)
        if spec.unique:
            yield replace(goal, twins=True)

    def _counted(self, goal: _Goal) -> Hit | None:
        """Turn counts into demands: items that match, and items that do not."""
        counted: list[_Demand] = []
        for literal, count in goal.at_least.items():
            if count > _MOST_COUNTED:
                return Hit.doubtful(Doubt("too many items that must match `contains`"))
            counted += [_Demand(0, frozenset((literal,)), alone=True)] * count
        self._everywhere = frozenset(literal ^ NOT for literal, count in goal.at_most.items() if count == 0)
        demands = [_Demand(start, literals) for start, literals in dict.fromkeys(goal.demands)]
        return self._placed(goal, (*counted, *demands))

    def _placed(self, goal: _Goal, demands: tuple[_Demand, ...]) -> Hit | None:
        """Give each demand a position: one that is in use, or the first one behind them all."""
        self._search.spend(1 + len(goal.items))
        if goal.impossible:
            return None
        if not demands:
            return self._twinned(goal)
        demand, rest = demands[0], demands[1:]
        behind = max(self._ahead, demand.start, *(index + 1 for index in goal.items), 0)
        ways = (
            goal.having(index, demand.literals)
            for index in range(demand.start, behind + 1)
            if not (demand.alone and demand.literals <= goal.items.get(index, frozenset()))
        )
        return self._first(self._placed(way, rest) for way in ways)

    def _twinned(self, goal: _Goal) -> Hit | None:
        """Choose two items to be equal where that is asked for."""
        limited = [(literal, count) for literal, count in goal.at_most.items() if count]
        if not goal.twins:
            return self._limited(goal, limited)
        end = max(self._ahead, goal.length) + 2
        pairs = ((i, j) for j in range(1, end) for i in range(j))
        ways = (replace(goal.having(i, frozenset()).having(j, frozenset()), pair=(i, j)) for i, j in pairs)
        return self._first(self._limited(way, limited) for way in ways if not way.impossible)

    def _limited(self, goal: _Goal, limited: list[tuple[int, int]]) -> Hit | None:
        """Let no more items match than each limit allows: choose which may, and keep the others from it."""
        if not limited:
            return self._built(goal)
        (literal, count), rest = limited[0], limited[1:]
        length = goal.length
        if length > _LONGEST:
            return Hit.doubtful(Doubt("too many items"))
        chosen = (some for size in range(count + 1) for some in combinations(range(length), size))
        best: Hit | None = None
        for tried, some in enumerate(chosen):
            if tried >= _MOST_CHOSEN:
                return better(best, Hit.doubtful(Doubt("`contains` with a limit over many items")))
            self._search.spend(1 + length)
            way = goal
            for index in range(length):
                if index not in some:
                    way = way.having(index, frozenset((literal ^ NOT,)))
            hit = self._limited(way, rest)
            if hit is not None and hit.doubt is None:
                return hit
            best = better(best, hit)
        return best

    def _covers(self, goal: _Goal, index: int) -> Literals:
        nodes = (
            (spec.prefix[index] if index < len(spec.prefix) else spec.rest).id << 2 | side
            for spec, side in self._keep
        )
        always = self._search.pool.always.id
        found = frozenset(literal for literal in nodes if literal >> 2 != always)
        return found | goal.items.get(index, frozenset()) | self._everywhere

    def _built(self, goal: _Goal) -> Hit | None:
        length = goal.length
        if length > _LONGEST:
            return Hit.doubtful(Doubt(f"an array of {length:,} items would have to be shown"))
        self._search.spend(1 + length)
        covers = [self._covers(goal, index) for index in range(length)]
        if goal.pair is not None:
            # What one of two equal items must match, the other must too.
            i, j = goal.pair
            covers[i] = covers[j] = covers[i] | covers[j]
        if not goal.unique:
            return _array([self._search.inhabit(cover) for cover in covers], goal.pair)
        if length > _MOST_DISTINCT:
            return Hit.doubtful(Doubt(f"{length:,} different items would have to be shown"))
        hit = self._distinct(covers, list(range(length)))
        if hit is None and len(set(covers)) > 1:
            hit = self._distinct(covers, sorted(range(length), key=lambda i: -len(covers[i])))
        if hit is None and len(set(covers)) > 1:
            # Items that take each other's values would have to be matched with each other.
            if any(self._search.inhabit(cover) is None for cover in covers):
                return None
            return Hit.doubtful(Doubt("whether there are enough different items cannot be told"))
        return hit

    def _distinct(self, covers: list[Literals], order: list[int]) -> Hit | None:
        """Fill the positions in `order`, each with a value that none before has."""
        found: dict[int, Hit | None] = {}
        taken: list[Any] = []
        for index in order:
            hit = self._search.inhabit(covers[index] | self._search.without(taken))
            found[index] = hit
            if hit is None:
                return None
            if hit.has_value:
                taken.append(hit.value)
        return _array([found[index] for index in range(len(covers))], None)


def _array(hits: list[Hit | None], twins: tuple[int, int] | None) -> Hit | None:
    found = [hit for hit in hits if hit is not None]
    if len(found) < len(hits):
        return None
    if twins is not None:
        found[twins[1]] = found[twins[0]]
    return Hit.built([hit.value for hit in found], found, None)
