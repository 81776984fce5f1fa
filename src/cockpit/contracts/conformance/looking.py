"""Where does a search stand? The end of a way down the values of the left, and what is known of it there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cockpit.contracts.conformance.confirming import Validator
from cockpit.contracts.conformance.paths import Step, Way, below, demanding
from cockpit.contracts.conformance.pointers import Node, join

# A left side without any of these says nothing of a place.
_SAYING = (
    "type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref", "properties", "items", "pattern", "not",
)  # fmt: skip


class At:
    """Where the search is: the end of `way` in values of `left`, which are at most `bound` there."""

    __slots__ = ("bound", "depth", "left", "trail", "way")

    def __init__(
        self, way: Way, left: Any, bound: Node | None, trail: frozenset[str] = frozenset(), depth: int = 0
    ) -> None:
        self.way, self.left, self.bound, self.trail, self.depth = way, left, bound, trail, depth

    def down(self, step: Step | None, bound: Node | None) -> At:
        """One step further, where values are at most `bound`."""
        way = self.way if step is None else (*self.way, step)
        return At(way, self.left, bound, self.trail, self.depth + 1)

    def narrowed(self, left: Any, bound: Node | None) -> At:
        """The same place for the fewer values of `left`."""
        return At(self.way, left, bound, self.trail, self.depth + 1)

    def inside(self, pair: str) -> At:
        """The same place, within what the reference that `pair` names leads to."""
        return At(self.way, self.left, self.bound, self.trail | {pair}, self.depth)


def _alone(step: Step, key: str | int, part: Any) -> Any:
    """A value with that part alone, as the schema around it would meet it."""
    if isinstance(key, str):
        return {key: part}
    return [None] * getattr(step, "first", 0) + [part]


def leading(way: Way, value: Any, demand: Any, validator: Validator) -> tuple[str | int, ...]:
    """Return the keys that lead along `way` to a part of `value` that `demand` rejects."""
    keys: list[str | int] = []
    for index, step in enumerate(way):
        options = below(step, value)
        if len(options) > 1:
            wanted = demanding(way[index:], demand)
            rejected = [(k, p) for k, p in options if validator.accepts(wanted, _alone(step, k, p)) is False]
            options = rejected or options
        if not options:
            break
        key, value = options[0]
        keys.append(key)
    return tuple(keys)


def says_nothing(nodes: Sequence[Node]) -> bool:
    """True if none of the schema objects says anything that bounds a value."""
    return not any(key in node.value for node in nodes for key in _SAYING)


def inside_of(value: Any, keys: Sequence[str | int]) -> Any:
    """Return the part of `value` that the keys lead to."""
    for key in keys:
        value = value[key]
    return value


def shown(way: Way) -> str:
    """A way as a pointer; "*" for every name or item."""
    return join("", *(getattr(step, "name", getattr(step, "index", "*")) for step in way))
