"""What does a schema demand, piece by piece? All pieces together demand what the schema does, or less."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cockpit.contracts.conformance.paths import Items, Matching, Name, Others, Place, Step
from cockpit.contracts.conformance.pointers import LostError, Node, join, named

# Keywords that are judged alone, in the order in which they are worth reading.
_ALONE = (
    "type", "enum", "const", "format", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum",
    "multipleOf", "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems",
    "minProperties", "maxProperties", "propertyNames", "dependentRequired", "dependentSchemas", "not",
)  # fmt: skip
# Keywords that only say something together.
_TOGETHER = (("contains", "minContains", "maxContains"), ("if", "then", "else"))
# What these demand depends on everything that stands beside them.
_BESIDE = ("unevaluatedProperties", "unevaluatedItems", "$dynamicRef")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A demand that is judged as a whole. `name` is the property that it asks for, `step` where it is."""

    keyword: str
    demand: Any
    pointer: str
    name: str | None = None
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Inner:
    """A schema inside that is looked into: of the same value, or of a part of it where there is a `step`."""

    step: Step | None
    node: Node
    reference: bool = False


@dataclass(frozen=True, slots=True)
class Union:
    """One of several schemas must fit (`anyOf`), or exactly one (`oneOf`)."""

    keyword: str
    branches: tuple[Node, ...]
    pointer: str


Part = Leaf | Inner | Union


def parts(document: dict[str, Any], node: Node) -> Iterator[Part]:
    """Yield the pieces of the schema at `node`."""
    schema = node.value
    if not isinstance(schema, dict):
        if schema is not True:
            yield Leaf("false", schema if isinstance(schema, bool) else False, node.pointer)
        return
    if isinstance(schema.get("$ref"), str):
        try:
            yield Inner(None, named(document, schema["$ref"]), reference=True)
        except LostError:
            yield Leaf("$ref", {"$ref": schema["$ref"]}, join(node.pointer, "$ref"))
    for keyword in _ALONE:
        if keyword in schema:
            yield Leaf(keyword, {keyword: schema[keyword]}, join(node.pointer, keyword))
    yield from _of_objects(node, schema)
    yield from _of_arrays(node, schema)
    for keywords in _TOGETHER:
        if keywords[0] in schema:
            group = {keyword: schema[keyword] for keyword in keywords if keyword in schema}
            yield Leaf(keywords[0], group, join(node.pointer, keywords[0]))
    for index, branch in enumerate(_list(schema.get("allOf"))):
        yield Inner(None, Node(branch, join(node.pointer, "allOf", index)))
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            at = join(node.pointer, keyword)
            branches = [Node(branch, join(at, i)) for i, branch in enumerate(_list(schema[keyword]))]
            yield Union(keyword, tuple(branches), at)
    for keyword in _BESIDE:
        if keyword in schema:
            yield Leaf(keyword, schema, join(node.pointer, keyword))


def _of_objects(node: Node, schema: dict[str, Any]) -> Iterator[Part]:
    for index, name in enumerate(_list(schema.get("required"))):
        if isinstance(name, str):
            yield Leaf("required", {"required": [name]}, join(node.pointer, "required", index), name=name)
    properties, patterns = _dict(schema.get("properties")), _dict(schema.get("patternProperties"))
    for name, part in properties.items():
        yield Inner(Name(name), Node(part, join(node.pointer, "properties", name)))
    for pattern, part in patterns.items():
        yield Inner(Matching(pattern), Node(part, join(node.pointer, "patternProperties", pattern)))
    if "additionalProperties" in schema:
        others = Others(tuple(properties), tuple(patterns))
        yield _rest(others, node, "additionalProperties")


def _of_arrays(node: Node, schema: dict[str, Any]) -> Iterator[Part]:
    first = _list(schema.get("prefixItems"))
    for index, part in enumerate(first):
        yield Inner(Place(index), Node(part, join(node.pointer, "prefixItems", index)))
    if "items" in schema:
        yield _rest(Items(len(first)), node, "items")


def _rest(step: Step, node: Node, keyword: str) -> Part:
    """What is demanded of everything that no other keyword names."""
    inner = Node(node.value[keyword], join(node.pointer, keyword))
    if inner.value is False:
        return Leaf(keyword, False, inner.pointer, step=step)
    return Inner(step, inner)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
