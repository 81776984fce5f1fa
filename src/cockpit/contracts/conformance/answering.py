"""Does the contract allow every answer that the service may give?"""

from __future__ import annotations

from typing import Any

from cockpit.contracts.conformance import parameters, statuses
from cockpit.contracts.conformance.bodies import compare_media
from cockpit.contracts.conformance.media import covering
from cockpit.contracts.conformance.parameters import Senders
from cockpit.contracts.conformance.pointers import LostError, Node, followed
from cockpit.contracts.conformance.reading import Media, Operation, Response
from cockpit.contracts.conformance.wording import AGREE
from cockpit.domain.conformance import Rule, Severity
from cockpit.domain.text import one_line

_INVALID = "422"


def compare(senders: Senders, contract: Operation, service: Operation) -> None:
    """Compare the responses of one operation."""
    if contract.responses and not service.responses:
        reason = "the service's document does not say what it answers"
        senders.findings.leave_open(senders.operation, senders.direction, "responses", "", reason)
    named = {response.status for response in contract.responses}
    for given, promised in statuses.pairs(service.responses, contract.responses):
        # FastAPI adds this one to every operation with a parameter or a body, wanted or not.
        own = given.status == _INVALID and _INVALID not in named and _fastapi(senders.differ.left, given)
        weight = Severity.WARNING if own else Severity.ERROR
        if promised is None:
            _undeclared(senders, contract, given, weight, own=own)
            continue
        _bodies(senders, given, promised, weight)
        parameters.answers(senders, given.status, promised.headers, given.headers, given.pointer)


def _undeclared(
    senders: Senders, contract: Operation, given: Response, weight: Severity, *, own: bool
) -> None:
    status = given.status
    what = "with statuses of its own (`default`)" if status == "default" else f"with {status}"
    does = "may answer FastAPI's own 422" if own else f"may answer {what}"
    senders.findings.add(
        Rule.STATUS_UNDECLARED,
        senders.operation,
        senders.direction,
        status,
        f"the service {does}, the contract declares no such status",
        "nothing, if consumers need not know its shape: FastAPI adds it to all that takes input"
        if own
        else f"declare {status} in the contract {AGREE}; or take it out of the service",
        contract=f"{contract.pointer}/responses" if contract.responses else contract.pointer,
        service=given.pointer,
        at_most=weight,
    )


def _bodies(senders: Senders, given: Response, promised: Response, weight: Severity) -> None:
    if promised.body is None:
        if given.body is not None:
            kinds = ", ".join(one_line(media.kind, 60) for media in given.body.media)
            _content(
                senders,
                given.status,
                f"the service answers {kinds}, of which the contract says nothing",
                f"write the body of {given.status} into the contract {AGREE}; or answer none",
                (promised.pointer, given.pointer),
                Severity.WARNING,
            )
        return
    if given.body is None:
        kinds = ", ".join(one_line(media.kind, 60) for media in promised.body.media)
        _content(
            senders,
            given.status,
            f"the contract promises {kinds}, the service declares no body",
            f"in the service, declare what {given.status} answers; or take it out of the contract {AGREE}",
            (promised.body.pointer, given.pointer),
            weight,
        )
        return
    for media in given.body.media:
        _kind(senders, given, promised.body.media, media, weight)


def _kind(
    senders: Senders, given: Response, allowed: tuple[Media, ...], media: Media, weight: Severity
) -> None:
    location = f"{given.status} {one_line(media.kind, 100)}"
    right = covering(media, allowed)
    if right is not None:
        compare_media(senders, location, media, right, at_most=weight)
        return
    kinds = ", ".join(one_line(other.kind, 60) for other in allowed)
    _content(
        senders,
        location,
        f"the service may answer {one_line(media.kind, 100)}, the contract allows only {kinds}",
        f"in the service, answer {kinds}; or add {one_line(media.kind, 100)} to the contract {AGREE}",
        (allowed[0].pointer, media.pointer),
        weight,
    )


def _content(
    senders: Senders, location: str, message: str, do: str, at: tuple[str, str], weight: Severity
) -> None:
    senders.findings.add(
        Rule.CONTENT_TYPE,
        senders.operation,
        senders.direction,
        location,
        message,
        do,
        contract=at[0],
        service=at[1],
        at_most=weight,
    )


def _fastapi(document: dict[str, Any], given: Response) -> bool:
    """True if this is the answer to an invalid request as FastAPI declares it: `detail`, a list of faults."""
    if given.body is None or len(given.body.media) != 1:
        return False
    try:
        schema = followed(document, given.body.media[0].schema)
        detail = schema.get("properties")
        detail = None if detail is None else detail.get("detail")
        items = None if detail is None else detail.get("items")
        fault = None if items is None else followed(document, items)
    except LostError:
        return False
    properties = None if fault is None else fault.get("properties")
    return isinstance(properties, Node) and isinstance(properties.value, dict) and {
        "loc", "msg", "type"
    } <= set(properties.value)  # fmt: skip
