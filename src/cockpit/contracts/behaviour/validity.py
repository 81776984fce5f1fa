"""Is a value valid under a schema of the contract? jsonschema_rs says so, within bounds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from cockpit.contracts.behaviour.answers import escaped
from cockpit.contracts.effort import steps
from cockpit.contracts.examples import PART, validator_of
from cockpit.domain.openapi import lookup
from cockpit.domain.text import one_line

MOST_STEPS = 1_000_000  # about a second of the validator
_MOST_ERRORS = 3


class Fault(NamedTuple):
    """What is wrong with a value: where, in words, and the keyword that says so ("minimum: 3").

    `schema_at` is where that keyword stands: a JSON pointer into the contract, or into the schema that was
    asked about where `inside` is true.
    """

    pointer: str
    said: str
    keyword: str
    schema_at: str
    inside: bool


def _pointer(parts: Iterable[Any]) -> str:
    return "".join(f"/{escaped(str(part))}" for part in parts)


class Validity:
    """Asks about values under the schemas of one contract; each validator is made once."""

    def __init__(self, contract: dict[str, Any]) -> None:
        self.lookup = partial(lookup, contract)
        self.contract = contract
        self._validators: dict[int, tuple[Any, Any]] = {}
        self._patterns: dict[str, Any] = {}

    def faults(self, schema: Any, value: Any) -> list[Fault] | None:
        """Return the first faults of `value`, None if nobody can tell within bounds."""
        if steps(schema, value, self.lookup, MOST_STEPS) > MOST_STEPS:
            return None
        validator = self._validator(schema)
        if validator is None:
            return None
        return [self._fault(schema, error) for error in islice(validator.iter_errors(value), _MOST_ERRORS)]

    def _fault(self, schema: Any, error: Any) -> Fault:
        way = [str(part) for part in error.schema_path]
        inside = way[:1] == [PART]
        at = _pointer(way[1:] if inside else way)
        found = lookup(schema, f"#{at}") if inside and isinstance(schema, dict) else self.lookup(f"#{at}")
        keyword = way[-1] if way else ""
        if keyword and not isinstance(found, dict | list):
            keyword = f"{keyword}: {one_line(json.dumps(found), 80)}"
        return Fault(_pointer(error.instance_path), one_line(error.message, 240), keyword, at, inside)

    def fits(self, schema: Any, value: Any) -> bool:
        """True if `value` is valid under `schema`; a branch of which nobody can tell counts as taken."""
        names = schema.get("propertyNames") if isinstance(schema, dict) and len(schema) == 1 else None
        if isinstance(names, dict):
            # Asked with a new schema for every key: the one that was asked first has the validator.
            schema = self._patterns.setdefault(str(names.get("pattern")), schema)
        if steps(schema, value, self.lookup, MOST_STEPS) > MOST_STEPS:
            return True
        validator = self._validator(schema)
        return validator is None or bool(validator.is_valid(value))

    def _validator(self, schema: Any) -> Any:
        if id(schema) not in self._validators:
            # The schema is kept beside it, so that its identity is nobody else's.
            self._validators[id(schema)] = (validator_of(self.contract, schema)[0], schema)
        return self._validators[id(schema)][0]
