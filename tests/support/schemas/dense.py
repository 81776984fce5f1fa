"""Which rules for arrays and objects get in each other's way? Many at once, over few small parts."""

from __future__ import annotations

from random import Random
from typing import Any

NAMES = ("a", "b", "ab")
_INTEGER = {"type": "integer"}
PARTS: tuple[Any, ...] = (
    _INTEGER, {"type": "number"}, {"type": "boolean"}, {"const": 1}, {"const": True}, {}, True, False,
    {"not": _INTEGER}, {"enum": [0, 1, "a"]}, {"enum": [None, False]}, {"type": ["string", "null"]},
    {"minimum": 1},
)  # fmt: skip
_KEYS: tuple[Any, ...] = (
    {"enum": ["a", "b"]}, {"pattern": "^a"}, {"maxLength": 1}, {"const": "ab"}, {"not": {"const": "a"}},
    {"minLength": 2},
)  # fmt: skip
_PATTERNS = ("^a", "b$", "^a$", "^.$", "")


class Dense:
    """Draws schemas of one kind, "array" or "object", which share their parts."""

    def __init__(self, rng: Random, kind: str) -> None:
        self._rng, self._kind = rng, kind
        self._made: list[Any] = []
        # Few of them, so that the same part is met in several places.
        self._parts = rng.sample(PARTS, 3)

    def schema(self, depth: int) -> Any:
        """Return one schema; below `depth` applicators it is plain."""
        rng = self._rng
        if self._made and rng.random() < 0.2:
            return rng.choice(self._made)
        made = self._array() if self._kind == "array" else self._object()
        if depth > 0 and rng.random() < 0.6:
            made |= self._combined(depth - 1)
        self._made.append(made)
        return made

    def _combined(self, depth: int) -> dict[str, Any]:
        rng = self._rng
        key = rng.choice(("allOf", "allOf", "anyOf", "oneOf", "not", "if"))
        if key == "not":
            return {"not": self.schema(depth)}
        if key == "if":
            return {
                word: self.schema(depth) for word in ("if", *rng.sample(("then", "else"), rng.choice((1, 2))))
            }
        return {key: [self.schema(depth) for _ in range(rng.choice((2, 2, 3)))]}

    def _part(self) -> Any:
        return self._rng.choice(self._parts)

    def _count(self, most: int) -> int:
        return self._rng.randint(0, most)

    def _array(self) -> dict[str, Any]:
        rng = self._rng
        made: dict[str, Any] = {}
        if rng.random() < 0.3:
            made["prefixItems"] = [self._part() for _ in range(rng.choice((1, 2, 3)))]
        if rng.random() < 0.3:
            made["items"] = self._part()
        if rng.random() < 0.4:
            made["contains"] = self._part()
            if rng.random() < 0.5:
                made["minContains"] = self._count(2)
            if rng.random() < 0.5:
                made["maxContains"] = self._count(2)
        for key in ("minItems", "maxItems"):
            if rng.random() < 0.3:
                made[key] = self._count(3)
        if rng.random() < 0.25:
            made["uniqueItems"] = True
        if rng.random() < 0.06:
            made["unevaluatedItems"] = self._part()
        return made

    def _object(self) -> dict[str, Any]:
        rng = self._rng
        made: dict[str, Any] = {}
        if rng.random() < 0.5:
            made["properties"] = {name: self._part() for name in rng.sample(NAMES, rng.choice((1, 1, 2)))}
        if rng.random() < 0.3:
            made["required"] = rng.sample(NAMES, rng.choice((1, 1, 2)))
        if rng.random() < 0.3:
            made["additionalProperties"] = self._part()
        if rng.random() < 0.25:
            made["patternProperties"] = {
                p: self._part() for p in rng.sample(_PATTERNS, rng.choice((1, 1, 2)))
            }
        if rng.random() < 0.2:
            made["propertyNames"] = rng.choice(_KEYS)
        for key in ("dependentRequired", "dependencies"):
            if rng.random() < (0.25 if key == "dependentRequired" else 0.03):
                made[key] = {rng.choice(NAMES): rng.sample(NAMES, rng.choice((1, 2)))}
        if rng.random() < 0.12:
            made["dependentSchemas"] = {rng.choice(NAMES): self._object()}
        for key in ("minProperties", "maxProperties"):
            if rng.random() < 0.25:
                made[key] = self._count(3)
        if rng.random() < 0.06:
            made["unevaluatedProperties"] = self._part()
        return made
