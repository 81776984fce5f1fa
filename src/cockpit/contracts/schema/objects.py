"""Which object keeps some rules and breaks others? The smallest one, or the proof that there is none.

Every rule set to break is broken in one place: a property that is missing, one that has a value it must
not have, a key too many. The ways to do that are followed one after the other. An object with no more
than its required properties and what breaks the rules is then enough: further properties can only hurt,
except where a rule asks for a number of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cockpit.contracts.schema.cases import Case, Tags
from cockpit.contracts.schema.covers import Covers
from cockpit.contracts.schema.nodes import NOT, OF_B, ObjectSpec
from cockpit.contracts.schema.outcome import Doubt, Hit, better

if TYPE_CHECKING:
    from cockpit.contracts.schema.search import Search

# More properties than this would be shown to nobody.
_MOST_FILLED = 1_000
Literals = frozenset[int]


@dataclass(frozen=True, slots=True)
class _Goal:
    """What the object must have: `present` properties with what their values must match beside the rules.

    `demands` are properties of which only the key's and the value's literals are known.
    """

    present: dict[str, Literals]
    absent: frozenset[str]
    least: int
    most: int | None
    demands: tuple[tuple[Literals, Literals], ...] = ()

    def having(self, name: str, literals: Literals = frozenset()) -> _Goal | None:
        """Return the goal with a property `name`; None if it must be absent."""
        if name in self.absent:
            return None
        known = self.present.get(name)
        if known is not None and literals <= known:
            return self
        return replace(self, present={**self.present, name: literals | (known or frozenset())})

    def lacking(self, name: str) -> _Goal | None:
        """Return the goal without a property `name`; None if it must be present."""
        return None if name in self.present else replace(self, absent=self.absent | {name})

    @property
    def crowded(self) -> bool:
        return self.most is not None and (len(self.present) > self.most or self.least > self.most)


def find(search: Search, case: Case) -> Hit | None:
    """Return an object that keeps `case.keep` and breaks all of `case.break_`, None if there is none."""
    return _Objects(search, case).find()


class _Objects:
    def __init__(self, search: Search, case: Case) -> None:
        self._search = search
        keep = [(spec, side) for spec, side in case.keep if isinstance(spec, ObjectSpec)]
        self._keep = [spec for spec, _ in keep]
        broken = [(spec, side) for spec, side in case.break_ if isinstance(spec, ObjectSpec)]
        # A variant whose tag has another value is broken by that alone.
        self._break = [(spec, side) for spec, side in broken if not _told_apart(spec, case.tags)]
        self._covers = Covers(search, keep)
        self._named = dict.fromkeys(
            [name for spec in self._keep for name in (*spec.properties, *spec.required)]
            + [name for spec, _ in self._break for name in (*spec.properties, *spec.required)]
            + [name for spec in self._keep for pair in spec.dependent for name in (pair[0], *pair[1])]
        )

    def find(self) -> Hit | None:
        """Return the object."""
        most = min((spec.most for spec in self._keep if spec.most is not None), default=None)
        least = max((spec.least for spec in self._keep), default=0)
        present = {name: frozenset[int]() for spec in self._keep for name in spec.required}
        goal = self._with_dependents(_Goal(present, frozenset(), least, most))
        if goal is None or goal.crowded:
            return None
        for name in goal.present:
            # What can never be there at all makes every further look needless.
            if self._value(goal, name) is None:
                return None
        broken = sorted(self._break, key=lambda pair: len(pair[0].properties))
        return self._broken(goal, broken)

    def _broken(self, goal: _Goal, left: list[tuple[ObjectSpec, int]]) -> Hit | None:
        """Break what is left to be broken, one rule set after the other, in every way until one does."""
        self._search.spend()
        if not left:
            return self._placed(goal, goal.demands)
        best: Hit | None = None
        (spec, side), rest = left[0], left[1:]
        for way in self._ways(goal, spec, side):
            if way is None or way.crowded:
                continue
            hit = self._broken(way, rest)
            if hit is not None and hit.doubt is None:
                return hit
            best = better(best, hit)
        return best

    def _ways(self, goal: _Goal, spec: ObjectSpec, side: int) -> Iterator[_Goal | None]:
        """Every way to break one rule set."""
        never = NOT | side
        for name in spec.required:
            yield goal.lacking(name)
        for name, node in spec.properties.items():
            if self._taken_as_declared(name, side):
                continue
            literal = node.id << 2 | never
            if name not in goal.absent and self._covers.contradicts(name, literal):
                continue
            way = goal.having(name, frozenset((literal,)))
            if way is not None and self._value(way, name) is not None:
                yield way
        if spec.most is not None:
            yield replace(goal, least=max(goal.least, spec.most + 1))
        if spec.least:
            limit = spec.least - 1
            yield replace(goal, most=limit if goal.most is None else min(goal.most, limit))
        for name, others in spec.dependent:
            having = goal.having(name)
            for other in others if having is not None else ():
                yield having.lacking(other) if having is not None else None
        always = self._search.pool.always
        for pattern, node in spec.patterns:
            if node is not always:
                yield _demanding(goal, {pattern.id << 2 | side}, {node.id << 2 | never})
        if spec.rest is not always:
            keys = {pattern.id << 2 | never for pattern, _ in spec.patterns}
            keys |= self._search.without(list(spec.properties))
            yield _demanding(goal, keys, {spec.rest.id << 2 | never})
        if spec.names is not always:
            yield _demanding(goal, {spec.names.id << 2 | never}, set())

    def _taken_as_declared(self, name: str, side: int) -> bool:
        """True if the assumption rules out that an open object bears this name, which only B declares."""
        if not (self._search.assume_declared and side & OF_B) or self._covers.declared(name):
            return False
        self._search.assumed = True
        return True

    def _with_dependents(self, goal: _Goal) -> _Goal | None:
        """Return the goal with everything that its properties require beside them."""
        pairs = [pair for spec in self._keep for pair in spec.dependent]
        found: _Goal | None = goal
        changed = bool(pairs)
        while changed and found is not None:
            changed = False
            for name, others in pairs:
                for other in others if found is not None and name in found.present else ():
                    if found is not None and other not in found.present:
                        found = found.having(other)
                        changed = True
        return found

    def _value(self, goal: _Goal, name: str) -> Hit | None:
        return self._search.inhabit(self._covers.of(name) | goal.present[name])

    def _placed(self, goal: _Goal, demands: tuple[tuple[Literals, Literals], ...]) -> Hit | None:
        """Give each demand a key: one that has a name in the rules, or a new one."""
        if not demands:
            return self._filled(goal)
        (keys, values), rest = demands[0], demands[1:]
        best: Hit | None = None
        for name in dict.fromkeys((*goal.present, *self._named)):
            if name not in goal.present and not self._may_bear(name):
                continue
            fits = self._search.fits(name, keys)
            way = goal.having(name, values)
            if fits is False or way is None or way.crowded or self._value(way, name) is None:
                continue
            hit = self._placed(way, rest)
            if hit is not None and fits is None:
                hit = Hit(hit.value, hit.doubt or Doubt("whether a key matches a pattern cannot be told"))
            if hit is not None and hit.doubt is None:
                return hit
            best = better(best, hit)
        for key, covers in self._covers.fresh(keys, (*self._named, *goal.present, *goal.absent)):
            if key.doubt is not None:
                best = better(best, Hit.doubtful(key.doubt))
                continue
            way = goal.having(key.value, values | covers)
            if way is None or way.crowded or self._search.inhabit(values | covers) is None:
                continue
            hit = self._placed(way, rest)
            if hit is not None and hit.doubt is None:
                return hit
            best = better(best, hit)
        return best

    def _may_bear(self, name: str) -> bool:
        """False if the assumption rules out a property of this name."""
        if not self._search.assume_declared or self._covers.declared(name):
            return True
        self._search.assumed = True
        return False

    def _filled(self, goal: _Goal) -> Hit | None:
        """Add what depends on the properties, then as many as a rule asks for, and build the object."""
        complete = self._with_dependents(goal)
        if complete is None or complete.crowded:
            return None
        if complete.least > _MOST_FILLED:
            return Hit.doubtful(Doubt(f"an object of {complete.least:,} properties would have to be shown"))
        doubt: Doubt | None = None
        for name in self._named:
            if len(complete.present) >= complete.least:
                break
            way = complete.having(name)
            if way is None or name in complete.present or not self._may_bear(name):
                continue
            way = self._with_dependents(way)
            if way is not None and not way.crowded and self._all_there(way):
                complete = way
        while len(complete.present) < complete.least:
            further, unclear = self._further(complete)
            if further is None:
                # Names that depend on each other are tried one by one, which is not every choice.
                doubt = unclear or self._dependents_doubt()
                return None if doubt is None else Hit.doubtful(doubt)
            complete = further
        return self._built(complete)

    def _further(self, goal: _Goal) -> tuple[_Goal | None, Doubt | None]:
        doubt: Doubt | None = None
        for key, covers in self._covers.fresh(frozenset(), (*self._named, *goal.present, *goal.absent)):
            if key.doubt is not None:
                doubt = key.doubt
                continue
            if self._search.inhabit(covers) is not None:
                return goal.having(key.value, covers), None
        return None, doubt

    def _dependents_doubt(self) -> Doubt | None:
        if any(spec.dependent for spec in self._keep):
            return Doubt("minProperties with dependentRequired")
        return None

    def _all_there(self, goal: _Goal) -> bool:
        return all(
            self._covers.allows(name) is not False and self._value(goal, name) is not None
            for name in goal.present
        )

    def _built(self, goal: _Goal) -> Hit | None:
        found: dict[str, Hit] = {}
        doubt: Doubt | None = None
        order = [name for name in self._named if name in goal.present]
        for name in dict.fromkeys((*order, *goal.present)):
            allowed = self._covers.allows(name)
            hit = self._value(goal, name)
            if hit is None or allowed is False:
                return None
            if allowed is None:
                doubt = doubt or Doubt("whether a key fits cannot be told")
            doubt = doubt or self._covers.doubt(name)
            found[name] = hit
        return Hit.built({name: hit.value for name, hit in found.items()}, list(found.values()), doubt)


def _demanding(goal: _Goal, keys: set[int], values: set[int]) -> _Goal:
    return replace(goal, demands=(*goal.demands, (frozenset(keys), frozenset(values))))


def _told_apart(spec: ObjectSpec, tags: Tags) -> bool:
    return any(name in tags and keys.isdisjoint(tags[name]) for name, keys in spec.tags.items())
