"""What is a schema once it is read? Interned nodes: schemas that say the same in the same form are one.

A literal is a node that a value must match, or must not, packed in one int: the node's number, a bit for
the side that it came from (0 for A, 2 for B) and a bit for the sign (1: must not match).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

Exact = int | Fraction
NOT, OF_B = 1, 2


class Node:
    """A schema. Nodes are compared by identity; `Pool` (see `pool.py`) makes them."""

    __slots__ = ("id",)
    id: int


class Always(Node):
    """Accepts every value."""

    __slots__ = ()


class Never(Node):
    """Accepts no value."""

    __slots__ = ()


class All(Node):
    """Accepts what every part accepts."""

    __slots__ = ("parts",)
    parts: tuple[Node, ...]


class Some(Node):
    """Accepts what at least one part accepts."""

    __slots__ = ("parts",)
    parts: tuple[Node, ...]


class One(Node):
    """Accepts what exactly one part accepts."""

    __slots__ = ("parts",)
    parts: tuple[Node, ...]


class Not(Node):
    """Accepts what the part rejects."""

    __slots__ = ("part",)
    part: Node


class Enum(Node):
    """Accepts the listed values; `keys` are what `values.key` gives for them."""

    __slots__ = ("keys", "values")
    values: tuple[Any, ...]
    keys: frozenset[Hashable]


class Ref(Node):
    """Accepts what the schema at `pointer` of document `side` accepts; stands where a schema recurs."""

    __slots__ = ("pointer", "side")
    side: int
    pointer: str


class Opaque(Node):
    """Accepts nobody knows what: `reason` and `place` say what could not be read."""

    __slots__ = ("place", "reason")
    reason: str
    place: str


class Typed(Node):
    """Says for each of the six types: None (rejected), ANY (accepted), or what holds for it."""

    __slots__ = ("cases",)
    cases: tuple[Spec | None, ...]


class Anything(NamedTuple):
    """Every value of a type."""


class NumberSpec(NamedTuple):
    """Bounds (None: unbounded) and divisors of a number."""

    whole: bool = False
    low: Exact | None = None
    low_open: bool = False
    high: Exact | None = None
    high_open: bool = False
    divisors: tuple[Exact, ...] = ()


class StringSpec(NamedTuple):
    """Length in code points, patterns that must occur, formats that are asserted."""

    least: int = 0
    most: int | None = None
    patterns: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


class ArraySpec(NamedTuple):
    """The items by position, then the rest; `contains` with how many items may match it."""

    prefix: tuple[Node, ...]
    rest: Node
    least: int = 0
    most: int | None = None
    contains: Node | None = None
    contains_least: int = 1
    contains_most: int | None = None
    unique: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ObjectSpec:
    """Properties by name, by pattern and the rest; `tags` are required properties with listed values.

    `patterns` pairs the node of the key's pattern with the node of the value. `open` is true if the
    schema left `additionalProperties` out, or wrote true.
    """

    properties: dict[str, Node]
    patterns: tuple[tuple[Node, Node], ...]
    rest: Node
    required: tuple[str, ...]
    least: int
    most: int | None
    names: Node
    dependent: tuple[tuple[str, tuple[str, ...]], ...]
    tags: dict[str, frozenset[Hashable]] = field(default_factory=dict)


Spec = Anything | NumberSpec | StringSpec | ArraySpec | ObjectSpec
ANY = Anything()
