"""Which is the simplest text of a language? A search that builds only what it walks through."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from cockpit.contracts.schema.regular import chars
from cockpit.contracts.schema.regular.chars import CharSet
from cockpit.contracts.schema.regular.errors import TooLargeError
from cockpit.contracts.schema.regular.formula import FALSE, TRUE, Clause, Formula, both
from cockpit.contracts.schema.regular.terms import Literal

_MOST_STATES = 20_000
_MOST_WORK = 400_000
# Up to here every clause is walked, so that the most readable text is found; from here on only the widest.
_MANY = 48
_MOST_COMPARED = 200

Spend = Callable[[int], None]
Step = tuple[int, Formula]


class _Walk:
    """The part of an automaton that was looked at: the steps out of each clause, and what they cost."""

    def __init__(self, spend: Spend) -> None:
        self._spend = spend
        self._known: dict[Clause, tuple[Step, ...]] = {}
        self._work = 0

    def work(self, amount: int) -> None:
        """Count steps against the bound and the caller's budget."""
        self._work += amount
        if self._work > _MOST_WORK:
            raise TooLargeError(f"the patterns' automaton takes more than {_MOST_WORK} steps")
        self._spend(amount)

    def steps(self, clause: Clause) -> tuple[Step, ...]:
        """Return the characters that matter, simplest first, each with the formula that it leads to."""
        known = self._known.get(clause)
        if known is None:
            if len(self._known) >= _MOST_STATES:
                raise TooLargeError(f"the patterns' automaton has more than {_MOST_STATES} states")
            self.work(1 + sum(literal.size() for literal in clause))
            known = self._known[clause] = tuple(_steps(clause))
        return known


def _steps(clause: Clause) -> list[Step]:
    if not clause:
        return [(point, TRUE) for point in chars.representatives(frozenset())]
    # The few that are wanted come first: most characters end there.
    literals: list[Literal] = sorted(clause, key=lambda literal: literal.negated)
    sets: frozenset[CharSet] = literals[0].sets()
    if len(literals) > 1:
        sets = sets.union(*(literal.sets() for literal in literals[1:]))
    found: list[Step] = []
    for point in chars.representatives(sets):
        result = TRUE
        for literal in literals:
            result = both(result, literal.step(point))
            if not result:
                break
        if result is not FALSE and result:
            found.append((point, result))
    return found


def _length(clause: Clause) -> int:
    """A number of characters that every rest of which the clause holds has at least."""
    return max((literal.term.length for literal in clause if not literal.negated), default=0)


def _ends(clause: Clause) -> bool:
    return all(literal.ends() for literal in clause)


class _Widest:
    """Clauses none of which holds only where another holds: those with the fewest demands."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self.kept: list[Clause] = []
        for clause in sorted(clauses, key=len):
            self.add(clause)

    def add(self, clause: Clause) -> bool:
        """Return whether the clause is kept, for all that is known: only so many are compared."""
        if any(kept <= clause for kept in islice(self.kept, _MOST_COMPARED)):
            return False
        self.kept.append(clause)
        return True


def _widest(clauses: set[Clause]) -> frozenset[Clause]:
    if len(clauses) < _MANY:
        return frozenset(clauses)
    return frozenset(_Widest(clauses).kept)


def shortest(formula: Formula, spend: Spend, least: int, most: int | None) -> str | None:
    """Return the simplest of the shortest texts with `least` to `most` characters; None if there is none.

    Raises:
        TooLargeError: the automaton passed a bound before that was known.
    """
    if most is not None:
        formula = tuple(clause for clause in formula if _length(clause) <= most)
    if not formula or (most is not None and most < least):
        return None
    if min(map(_length, formula)) > _MOST_STATES:
        raise TooLargeError(f"every text that matches has more than {_MOST_STATES} characters")
    walk = _Walk(spend)
    return _nearest(formula, walk, most) if least == 0 else _at_length(formula, walk, least, most)


def _nearest(formula: Formula, walk: _Walk, most: int | None) -> str | None:
    """Look at each clause once, nearest first."""
    came: dict[Clause, tuple[Clause, int] | None] = dict.fromkeys(formula)
    layer = list(came)
    widest: _Widest | None = None
    length = 0
    while layer:
        for clause in layer:
            if _ends(clause):
                return _back(came, clause)
        if length == most:
            return None
        following: list[Clause] = []
        for clause in layer:
            for point, result in walk.steps(clause):
                for each in result:
                    if each not in came:
                        came[each] = (clause, point)
                        following.append(each)
        if widest is None and len(following) >= _MANY:
            new = set(following)
            widest = _Widest(each for each in came if each not in new)
        if widest is not None:
            following = [each for each in sorted(following, key=len) if widest.add(each)]
        layer, length = following, length + 1
    return None


def _back(came: dict[Clause, tuple[Clause, int] | None], clause: Clause) -> str:
    points: list[int] = []
    step = came[clause]
    while step is not None:
        clause, point = step
        points.append(point)
        step = came[clause]
    return "".join(map(chr, reversed(points)))


def _at_length(formula: Formula, walk: _Walk, least: int, most: int | None) -> str | None:
    """Look at the set of clauses that each length leads to, until one ends or the sets come round again."""
    levels = [frozenset(formula)]
    first_at = {levels[0]: 0}
    came: dict[Clause, dict[Clause, int]] = {}
    again = 0  # the place from which the levels repeat, once they do
    last: int | None = None
    while last is None:
        length = len(levels) - 1
        if not levels[-1] or length == most:
            break
        if length >= least and any(map(_ends, levels[-1])):
            return _along(levels, len(levels), 0, length, came)
        following: set[Clause] = set()
        walk.work(len(levels[-1]))
        for clause in levels[-1]:
            for point, result in walk.steps(clause):
                for each in result:
                    following.add(each)
                    came.setdefault(each, {}).setdefault(clause, point)
        level = _widest(following)
        if level in first_at:
            again, last = first_at[level], length
        else:
            first_at[level] = len(levels)
            levels.append(level)
    if last is None:
        length = len(levels) - 1
        fits = length >= least and any(map(_ends, levels[-1]))
        return _along(levels, len(levels), 0, length, came) if fits else None
    period = len(levels) - again
    start = max(least, len(levels))
    for length in range(start, start + period if most is None else min(most + 1, start + period)):
        if any(map(_ends, levels[_place(length, again, period)])):
            return _along(levels, again, period, length, came)
    return None


def _place(length: int, again: int, period: int) -> int:
    return length if period == 0 or length < again else again + (length - again) % period


def _along(
    levels: list[frozenset[Clause]],
    again: int,
    period: int,
    length: int,
    came: dict[Clause, dict[Clause, int]],
) -> str:
    """A text of the length, read backwards from a clause that ends."""
    clause = next(filter(_ends, levels[_place(length, again, period)]))
    points: list[int] = []
    for place in range(length - 1, -1, -1):
        level = levels[_place(place, again, period)]
        clause, point = min(
            ((before, point) for before, point in came[clause].items() if before in level),
            key=lambda step: chars.rank(step[1]),
        )
        points.append(point)
    return "".join(map(chr, reversed(points)))
