"""Which values do two schemas themselves name, or nearly name? What breaks an answer lies beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random
from typing import Any

from support.schemas import strings

NASTY: tuple[Any, ...] = (
    None, False, True, 0, 1, -1, 2, 1.0, 0.0, -0.0, 0.5, 1.5, 1e-9, 1e308, 10**30, -(10**30), 2**53,
    2**53 + 1,
    "", "0", "1", "true", "null", "a", "é", "😀", [], [0], [1, 1], [1, 1.0], [1, True], [0, False], [[]],
    [{}], [None],
    {}, {"a": 0}, {"a": None}, {"b": 1}, {"a": {}, "b": []}, {"": 0}, [[1], [True]], [{"a": 1}, {"a": 1.0}],
)  # fmt: skip
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_LENGTHS = (
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains",
    "maxContains",
)  # fmt: skip


@dataclass(slots=True)
class Pool:
    """Numbers, strings, property names, lengths and whole values out of schemas."""

    numbers: list[Any] = field(default_factory=lambda: [0, 1, -1, 0.5, 1.5, 3])
    strings: list[str] = field(default_factory=lambda: list(strings.PLAIN))
    names: list[str] = field(default_factory=lambda: ["a", "zz", "nick", "extra"])
    lengths: list[int] = field(default_factory=lambda: [0, 1, 2])
    values: list[Any] = field(default_factory=lambda: list(NASTY))
    patterns: list[str] = field(default_factory=list)

    def any(self, rng: Random) -> Any:
        """Return any of them."""
        return rng.choice(rng.choice((self.numbers, self.strings, self.values, self.values)))

    def name(self, rng: Random) -> str:
        """Return a property name that a schema speaks of, or one that a pattern matches."""
        if self.patterns and rng.random() < 0.25:
            return strings.matching(rng.choice(self.patterns), rng)
        return rng.choice(self.names)


def harvest(*schemas: Any) -> Pool:
    """Return what the schemas name, with the neighbours of every bound."""
    pool = Pool()
    todo = list(schemas)
    while todo:
        node = todo.pop()
        if isinstance(node, list):
            todo += node
        elif isinstance(node, dict):
            _visit(node, pool)
            todo += node.values()
    return pool


def _visit(node: dict[str, Any], pool: Pool) -> None:
    for key in _NUMBERS:
        if isinstance(bound := node.get(key), int | float) and not isinstance(bound, bool):
            steps = [bound, bound + 1, bound - 1, -bound, bound * 2]
            if abs(bound) < 1e15:
                steps += [bound + 0.5, bound - 0.5, math.floor(bound), math.ceil(bound), float(bound)]
            pool.numbers += steps
    for key in _LENGTHS:
        if isinstance(length := node.get(key), int | float) and 0 <= length < 200:
            pool.lengths += [int(length), int(length) + 1, max(0, int(length) - 1)]
            if key in ("minLength", "maxLength"):
                pool.strings += ["a" * int(length), "é" * (int(length) + 1), "0" * max(0, int(length) - 1)]
    if "const" in node:
        pool.values.append(node["const"])
    if isinstance(members := node.get("enum"), list):
        pool.values += members
    for key in ("required", "dependentRequired"):
        pool.names += [name for name in node.get(key, ()) if isinstance(name, str)]
    for key in ("properties", "dependentSchemas"):
        if isinstance(node.get(key), dict):
            pool.names += node[key]
    if isinstance(pattern := node.get("pattern"), str):
        pool.patterns.append(pattern)
        drawn = Random(len(pattern))
        pool.strings += [strings.matching(pattern, drawn) for _ in range(4)]
    if isinstance(node.get("patternProperties"), dict):
        pool.patterns += node["patternProperties"]
    if isinstance(name := node.get("format"), str):
        pool.strings += strings.FORMATS.get(name, [])
