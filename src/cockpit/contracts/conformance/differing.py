"""Do two schemas differ, so that the left accepts what the right rejects? Each pair is looked at once."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from cockpit.contracts.conformance.confirming import Validator
from cockpit.contracts.conformance.paths import Way, demanding
from cockpit.contracts.conformance.pointers import Node, join
from cockpit.contracts.schema import Answer, Checker, Outcome


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the left accepts what the right rejects.

    `value` is the whole value, `inside` the keys that lead to the part that decides; `missing` is the
    property that is not there and should be. `pointer` leads to the deciding keyword on the right: into
    its document, or behind "@" into the schema that was asked about. `says` is what stands there.
    `conditional` is true if it needs an undeclared key that bears a name which the right declares.
    """

    value: Any
    inside: tuple[str | int, ...]
    keyword: str
    says: Any
    pointer: str
    missing: str | None = None
    conditional: bool = False

    @property
    def where(self) -> str:
        """The JSON pointer of the deciding part in the value; of a missing part, where it should be."""
        return join("", *self.inside, *(() if self.missing is None else (self.missing,)))


@dataclass(frozen=True, slots=True)
class Gap:
    """A place that nobody could decide: a JSON pointer in the value, as far as it is known, and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found. Without differences and gaps the left is a subset of the right, proved."""

    differences: tuple[Difference, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """An answer of the algebra; `conditional` as in Difference."""

    answer: Answer
    conditional: bool = False

    @property
    def differs(self) -> bool:
        """True if there is a value that the left accepts and the right rejects."""
        return self.answer.outcome is Outcome.NOT_SUBSET


class Differ:
    """Compares schemas of two documents.

    Unless it is `strict`, two checkers are asked: where one proves something by assuming that undeclared
    keys bear no declared name, the other says what becomes of it without that.
    """

    def __init__(self, left: dict[str, Any], right: dict[str, Any], *, strict: bool, deadline: float) -> None:
        self.left, self.right = left, right
        self.left_validator, self.right_validator = Validator(left), Validator(right)
        self._strict = Checker(left, right)
        self._main = self._strict if strict else Checker(left, right, assume_declared=True)
        self._deadline = deadline
        self._known: dict[tuple[str, str], Comparison] = {}
        self._bounds: dict[tuple[str, str], bool] = {}

    def compare(self, left: Any, right: Any) -> Comparison:
        """Return where `left` accepts what `right` rejects."""
        from cockpit.contracts.conformance.searching import search

        key = (json.dumps(left, sort_keys=True), json.dumps(right, sort_keys=True))
        if key not in self._known:
            if self.late():
                return Comparison(gaps=(Gap("", "the time of the comparison was over"),))
            judged = self.judge(left, (), right)
            proved = judged.answer.proved
            self._known[key] = Comparison() if proved else search(self, left, right, judged)
        return self._known[key]

    def judge(self, left: Any, way: Way, demand: Any) -> Judgement:
        """Return whether the values of `left` fit `demand` at the end of `way`."""
        wanted = demanding(way, demand)
        answer = self._main.subset(left, wanted)
        if answer.proved and answer.assumed and self._main is not self._strict:
            strict = self._strict.subset(left, wanted)
            if strict.outcome is Outcome.NOT_SUBSET:
                return Judgement(strict, conditional=True)
        return Judgement(answer)

    def within(self, bound: Node, demand: Any, pointer: str) -> bool:
        """True if everything within a bound fits `demand`, proved; `pointer` is the place of the demand."""
        key = (bound.pointer or json.dumps(bound.value, sort_keys=True), pointer)
        if "@" in key[0] or "@" in pointer:
            return self._strict.subset(bound.value, demand).proved
        if key not in self._bounds:
            self._bounds[key] = self._strict.subset(bound.value, demand).proved
        return self._bounds[key]

    def least(self, schema: Any) -> Answer:
        """Return the answer whose value is a simple one that a schema of the left accepts."""
        return self._strict.subset(schema, False)

    def late(self) -> bool:
        """True if the time of the comparison is over."""
        return time.monotonic() > self._deadline
