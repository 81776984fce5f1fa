"""Does the other side take every parameter that one side sends? Parameters of requests, headers of answers.

The parameters of one place (query, header, cookie, path) are compared as an object `{name: value}`, and
that object is the witness: a parameter that must be there and is not shows as `{}`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cockpit.contracts.conformance import wire
from cockpit.contracts.conformance.differing import Differ
from cockpit.contracts.conformance.findings import Findings, Sides
from cockpit.contracts.conformance.media import is_json
from cockpit.contracts.conformance.pointers import join
from cockpit.contracts.conformance.reading import Operation, Parameter
from cockpit.contracts.conformance.wording import AGREE
from cockpit.domain.conformance import Direction, Rule, Witness
from cockpit.domain.text import one_line


@dataclass(frozen=True, slots=True)
class Senders:
    """One operation in one direction: which side sends, under which name things are reported."""

    operation: str
    direction: Direction
    differ: Differ
    findings: Findings


def requests(senders: Senders, contract: Operation, service: Operation) -> None:
    """Compare the parameters of requests: what the contract lets a client send, the service must take."""
    renamed = dict(zip(service.variables, contract.variables, strict=True))
    sent = {(p.where, p.key): p for p in contract.parameters}
    taken = {
        (p.where, renamed.get(p.key, p.key) if p.where == "path" else p.key): p for p in service.parameters
    }
    for key, right in taken.items():
        left = sent.get(key)
        location = f"{right.where} {one_line(left.name if left else right.name, 100)}"
        if left is None and right.where == "path":
            continue
        if right.required and not (left and left.required):
            _required(senders, location, sent, left, right)
        if left is not None:
            _values(senders, location, sent, left, right)
    for key, left in sent.items():
        if key not in taken and left.where != "path":
            _ignored(senders, left, service)


def answers(
    senders: Senders,
    status: str,
    contract: Sequence[Parameter],
    service: Sequence[Parameter],
    service_at: str,
) -> None:
    """Compare the headers of answers: what the service may answer, the contract must allow."""
    given = {header.key: header for header in service}
    sent = {(header.where, header.key): header for header in service}
    for right in contract:
        left = given.get(right.key)
        location = f"{status} header {one_line(right.name, 100)}"
        if right.required and not (left and left.required):
            senders.findings.add(
                Rule.RESPONSE_WIDENED,
                senders.operation,
                senders.direction,
                location,
                f"the contract promises the header `{one_line(right.name, 60)}`,"
                f" the service {'may leave it out' if left else 'does not declare it'}",
                f"in the service, declare the header for {status} as required;"
                f" or make it optional in the contract {AGREE}",
                pointer=join("", right.name),
                witness=Witness(_others(senders, sent, "header", right.key)),
                keyword=f"optional against required: {one_line(right.name, 60)}",
                contract=right.pointer,
                service=left.pointer if left else service_at,
            )
        if left is not None:
            _values(senders, location, sent, left, right)


Sent = dict[tuple[str, str], Parameter]


def _required(senders: Senders, location: str, sent: Sent, left: Parameter | None, right: Parameter) -> None:
    name = left.name if left else right.name
    shown = one_line(name, 60)
    allows = f"lets a client leave out `{shown}`" if left else f"knows no {right.where} parameter `{shown}`"
    senders.findings.add(
        Rule.REQUEST_NARROWED,
        senders.operation,
        senders.direction,
        location,
        f"the contract {allows}, the service requires it",
        f"in the service, give `{shown}` a default; or require it in the contract {AGREE}",
        pointer=join("", name),
        witness=Witness(_others(senders, sent, right.where, left.key if left else None)),
        keyword=f"required: {shown} against optional",
        contract=left.pointer if left else None,
        service=right.pointer,
    )


def _values(senders: Senders, location: str, sent: Sent, left: Parameter, right: Parameter) -> None:
    """Compare the values of a parameter that both sides have."""
    if (left.media is None) != (right.media is None):
        reason = "one side writes the parameter as a media type, the other in a style"
        senders.findings.leave_open(senders.operation, senders.direction, location, "", reason)
        return
    differ = senders.differ
    written = left.media is not None and is_json(left.media)
    a, b = left.schema.value, right.schema.value
    if not written:
        if _styled(senders, location, sent, left, right):
            return
        b = wire.widened(differ.right, b, repeated=right.style == "form" and right.explode)
        values = wire.finite(differ.left, a)
        if values is None:
            a = wire.sendable(differ.left, a)
        else:
            # Of a list of values those are left of which no reading is accepted.
            a = {"enum": [value for value in values if _refused(senders, right, value) is not False]}
    compared = differ.compare(a, b)
    sides = Sides(differ.left, left.schema, right.schema)
    for found in compared.differences:
        if not written and not _refused(senders, right, found.value):
            reason = (
                "as a text it can be read as a value that is accepted, and whether all can is not decided"
            )
            senders.findings.leave_open(senders.operation, senders.direction, location, found.where, reason)
            continue
        others = _others(senders, sent, left.where, left.key)
        senders.findings.difference(
            senders.operation,
            senders.direction,
            location,
            found,
            sides,
            pointer=join("", left.name) + found.where,
            witness=Witness({**others, left.name: found.value}),
        )
    senders.findings.gaps(senders.operation, senders.direction, location, compared.gaps)


def _refused(senders: Senders, right: Parameter, value: Any) -> bool | None:
    """Whether no reading of the text of a value is accepted, None where nobody can tell."""
    accepts = senders.differ.right_validator.accepts
    return wire.refused(value, lambda reading: accepts(right.schema.value, reading))


def _styled(senders: Senders, location: str, sent: Sent, left: Parameter, right: Parameter) -> bool:
    """Report an array or object that the two sides write in different ways. True if they do."""
    if (left.style, left.explode) == (right.style, right.explode):
        return False
    differ = senders.differ
    for composite in ({"type": "array", "minItems": 2}, {"type": "object", "minProperties": 1}):
        answer = differ.least({"allOf": [left.schema.value, composite]})
        if answer.proved:
            continue
        here, there = (f"{p.style}{', exploded' if p.explode else ''}" for p in (left, right))
        if answer.value is None:
            reason = f"one side writes it as {here}, the other as {there}, and its values are not known"
            senders.findings.leave_open(senders.operation, senders.direction, location, "", reason)
            return True
        others = _others(senders, sent, left.where, left.key)
        request = senders.direction is Direction.REQUEST
        senders.findings.add(
            Rule.REQUEST_NARROWED if request else Rule.RESPONSE_WIDENED,
            senders.operation,
            senders.direction,
            location,
            f"it is sent as {here}, and read as {there}, so that its parts are not found",
            f"write the same `style` and `explode` on both sides {AGREE}",
            pointer=join("", left.name),
            witness=Witness({**others, left.name: answer.value}),
            keyword=f"{there} against {here}" if request else f"{here} against {there}",
            contract=left.pointer if request else right.pointer,
            service=right.pointer if request else left.pointer,
        )
        return True
    return False


def _others(senders: Senders, sent: Sent, where: str, without: str | None) -> dict[str, Any]:
    """The other parameters that must be sent to the same place, each with a simple value."""
    return {
        parameter.name: senders.differ.least(wire.sendable(senders.differ.left, parameter.schema.value)).value
        for (place, key), parameter in sent.items()
        if place == where and parameter.required and key != without
    }


def _ignored(senders: Senders, left: Parameter, service: Operation) -> None:
    shown = one_line(left.name, 60)
    senders.findings.add(
        Rule.PARAMETER_IGNORED,
        senders.operation,
        senders.direction,
        f"{left.where} {one_line(left.name, 100)}",
        f"the contract has the {left.where} parameter `{shown}`, the service does not know it",
        f"add `{shown}` to the service; or take it out of the contract {AGREE}",
        contract=left.pointer,
        service=service.pointer,
    )
