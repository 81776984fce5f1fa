"""Of which JSON types can a value be that a schema accepts, and which schemas does a property tell apart?"""

from __future__ import annotations

from collections.abc import Callable

from cockpit.contracts.schema.cases import Tags
from cockpit.contracts.schema.nodes import NOT, All, Enum, Node, ObjectSpec, One, Ref, Some, Typed
from cockpit.contracts.schema.values import Kind, kind_of

_EVERY_KIND = frozenset(Kind)


class Kinds:
    """What can be said of a schema at a glance. `resolve` returns what a recursive reference names."""

    def __init__(self, resolve: Callable[[Ref], Node]) -> None:
        self._resolve = resolve
        self._known: dict[Node, frozenset[Kind]] = {}

    def of(self, node: Node) -> frozenset[Kind]:
        """Return the types that a schema may accept a value of; more than those where nobody knows yet."""
        known = self._known.get(node)
        if known is not None:
            return known
        self._known[node] = _EVERY_KIND  # for a schema that recurs, while this is being worked out
        found = _EVERY_KIND
        if isinstance(node, Typed):
            found = frozenset(kind for kind in Kind if node.cases[kind] is not None)
        elif isinstance(node, Enum):
            found = frozenset(kind_of(value) for value in node.values)
        elif isinstance(node, All):
            found = _EVERY_KIND.intersection(*map(self.of, node.parts))
        elif isinstance(node, Some | One):
            found = frozenset[Kind]().union(*map(self.of, node.parts))
        elif isinstance(node, Ref):
            found = self.of(self._resolve(node))
        self._known[node] = found
        return found

    def common(self, literals: tuple[int, ...], nodes: list[Node]) -> list[Kind]:
        """Return the types that are left where all literals must match, the simplest first."""
        left = _EVERY_KIND
        for literal in literals:
            if not literal & NOT:
                left &= self.of(nodes[literal >> 2])
        return sorted(left)

    def told_apart(self, node: One) -> bool:
        """True if the parts of a oneOf are objects that one required property tells apart."""
        tags: list[Tags] = []
        for part in node.parts:
            spec = self._object(part)
            if spec is None or self.of(part) != {Kind.OBJECT}:
                return False
            tags.append(spec.tags)
        for name in tags[0]:
            if all(name in others for others in tags):
                sets = [others[name] for others in tags]
                if sum(map(len, sets)) == len(frozenset().union(*sets)):
                    return True
        return False

    def _object(self, node: Node) -> ObjectSpec | None:
        """Return what a schema says of objects by keywords of its own, None if it says nothing."""
        while isinstance(node, Ref):
            node = self._resolve(node)
        for part in node.parts if isinstance(node, All) else (node,):
            if isinstance(part, Typed) and isinstance(spec := part.cases[Kind.OBJECT], ObjectSpec):
                return spec
        return None
