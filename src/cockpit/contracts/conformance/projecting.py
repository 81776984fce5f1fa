"""What at most can a part of a value be? The schema object that bounds it, without asking the algebra.

Whatever bounds a part may be larger than what the part really can be: a proof for the bound is a proof for
the part. Components are bounds that many operations share, so a proof is found once for all of them.
"""

from __future__ import annotations

from typing import Any

from cockpit.contracts.conformance.paths import Items, Name, Place, Step
from cockpit.contracts.conformance.pointers import LostError, Node, join, named
from cockpit.contracts.conformance.variants import Outline, outline

_MOST_DEPTH = 12
_MOST_LOOKS = 100
_NOTHING_ELSE = {"$ref", "title", "description", "default", "examples", "deprecated"}


def part_of(document: dict[str, Any], node: Node, step: Step) -> Node | None:
    """Return a bound of the parts that `step` leads to in values of `node`; None where none is declared."""
    return _part_of(document, node, step, {})


def _part_of(document: dict[str, Any], node: Node, step: Step, known: dict[str, Node | None]) -> Node | None:
    """Each schema object is looked at once, however often unions and references lead to it."""
    if node.pointer not in known and len(known) < _MOST_LOOKS:
        known[node.pointer] = None
        known[node.pointer] = _looked(document, node, step, known)
    return known.get(node.pointer)


def _looked(document: dict[str, Any], node: Node, step: Step, known: dict[str, Node | None]) -> Node | None:
    schema = node.value
    if not isinstance(schema, dict):
        return None
    found = _declared(node, step)
    if found is not None:
        return found
    for inner in _conjuncts(document, node):
        found = _part_of(document, inner, step, known)
        if found is not None:
            return found
    kind = "object" if isinstance(step, Name) else "array"
    for keyword in ("anyOf", "oneOf"):
        branches = schema.get(keyword)
        if not isinstance(branches, list):
            continue
        whole = [Node(branch, join(node.pointer, keyword, index)) for index, branch in enumerate(branches)]
        fitting = [branch for branch in whole if kind in outline(document, branch).types]
        parts = [_part_of(document, branch, step, known) for branch in fitting]
        bounds = [part for part in parts if part is not None]
        if not bounds or len(bounds) < len(parts):
            return None
        return bounds[0] if len(bounds) == 1 else Node({"anyOf": [part.value for part in bounds]}, "")
    return None


def resolved(document: dict[str, Any], node: Node) -> Node:
    """Return `node`, or what it refers to where it says nothing else: so a bound has one place."""
    for _ in range(_MOST_DEPTH):
        if not (isinstance(node.value, dict) and isinstance(node.value.get("$ref"), str)):
            return node
        if not set(node.value) <= _NOTHING_ELSE:
            return node
        try:
            node = named(document, node.value["$ref"])
        except LostError:
            return node
    return node


def variant_of(document: dict[str, Any], node: Node, meant: Outline, depth: int = 0) -> Node:
    """Return a bound of the values of `node` that can be of the variant `meant`."""
    schema = node.value
    if not isinstance(schema, dict) or depth > _MOST_DEPTH:
        return node
    for keyword in ("anyOf", "oneOf"):
        branches = schema.get(keyword)
        if not isinstance(branches, list):
            continue
        whole = [Node(branch, join(node.pointer, keyword, index)) for index, branch in enumerate(branches)]
        fitting = [branch for branch in whole if not outline(document, branch).excludes(meant)]
        if len(fitting) == 1:
            return variant_of(document, fitting[0], meant, depth + 1)
        return Node({"anyOf": [branch.value for branch in fitting]}, "") if fitting else node
    if isinstance(schema.get("$ref"), str):
        try:
            return variant_of(document, named(document, schema["$ref"]), meant, depth + 1)
        except LostError:
            return node
    return node


def _conjuncts(document: dict[str, Any], node: Node) -> list[Node]:
    """What a value of `node` must fit beside it."""
    found = []
    if isinstance(node.value.get("$ref"), str):
        try:
            found.append(named(document, node.value["$ref"]))
        except LostError:
            return []
    branches = node.value.get("allOf")
    if isinstance(branches, list):
        found += [Node(branch, join(node.pointer, "allOf", index)) for index, branch in enumerate(branches)]
    return found


def _declared(node: Node, step: Step) -> Node | None:
    if isinstance(step, Name):
        properties = node.get("properties")
        return None if properties is None else properties.get(step.name)
    if isinstance(step, Place):
        first = node.value.get("prefixItems")
        if isinstance(first, list) and step.index < len(first):
            return node.at("prefixItems", step.index)
        return node.get("items")
    first = node.value.get("prefixItems")
    if isinstance(step, Items) and (not first or len(first) <= step.first):
        return node.get("items")
    return None
