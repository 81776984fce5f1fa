"""How does a difference become a finding? With its place on both sides, its words and its weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cockpit.contracts.conformance.differing import Difference, Gap
from cockpit.contracts.conformance.pointers import Node, join
from cockpit.contracts.conformance.policy import Policy
from cockpit.contracts.conformance.trail import speaking
from cockpit.contracts.conformance.wording import Keyword, place, say
from cockpit.domain.conformance import Direction, Finding, Rule, Severity, Undecided, Witness

_MOST_UNDECIDED = 500
# Where the other side may say the same with another keyword, the nearest first.
_KIN = {
    "minimum": ("minimum", "exclusiveMinimum"),
    "exclusiveMinimum": ("exclusiveMinimum", "minimum"),
    "maximum": ("maximum", "exclusiveMaximum"),
    "exclusiveMaximum": ("exclusiveMaximum", "maximum"),
    "enum": ("enum", "const"),
    "const": ("const", "enum"),
    "type": ("type", "anyOf", "oneOf", "enum", "const"),
    "anyOf": ("anyOf", "oneOf", "type", "enum", "const"),
    "oneOf": ("oneOf", "anyOf", "type", "enum", "const"),
    "pattern": ("pattern", "format", "enum", "const"),
    "format": ("format", "pattern", "enum", "const"),
}
_CLOSED = ("additionalProperties", "unevaluatedProperties")


class Findings:
    """Collects the findings and the undecided parts of one comparison."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.found: list[Finding] = []
        self.undecided: list[Undecided] = []

    def add(
        self,
        rule: Rule,
        operation: str,
        direction: Direction,
        location: str,
        message: str,
        do: str,
        *,
        pointer: str = "",
        witness: Witness | None = None,
        keyword: str = "",
        contract: str | None = None,
        service: str | None = None,
        at_most: Severity = Severity.ERROR,
    ) -> None:
        """Add a finding; `contract` and `service` are JSON pointers into the two documents."""
        self.found.append(
            Finding(
                rule,
                self._policy.severity(rule, at_most=at_most),
                operation,
                direction,
                location,
                pointer,
                message,
                do,
                witness=witness,
                keyword=keyword,
                contract_pointer=contract,
                service_pointer=service,
            )
        )

    def leave_open(
        self, operation: str, direction: Direction, location: str, pointer: str, reason: str
    ) -> None:
        """Add a part that nobody could decide; of very many the last one says how many there are."""
        self.undecided.append(Undecided(operation, direction, location, pointer, reason))

    def gaps(self, operation: str, direction: Direction, location: str, gaps: Sequence[Gap]) -> None:
        """Add what could not be decided of a pair of schemas."""
        for gap in gaps:
            self.leave_open(operation, direction, location, gap.where, gap.reason)

    def difference(
        self,
        operation: str,
        direction: Direction,
        location: str,
        found: Difference,
        sides: Sides,
        *,
        pointer: str | None = None,
        witness: Witness | None = None,
        at_most: Severity = Severity.ERROR,
    ) -> None:
        """Add a difference of two schemas. `pointer` and `witness` replace its own where they are given."""
        request = direction is Direction.REQUEST
        right_pointer = sides.right.pointer + found.pointer[1:] if found.pointer[:1] == "@" else found.pointer
        left, left_pointer = sides.counterpart(found)
        at_service = right_pointer if request else left_pointer
        part = found.value
        for key in found.inside:
            part = part[key]
        names = [key for key in found.inside if isinstance(key, str)]
        said = say(
            direction,
            part,
            left,
            Keyword(found.keyword, found.says),
            missing=found.missing,
            key=names[-1] if names else None,
            service_place=place(at_service),
            conditional=found.conditional,
        )
        self.add(
            Rule.REQUEST_NARROWED if request else Rule.RESPONSE_WIDENED,
            operation,
            direction,
            location,
            said.message,
            said.do,
            pointer=found.where if pointer is None else pointer,
            witness=witness or Witness(found.value),
            keyword=said.keyword,
            contract=left_pointer if request else right_pointer,
            service=right_pointer if request else left_pointer,
            at_most=Severity.WARNING if found.conditional else at_most,
        )

    def bounded(self) -> list[Undecided]:
        """Return the undecided parts, the last of very many being how many more there are."""
        if len(self.undecided) <= _MOST_UNDECIDED:
            return self.undecided
        rest = len(self.undecided) - _MOST_UNDECIDED
        last = Undecided("*", Direction.REQUEST, "", "", f"{rest:,} more parts could not be decided")
        return [*self.undecided[:_MOST_UNDECIDED], last]


class Sides:
    """The two schemas of a difference as they stand in their documents."""

    def __init__(self, document: dict[str, Any], left: Node, right: Node) -> None:
        self._document = document
        self.left, self.right = left, right

    def counterpart(self, found: Difference) -> tuple[Keyword, str]:
        """Return what the left says where the right decides, and the JSON pointer of that."""
        inside = found.inside
        if found.keyword in _CLOSED and found.says is False:
            inside = inside[:-1]
        nodes = speaking(self._document, self.left, inside, found.value)
        if not nodes:
            return Keyword(), self._nearest(inside, found.value)
        if found.missing is not None:
            return Keyword(), self._of_property(nodes, found.missing)
        for name in _KIN.get(found.keyword, (found.keyword,)):
            for node in reversed(nodes):
                if name in node.value:
                    return Keyword(name, node.value[name]), join(node.pointer, name)
        return Keyword(), nodes[-1].pointer

    def _nearest(self, inside: tuple[str | int, ...], value: Any) -> str:
        """The place of the innermost object that says anything of what is around the part."""
        for length in range(len(inside) - 1, -1, -1):
            nodes = speaking(self._document, self.left, inside[:length], value)
            if nodes:
                return nodes[-1].pointer
        return self.left.pointer

    @staticmethod
    def _of_property(nodes: list[Node], name: str) -> str:
        for node in nodes:
            properties = node.value.get("properties")
            if isinstance(properties, dict) and name in properties:
                return join(node.pointer, "properties", name)
        return nodes[-1].pointer
