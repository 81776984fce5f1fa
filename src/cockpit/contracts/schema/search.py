"""Is there a value that matches some schemas and none of others? It, a doubt, or the proof of none.

A goal is a set of literals (see `nodes.py`). It is split until only what looks at one JSON type is left,
and that is solved type by type; parts of arrays and objects are goals again. A value is finite, so of
the values that reach a goal one has no part that must reach the same goal: while a goal is being
searched, coming back to it below is a dead end, and a proof of "none" that rests on such a dead end
holds only together with the goal above it, and is not remembered by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from cockpit.contracts.schema import arrays, numbers, objects, strings
from cockpit.contracts.schema.branching import Splitter
from cockpit.contracts.schema.budget import Budget
from cockpit.contracts.schema.cases import Case
from cockpit.contracts.schema.kinds import Kinds
from cockpit.contracts.schema.membership import Judge
from cockpit.contracts.schema.nodes import Enum, Node, NumberSpec, One, Ref, StringSpec
from cockpit.contracts.schema.outcome import Doubt, Hit, better
from cockpit.contracts.schema.pool import Pool
from cockpit.contracts.schema.structure import excluding
from cockpit.contracts.schema.values import Kind, written

_FAR = 1 << 30


class Search:
    """Searches for values over the nodes of one pool; what was proved is remembered.

    `assume_declared`: see `objects.py`. `assumed` is true once an answer of the running check rests on it.
    """

    def __init__(self, pool: Pool, resolve: Callable[[Ref], Node], assume_declared: bool) -> None:
        self.pool = pool
        self.assume_declared = assume_declared
        self.assumed = False
        self.budget = Budget()
        self.judge = Judge(pool.nodes, resolve, self.spend)
        self.splitter = Splitter(pool, resolve, self.overlapping, self.spend)
        self._kinds = Kinds(resolve)
        self._known: dict[frozenset[int], tuple[Hit | None, bool]] = {}
        self._active: dict[frozenset[int], int] = {}
        self._lowest = _FAR
        self._overlaps: dict[One, tuple[tuple[int, int], ...]] = {}
        self._testing: set[One] = set()

    def spend(self, steps: int = 1) -> None:
        """Count steps of the check."""
        self.budget.spend(steps)

    def begin(self, budget: Budget) -> None:
        """Begin a new check: forget what an interrupted one left on the way."""
        self.budget = budget
        self.assumed = False
        self._active.clear()
        self._testing.clear()
        self._lowest = _FAR

    def inhabit(self, goal: frozenset[int]) -> Hit | None:
        """Return a value that matches every literal of `goal`."""
        known = self._known.get(goal)
        if known is not None:
            self.assumed = self.assumed or known[1]
            return known[0]
        above = self._active.get(goal)
        if above is not None:
            self._lowest = min(self._lowest, above)
            return None
        self.budget.spend()
        depth = len(self._active)
        outer_lowest, self._lowest = self._lowest, _FAR
        outer_assumed, self.assumed = self.assumed, False
        self._active[goal] = depth
        try:
            hit = self._decided(goal)
        finally:
            del self._active[goal]
        rests_on_above = self._lowest < depth
        if not rests_on_above or (hit is not None and hit.doubt is None):
            self._known[goal] = (hit, self.assumed)
        self._lowest = min(outer_lowest, self._lowest) if rests_on_above else outer_lowest
        self.assumed = self.assumed or outer_assumed
        return hit

    def fits(self, value: Any, literals: Iterable[int]) -> bool | None:
        """Return whether `value` matches every literal; None where that cannot be told."""
        return self.judge.literals(value, literals)

    def _decided(self, goal: frozenset[int]) -> Hit | None:
        begun = self.splitter.begin(goal)
        if begun is None:
            return None
        best: Hit | None = None
        if begun.listed is not None:
            return self._among(begun.listed, goal)
        for kind in self._kinds.common(begun.pending, self.pool.nodes):
            hit = self._split(self.splitter.of_kind(begun, kind), goal)
            if hit is not None and hit.doubt is None:
                return hit
            best = better(best, hit)
        return best

    def _split(self, case: Case | None, goal: frozenset[int]) -> Hit | None:
        """Follow the alternatives of a case until none is left to choose."""
        if case is None:
            return None
        self.budget.spend()
        if case.listed is not None:
            return self._among(case.listed, goal, case)
        ways = self.splitter.ways(case)
        if ways is None:
            hit = self._solved(case)
            if hit is not None and case.doubt is not None:
                return Hit(hit.value, hit.doubt or case.doubt)
            return hit
        best: Hit | None = None
        for way in ways:
            hit = self._split(way, goal)
            if hit is not None and hit.doubt is None:
                return hit
            best = better(best, hit)
        return best

    def _among(self, listed: Enum, goal: frozenset[int], case: Case | None = None) -> Hit | None:
        """Only the listed values can reach the goal: each is looked at."""
        literals = goal if case is None else goal | case.seen
        best: Hit | None = None
        for value in listed.values:
            said = self.judge.literals(value, literals)
            if said:
                return Hit(value)
            if said is None:
                doubt = (case.doubt if case is not None else None) or Doubt("a listed value cannot be judged")
                best = best or Hit(value, doubt)
        return best

    def _solved(self, case: Case) -> Hit | None:
        if case.kind is Kind.NULL:
            return None if case.without else Hit(None)
        if case.kind is Kind.BOOLEAN:
            return next((Hit(v) for v in (False, True) if ("boolean", v) not in case.without), None)
        if case.kind is Kind.NUMBER:
            return self._number(case)
        if case.kind is Kind.STRING:
            texts = frozenset(text for text in case.without if isinstance(text, str))
            keep = [spec for spec, _ in case.keep if isinstance(spec, StringSpec)]
            break_ = [spec for spec, _ in case.break_ if isinstance(spec, StringSpec)]
            return strings.find(keep, break_, texts, self.budget)
        if case.kind is Kind.ARRAY:
            return arrays.find(self, case)
        return objects.find(self, case)

    def _number(self, case: Case) -> Hit | None:
        keep = [spec for spec, _ in case.keep if isinstance(spec, NumberSpec)]
        break_ = [spec for spec, _ in case.break_ if isinstance(spec, NumberSpec)]
        excluded = frozenset(number for number in case.without if isinstance(number, int | Fraction))
        try:
            found = numbers.find(keep, break_, excluded, self.spend)
        except numbers.TooManyError:
            return Hit.doubtful(Doubt("too many numbers would have to be looked at"))
        return None if found is None else Hit(written(found))

    def without(self, values: list[Any]) -> frozenset[int]:
        """Return the literals of being none of `values`."""
        return excluding(self.pool, values)

    def overlapping(self, node: One) -> tuple[tuple[int, int], ...]:
        """Return the pairs of parts of a oneOf that may match the same value; all others are proved apart."""
        known = self._overlaps.get(node)
        if known is not None:
            return known
        pairs = [(i, j) for i in range(len(node.parts)) for j in range(i)]
        if node in self._testing:
            return tuple(pairs)
        if self._kinds.told_apart(node):
            pairs = []
        self._testing.add(node)
        # The question stands by itself: nothing that is being searched above may count as a dead end.
        outer_active, self._active = self._active, {}
        outer_lowest, self._lowest = self._lowest, _FAR
        try:
            found = tuple(
                (i, j)
                for i, j in pairs
                if self.inhabit(frozenset((node.parts[i].id << 2, node.parts[j].id << 2))) is not None
            )
        finally:
            self._active, self._lowest = outer_active, outer_lowest
            self._testing.discard(node)
        self._overlaps[node] = found
        return found
