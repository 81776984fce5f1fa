"""What do `unevaluatedProperties` and `unevaluatedItems` say, where that depends on no value?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_BRANCHES = ("anyOf", "oneOf", "if", "then", "else", "not", "dependentSchemas")
_MOST = 200


class Unclear(Exception):  # noqa: N818 - the reader turns it into an opaque node
    """Which parts were looked at depends on the value: `reason` says by which keyword."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def evaluated(schema: dict[str, Any], keyword: str, follow: Callable[[Any], Any]) -> dict[str, Any] | None:
    """Return a schema that asserts the same as `keyword` beside the rest, None if it asserts nothing.

    `follow` returns what a local reference names. Raises Unclear.
    """
    parts: list[dict[str, Any]] = []
    waiting: list[Any] = [schema]
    while waiting:
        part = waiting.pop()
        if len(parts) > _MOST:
            raise Unclear("too many parts")
        if not isinstance(part, dict):
            if isinstance(part, bool):
                continue
            raise Unclear("a part cannot be read")
        if any(part is known for known in parts):
            continue
        parts.append(part)
        for branching in _BRANCHES:
            inner = part.get(branching, [])
            if branching == "dependentSchemas" and isinstance(inner, dict):
                inner = list(inner.values())
            if not _plain(inner):
                raise Unclear(f"what is evaluated depends on {branching}")
        if part is not schema and keyword in part:
            raise Unclear("it stands in two places")
        waiting += part.get("allOf", []) if isinstance(part.get("allOf"), list) else []
        if "$ref" in part:
            waiting.append(follow(part["$ref"]))
    return _properties(schema, parts) if keyword == "unevaluatedProperties" else _items(schema, parts)


def _properties(schema: dict[str, Any], parts: list[dict[str, Any]]) -> dict[str, Any] | None:
    if any("additionalProperties" in part for part in parts):
        return None
    names = {name for part in parts for name in _mapping(part, "properties")}
    patterns = {name for part in parts for name in _mapping(part, "patternProperties")}
    return {
        "properties": dict.fromkeys(names, True),
        "patternProperties": dict.fromkeys(patterns, True),
        "additionalProperties": schema["unevaluatedProperties"],
    }


def _items(schema: dict[str, Any], parts: list[dict[str, Any]]) -> dict[str, Any] | None:
    if any("contains" in part for part in parts):
        raise Unclear("what is evaluated depends on contains")
    if any("items" in part for part in parts):
        return None
    lengths = [len(part["prefixItems"]) for part in parts if isinstance(part.get("prefixItems"), list)]
    return {"prefixItems": [True] * max(lengths, default=0), "items": schema["unevaluatedItems"]}


def _mapping(part: dict[str, Any], keyword: str) -> dict[str, Any]:
    value = part.get(keyword, {})
    if not isinstance(value, dict):
        raise Unclear(f"{keyword} cannot be read")
    return value


_LOOKING = frozenset(
    {
        "properties", "patternProperties", "additionalProperties", "unevaluatedProperties", "prefixItems",
        "items", "contains", "unevaluatedItems", "$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if",
        "not", "then", "else", "dependentSchemas",
    }
)  # fmt: skip


def _plain(value: Any) -> bool:
    """True if nothing in a branch looks at properties or items, so that it evaluates none."""
    if isinstance(value, bool):
        return True
    if isinstance(value, list):
        return all(_plain(item) for item in value)
    return isinstance(value, dict) and _LOOKING.isdisjoint(value)
