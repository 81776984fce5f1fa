"""Does a value fit a schema of the contract, and what is the simplest value that does?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from cockpit.contracts.effort import steps
from cockpit.contracts.examples import validator_of
from cockpit.contracts.mock.reply import Fault
from cockpit.domain.openapi import lookup
from cockpit.domain.text import one_line

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?")
_MOST_STEPS = 1_000_000
_MOST_FAULTS = 50
_WORDS = {"true": True, "false": False}


class Values:
    """Checks values against the schemas of one contract. Several threads may use it."""

    def __init__(self, contract: dict[str, Any]) -> None:
        self._contract = contract
        self._known: dict[int, Any] = {}
        self._simplest: dict[int, tuple[Any] | None] = {}

    def faults(self, schema: Any, value: Any, where: tuple[str | int, ...]) -> list[Fault]:
        """Return what is wrong with `value`; nothing where the schema cannot be used or costs too much."""
        if id(schema) not in self._known:
            self._known[id(schema)] = validator_of(self._contract, schema)[0]
        validator = self._known[id(schema)]
        if (
            validator is None
            or steps(schema, value, partial(lookup, self._contract), _MOST_STEPS) > _MOST_STEPS
        ):
            return []
        return [_fault(error, where) for error in islice(validator.iter_errors(value), _MOST_FAULTS)]

    def parameter_faults(self, schema: Any, texts: list[str], where: tuple[str | int, ...]) -> list[Fault]:
        """Return what is wrong with a parameter that came as `texts`, read as whatever it can mean."""
        found: list[list[Fault]] = []
        for value in readings(texts):
            faults = self.faults(schema, value, where)
            if not faults:
                return []
            found.append(faults)
        return found[-1]

    def simplest(self, schema: Any) -> tuple[Any] | None:
        """Return the simplest value that fits `schema`, in a tuple; None where nobody could tell one."""
        from cockpit.contracts.schema import Checker, Outcome

        if id(schema) not in self._simplest:
            # What fits the schema and not `false` is any value that fits the schema.
            answer = Checker(self._contract, self._contract).subset(schema, False)
            found = (answer.value,) if answer.outcome is Outcome.NOT_SUBSET else None
            self._simplest[id(schema)] = found
        return self._simplest[id(schema)]


def readings(texts: list[str]) -> Iterator[Any]:
    """Yield what the texts of a parameter can mean: one text, a list of texts, and both with JSON scalars."""
    if len(texts) == 1:
        yield texts[0]
    yield list(texts)
    scalars = [_scalar(text) for text in texts]
    if scalars != texts:
        yield scalars
        if len(scalars) == 1:
            yield scalars[0]


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    return json.loads(text) if _NUMBER.fullmatch(text) else text


def _fault(error: Any, where: tuple[str | int, ...]) -> Fault:
    place = (*where, *error.instance_path)
    missing = getattr(error.kind, "property", None)
    if error.kind.name == "required" and isinstance(missing, str):
        return Fault("missing", (*place, missing), "Field required")
    return Fault(error.kind.name, place, one_line(error.message, 200), error.instance)
