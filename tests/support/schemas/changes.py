"""Which changes can one subschema undergo? Each with what it does to the set of accepted values."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from random import Random
from typing import Any


class Effect(Enum):
    """What a change does to the set of accepted values, by its construction."""

    EQUAL = "equal"
    WIDER = "wider"
    NARROWER = "narrower"
    OTHER = "other"


Node = dict[str, Any]
Change = tuple[Node, Effect]
_LOW = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_HIGH = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
# Keywords that assert by themselves: without one of them the schema accepts no less.
_DROPPABLE = (
    *_LOW, *_HIGH, "type", "enum", "const", "pattern", "format", "required", "uniqueItems",
    "multipleOf", "not",
    "propertyNames", "dependentRequired", "dependentSchemas", "anyOf", "allOf", "oneOf", "discriminator",
)  # fmt: skip
_SAME_PATTERN = {
    "^[0-9]+$": "^[0-9][0-9]*$", "^[a-z]+$": "^[a-z]{1,}$", "^a": "^a[\\s\\S]*$", "^(ab)*$": "^(?:ab)*$",
    "^\\d{2,3}$": "^[0-9]{2}[0-9]?$", "^[A-Z]{2}$": "^[A-Z][A-Z]$", "a|b": "[ab]", "": "^",
    "^a?b?$": "^(|a|b|ab)$",
}  # fmt: skip
_PATTERNS = ("^[a-z]+$", "^[a-z0-9]+$", "^[0-9]+$", "^a", "^[A-Z]{2}$", "^[a-z]{1,8}$", "b$", "^$")


def _whole(node: Node) -> bool:
    return node.get("type") == "integer"


def bound(node: Node, rng: Random) -> Change | None:
    """One bound moved by a step."""
    keys = [key for key in (*_LOW, *_HIGH) if key in node]
    if not keys:
        return None
    key = rng.choice(keys)
    step = rng.choice((1, -1, 0.5, -0.5) if key in ("minimum", "maximum") else (1, -1))
    if node[key] + step < 0 and key not in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        return None
    effect = Effect.NARROWER if (step > 0) == (key in _LOW) else Effect.WIDER
    if abs(node[key]) > 1e15:
        return None
    return {**node, key: node[key] + step}, effect


def strictness(node: Node, rng: Random) -> Change | None:
    """A strict bound of an integer written as the next one, or the other way round."""
    pairs = (("exclusiveMinimum", "minimum", 1), ("exclusiveMaximum", "maximum", -1))
    for strict, loose, step in rng.sample(pairs, 2):
        for old, new, by in ((strict, loose, step), (loose, strict, -step)):
            if old in node and new not in node and _whole(node) and isinstance(node[old], int):
                made = {key: value for key, value in node.items() if key != old}
                return {**made, new: node[old] + by}, Effect.EQUAL
    return None


def drop(node: Node, rng: Random) -> Change | None:
    """One assertion less."""
    keys = [key for key in _DROPPABLE if key in node]
    if not keys:
        return None
    gone = rng.choice(keys)
    return {key: value for key, value in node.items() if key != gone}, Effect.WIDER


def add(node: Node, rng: Random) -> Change | None:
    """One assertion more."""
    new: Node = rng.choice(
        (
            {"minLength": 1}, {"maxLength": 5}, {"pattern": rng.choice(_PATTERNS)}, {"minimum": 0},
            {"maximum": 10},
            {"exclusiveMinimum": 0}, {"multipleOf": 2}, {"minItems": 1}, {"maxItems": 3},
            {"uniqueItems": True},
            {"minProperties": 1}, {"maxProperties": 2}, {"required": ["a"]}, {"format": "date"},
            {"not": {"const": 0}},
            {"enum": ["a", 1, None]}, {"propertyNames": {"maxLength": 3}}, {"type": "string"},
        )
    )  # fmt: skip
    return ({**node, **new}, Effect.NARROWER) if not new.keys() & node.keys() else None


def members(node: Node, rng: Random) -> Change | None:
    """An enum with a member more or less, or the same written another way."""
    if "const" in node and "enum" not in node:
        made = {key: value for key, value in node.items() if key != "const"}
        return {**made, "enum": [node["const"]]}, Effect.EQUAL
    if not node.get("enum"):
        return None
    rest = {key: value for key, value in node.items() if key != "enum"}
    chance = rng.random()
    if chance < 0.4 and "anyOf" not in node:
        return {**rest, "anyOf": [{"const": member} for member in node["enum"]]}, Effect.EQUAL
    if chance < 0.7 and len(node["enum"]) > 1:
        return {**rest, "enum": node["enum"][1:]}, Effect.NARROWER
    if chance < 0.8:
        return {**rest, "enum": node["enum"][::-1]}, Effect.EQUAL
    return {**rest, "enum": [*node["enum"], rng.choice(("zz", 7, None, False))]}, Effect.WIDER


def required(node: Node, rng: Random) -> Change | None:
    """A declared property required, or no longer."""
    declared = node.get("properties")
    if not declared:
        return None
    name = rng.choice(list(declared))
    now = node.get("required", [])
    if name in now:
        return {**node, "required": [other for other in now if other != name]}, Effect.WIDER
    return {**node, "required": [*now, name]}, Effect.NARROWER


def property_set(node: Node, rng: Random) -> Change | None:
    """A property declared, or no longer declared."""
    declared = node.get("properties")
    if declared is None:
        return None
    rest = node.get("additionalProperties", True)
    if rng.random() < 0.5 and declared and "patternProperties" not in node and isinstance(rest, bool):
        gone = rng.choice(list(declared))
        made = {**node, "properties": {name: part for name, part in declared.items() if name != gone}}
        return made, Effect.WIDER if rest else Effect.NARROWER
    name = rng.choice(("nick", "extra"))
    if name in declared or "patternProperties" in node or not isinstance(rest, bool):
        return None
    made = {
        **node,
        "properties": {**declared, name: rng.choice(({"type": "string"}, {"type": "integer"}, True))},
    }
    return made, Effect.NARROWER if rest else Effect.WIDER


def closed(node: Node, rng: Random) -> Change | None:
    """Closed opened, open closed, or an open one typed."""
    if "properties" not in node and node.get("type") != "object":
        return None
    if "additionalProperties" in node:
        return {key: value for key, value in node.items() if key != "additionalProperties"}, Effect.WIDER
    return {**node, "additionalProperties": rng.choice((False, False, {"type": "string"}))}, Effect.NARROWER


def kind(node: Node, rng: Random) -> Change | None:
    """Another type, a wider one, or the same written another way."""
    now = node.get("type")
    if not isinstance(now, str):
        return None
    if now == "integer" and rng.random() < 0.7:
        if rng.random() < 0.5 and "multipleOf" not in node:
            return {**node, "type": "number", "multipleOf": 1}, Effect.EQUAL
        return {**node, "type": "number"}, Effect.WIDER
    if now == "number" and rng.random() < 0.5:
        return {**node, "type": "integer"}, Effect.NARROWER
    if rng.random() < 0.4:
        return {**node, "type": [now]}, Effect.EQUAL
    if now != "null" and rng.random() < 0.5:
        return {**node, "type": [now, "null"]}, Effect.WIDER
    return {**node, "type": rng.choice(("string", "integer", "boolean", "array", "object"))}, Effect.OTHER


def variants(node: Node, rng: Random) -> Change | None:
    """A variant more, less, twice, in another order, or oneOf in place of anyOf."""
    key = next((name for name in ("anyOf", "oneOf") if node.get(name)), None)
    if key is None:
        return None
    now = node[key]
    chance = rng.random()
    if chance < 0.2:
        return {**node, key: now[::-1]}, Effect.EQUAL
    if chance < 0.3 and key == "anyOf":
        return {**node, key: [*now, now[0]]}, Effect.EQUAL
    if chance < 0.6 and len(now) > 1:
        gone = rng.randrange(len(now))
        return {
            **node,
            key: now[:gone] + now[gone + 1 :],
        }, Effect.NARROWER if key == "anyOf" else Effect.OTHER
    if chance < 0.8:
        more = rng.choice(({"type": "null"}, {"type": "boolean"}, {"const": "zz"}, {"type": "array"}))
        return {**node, key: [*now, more]}, Effect.WIDER if key == "anyOf" else Effect.OTHER
    made = {name: value for name, value in node.items() if name not in (key, "discriminator")}
    other = "oneOf" if key == "anyOf" else "anyOf"
    return (
        ({**made, other: now}, Effect.NARROWER if key == "anyOf" else Effect.WIDER)
        if other not in node
        else None
    )


def nullable(node: Node, rng: Random) -> Change | None:
    """Null allowed as well, or no longer."""
    null = {"type": "null"}
    if null in node.get("anyOf", ()) and any(part != null for part in node["anyOf"]):
        return {**node, "anyOf": [part for part in node["anyOf"] if part != null]}, Effect.NARROWER
    return {"anyOf": [node, null]}, Effect.WIDER


def pattern(node: Node, rng: Random) -> Change | None:
    """The same pattern written another way, or another one."""
    now = node.get("pattern")
    if now is None:
        return None
    if now in _SAME_PATTERN and rng.random() < 0.7:
        return {**node, "pattern": _SAME_PATTERN[now]}, Effect.EQUAL
    return {**node, "pattern": rng.choice(_PATTERNS)}, Effect.OTHER


def wrapped(node: Node, rng: Random) -> Change | None:
    """The same schema inside an applicator that changes nothing."""
    made: Node = rng.choice(
        ({"allOf": [node]}, {"anyOf": [node]}, {"oneOf": [node]}, {"allOf": [True, node]},
        {"not": {"not": node}},
         {"anyOf": [node, False]}, {"if": True, "then": node}, {"if": False, "else": node},
         {"oneOf": [node, False]})
    )  # fmt: skip
    return made, Effect.EQUAL


def rewritten(node: Node, rng: Random) -> Change | None:
    """Keywords said with other keywords."""
    if node.get("type") == "string" and node.get("minLength") == 1 and "pattern" not in node:
        return {k: v for k, v in node.items() if k != "minLength"} | {"pattern": "[\\s\\S]"}, Effect.EQUAL
    rest = node.get("additionalProperties")
    if rest is not None and not node.keys() & {"properties", "patternProperties"}:
        made = {key: value for key, value in node.items() if key != "additionalProperties"}
        return {**made, "patternProperties": {"": rest}}, Effect.EQUAL
    if "prefixItems" in node and node.get("maxItems") == len(node["prefixItems"]) and "items" not in node:
        return {key: value for key, value in node.items() if key != "maxItems"} | {
            "items": False
        }, Effect.EQUAL
    if isinstance(node.get("type"), list) and "anyOf" not in node:
        made = {key: value for key, value in node.items() if key != "type"}
        return {**made, "anyOf": [{"type": one} for one in node["type"]]}, Effect.EQUAL
    low, high = node.get("minimum"), node.get("maximum")
    if low is not None and high is not None and high - low > 2 and "anyOf" not in node:
        middle = low + 1
        return {**node, "anyOf": [{"maximum": middle}, {"exclusiveMinimum": middle}]}, Effect.EQUAL
    return None


def notes(node: Node, rng: Random) -> Change | None:
    """Words that assert nothing."""
    return {
        **node,
        **rng.choice(({"description": "x"}, {"title": "T"}, {"default": 0}, {"x-unit": "m"})),
    }, Effect.EQUAL


def swapped(node: Node, rng: Random) -> Change | None:
    """Another schema below one keyword, or another list of names."""
    keys = [
        key
        for key in (
            "items",
            "additionalProperties",
            "unevaluatedProperties",
            "unevaluatedItems",
            "propertyNames",
            "contains",
            "not",
            "if",
            "then",
            "else",
        )
        if key in node
    ]
    other = rng.choice(({"type": "integer"}, {"const": 1}, {"type": "string"}, True, False, {"minLength": 1}))
    if keys:
        return {**node, rng.choice(keys): other}, Effect.OTHER
    for key in ("properties", "patternProperties", "dependentSchemas", "dependencies"):
        if node.get(key):
            return {**node, key: {**node[key], rng.choice(list(node[key])): other}}, Effect.OTHER
    return None


def counted(node: Node, rng: Random) -> Change | None:
    """Another count of the items that must match, or must not."""
    if "contains" not in node:
        return None
    return {**node, rng.choice(("minContains", "maxContains")): rng.choice((0, 1, 2, 3))}, Effect.OTHER


def opened(node: Node, rng: Random) -> Change | None:
    """Everything allowed, or nothing."""
    return ({}, Effect.WIDER) if rng.random() < 0.5 else ({"not": {}}, Effect.NARROWER)


Mutation = Callable[[Node, Random], Change | None]
MUTATIONS: tuple[Mutation, ...] = (
    bound, bound, strictness, drop, add, members, members, required, property_set, closed, kind, kind,
    variants,
    nullable, pattern, wrapped, rewritten, rewritten, notes, opened, swapped, counted,
)  # fmt: skip
