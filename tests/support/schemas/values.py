"""Which values come close to a schema's edge? Drawn along the schema and bent; a judge picks."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from random import Random
from typing import Any

from support.schemas import strings
from support.schemas.pool import Pool, harvest

_LARGER = {
    "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains",
}  # fmt: skip
_SMALLER = {
    "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains",
}  # fmt: skip
_TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
_BESIDE = {
    "properties": "object", "required": "object", "additionalProperties": "object", "minProperties": "object",
    "patternProperties": "object", "propertyNames": "object", "dependentRequired": "object",
    "items": "array", "prefixItems": "array", "contains": "array", "minItems": "array",
    "uniqueItems": "array",
    "minLength": "string", "maxLength": "string", "pattern": "string", "format": "string",
    "minimum": "number", "exclusiveMinimum": "number", "maximum": "number", "multipleOf": "number",
}  # fmt: skip


def resolve(document: Any, reference: str) -> Any:
    """Return what a local reference names; True where it names nothing."""
    node = document
    for part in reference.removeprefix("#").split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~").replace("%25", "%")
        try:
            node = node[int(part)] if isinstance(node, list) else node[part]
        except (KeyError, IndexError, ValueError, TypeError):
            return True
    return node


class Maker:
    """Draws values along one schema of a document; `declared` ones bear no key that it does not name."""

    def __init__(self, document: Any, rng: Random, pool: Pool, *, declared: bool = False) -> None:
        self._document, self._rng, self._pool, self._declared = document, rng, pool, declared

    def make(self, schema: Any, fuel: int = 5) -> Any:
        """Return a value that is likely, not surely, valid."""
        rng = self._rng
        # A required recursion has no end: below -4 anything stands in for it.
        flat = self._flat(schema, 12) if fuel > -5 else None
        if flat is None:
            return self._pool.any(rng)
        if "const" in flat:
            return copy.deepcopy(flat["const"])
        if flat.get("enum"):
            return copy.deepcopy(rng.choice(flat["enum"]))
        types = flat.get("type", ())
        types = [types] if isinstance(types, str) else list(types)
        if not types:
            hints = sorted({kind for key, kind in _BESIDE.items() if key in flat})
            types = hints if hints and rng.random() < 0.8 else list(_TYPES)
        if fuel <= 0 and (plain := [kind for kind in types if kind not in ("array", "object")]):
            types = plain
        kind = rng.choice(types)
        if kind == "null":
            return None
        if kind == "boolean":
            return rng.random() < 0.5
        if kind in ("integer", "number"):
            return self._number(flat, whole=kind == "integer")
        if kind == "string":
            return self._string(flat)
        return self._array(flat, fuel) if kind == "array" else self._object(flat, fuel)

    def _flat(self, schema: Any, depth: int) -> dict[str, Any] | None:
        """One way through references and applicators, as a single set of keywords; None for any value."""
        if not isinstance(schema, dict) or depth <= 0:
            return None
        rng = self._rng
        flat: dict[str, Any] = {}
        parts = [{key: value for key, value in schema.items() if key not in ("allOf", "anyOf", "oneOf")}]
        if "$ref" in schema:
            parts.append(resolve(self._document, schema["$ref"]))
        parts += schema.get("allOf", ())
        for key in ("anyOf", "oneOf"):
            if schema.get(key):
                parts.append(rng.choice(schema[key]))
        if "if" in schema:
            parts += (
                [schema["if"], schema.get("then", True)] if rng.random() < 0.5 else [schema.get("else", True)]
            )
        parts += [part for part in schema.get("dependentSchemas", {}).values() if rng.random() < 0.5]
        for number, part in enumerate(parts):
            inner = part if number == 0 else self._flat(part, depth - 1)
            for key, value in (inner or {}).items():
                flat[key] = _both(key, flat[key], value) if key in flat else value
        return flat

    def _number(self, flat: dict[str, Any], *, whole: bool) -> Any:
        rng = self._rng
        low = max((flat[k] for k in ("minimum", "exclusiveMinimum") if k in flat), default=None)
        high = min((flat[k] for k in ("maximum", "exclusiveMaximum") if k in flat), default=None)
        choices = list(self._pool.numbers)
        if low is not None:
            choices = [n for n in choices if n >= low] + [low, low + 1, low + 0.5]
        if high is not None:
            choices = [n for n in choices if n <= high] or [high, high - 1, high - 0.5]
        number = rng.choice(choices)
        step = flat.get("multipleOf")
        if step:
            number = math.ceil(number / step) * step if abs(number) < 1e15 else step
        if whole and isinstance(number, float) and math.isfinite(number):
            number = math.ceil(number)
        return float(number) if rng.random() < 0.1 and abs(number) < 1e15 else number

    def _string(self, flat: dict[str, Any]) -> str:
        rng = self._rng
        if "pattern" in flat:
            text = strings.matching(flat["pattern"], rng)
        elif flat.get("format") in strings.FORMATS:
            text = rng.choice(strings.FORMATS[flat["format"]])
        else:
            text = rng.choice(self._pool.strings)
        least, most = flat.get("minLength", 0), flat.get("maxLength")
        if len(text) < least <= 300:
            text = (text + rng.choice("ab0é") * int(least))[: max(int(least), 1)]
        return text[: int(most)] if most is not None and len(text) > most else text

    def _array(self, flat: dict[str, Any], fuel: int) -> list[Any]:
        rng = self._rng
        prefix, rest = flat.get("prefixItems", []), flat.get("items", True)
        least, most = int(flat.get("minItems", 0)), flat.get("maxItems")
        usual = len(prefix) if rng.random() < 0.7 else rng.randrange(len(prefix) + 1)
        count = max(usual + rng.choice((0, 0, 1, 2) if fuel > 0 else (0,)), least)
        if rng.random() < 0.15:
            count = max(least, min(rng.choice(self._pool.lengths), 12))
        if rest is False:
            count = min(count, len(prefix))
        count = min(count, int(most) if most is not None else 80, 80)
        contains, many = flat.get("contains"), int(flat.get("minContains", 1))
        made: list[Any] = []
        for place in range(count):
            inner = prefix[place] if place < len(prefix) else rest
            if contains is not None and place < many + rng.choice((0, 0, 1)):
                inner = {"allOf": [contains, inner]}
            made.append(self.make(inner, fuel - 1))
        if contains is not None and count > 1:
            rng.shuffle(made)
        return made

    def _object(self, flat: dict[str, Any], fuel: int) -> dict[str, Any]:
        rng = self._rng
        declared = flat.get("properties", {})
        required = flat.get("required", ())
        share = rng.choice((0.0, 0.3, 0.7, 1.0)) if fuel > 0 else 0.0
        names = [name for name in declared if name in required or rng.random() < share]
        names += [name for name in required if name not in declared]
        for name, others in flat.get("dependentRequired", {}).items():
            if name in names:
                names += [other for other in others if other not in names]
        extra = flat.get("additionalProperties", flat.get("unevaluatedProperties", True))
        patterns = flat.get("patternProperties", {})
        odds = 0.15 if extra is False or declared else 0.6
        least = max(flat.get("minProperties", 0), rng.choice(self._pool.lengths) if rng.random() < 0.1 else 0)
        if self._declared and not patterns and not isinstance(extra, dict):
            odds = least = 0
        while len(names) < 8 and (len(names) < least or rng.random() < odds):
            if patterns and rng.random() < 0.5:
                names.append(strings.matching(rng.choice(list(patterns)), rng))
            elif "propertyNames" in flat and rng.random() < 0.8:
                names.append(str(self.make({"type": "string", "allOf": [flat["propertyNames"]]}, 1)))
            else:
                names.append(self._pool.name(rng))
            odds /= 2
        made: dict[str, Any] = {}
        for name in names:
            inner = declared.get(name, extra if extra is not False else True)
            for pattern, part in patterns.items():
                if rng.random() < 0.9 and _found(pattern, name):
                    inner = part if inner is True else {"allOf": [inner, part]}
            made[name] = self.make(inner, fuel - 1)
        return made


def bend(value: Any, rng: Random, pool: Pool) -> Any:
    """Return a copy with one place changed: another value, a neighbour, a member more or less."""
    if isinstance(value, dict) and value and rng.random() < 0.7:
        return {**value, (name := rng.choice(list(value))): bend(value[name], rng, pool)}
    if isinstance(value, list) and value and rng.random() < 0.6:
        place = rng.randrange(len(value))
        return [*value[:place], bend(value[place], rng, pool), *value[place + 1 :]]
    chance = rng.random()
    if isinstance(value, dict) and chance < 0.8:
        if value and chance < 0.4:
            gone = rng.choice(list(value))
            return {key: inner for key, inner in value.items() if key != gone}
        return {**value, pool.name(rng): pool.any(rng)}
    if isinstance(value, list) and chance < 0.8:
        if value and chance < 0.3:
            return value[:-1]
        return [*value, copy.deepcopy(rng.choice(value)) if value and chance < 0.6 else pool.any(rng)]
    if isinstance(value, str) and chance < 0.6:
        return rng.choice((value[1:], value + rng.choice("a0é-"), value[::-1], value.upper(), value[:-1]))
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15 and chance < 0.6:
        return rng.choice((value + 1, value - 1, value + 0.5, -value, float(value), math.floor(value)))
    return copy.deepcopy(pool.any(rng))


def candidates(a: Any, b: Any, rng: Random, count: int) -> Iterator[Any]:
    """Yield `count` values for attacking "a is a subset of b": along both, bent, and nasty."""
    pool = harvest(a, b)
    left, right = Maker(a, rng, pool), Maker(b, rng, pool)
    for number in range(count):
        chance = rng.random()
        value = left.make(a) if chance < 0.75 else right.make(b) if chance < 0.95 else pool.any(rng)
        for _ in range(number % 3 if chance < 0.95 else 0):
            value = bend(value, rng, pool)
        yield value


def declared_values(a: Any, b: Any, rng: Random, count: int) -> Iterator[Any]:
    """Yield `count` values along `a` whose objects bear only keys that `a` names, with the edges of both."""
    maker = Maker(a, rng, harvest(a, b), declared=True)
    for _ in range(count):
        yield maker.make(a)


def _both(key: str, first: Any, second: Any) -> Any:
    """Return one keyword's value that stands for both, as nearly as a draw needs it."""
    if key in _LARGER:
        return max(first, second)
    if key in _SMALLER:
        return min(first, second)
    if key == "type":
        kinds = [{k} if isinstance(k, str) else set(k) for k in (first, second)]
        kinds = [k | {"integer"} if "number" in k else k for k in kinds]
        return sorted(kinds[0] & kinds[1]) or first
    if key == "enum":
        return [member for member in first if member in second] or first
    if key in ("properties", "patternProperties"):
        shared = {name: {"allOf": [first[name], second[name]]} for name in first if name in second}
        return {**first, **second, **shared}
    if key == "required":
        return list(dict.fromkeys([*first, *second]))
    if key in ("items", "additionalProperties", "propertyNames"):
        return False if False in (first, second) else {"allOf": [first, second]}
    return second


def _found(pattern: str, name: str) -> bool:
    import re

    try:
        return re.search(pattern, name) is not None
    except re.error:
        return False
