"""Where inside a value does a part of a schema speak? A way down the value, and back into a schema.

A way consists of steps. A schema that demands something at the end of a way and nothing else is made by
`demanding`: it is what a larger schema says of that place, taken out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Name:
    """Down to the property `name`."""

    name: str

    def around(self, schema: Any) -> Any:
        """Return the schema that demands `schema` of the property."""
        return {"properties": {self.name: schema}}


@dataclass(frozen=True, slots=True)
class Matching:
    """Down to every property whose name matches `pattern`."""

    pattern: str

    def around(self, schema: Any) -> Any:
        """Return the schema that demands `schema` of those properties."""
        return {"patternProperties": {self.pattern: schema}}


@dataclass(frozen=True, slots=True)
class Others:
    """Down to every property that is none of `names` and matches none of `patterns`."""

    names: tuple[str, ...]
    patterns: tuple[str, ...]

    def around(self, schema: Any) -> Any:
        """Return the schema that demands `schema` of those properties."""
        whole: dict[str, Any] = {"additionalProperties": schema}
        if self.names:
            whole["properties"] = dict.fromkeys(self.names, True)
        if self.patterns:
            whole["patternProperties"] = dict.fromkeys(self.patterns, True)
        return whole


@dataclass(frozen=True, slots=True)
class Place:
    """Down to the item at `index`, from 0."""

    index: int

    def around(self, schema: Any) -> Any:
        """Return the schema that demands `schema` of the item."""
        return {"prefixItems": [*([True] * self.index), schema]}


@dataclass(frozen=True, slots=True)
class Items:
    """Down to every item from the index `first` on."""

    first: int

    def around(self, schema: Any) -> Any:
        """Return the schema that demands `schema` of those items."""
        return {"prefixItems": [True] * self.first, "items": schema} if self.first else {"items": schema}


Step = Name | Matching | Others | Place | Items
Way = tuple[Step, ...]


def demanding(way: Way, schema: Any) -> Any:
    """Return the schema that demands `schema` at the end of `way`, and nothing else."""
    for step in reversed(way):
        schema = step.around(schema)
    return schema


def below(step: Step, value: Any) -> Sequence[tuple[str | int, Any]]:
    """Return the parts of `value` that `step` leads to, each with its key."""
    if isinstance(step, Place | Items):
        if not isinstance(value, list):
            return []
        if isinstance(step, Place):
            return [(step.index, value[step.index])] if step.index < len(value) else []
        return list(enumerate(value))[step.first :]
    if not isinstance(value, dict):
        return []
    if isinstance(step, Name):
        return [(step.name, value[step.name])] if step.name in value else []
    if isinstance(step, Others):
        return [(name, part) for name, part in value.items() if name not in step.names]
    return list(value.items())
