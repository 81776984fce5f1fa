"""How are many pairs of schemas out of the same two documents checked?"""

from __future__ import annotations

import json
from typing import Any

from cockpit.contracts.schema.answer import Answer, Formats, Outcome
from cockpit.contracts.schema.budget import SECONDS, STEPS, Budget, OutOfBudget
from cockpit.contracts.schema.confirming import Validator, smallest
from cockpit.contracts.schema.nodes import NOT, OF_B, Node, Ref
from cockpit.contracts.schema.outcome import Doubt, Hit
from cockpit.contracts.schema.pool import Pool
from cockpit.contracts.schema.reader import Reader
from cockpit.contracts.schema.search import Search

_A, _B = 0, 1


class Checker:
    """Checks pairs of schemas, those on the left out of document `a` and those on the right out of `b`.

    A document is the JSON value against which local references are resolved: a whole OpenAPI 3.1
    document, or the schema itself. What one check proves, later ones know. `assume_declared`: an
    undeclared key of an open object on the left never bears a name that the right declares. `seconds`
    and `steps` bound each check.
    """

    def __init__(
        self,
        a: Any,
        b: Any,
        *,
        formats: Formats = Formats.ASSERTED,
        assume_declared: bool = False,
        seconds: float = SECONDS,
        steps: int = STEPS,
    ) -> None:
        self._documents = (a, b)
        self._formats = formats
        self._bounds = (steps, seconds)
        pool, texts = Pool(), dict[str, Node]()
        left = Reader(pool, a, _A, formats, texts)
        # In one and the same document a reference says the same on both sides.
        self._readers = (left, left if _alike(a, b) else Reader(pool, b, _B, formats, texts))
        self._search = Search(pool, self._target, assume_declared)
        self._assume = assume_declared

    def subset(self, a: Any, b: Any) -> Answer:
        """Return whether everything that schema `a` accepts is accepted by schema `b`."""
        if self._readers[_A] is self._readers[_B] and _alike(a, b):
            return Answer(Outcome.SUBSET)
        budget = Budget(*self._bounds)
        self._search.begin(budget)
        try:
            left, right = self._read(_A, a, budget), self._read(_B, b, budget)
            if left is right:
                return Answer(Outcome.SUBSET)
            side = OF_B if self._assume else 0
            hit = self._search.inhabit(frozenset((left.id << 2, right.id << 2 | NOT | side)))
        except OutOfBudget:
            return Answer(Outcome.UNKNOWN, reason="it takes more steps than one check may cost")
        except RecursionError:
            return Answer(Outcome.UNKNOWN, reason="it is nested too deeply")
        if hit is None:
            return Answer(Outcome.SUBSET, assumed=self._search.assumed)
        return self._confirmed(hit, a, b)

    def _confirmed(self, hit: Hit, a: Any, b: Any) -> Answer:
        """Return the answer for a value that was found, once the independent validator has seen it."""
        doubt = hit.doubt or Doubt("the validator does not confirm the value that was found")
        if hit.has_value:
            accepting = Validator(self._documents[_A], a, self._formats)
            rejecting = Validator(self._documents[_B], b, self._formats)

            def shows(value: Any) -> bool:
                return accepting.accepts(value) is True and rejecting.accepts(value) is False

            if shows(hit.value):
                return Answer(Outcome.NOT_SUBSET, smallest(hit.value, shows))
            if hit.doubt is None and None in (accepting.accepts(hit.value), rejecting.accepts(hit.value)):
                doubt = Doubt("the validator cannot judge the value that was found")
        return Answer(Outcome.UNKNOWN, reason=doubt.reason, place=doubt.place)

    def _read(self, side: int, schema: Any, budget: Budget) -> Node:
        reader = self._readers[side]
        reader.budget = budget
        return reader.root(schema)

    def _target(self, ref: Ref) -> Node:
        return self._readers[ref.side].target(ref)


def _alike(a: Any, b: Any) -> bool:
    """True if both are written alike. Python alone would take 1 for true."""
    try:
        return a is b or (a == b and json.dumps(a) == json.dumps(b))
    except (TypeError, ValueError, RecursionError):
        return False


def subset(a: Any, b: Any, *, formats: Formats = Formats.ASSERTED, assume_declared: bool = False) -> Answer:
    """Return whether everything that schema `a` accepts is accepted by `b`; references are local to each."""
    return Checker(a, b, formats=formats, assume_declared=assume_declared).subset(a, b)
