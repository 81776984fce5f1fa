"""Which pairs of schemas can be decided by trying everything? Those held inside a small universe."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from random import Random
from typing import Any

from support.schemas.changes import Effect
from support.schemas.dense import Dense
from support.schemas.mutations import change
from support.schemas.nasty import Nasty

ATOMS = [None, False, True, 0, 1, "a"]
NAMES = ("a", "b", "ab")


@dataclass(frozen=True, slots=True)
class Universe:
    """A schema, all the values that it accepts, and the types that are worth drawing for it."""

    schema: dict[str, Any]
    values: list[Any]
    kinds: tuple[str, ...]


def _objects(names: tuple[str, ...], members: list[Any]) -> list[Any]:
    every = itertools.product([..., *members], repeat=len(names))
    return [
        {n: value for n, value in zip(names, chosen, strict=True) if value is not ...} for chosen in every
    ]


def _arrays(members: list[Any], most: int) -> list[Any]:
    return [list(items) for count in range(most + 1) for items in itertools.product(members, repeat=count)]


_HALVES = [n / 2 if n % 2 else n // 2 for n in range(-4, 14)]
_WORDS = ["".join(parts) for count in range(5) for parts in itertools.product("ab", repeat=count)]
_LEAF = {"anyOf": [{"type": "object", "maxProperties": 0}, {"type": "array", "maxItems": 0}]}
_LEAVES: list[Any] = [{}, []]
_TWO = [*_LEAVES, *({"a": leaf} for leaf in _LEAVES), *_arrays(_LEAVES, 2)[1:]]

UNIVERSES = (
    Universe(
        {"type": "number", "minimum": -2, "maximum": 6.5, "multipleOf": 0.5},
        _HALVES,
        ("number", "integer", "number"),
    ),
    Universe({"type": "string", "pattern": "^[ab]{0,4}$"}, _WORDS, ("string",)),
    Universe(
        {
            "type": "object",
            "properties": {name: {"enum": ATOMS} for name in NAMES},
            "additionalProperties": False,
        },
        _objects(NAMES, ATOMS),
        ("object", "object", "object", "integer", "string"),
    ),
    Universe(
        {"type": "array", "maxItems": 3, "items": {"enum": ATOMS}},
        _arrays(ATOMS, 3),
        ("array", "array", "array", "integer", "boolean"),
    ),
    Universe(
        {
            "type": "object",
            "propertyNames": {"pattern": "^[ab]{0,2}$"},
            "additionalProperties": {"enum": [0, "a"]},
        },
        _objects(("", "a", "b", "aa", "ab", "ba", "bb"), [0, "a"]),
        ("object", "object", "integer", "string"),
    ),
    Universe(
        {"type": "array", "maxItems": 4, "items": {"enum": [1, True, "a"]}},
        _arrays([1, True, "a"], 4),
        ("array", "array", "integer", "boolean"),
    ),
    Universe(
        {
            "anyOf": [
                {"type": "object", "properties": {"a": _LEAF}, "additionalProperties": False},
                {"type": "array", "items": _LEAF, "maxItems": 2},
            ]
        },
        [value for number, value in enumerate(_TWO) if value not in _TWO[:number]],
        ("array", "object"),
    ),
)


_DENSE = ("array", "object")


def pair(rng: Random) -> tuple[Any, Any, list[Any]]:
    """Return A inside a universe, B, and all values that A could accept."""
    universe = rng.choice(UNIVERSES)
    if universe.kinds[0] in _DENSE and rng.random() < 0.6:
        return _dense(rng, universe)
    names = tuple(f"d{number}" for number in range(rng.choice((0, 0, 1, 2))))
    nasty = Nasty(rng, names, universe.kinds)
    definitions = {
        name: {"type": ["array", "object"], "items": nasty.schema(1), "properties": {"a": nasty.schema(1)}}
        for name in names
    }
    inner = nasty.schema(rng.choice((1, 2, 2)))
    other = nasty.schema(rng.choice((1, 2, 2)))
    if rng.random() < 0.5:
        changed = change(inner if not names else {"allOf": [inner], "$defs": definitions}, rng, tuple(Effect))
        other = changed[0] if changed is not None else other
    if rng.random() < 0.3:
        other = {"anyOf": [other, nasty.schema(1)]}
    if names and isinstance(other, dict) and "$defs" in other:
        other = {key: value for key, value in other.items() if key != "$defs"}
    a = {"allOf": [universe.schema, inner]} if rng.random() < 0.7 else _merged(universe.schema, inner)
    if names:
        a = {**a, "$defs": definitions}
        other = {"allOf": [other], "$defs": definitions}
    return a, other, universe.values


def _dense(rng: Random, universe: Universe) -> tuple[Any, Any, list[Any]]:
    dense = Dense(rng, universe.kinds[0])
    inner = dense.schema(2)
    changed = change(inner, rng) if rng.random() < 0.5 else None
    other = dense.schema(2) if changed is None else changed[0]
    return {"allOf": [universe.schema, inner]}, other, universe.values


def _merged(first: dict[str, Any], second: Any) -> dict[str, Any]:
    """Both in one set of keywords where they share none."""
    if not isinstance(second, dict) or first.keys() & second.keys() or first.get("type", "array") in _DENSE:
        return {"allOf": [first, second]}
    return {**first, **second}
