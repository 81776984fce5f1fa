"""What does a schema say of one part of a value? Every schema object that speaks of it, with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from cockpit.contracts.conformance.pointers import LostError, Node, join, named

_MOST = 200
_TYPES: dict[str, Any] = {
    "null": type(None), "boolean": bool, "number": (int, float), "integer": (int, float),
    "string": str, "array": list, "object": dict,
}  # fmt: skip


def speaking(document: dict[str, Any], root: Node, way: Sequence[str | int], value: Any) -> list[Node]:
    """Return the schema objects below `root` that speak of the part of `value` at `way`, nearest first.

    Branches of unions that cannot be meant, by the type of the part or by a constant in it, are left out.
    """
    nodes = list(_expanded(document, [root], value))
    for key in way:
        part = _part(value, key)
        inner = [found for node in nodes for found in _below(node, key)]
        value = part
        nodes = list(_expanded(document, inner, value))
    return nodes


def _expanded(document: dict[str, Any], nodes: list[Node], value: Any) -> Iterator[Node]:
    """The nodes, and what they refer to or are made of."""
    waiting = list(reversed(nodes))
    seen: set[str] = set()
    while waiting and len(seen) < _MOST:
        node = waiting.pop()
        schema = node.value
        if node.pointer in seen or not isinstance(schema, dict):
            continue
        seen.add(node.pointer)
        if not fits(document, schema, value):
            continue
        yield node
        more: list[Node] = []
        if isinstance(schema.get("$ref"), str):
            try:
                more.append(named(document, schema["$ref"]))
            except LostError:
                continue
        for keyword in ("allOf", "anyOf", "oneOf"):
            branches = schema.get(keyword)
            if isinstance(branches, list):
                more += [
                    Node(branch, join(node.pointer, keyword, index)) for index, branch in enumerate(branches)
                ]
        waiting += reversed(more)


def fits(document: dict[str, Any], schema: dict[str, Any], value: Any) -> bool:
    """False if `schema` cannot be meant for `value`: its type differs, or a constant that tells variants."""
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if isinstance(kinds, list) and kinds and not any(is_of(value, kind) for kind in kinds):
        return False
    properties = schema.get("properties")
    if isinstance(value, dict) and isinstance(properties, dict):
        for name, part in properties.items():
            if isinstance(part, dict) and isinstance(part.get("const"), str) and name in value:
                return bool(value[name] == part["const"])
    return True


def is_of(value: Any, kind: Any) -> bool:
    """True if `value` is of the type `kind` of JSON Schema; an unknown type is taken for any."""
    wanted = _TYPES.get(kind) if isinstance(kind, str) else None
    if wanted is None:
        return True
    return isinstance(value, wanted) and (kind == "boolean" or not isinstance(value, bool))


def _below(node: Node, key: str | int) -> Iterator[Node]:
    schema = node.value
    if isinstance(key, int):
        first = schema.get("prefixItems")
        if isinstance(first, list) and key < len(first):
            yield Node(first[key], join(node.pointer, "prefixItems", key))
        elif "items" in schema:
            yield Node(schema["items"], join(node.pointer, "items"))
        return
    properties = schema.get("properties")
    declared = isinstance(properties, dict) and key in properties
    if declared:
        yield Node(properties[key], join(node.pointer, "properties", key))
    patterns = schema.get("patternProperties")
    for pattern, part in patterns.items() if isinstance(patterns, dict) else ():
        if _matches(pattern, key):
            declared = True
            yield Node(part, join(node.pointer, "patternProperties", pattern))
    if not declared and "additionalProperties" in schema:
        yield Node(schema["additionalProperties"], join(node.pointer, "additionalProperties"))


def _matches(pattern: str, name: str) -> bool:
    """Whether a name matches; only for finding a place, so patterns that could take long are not tried."""
    if len(pattern) > 100 or len(name) > 100 or re.search(r"[*+}]\)?[*+{]", pattern):
        return False
    try:
        return re.search(pattern, name) is not None
    except re.error:
        return False


def _part(value: Any, key: str | int) -> Any:
    if isinstance(value, dict) and key in value:
        return value[key]
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return value[key]
    return None
