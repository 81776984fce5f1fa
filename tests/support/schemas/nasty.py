"""Which schemas does nobody write, and a checker must survive? All keywords of 2020-12, drawn at random."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

NAMES = ("a", "b", "c", "ab")
CONSTANTS: tuple[Any, ...] = (
    None, True, False, 0, 1, 1.0, -1, 2, 0.5, 3, "", "a", "b", "ab", "1", [], {}, [0], [False], [1],
    [True], [1.0],
    {"a": 0}, {"a": False}, {"a": 1}, {"a": 1, "b": 2}, ["a"], [[]], 2**53 + 1, 1e300,
)  # fmt: skip
PATTERNS = (
    "^a", "b$", "a", "^a$", "^[a-c]+$", "^.{2}$", "^(ab)*$", "[0-9]", "^\\d{2,3}$", "^a?b?$", "^(a|b)",
    "^$", "",
    "^\\w+$", "a|b", "^[^a]*$", "^a.*b$", "^(?=.*a).+$", "\\s", "^(?!a).*$", "(a+)+$", "^\\S+@\\S+$",
    "^[\\w-]{1,3}$",
)  # fmt: skip
FORMATS = (
    "uuid",
    "date",
    "date-time",
    "time",
    "ipv4",
    "ipv6",
    "email",
    "uri",
    "int32",
    "duration",
    "hostname",
)
TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")


class Nasty:
    """Draws schemas; `definitions` may be referred to, `kinds` are the usual types."""

    def __init__(
        self, rng: Random, definitions: tuple[str, ...] = (), kinds: tuple[str, ...] = TYPES
    ) -> None:
        self._rng, self._definitions, self._kinds = rng, definitions, kinds
        self._made: list[Any] = []

    def schema(self, depth: int) -> Any:
        """Return one schema of at most `depth` levels below it, now and then one that was there before."""
        if self._made and self._rng.random() < 0.15:
            return self._rng.choice(self._made)
        made = self._drawn(depth)
        if len(repr(made)) < 200:
            self._made.append(made)
        return made

    def _drawn(self, depth: int) -> Any:
        rng = self._rng
        chance = rng.random()
        if chance < 0.05:
            return rng.random() < 0.7
        if chance < 0.12:
            return {"type": rng.choice(self._kinds)}
        if self._definitions and chance < 0.22:
            return {"$ref": f"#/$defs/{rng.choice(self._definitions)}"}
        made: dict[str, Any] = {}
        if rng.random() < 0.6:
            made["type"] = rng.choice(self._kinds if rng.random() < 0.8 else TYPES)
            if rng.random() < 0.2:
                made["type"] = rng.sample(TYPES, rng.choice((1, 2, 3)))
        kinds = made.get("type", self._kinds)
        kind = kinds if isinstance(kinds, str) else rng.choice(kinds)
        groups: dict[str, Callable[[int], dict[str, Any]]] = {
            "integer": self._numeric,
            "number": self._numeric,
            "string": self._textual,
            "array": self._array,
            "object": self._object,
        }
        if kind in groups and rng.random() < 0.85:
            made |= groups[kind](depth)
        if rng.random() < (0.45 if depth > 0 else 0.0):
            made |= self._combined(depth)
        if rng.random() < 0.15 or not made:
            made |= self._finite()
        return made

    def _finite(self) -> dict[str, Any]:
        rng = self._rng
        if rng.random() < 0.5:
            return {"const": rng.choice(CONSTANTS)}
        return {"enum": rng.sample(CONSTANTS, rng.choice((1, 2, 4)))}

    def _numeric(self, depth: int) -> dict[str, Any]:
        rng = self._rng
        bound = (-1, 0, 1, 2, 3, 0.5, 1.5, 2.5, 10, 9007199254740993, 1e300)
        made: dict[str, Any] = {}
        for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            if rng.random() < 0.35:
                made[key] = rng.choice(bound[:8] if rng.random() < 0.9 else bound)
        if rng.random() < 0.3:
            made["multipleOf"] = rng.choice((1, 2, 3, 0.5, 1.5, 0.1, 0.01, 1e-8, 6))
        return made

    def _textual(self, depth: int) -> dict[str, Any]:
        rng = self._rng
        made: dict[str, Any] = {}
        if rng.random() < 0.5:
            made["minLength"] = rng.choice((0, 1, 2, 3))
        if rng.random() < 0.5:
            made["maxLength"] = rng.choice((0, 1, 2, 3, 2.0))
        if rng.random() < 0.5:
            made["pattern"] = rng.choice(PATTERNS)
        if rng.random() < 0.2:
            made["format"] = rng.choice(FORMATS)
        return made

    def _array(self, depth: int) -> dict[str, Any]:
        rng = self._rng
        made: dict[str, Any] = {}
        if rng.random() < 0.3:
            made["prefixItems"] = [self.schema(depth - 1) for _ in range(rng.choice((1, 2)))]
        if rng.random() < 0.5:
            made["items"] = self.schema(depth - 1)
        if rng.random() < 0.35:
            made["minItems"] = rng.choice((0, 1, 2, 3))
        if rng.random() < 0.35:
            made["maxItems"] = rng.choice((0, 1, 2, 3))
        if rng.random() < 0.25:
            made["uniqueItems"] = rng.random() < 0.85
        if rng.random() < 0.25:
            made["contains"] = self.schema(depth - 1)
            if rng.random() < 0.4:
                made["minContains"] = rng.choice((0, 1, 2))
            if rng.random() < 0.4:
                made["maxContains"] = rng.choice((0, 1, 2))
        if rng.random() < 0.08:
            made["unevaluatedItems"] = self.schema(depth - 1) if rng.random() < 0.4 else False
        return made

    def _object(self, depth: int) -> dict[str, Any]:
        rng = self._rng
        made: dict[str, Any] = {}
        if rng.random() < 0.6:
            made["properties"] = {n: self.schema(depth - 1) for n in rng.sample(NAMES, rng.choice((1, 2, 3)))}
        if rng.random() < 0.4:
            made["required"] = rng.sample(NAMES, rng.choice((1, 1, 2)))
        if rng.random() < 0.4:
            made["additionalProperties"] = False if rng.random() < 0.5 else self.schema(depth - 1)
        if rng.random() < 0.15:
            made["patternProperties"] = {rng.choice(PATTERNS): self.schema(depth - 1)}
        if rng.random() < 0.12:
            made["propertyNames"] = self.schema(0) if rng.random() < 0.3 else self._textual(0)
        if rng.random() < 0.12:
            made["dependentRequired"] = {rng.choice(NAMES): rng.sample(NAMES, rng.choice((0, 1, 2)))}
        if rng.random() < 0.1:
            made["dependentSchemas"] = {rng.choice(NAMES): self.schema(depth - 1)}
        if rng.random() < 0.15:
            made["minProperties"] = rng.choice((0, 1, 2, 3))
        if rng.random() < 0.15:
            made["maxProperties"] = rng.choice((0, 1, 2, 3))
        if rng.random() < 0.08:
            made["unevaluatedProperties"] = self.schema(depth - 1) if rng.random() < 0.4 else False
        return made

    def _combined(self, depth: int) -> dict[str, Any]:
        rng = self._rng
        key = rng.choice(("allOf", "anyOf", "anyOf", "oneOf", "not", "if"))
        if key == "not":
            return {"not": self.schema(depth - 1)}
        if key == "if":
            made = {"if": self.schema(depth - 1)}
            if rng.random() < 0.8:
                made["then"] = self.schema(depth - 1)
            if rng.random() < 0.6:
                made["else"] = self.schema(depth - 1)
            return made
        return {key: [self.schema(depth - 1) for _ in range(rng.choice((1, 2, 2, 3)))]}


def document(rng: Random, depth: int = 2) -> Any:
    """Return one schema with its own definitions, which refer to each other below a property or item."""
    names = tuple(f"d{number}" for number in range(rng.choice((0, 0, 0, 1, 2, 3))))
    made = Nasty(rng, names).schema(depth)
    if not names or not isinstance(made, dict):
        return made
    return made | {"$defs": {name: _guarded(rng, names) for name in names}}


def _guarded(rng: Random, names: tuple[str, ...]) -> Any:
    """A definition whose references stand below a property or an item, as recursion has to."""
    inner = Nasty(rng, names)
    plain = Nasty(rng).schema(1)
    chance = rng.random()
    if chance < 0.4:
        made: dict[str, Any] = {"type": "object", "properties": {"a": inner.schema(1), "b": inner.schema(0)}}
        if rng.random() < 0.5:
            made["required"] = ["a"]
        return made if rng.random() < 0.6 else made | {"additionalProperties": inner.schema(1)}
    if chance < 0.7:
        return {"anyOf": [plain, {"type": "array", "items": inner.schema(1)}]}
    return plain


def pair(rng: Random) -> tuple[Any, Any, str]:
    """Return schemas and how they were made; a hint for reports, not a truth."""
    from support.schemas.mutations import mutated

    a = document(rng, rng.choice((1, 2, 2, 3)))
    chance = rng.random()
    if chance < 0.25:
        return a, document(rng, rng.choice((1, 2))), "independent"
    if chance < 0.7:
        b = mutated(a, rng)
        if rng.random() < 0.3:
            b = mutated(b, rng)
        return (a, b, "mutated") if rng.random() < 0.5 else (b, a, "mutated")
    other = Nasty(rng).schema(1)
    definitions = {"$defs": a["$defs"]} if isinstance(a, dict) and "$defs" in a else {}
    if chance < 0.8:
        return a, {"anyOf": [other, a], **definitions}, "A or B"
    if chance < 0.88:
        return {"allOf": [other, a], **definitions}, a, "A and B"
    if chance < 0.94:
        return a, {"not": {"not": a}, **definitions}, "not not A"
    return a, {"anyOf": [{"allOf": [a, other]}, {"allOf": [a, {"not": other}]}], **definitions}, "split"
