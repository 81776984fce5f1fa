"""Does one value match a schema? True, False, or None where that cannot be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from cockpit.contracts.schema import strings
from cockpit.contracts.schema.nodes import (
    NOT,
    All,
    Always,
    Anything,
    ArraySpec,
    Enum,
    Node,
    Not,
    NumberSpec,
    ObjectSpec,
    One,
    Opaque,
    Ref,
    Some,
    StringSpec,
    Typed,
)
from cockpit.contracts.schema.values import exact, key, kind_of

Answer = bool | None


class Judge:
    """Holds values against nodes. `resolve` returns what a recursive reference names."""

    def __init__(self, nodes: list[Node], resolve: Callable[[Ref], Node], spend: Callable[[], None]) -> None:
        self._nodes = nodes
        self._resolve = resolve
        self._spend = spend

    def literals(self, value: Any, literals: Iterable[int]) -> Answer:
        """Return whether `value` matches every literal."""
        return _every(self._literal(value, literal) for literal in literals)

    def _literal(self, value: Any, literal: int) -> Answer:
        said = self.matches(value, self._nodes[literal >> 2])
        return said if said is None else said is not bool(literal & NOT)

    def matches(self, value: Any, node: Node) -> Answer:
        """Return whether `value` matches `node`."""
        self._spend()
        if isinstance(node, Typed):
            case = node.cases[kind_of(value)]
            if case is None:
                return False
            return self._case(value, case)
        if isinstance(node, Enum):
            return key(value) in node.keys
        if isinstance(node, All):
            return _every(self.matches(value, part) for part in node.parts)
        if isinstance(node, Some):
            return _negated(_every(_negated(self.matches(value, part)) for part in node.parts))
        if isinstance(node, Not):
            return _negated(self.matches(value, node.part))
        if isinstance(node, One):
            said = [self.matches(value, part) for part in node.parts]
            if said.count(True) > 1:
                return False
            return None if None in said else said.count(True) == 1
        if isinstance(node, Ref):
            return self.matches(value, self._resolve(node))
        return None if isinstance(node, Opaque) else isinstance(node, Always)

    def _case(self, value: Any, case: Any) -> Answer:
        if isinstance(case, Anything):
            return True
        if isinstance(case, NumberSpec):
            return _number(exact(value), case)
        if isinstance(case, StringSpec):
            return _string(value, case)
        if isinstance(case, ArraySpec):
            return self._array(value, case)
        return self._object(value, case)

    def _array(self, value: list[Any], case: ArraySpec) -> Answer:
        if len(value) < case.least or (case.most is not None and len(value) > case.most):
            return False
        if case.unique and len({key(item) for item in value}) < len(value):
            return False
        said = [
            self.matches(item, case.prefix[i] if i < len(case.prefix) else case.rest)
            for i, item in enumerate(value)
        ]
        if case.contains is not None:
            inside = [self.matches(item, case.contains) for item in value]
            sure, possible = inside.count(True), inside.count(True) + inside.count(None)
            too_many = case.contains_most is not None and sure > case.contains_most
            if possible < case.contains_least or too_many:
                return False
            if sure < case.contains_least or (
                case.contains_most is not None and possible > case.contains_most
            ):
                said.append(None)
        return _every(said)

    def _object(self, value: dict[str, Any], case: ObjectSpec) -> Answer:
        if len(value) < case.least or (case.most is not None and len(value) > case.most):
            return False
        if any(name not in value for name in case.required):
            return False
        if any(name in value and any(o not in value for o in others) for name, others in case.dependent):
            return False
        return _every(self._property(name, item, case) for name, item in value.items())

    def _property(self, name: str, item: Any, case: ObjectSpec) -> Answer:
        said: list[Answer] = [self.matches(name, case.names)]
        looked_at: Answer = name in case.properties
        if looked_at:
            said.append(self.matches(item, case.properties[name]))
        for pattern, node in case.patterns:
            fits = self.matches(name, pattern)
            if fits is None:
                looked_at = looked_at or None
                said.append(self.matches(item, node) or None)
            elif fits:
                looked_at = True
                said.append(self.matches(item, node))
        if looked_at is False:
            said.append(self.matches(item, case.rest))
        elif looked_at is None:
            said.append(self.matches(item, case.rest) or None)
        return _every(said)


def _every(answers: Iterable[Answer]) -> Answer:
    result: Answer = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            result = None
    return result


def _negated(answer: Answer) -> Answer:
    return None if answer is None else not answer


def _number(value: Any, case: NumberSpec) -> bool:
    if case.whole and value % 1:
        return False
    if case.low is not None and (value < case.low or (case.low_open and value == case.low)):
        return False
    if case.high is not None and (value > case.high or (case.high_open and value == case.high)):
        return False
    return not any(value % divisor for divisor in case.divisors)


def _string(value: str, case: StringSpec) -> Answer:
    if len(value) < case.least or (case.most is not None and len(value) > case.most):
        return False
    return _every(
        [
            *(strings.matches(pattern, value) for pattern in case.patterns),
            *(strings.is_format(name, value) for name in case.formats),
        ]
    )
