"""Which number keeps some rules and breaks others? The simplest one, or the proof that there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import gcd, lcm

from cockpit.contracts.schema.nodes import Exact, NumberSpec

# Multiples that are looked at before giving up; beside bounds people use a few are enough.
_MOST_TRIED = 4_000


@dataclass(frozen=True, slots=True)
class _Goal:
    """A number in an interval, whole or expressly not, divisible by `by` and by none of `not_by`."""

    low: Exact | None = None
    low_open: bool = False
    high: Exact | None = None
    high_open: bool = False
    by: Exact | None = None
    not_by: tuple[Exact, ...] = ()
    without: frozenset[Exact] = field(default_factory=frozenset)

    def above(self, low: Exact, is_open: bool) -> _Goal:
        if self.low is None or low > self.low or (low == self.low and is_open):
            return replace(self, low=low, low_open=is_open)
        return self

    def below(self, high: Exact, is_open: bool) -> _Goal:
        if self.high is None or high < self.high or (high == self.high and is_open):
            return replace(self, high=high, high_open=is_open)
        return self

    def divisible(self, by: Exact) -> _Goal:
        return replace(self, by=by if self.by is None else _least_common(self.by, by))

    @property
    def empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def holds(self, value: Exact) -> bool:
        if self.low is not None and (value < self.low or (self.low_open and value == self.low)):
            return False
        if self.high is not None and (value > self.high or (self.high_open and value == self.high)):
            return False
        if value in self.without or (self.by is not None and value % self.by):
            return False
        return all(value % divisor for divisor in self.not_by)


class TooManyError(Exception):
    """More numbers would have to be looked at than is reasonable."""


def find(
    keep: list[NumberSpec], break_: list[NumberSpec], without: frozenset[Exact], spend: Callable[[int], None]
) -> Exact | None:
    """Return a number that keeps all of `keep` and breaks each of `break_`; None if there is none.

    Raises TooManyError where that cannot be told with reasonable effort.
    """
    goal = _Goal(without=without)
    for spec in keep:
        goal = _kept(goal, spec)
    undecided = False
    for broken in _all_broken(goal, break_, spend):
        try:
            found = _simplest(broken)
        except TooManyError:
            undecided = True
            continue
        if found is not None:
            return found
    if undecided:
        raise TooManyError
    return None


def _kept(goal: _Goal, spec: NumberSpec) -> _Goal:
    if spec.low is not None:
        goal = goal.above(spec.low, spec.low_open)
    if spec.high is not None:
        goal = goal.below(spec.high, spec.high_open)
    for divisor in (1, *spec.divisors) if spec.whole else spec.divisors:
        goal = goal.divisible(divisor)
    return goal


def _all_broken(goal: _Goal, specs: list[NumberSpec], spend: Callable[[int], None]) -> Iterator[_Goal]:
    """Every way to break all of `specs`: of each, one of its rules."""
    spend(1)
    if goal.empty:
        return
    if not specs:
        yield goal
        return
    spec, rest = specs[0], specs[1:]
    if spec.low is not None:
        yield from _all_broken(goal.below(spec.low, not spec.low_open), rest, spend)
    if spec.high is not None:
        yield from _all_broken(goal.above(spec.high, not spec.high_open), rest, spend)
    for divisor in (1, *spec.divisors) if spec.whole else spec.divisors:
        yield from _all_broken(replace(goal, not_by=(*goal.not_by, divisor)), rest, spend)


def _simplest(goal: _Goal) -> Exact | None:
    low, high = goal.low, goal.high
    if goal.empty:
        return None
    if goal.by is not None:
        if any(not goal.by % divisor for divisor in goal.not_by):
            return None  # every multiple of `by` is one of the divisor too
        return _multiple(goal, goal.by)
    if low is not None and low == high:
        return low if goal.holds(low) else None
    for value in _candidates(goal):
        if goal.holds(value):
            return value
    raise TooManyError


def _multiple(goal: _Goal, by: Exact) -> Exact | None:
    """The multiple of `by` nearest to 0 that is in the goal."""
    first = None if goal.low is None else -((-goal.low) // by)
    last = None if goal.high is None else goal.high // by
    if first is not None and last is not None and first > last:
        return None
    start = max(first, 0) if first is not None else 0
    start = min(start, last) if last is not None else start
    tried = 0
    for step in range(_MOST_TRIED):
        inside = False
        for factor in (start + step, start - step):
            if (first is None or factor >= first) and (last is None or factor <= last):
                inside = True
                tried += 1
                if goal.holds(factor * by):
                    return factor * by
        if not inside:
            return None
    raise TooManyError


def _candidates(goal: _Goal) -> Iterator[Exact]:
    """Numbers of an interval with an inside, readable ones first.

    Only finitely many numbers, and multiples of finitely many, are excluded from an interval that holds
    fractions with every denominator: what is halved, or split by ten, often enough gets past them.
    """
    low, high = goal.low, goal.high
    yield from (0, 1, -1, 2, Fraction(1, 2), Fraction(-1, 2))
    for bound, way in ((low, 1), (high, -1)):
        if bound is not None:
            yield bound
            for step in (1, Fraction(1, 2), Fraction(1, 10), Fraction(1, 100)):
                yield bound + way * step
                floor = (bound / step).__floor__() if not isinstance(step, int) else bound.__floor__()
                yield (floor + way) * step
    start: Exact = low if low is not None else (high - 1 if high is not None else Fraction(0))
    width: Exact = high - start if high is not None and low is not None else 1
    for size in range(1, 300):
        for part in (Fraction(1, 2**size), Fraction(1, 10**size), Fraction(3, 10**size)):
            yield start + width * part


def _least_common(a: Exact, b: Exact) -> Exact:
    """The least positive number that both divide."""
    if isinstance(a, int) and isinstance(b, int):
        return lcm(a, b)
    one, other = Fraction(a), Fraction(b)
    found = Fraction(lcm(one.numerator, other.numerator), gcd(one.denominator, other.denominator))
    return found.numerator if found.denominator == 1 else found
