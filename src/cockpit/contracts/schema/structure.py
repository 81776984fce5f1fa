"""How is "is not this value" said by the rules of its type? Lists and objects by their parts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cockpit.contracts.schema.nodes import NOT, ArraySpec, Enum, Node, ObjectSpec
from cockpit.contracts.schema.pool import Pool
from cockpit.contracts.schema.values import Kind, key, kind_of


def exactly(pool: Pool, value: Any) -> Node:
    """Return the schema that accepts `value` alone; a list or an object is said by its parts."""
    kind = kind_of(value)
    if kind is Kind.ARRAY:
        prefix = tuple(pool.enum({key(item): item}) for item in value)
        return pool.typed({kind: ArraySpec(prefix, pool.never, least=len(prefix), most=len(prefix))})
    if kind is Kind.OBJECT:
        properties = {name: pool.enum({key(item): item}) for name, item in value.items()}
        tags = {name: node.keys for name, node in properties.items() if isinstance(node, Enum)}
        spec = ObjectSpec(properties, (), pool.never, tuple(properties), 0, None, pool.always, (), tags=tags)
        return pool.typed({kind: spec})
    return pool.enum({key(value): value})


def excluding(pool: Pool, values: Iterable[Any]) -> frozenset[int]:
    """Return the literals of being none of `values`."""
    plain = {}
    literals = set()
    for value in values:
        if kind_of(value) in (Kind.ARRAY, Kind.OBJECT):
            literals.add(exactly(pool, value).id << 2 | NOT)
        else:
            plain[key(value)] = value
    if plain:
        literals.add(pool.enum(plain).id << 2 | NOT)
    return frozenset(literals)
