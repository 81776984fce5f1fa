"""Does an independent validator accept a value? jsonschema-rs, offline, on what a schema refers to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cockpit.contracts.conformance.pointers import LostError, named, split
from cockpit.contracts.effort import steps
from cockpit.contracts.validating import validator
from cockpit.domain.openapi import lookup

_ROOT = "x-cockpit-schema"
_MOST_STEPS = 200_000
_MOST_REFERENCES = 20_000
_DATA = ("enum", "const", "default", "examples", "example")


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why a value is rejected.

    `inside` are the keys that lead to the part of the value, `pointer` is that of the schema object that
    holds `keyword`: into the document, or behind "@" into the schema that was asked about.
    """

    inside: tuple[str | int, ...]
    pointer: str
    keyword: str


class Validator:
    """Validates values against schemas out of one document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._known: dict[str, Any] = {}
        # The text of the schema that was asked about last: a long enumeration is asked about for each member.
        self._last: tuple[Any, str] = (None, "null")

    def accepts(self, schema: Any, value: Any) -> bool | None:
        """Return whether `schema` accepts `value`, None where nobody can tell within bounds."""
        if schema is True or schema is False:
            return schema
        validator = self._of(schema, value)
        try:
            return None if validator is None else bool(validator.is_valid(value))
        except ValueError:  # half of a surrogate pair: no text that the validator can be given
            return None

    def faults(self, schema: Any, value: Any) -> list[Fault]:
        """Return why `schema` rejects `value`; of a union, why the branch that fits best does."""
        validator = None if isinstance(schema, bool) else self._of(schema, value)
        if validator is None:
            return []
        try:
            found = [fault for error in validator.iter_errors(value) for fault in _deepest(error)]
        except ValueError:
            return []
        return sorted(found, key=lambda fault: -len(fault.inside))

    def _of(self, schema: Any, value: Any) -> Any | None:
        try:
            if self._last[0] is not schema:
                self._last = (schema, json.dumps(schema, sort_keys=True))
            key = self._last[1]
            if key not in self._known:
                self._known[key] = _closure(self._document, schema)
            whole = self._known[key]
            if whole is None:
                return None
            if isinstance(whole, dict):
                whole = validator(whole)
                self._known[key] = whole
        except (LostError, ValueError, TypeError, RecursionError):
            self._known[key] = None
            return None
        if steps(schema, value, lambda ref: lookup(self._document, ref), _MOST_STEPS) > _MOST_STEPS:
            return None
        return whole


def _closure(document: dict[str, Any], schema: Any) -> dict[str, Any]:
    """Return a document with `schema` and every part that it refers to, each under its own pointer."""
    parts: dict[str, Any] = {}
    waiting = list(_references(schema))
    while waiting:
        reference = waiting.pop()
        if reference in parts:
            continue
        node = named(document, reference)
        parts[reference] = node.value
        if len(parts) > _MOST_REFERENCES:
            raise LostError("too many references")
        waiting += _references(node.value)
    whole: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": f"#/{_ROOT}",
        _ROOT: schema,
    }
    # Shorter pointers first: a part inside another one is there already then.
    for reference in sorted(parts, key=len):
        holder: Any = whole
        *way, last = split(named(document, reference).pointer) or [""]
        for step in way:
            holder = holder.setdefault(step, {}) if isinstance(holder, dict) else None
        if isinstance(holder, dict):
            holder.setdefault(last, parts[reference])
    return whole


def _references(schema: Any) -> Iterator[str]:
    waiting = [schema]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            waiting += [item for key, item in value.items() if key not in _DATA]


def _deepest(error: Any) -> list[Fault]:
    """The reasons of one error; of the branches of a union, those of the branch that fits best."""
    branches = getattr(error.kind, "context", None)
    path = tuple(error.instance_path)
    if branches:
        inner = [[fault for part in branch for fault in _deepest(part)] for branch in branches if branch]
        # A branch fits the better the deeper inside the value it fails, and the less often.
        best = max(inner, key=lambda faults: (min(len(f.inside) for f in faults), -len(faults)), default=[])
        if best and min(len(fault.inside) for fault in best) > len(path):
            return best
    *holder, keyword = (str(part) for part in error.schema_path)
    at = holder[1:] if holder[:1] == [_ROOT] else holder
    pointer = "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in at)
    return [Fault(path, ("@" if holder[:1] == [_ROOT] else "") + pointer, keyword)]
