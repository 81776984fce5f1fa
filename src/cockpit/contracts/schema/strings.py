"""Which string keeps some rules and breaks others? The shortest readable one, or the proof of none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cockpit.contracts.schema.budget import Budget
from cockpit.contracts.schema.formats import FORMATS
from cockpit.contracts.schema.nodes import StringSpec
from cockpit.contracts.schema.outcome import Doubt, Hit
from cockpit.contracts.validating import validator

if TYPE_CHECKING:
    from cockpit.contracts.schema.regular import Language

# Scans and recordings travel as texts of a megabyte; more is no help to anybody, less where patterns count.
_LONGEST = 2_000_000
_LONGEST_MATCHED = 10_000
_MOST_TRIED = 12
_READABLE = ("", "a", "0", "A", "x")


@dataclass(frozen=True, slots=True)
class _Goal:
    least: int = 0
    most: int | None = None
    patterns: frozenset[str] = frozenset()
    not_patterns: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    not_formats: frozenset[str] = frozenset()

    def kept(self, spec: StringSpec) -> _Goal:
        limits = [most for most in (self.most, spec.most) if most is not None]
        return replace(
            self,
            least=max(self.least, spec.least),
            most=min(limits, default=None),
            patterns=self.patterns | set(spec.patterns),
            formats=self.formats | set(spec.formats),
        )

    @property
    def impossible(self) -> bool:
        empty = self.most is not None and self.least > self.most
        return empty or bool(self.patterns & self.not_patterns or self.formats & self.not_formats)


def find(
    keep: list[StringSpec], break_: list[StringSpec], without: frozenset[str], budget: Budget
) -> Hit | None:
    """Return a string that keeps all of `keep` and breaks each of `break_`; None if there is none."""
    goal = _Goal()
    for spec in keep:
        goal = goal.kept(spec)
    best: Hit | None = None
    for broken in _all_broken(goal, break_, budget):
        hit = _member(broken, without, budget)
        if hit is not None and hit.doubt is None:
            return hit
        best = best or hit
    return best


def _all_broken(goal: _Goal, specs: list[StringSpec], budget: Budget) -> Iterator[_Goal]:
    """Every way to break all of `specs`: of each, one of its rules."""
    budget.spend()
    if goal.impossible:
        return
    if not specs:
        yield goal
        return
    spec, rest = specs[0], specs[1:]
    if spec.least:
        yield from _all_broken(goal.kept(StringSpec(most=spec.least - 1)), rest, budget)
    if spec.most is not None:
        yield from _all_broken(goal.kept(StringSpec(least=spec.most + 1)), rest, budget)
    for pattern in spec.patterns:
        yield from _all_broken(replace(goal, not_patterns=goal.not_patterns | {pattern}), rest, budget)
    for name in spec.formats:
        yield from _all_broken(replace(goal, not_formats=goal.not_formats | {name}), rest, budget)


def _member(goal: _Goal, without: frozenset[str], budget: Budget) -> Hit | None:
    plain = not (goal.patterns or goal.not_patterns or goal.formats or goal.not_formats)
    if goal.least > (_LONGEST if plain else _LONGEST_MATCHED):
        return Hit.doubtful(Doubt(f"a string of {goal.least:,} characters would have to be shown"))
    if plain:
        return _of_length(goal.least, goal.most, without)
    return _of_languages(goal, without, budget)


def _of_length(least: int, most: int | None, without: frozenset[str]) -> Hit | None:
    for text in _READABLE:
        if least <= len(text) and (most is None or len(text) <= most) and text not in without:
            return Hit(text)
    if most == 0:
        return None
    length = max(least, 1)
    # More letters than there are excluded strings: one of them is free.
    for code in range(ord("a"), ord("a") + len(without) + 1):
        text = chr(code) + "a" * (length - 1)
        if text not in without:
            return Hit(text)
    return None


def _of_languages(goal: _Goal, without: frozenset[str], budget: Budget) -> Hit | None:
    from cockpit.contracts.schema.regular import ANY, TooLargeError, UnsupportedPatternError, parse

    for known in _known(goal):
        # What people write for a format reads better than the shortest that its pattern lets pass.
        long_enough = goal.least <= len(known) and (goal.most is None or len(known) <= goal.most)
        if long_enough and known not in without and _fits(known, goal):
            return Hit(known)
    language: Language = ANY
    doubt: Doubt | None = None
    for pattern, wanted, exactly in _languages(goal):
        if not exactly:
            what = ", ".join(sorted(goal.formats | goal.not_formats))
            doubt = doubt or Doubt(f"whether every string of the format {what} fits cannot be told")
        if pattern is None:
            continue
        try:
            read = parse(pattern, budget.spend)
            language = language.intersect(read if wanted else read.complement(), budget.spend)
        except UnsupportedPatternError as error:
            doubt = Doubt(f"the pattern {pattern[:80]!r}: {error.reason}")
        except TooLargeError:
            doubt = Doubt(f"the pattern {pattern[:80]!r} is too large")
    tried = set(without)
    for _ in range(_MOST_TRIED):
        try:
            text = language.shortest(budget.spend, least=goal.least, most=goal.most, without=tried)
        except TooLargeError:
            doubt = doubt or Doubt("the patterns together are too large")
            break
        if text is None:
            if len(tried) == len(without):
                return None
            break
        if doubt is None or _fits(text, goal):
            return Hit(text)
        tried.add(text)
    return Hit.doubtful(doubt or Doubt("no string was found that shows it"))


def _languages(goal: _Goal) -> Iterator[tuple[str | None, bool, bool]]:
    """The patterns that a string must match or must not, each with whether it says all there is to say.

    Of a format that must hold a wider pattern is taken, of one that must not a narrower one: no string
    that would do is lost, so that finding none is a proof.
    """
    for pattern in goal.patterns:
        yield pattern, True, True
    for pattern in goal.not_patterns:
        yield pattern, False, True
    for name in goal.formats:
        yield FORMATS[name].over, True, FORMATS[name].exact
    for name in goal.not_formats:
        yield FORMATS[name].under, False, FORMATS[name].exact


def _known(goal: _Goal) -> Iterator[str]:
    for name in goal.formats:
        yield from FORMATS[name].examples
    for name in goal.not_formats:
        yield from FORMATS[name].non_examples
        yield from ("", "a", "0")


def _fits(text: str, goal: _Goal) -> bool:
    """Ask the independent validator, which knows every pattern and format, of one string."""
    return (
        all(matches(pattern, text) for pattern in goal.patterns)
        and not any(matches(pattern, text) is not False for pattern in goal.not_patterns)
        and all(is_format(name, text) for name in goal.formats)
        and not any(is_format(name, text) for name in goal.not_formats)
    )


@lru_cache(maxsize=512)
def _rule(keyword: str, value: str) -> Any:
    import jsonschema_rs

    try:
        return validator({keyword: value})
    except (ValueError, jsonschema_rs.ValidationError):
        return None


def matches(pattern: str, text: str) -> bool | None:
    """Return whether `pattern` occurs in `text`; None where the validator cannot read the pattern."""
    return _valid(_rule("pattern", pattern), text)


def is_format(name: str, text: str) -> bool:
    """Return whether `text` is of the format `name`."""
    return _valid(_rule("format", name), text) is not False


def _valid(rule: Any, text: str) -> bool | None:
    if rule is None:
        return None
    try:
        return bool(rule.is_valid(text))
    except ValueError:
        return None
