"""How many steps may it take to check a value against a schema? Schemas that branch can double them at will.

Forty references that each offer the next one twice make a trillion steps of four kilobytes. What stands
in a contract is foreign, and reading it must end: the steps are counted beforehand, each pair of schema
and value once, and a value whose check would take too many is not checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

_LISTS = ("allOf", "anyOf", "oneOf")
_SINGLE = ("not", "if", "then", "else")
# Without one of these every part of a value is looked at once for each schema that names it.
BRANCHING = frozenset(
    {*_LISTS, *_SINGLE, "patternProperties", "contains", "dependentSchemas", "unevaluatedProperties",
     "unevaluatedItems", "$dynamicRef"}
)  # fmt: skip
_ELSEWHERE = frozenset({"$id", "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef"})
_MOST_PAIRS = 100_000
_MOST_DEPTH = 300

Pair = tuple[Any, Any]


class _TooHardError(Exception):
    pass


def steps(schema: Any, value: Any, lookup: Callable[[str], Any], most: int) -> int:
    """Return an upper bound of the steps to check `value` against `schema`; `most` + 1 for more than that.

    `lookup` returns what a local reference names, None where it names nothing. References that are
    resolved in another way (by anchors, or against an `$id`) count as too many: nobody can tell.
    """
    known: dict[tuple[int, int], int] = {}

    def count(schema: Any, value: Any, depth: int) -> int:
        if not isinstance(schema, dict):
            return 1
        if not _ELSEWHERE.isdisjoint(schema):
            raise _TooHardError
        key = (id(schema), id(value))
        if key in known:
            return known[key]
        if len(known) > _MOST_PAIRS or depth > _MOST_DEPTH:
            raise _TooHardError
        known[key] = 1  # what comes back to itself without going down the value ends there
        total = 1
        reference = schema.get("$ref")
        if isinstance(reference, str):
            named = lookup(reference)
            if named is None:
                raise _TooHardError
            total += count(named, value, depth + 1)
        for inner_schema, inner_value in _inner(schema, value):
            total += count(inner_schema, inner_value, depth + 1)
            if total > most:
                raise _TooHardError
        known[key] = total
        return total

    try:
        return count(schema, value, 0)
    except _TooHardError:
        return most + 1


def _inner(schema: dict[str, Any], value: Any) -> Iterator[Pair]:
    """Every pair of schema and value that checking this pair may lead to."""
    for keyword in _LISTS:
        parts = schema.get(keyword)
        for part in parts if isinstance(parts, list) else ():
            yield part, value
    for keyword in _SINGLE:
        if keyword in schema:
            yield schema[keyword], value
    dependent = schema.get("dependentSchemas")
    for part in dependent.values() if isinstance(dependent, dict) else ():
        yield part, value
    if isinstance(value, dict):
        yield from _of_object(schema, value)
    elif isinstance(value, list):
        yield from _of_array(schema, value)


def _of_object(schema: dict[str, Any], value: dict[str, Any]) -> Iterator[Pair]:
    properties, patterns = schema.get("properties"), schema.get("patternProperties")
    rest = [schema[key] for key in ("additionalProperties", "unevaluatedProperties") if key in schema]
    rest += patterns.values() if isinstance(patterns, dict) else ()
    for name, item in value.items():
        if isinstance(properties, dict) and name in properties:
            yield properties[name], item
        for part in rest:
            yield part, item


def _of_array(schema: dict[str, Any], value: list[Any]) -> Iterator[Pair]:
    first = schema.get("prefixItems")
    rest = [schema[key] for key in ("items", "contains", "unevaluatedItems") if key in schema]
    for index, item in enumerate(value):
        if isinstance(first, list) and index < len(first):
            yield first[index], item
        for part in rest:
            yield part, item
