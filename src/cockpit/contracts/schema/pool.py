"""Which node is a schema? One and the same for all that say the same in the same form."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from cockpit.contracts.schema.nodes import (
    ANY,
    All,
    Always,
    Enum,
    Never,
    Node,
    Not,
    ObjectSpec,
    One,
    Opaque,
    Ref,
    Some,
    Spec,
    StringSpec,
    Typed,
)
from cockpit.contracts.schema.values import Kind, key

_KINDS = tuple(Kind)
_EVERYTHING = (ANY,) * len(_KINDS)


class Pool:
    """Makes nodes, one for everything that is the same; `nodes[i].id == i`."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._known: dict[Hashable, Node] = {}
        self.always = self._new(Always, ())
        self.never = self._new(Never, ())
        self.string = self.typed({Kind.STRING: ANY})

    def _new(self, cls: type[Node], key: Hashable, **fields: Any) -> Node:
        known = self._known.get((cls, key))
        if known is not None:
            return known
        node = cls()
        node.id = len(self.nodes)
        for name, value in fields.items():
            setattr(node, name, value)
        self.nodes.append(node)
        self._known[cls, key] = node
        return node

    def all(self, parts: list[Node]) -> Node:
        """Return the conjunction."""
        flat = {id(p): p for part in parts for p in (part.parts if isinstance(part, All) else (part,))}
        kept = tuple(part for part in flat.values() if part is not self.always)
        if self.never in kept:
            return self.never
        if len(kept) == 1:
            return kept[0]
        return self._new(All, frozenset(kept), parts=kept) if kept else self.always

    def some(self, parts: list[Node]) -> Node:
        """Return the disjunction."""
        flat = {id(p): p for part in parts for p in (part.parts if isinstance(part, Some) else (part,))}
        kept = tuple(part for part in flat.values() if part is not self.never)
        if self.always in kept:
            return self.always
        listed = [part for part in kept if isinstance(part, Enum)]
        if len(listed) > 1:
            # Values listed apart are values listed together.
            both = {key(value): value for part in listed for value in part.values}
            kept = (*(part for part in kept if not isinstance(part, Enum)), self.enum(both))
        if len(kept) == 1:
            return kept[0]
        return self._new(Some, frozenset(kept), parts=kept) if kept else self.never

    def one(self, parts: list[Node]) -> Node:
        """Return what exactly one of the parts accepts; a part that is there twice counts twice."""
        kept = tuple(part for part in parts if part is not self.never)
        if len(kept) < 2:
            return kept[0] if kept else self.never
        return self._new(One, kept, parts=kept)

    def negation(self, part: Node) -> Node:
        """Return the complement."""
        if isinstance(part, Not):
            return part.part
        if part is self.always or part is self.never:
            return self.never if part is self.always else self.always
        return self._new(Not, part, part=part)

    def enum(self, values: dict[Hashable, Any]) -> Node:
        """Return the set of `values` (key → value)."""
        keys = frozenset(values)
        return self._new(Enum, keys, values=tuple(values.values()), keys=keys) if keys else self.never

    def ref(self, side: int, pointer: str) -> Node:
        """Return a reference to what is still being read."""
        return self._new(Ref, (side, pointer), side=side, pointer=pointer)

    def opaque(self, reason: str, place: str) -> Node:
        """Return a schema of which nothing is known: it is equal to no other."""
        return self._new(Opaque, len(self.nodes), reason=reason, place=place)

    def typed(self, cases: Mapping[Kind, Spec]) -> Node:
        """Return a schema by type; what is not in `cases` is rejected."""
        row = tuple(map(cases.get, _KINDS))
        last = row[-1]
        if isinstance(last, ObjectSpec):
            return self._new(Typed, (*row[:-1], _object_key(last)), cases=row)
        if row == _EVERYTHING:
            return self.always
        return self._new(Typed, row, cases=row) if cases else self.never

    def pattern(self, pattern: str) -> Node:
        """Return the strings in which `pattern` occurs."""
        return self.typed({Kind.STRING: StringSpec(patterns=(pattern,))})


def _object_key(spec: ObjectSpec) -> Hashable:
    return (
        frozenset(spec.properties.items()),
        spec.patterns,
        spec.rest,
        frozenset(spec.required),
        spec.least,
        spec.most,
        spec.names,
        spec.dependent,
    )
