"""What can a service read out of a parameter's text? Parameters travel as texts, whatever their type.

`5` and `"5"` are one text, so a service that wants a text takes a number, and one that wants a number
takes the text "5". A schema is widened by what its texts may be before it is compared, and a value that
shows a difference counts only if no reading of its text is accepted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from cockpit.contracts.conformance.pointers import LostError, Node, followed

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_WORDS = {
    "true": True, "false": False, "1": True, "0": False, "on": True, "off": False,
    "yes": True, "no": False, "t": True, "f": False, "y": True, "n": False,
}  # fmt: skip
_SCALARS = ["boolean", "number", "string"]
# Keywords that say something of a text; `format` only where it is enforced, and then by its name.
_OF_TEXTS = (
    "minLength", "maxLength", "pattern", "format", "enum", "const", "not", "allOf", "anyOf", "oneOf", "if",
    "$ref",
)  # fmt: skip
_SAYING = (
    "type", "enum", "const", "anyOf", "oneOf", "allOf", "not", "if", "$ref", "items", "prefixItems",
    "properties", "additionalProperties",
)  # fmt: skip
# Unions inside unions are widened as deep as people write them, and no deeper.
_MOST_DEPTH = 3
_MOST_PARTS = 20
_MOST_VALUES = 1_000


def widened(document: dict[str, Any], schema: Any, *, repeated: bool = False) -> Any:
    """Return `schema` with what its texts may also be: numbers and booleans where any text will do.

    With `repeated` an array is written as one text for each item, so that one text alone is an array too.
    """
    return _widened(document, schema, repeated, 0)


def sendable(document: dict[str, Any], schema: Any) -> Any:
    """Return `schema` without null, which no text can be; where it says nothing, any text."""
    inner = _resolved(document, schema)
    if inner is True:
        return {"type": _SCALARS}
    if not isinstance(inner, dict):
        return schema
    if not any(key in inner for key in _SAYING):
        return {**inner, "type": _SCALARS}
    for keyword in ("anyOf", "oneOf"):
        branches = inner.get(keyword)
        if isinstance(branches, list):
            kept = [branch for branch in branches if not _is_null(document, branch)]
            if kept and len(kept) < len(branches):
                return {**inner, keyword: kept}
    kinds = inner.get("type")
    if isinstance(kinds, list) and "null" in kinds and len(kinds) > 1:
        return {**inner, "type": [kind for kind in kinds if kind != "null"]}
    return schema


def form(document: dict[str, Any], schema: Any, field: Callable[[dict[str, Any], Any], Any]) -> Any:
    """Return the schema of a form with `field` applied to the schema of each field."""
    inner = _resolved(document, schema)
    properties = inner.get("properties") if isinstance(inner, dict) else None
    if not isinstance(properties, dict):
        return schema
    return {**inner, "properties": {name: field(document, part) for name, part in properties.items()}}


def refused(value: Any, accepts: Callable[[Any], bool | None]) -> bool | None:
    """Return whether no reading of the text of `value` is accepted, None where nobody can tell."""
    said = [accepts(reading) for reading in readings(value)]
    if True in said:
        return False
    return None if None in said else True


def readings(value: Any) -> list[Any]:
    """Return what the text of `value` can be read as, `value` itself first."""
    found: list[Any] = [value]
    if isinstance(value, list):
        texts = [readings(item) for item in value]
        found += [[item[-1] for item in texts], [_text(item) for item in value]]
        found.append([next((r for r in item if isinstance(r, int | float)), item[0]) for item in texts])
    elif not isinstance(value, dict) and value is not None:
        text = _text(value)
        found.append(text)
        if _NUMBER.fullmatch(text):
            found.append(json.loads(text))
        if text.lower() in _WORDS:
            found.append(_WORDS[text.lower()])
    unique: list[Any] = []
    seen = set()
    for reading in found:
        key = json.dumps(reading)
        if key not in seen:
            seen.add(key)
            unique.append(reading)
    return unique


def finite(document: dict[str, Any], schema: Any) -> list[Any] | None:
    """Return every value of `schema` that is no null, None where there may be others."""
    found: list[Any] = []
    waiting = [schema]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return found
        inner = _resolved(document, waiting.pop())
        if not isinstance(inner, dict) or len(found) > _MOST_VALUES:
            return None
        listed = next((inner[key] for key in ("anyOf", "oneOf") if isinstance(inner.get(key), list)), None)
        if "const" in inner:
            found.append(inner["const"])
        elif isinstance(inner.get("enum"), list):
            found += inner["enum"]
        elif inner.get("type") == "boolean":
            found += [True, False]
        elif listed is not None:
            waiting += listed
        elif inner.get("type") != "null":
            return None
        found = [value for value in found if value is not None]
    return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _widened(document: dict[str, Any], schema: Any, repeated: bool, depth: int) -> Any:
    inner = _resolved(document, schema)
    if not isinstance(inner, dict) or depth > _MOST_DEPTH:
        return schema
    branches = inner.get("anyOf")
    if isinstance(branches, list) and len(branches) <= _MOST_PARTS:
        return {**inner, "anyOf": [_widened(document, branch, repeated, depth + 1) for branch in branches]}
    kinds = inner.get("type")
    if kinds == "string" or (isinstance(kinds, list) and "string" in kinds):
        if any(key in inner for key in _OF_TEXTS):
            return schema
        others = [kind for kind in kinds if kind not in _SCALARS] if isinstance(kinds, list) else []
        return {**inner, "type": [*_SCALARS, *others]}
    if kinds == "array":
        items = _widened(document, inner.get("items", True), False, depth + 1)
        array = {**inner, "items": items} if "items" in inner else inner
        least = inner.get("minItems", 0)
        if repeated and "prefixItems" not in inner and isinstance(least, int | float) and least <= 1:
            # Arrays and objects cannot be one text.
            alone = {"allOf": [items, {"type": _SCALARS}]}
            return {"anyOf": [array, alone]}
        return array
    return schema


def _is_null(document: dict[str, Any], schema: Any) -> bool:
    inner = _resolved(document, schema)
    return isinstance(inner, dict) and (inner.get("type") == "null" or inner.get("const", 0) is None)


def _resolved(document: dict[str, Any], schema: Any) -> Any:
    """Follow a reference that stands alone."""
    if isinstance(schema, dict) and set(schema) == {"$ref"}:
        try:
            return followed(document, Node(schema, "")).value
        except LostError:
            return schema
    return schema
