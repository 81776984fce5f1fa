"""Which defaults did the service change? A default says what happens to those who leave a value out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cockpit.contracts.conformance.pointers import LostError, Node, followed, join
from cockpit.contracts.conformance.variants import outline

_MOST = 20
_MOST_PAIRS = 2_000
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Changed:
    """A default that differs: where in a value, and what each side says; None of the service is also none."""

    where: str
    contract: Any
    service: Any
    stated: bool
    contract_pointer: str
    service_pointer: str


class Defaults:
    """Compares the defaults of two documents along the properties that both sides name."""

    def __init__(self, contract: dict[str, Any], service: dict[str, Any]) -> None:
        self._contract, self._service = contract, service
        self._known: dict[tuple[str, str], list[Changed]] = {}
        self._plain: frozenset[str] | None = None

    def changed(self, contract: Node, service: Node) -> list[Changed]:
        """Return the defaults below two schemas that differ, at most 20."""
        key = (contract.pointer, service.pointer)
        if key not in self._known:
            self._known[key] = list(self._walk(contract, service))
        return self._known[key]

    def _walk(self, contract: Node, service: Node) -> Iterator[Changed]:
        waiting = [("", contract, service)]
        seen: set[tuple[str, str]] = set()
        found = 0
        while waiting and len(seen) < _MOST_PAIRS and found < _MOST:
            where, left, right = waiting.pop()
            outer = (left, right)
            try:
                left, right = followed(self._contract, left), followed(self._service, right)
            except LostError:
                continue
            if left.pointer in self._without():
                continue
            if (left.pointer, right.pointer) in seen or not (
                isinstance(left.value, dict) and isinstance(right.value, dict)
            ):
                continue
            seen.add((left.pointer, right.pointer))
            change = _differs(where, outer, (left, right))
            if change is not None:
                found += 1
                yield change
            mine, theirs = left.get("properties"), right.get("properties")
            if mine and theirs and isinstance(mine.value, dict) and isinstance(theirs.value, dict):
                waiting += [
                    (join(where, name), mine.at(name), theirs.at(name))
                    for name in reversed(mine.value)
                    if isinstance(name, str) and name in theirs.value
                ]
            mine, theirs = left.get("items"), right.get("items")
            if mine and theirs:
                waiting.append((join(where, "*"), mine, theirs))
            waiting += [(where, one, other) for one, other in self._branches(left, right)]

    def _without(self) -> frozenset[str]:
        """The places of components of the contract below which no default stands, so that none is sought."""
        if self._plain is None:
            self._plain = _components_without_default(self._contract)
        return self._plain

    def _branches(self, left: Node, right: Node) -> Iterator[tuple[Node, Node]]:
        """Pairs of branches that can mean the same value; a side without branches is its only one."""
        mine, theirs = _branches(left)[:_MOST], _branches(right)[:_MOST]
        if len(mine) == len(theirs) == 1 and (mine[0], theirs[0]) == (left, right):
            return
        known = [(branch, outline(self._service, branch)) for branch in theirs]
        for one in mine:
            meant = outline(self._contract, one)
            fitting = [branch for branch, found in known if not found.excludes(meant)]
            if len(fitting) == 1:
                yield one, fitting[0]


def _components_without_default(document: dict[str, Any]) -> frozenset[str]:
    components = Node(document, "").get("components")
    schemas = None if components is None else components.get("schemas")
    if schemas is None or not isinstance(schemas.value, dict):
        return frozenset()
    users: dict[str, list[str]] = {}
    having: list[str] = []
    for name, schema in schemas.value.items():
        place = join(schemas.pointer, name)
        waiting = [schema]
        while waiting:
            value = waiting.pop()
            if isinstance(value, dict):
                if "default" in value:
                    having.append(place)
                reference = value.get("$ref")
                if isinstance(reference, str):
                    users.setdefault(reference.removeprefix("#"), []).append(place)
                waiting += value.values()
            elif isinstance(value, list):
                waiting += value
    reached: set[str] = set()
    while having:
        place = having.pop()
        if place not in reached:
            reached.add(place)
            having += users.get(place, ())
    return frozenset(join(schemas.pointer, name) for name in schemas.value) - reached


def _branches(node: Node) -> list[Node]:
    """The parts of a union or of an intersection, null left out."""
    for keyword in ("anyOf", "oneOf", "allOf"):
        listed = node.get(keyword)
        if listed is not None and isinstance(listed.value, list):
            branches = [listed.at(index) for index in range(len(listed.value))]
            return [branch for branch in branches if branch.value != {"type": "null"}]
    return [node]


def _differs(where: str, outer: tuple[Node, Node], inner: tuple[Node, Node]) -> Changed | None:
    (left, left_at), (right, right_at) = (_default(*pair) for pair in zip(outer, inner, strict=True))
    if left is _ABSENT or left is None or (_same(left, right)):
        return None
    stated = right is not _ABSENT
    return Changed(where, left, right if stated else None, stated, left_at, right_at)


def _default(outer: Node, inner: Node) -> tuple[Any, str]:
    """The default of a property: beside the reference goes before that of what it names."""
    for node in (outer, inner):
        if isinstance(node.value, dict) and "default" in node.value:
            return node.value["default"], join(node.pointer, "default")
    return _ABSENT, inner.pointer


def _same(one: Any, other: Any) -> bool:
    """Equal as JSON: 1 is 1.0, and true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return (type(one) is type(other) and one == other) or (
        isinstance(one, int | float) and isinstance(other, int | float) and one == other
    )
