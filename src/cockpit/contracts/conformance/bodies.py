"""Does the service take every body that the contract lets a client send?"""

from __future__ import annotations

from cockpit.contracts.conformance import wire
from cockpit.contracts.conformance.differing import Difference
from cockpit.contracts.conformance.findings import Sides
from cockpit.contracts.conformance.media import covering, is_form, is_opaque
from cockpit.contracts.conformance.parameters import Senders
from cockpit.contracts.conformance.reading import ANYTHING, Body, Media, Operation
from cockpit.contracts.conformance.wording import AGREE
from cockpit.domain.conformance import Rule, Severity, Witness
from cockpit.domain.text import one_line

_TEXT = {"type": "string"}


def requests(senders: Senders, contract: Operation, service: Operation) -> None:
    """Compare the bodies of requests. A request without a body is shown as the request object `{}`."""
    left, right = contract.body, service.body
    if right is not None and right.required and not (left and left.required):
        allows = "lets a client send no body" if left else "knows no request body"
        senders.findings.add(
            Rule.REQUEST_NARROWED,
            senders.operation,
            senders.direction,
            "body",
            f"the contract {allows}, the service requires one",
            f"in the service, make the body optional; or require it in the contract {AGREE}",
            pointer="/body",
            witness=Witness({}),
            keyword="required: true against optional",
            contract=left.pointer if left else contract.pointer,
            service=right.pointer,
        )
    for sent in left.media if left else ():
        _kind(senders, sent, right, service)


def compare_media(
    senders: Senders, location: str, left: Media, right: Media, *, at_most: Severity = Severity.ERROR
) -> None:
    """Compare the schemas of two media types, the left one being what is sent."""
    differ = senders.differ
    a = left.schema.value
    if is_opaque(left.kind):
        # Bytes and texts are one string to JSON Schema, also where nobody wrote that.
        a = _TEXT if a is ANYTHING or a == {} else {"allOf": [a, _TEXT]}
    b = right.schema.value
    if is_form(left.kind):
        a, b = wire.form(differ.left, a, wire.sendable), wire.form(differ.right, b, wire.widened)
    compared = differ.compare(a, b)
    sides = Sides(differ.left, left.schema, right.schema)
    for found in compared.differences:
        if is_form(left.kind) and not _refused(senders, right, found):
            reason = (
                "as a text it can be read as a value that is accepted, and whether all can is not decided"
            )
            senders.findings.leave_open(senders.operation, senders.direction, location, found.where, reason)
            continue
        senders.findings.difference(
            senders.operation, senders.direction, location, found, sides, at_most=at_most
        )
    senders.findings.gaps(senders.operation, senders.direction, location, compared.gaps)


def _refused(senders: Senders, right: Media, found: Difference) -> bool | None:
    """Whether a form is rejected however the text of the deciding field is read; None if nobody can tell."""
    accepts = senders.differ.right_validator.accepts
    value = found.value
    if found.missing is not None or len(found.inside) != 1 or not isinstance(value, dict):
        return True
    (name,) = found.inside
    return wire.refused(value[name], lambda reading: accepts(right.schema.value, {**value, name: reading}))


def _kind(senders: Senders, sent: Media, right: Body | None, service: Operation) -> None:
    location = f"body {one_line(sent.kind, 100)}"
    taken = covering(sent, right.media) if right else None
    if taken is not None:
        compare_media(senders, location, sent, taken)
        return
    if right is None:
        does = "takes no body"
    else:
        does = f"takes only {', '.join(one_line(media.kind, 60) for media in right.media) or 'no media type'}"
    senders.findings.add(
        Rule.CONTENT_TYPE,
        senders.operation,
        senders.direction,
        location,
        f"the contract lets a client send {one_line(sent.kind, 100)}, the service {does}",
        f"in the service, take {one_line(sent.kind, 100)}; or leave it out of the contract {AGREE}",
        contract=sent.pointer,
        service=right.pointer if right else service.pointer,
    )
