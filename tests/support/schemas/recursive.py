"""Which recursive schemas can be held against every small tree? Definitions that refer to each other."""

from __future__ import annotations

import itertools
from random import Random
from typing import Any

from support.schemas.mutations import change

_LEAVES: tuple[Any, ...] = (None, {}, [])


def _grown(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    """All values whose members are `parts`: of objects a and b, of lists no more than two."""
    one = [{"a": part} for part in parts] + [{"b": part} for part in parts] + [[part] for part in parts]
    two = itertools.product(parts, repeat=2)
    return (*_LEAVES, *one, *(value for x, y in two for value in ({"a": x, "b": y}, [x, y])))


TREES = list(_grown(_grown(_LEAVES)))
_LEAF: dict[str, Any] = {"anyOf": [{"type": "null"}, {"const": {}}, {"const": []}]}


def _bounded(inner: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": ["null", "object", "array"],
        "properties": {"a": inner, "b": inner},
        "additionalProperties": False,
        "items": inner,
        "maxItems": 2,
    }


UNIVERSE = _bounded(_bounded(_LEAF))


class _Trees:
    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.names = tuple(f"d{number}" for number in range(rng.choice((1, 2, 3))))

    def part(self) -> Any:
        """What stands below a property or an item, where a reference has taken a step."""
        rng = self._rng
        reference = {"$ref": f"#/$defs/{rng.choice(self.names)}"}
        chance = rng.random()
        if chance < 0.6:
            return reference
        if chance < 0.7:
            return {rng.choice(("anyOf", "oneOf", "allOf")): [reference, self.plain()]}
        return {"not": reference} if chance < 0.78 else self.plain()

    def plain(self) -> Any:
        rng = self._rng
        return rng.choice(
            ({"type": "null"}, {}, {"type": "object"}, {"type": "array"}, {"maxItems": 0}, {"const": {}})
        )

    def definition(self) -> dict[str, Any]:
        rng = self._rng
        if rng.random() < 0.25:
            key = rng.choice(("anyOf", "anyOf", "oneOf", "allOf"))
            return {key: [self._one(), rng.choice((self.plain(), self._one()))]}
        return self._one()

    def _one(self) -> dict[str, Any]:
        rng = self._rng
        made: dict[str, Any] = {}
        if rng.random() < 0.7:
            made["type"] = rng.choice(
                ("object", "array", ["object", "null"], ["array", "null"], ["array", "object"])
            )
        if rng.random() < 0.6:
            made["properties"] = {name: self.part() for name in rng.sample(("a", "b"), rng.choice((1, 2)))}
        if rng.random() < 0.35:
            made["required"] = rng.sample(("a", "b"), rng.choice((1, 1, 2)))
        if rng.random() < 0.2:
            made["additionalProperties"] = self.part() if rng.random() < 0.6 else False
        if rng.random() < 0.5:
            made["items"] = self.part()
        if rng.random() < 0.15:
            made["prefixItems"] = [self.part()]
        if rng.random() < 0.15:
            made["contains"] = self.part()
        for key in ("minItems", "maxItems", "minProperties"):
            if rng.random() < 0.15:
                made[key] = rng.choice((1, 1, 2))
        if rng.random() < 0.1:
            made["uniqueItems"] = True
        return made


def pair(rng: Random) -> tuple[Any, Any, list[Any]]:
    """Return a recursive schema, half the time of small trees alone, another one, and all small trees."""
    trees = _Trees(rng)
    definitions = {name: trees.definition() for name in trees.names}
    root = {"$ref": "#/$defs/d0", "$defs": definitions}
    chance = rng.random()
    if chance < 0.4 and (changed := change(root, rng)) is not None:
        other = changed[0]
    elif chance < 0.7:
        other = {"$ref": f"#/$defs/{trees.names[-1]}", "$defs": definitions}
    else:
        again = _Trees(rng)
        other = {"$ref": "#/$defs/d0", "$defs": {name: again.definition() for name in again.names}}
    if rng.random() < 0.2:
        other = {"not": {"$ref": "#/$defs/d0"}, "$defs": definitions}
    if rng.random() < 0.5:
        return root, other, TREES
    return {"allOf": [UNIVERSE, {"$ref": "#/$defs/d0"}], "$defs": definitions}, other, TREES
