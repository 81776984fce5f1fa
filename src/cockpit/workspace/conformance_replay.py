"""Does the app really reject what its document rejects? Witnesses as requests, and what the answers say.

Pydantic is laxer than the schema it writes ("5" is taken for 5), so a narrowed request counts for certain
only once the app itself refused it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cockpit.domain.conformance import Finding, Replay, Rule, Severity
from cockpit.domain.openapi import follow
from cockpit.domain.text import one_line

if TYPE_CHECKING:
    from cockpit.services.extraction import ReplayAnswer, ReplayRequest

_JSON = "application/json"
_MOST_SAID = 300


@dataclass(slots=True)
class _Draft:
    """A request in the making: values by the place that they are sent in."""

    path: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    cookie: dict[str, Any] = field(default_factory=dict)


class _UnsendableError(Exception):
    """The value has no form as a parameter that every server reads alike."""


def request_of(finding: Finding, contract: dict[str, Any]) -> ReplayRequest | None:
    """Return the request that sends the witness of a narrowed request, everything else being valid.

    None where the finding is of another kind, or its value cannot be sent that way.
    """
    from cockpit.services.extraction import ReplayRequest

    if finding.rule is not Rule.REQUEST_NARROWED or finding.witness is None:
        return None
    method, _, template = finding.operation.partition(" ")
    item = contract.get("paths", {}).get(template)
    operation = item.get(method.lower()) if isinstance(item, dict) else None
    if not isinstance(operation, dict):
        return None
    kind, _, name = finding.location.partition(" ")
    if kind == "body" and name.partition(";")[0].strip() != _JSON:
        return None
    draft = _Draft()
    # Of parameters the witness is the object of all that go to the same place: {name: value}.
    shown = finding.witness.value if kind != "body" and isinstance(finding.witness.value, dict) else None
    try:
        for parameter in _parameters(contract, item, operation):
            where, called = parameter["in"], parameter["name"]
            if shown is not None and where == kind:
                if called in shown:
                    getattr(draft, where)[called] = shown[called]
            elif (where, called.lower()) == (kind, name.lower()):
                getattr(draft, where)[called] = finding.witness.value
            elif parameter.get("required") is True or where == "path":
                getattr(draft, where)[called] = _valid(contract, parameter)
        body, has_body = _body(contract, operation, finding, kind)
        return ReplayRequest(
            method,
            _filled(template, draft.path),
            tuple(pair for called, value in draft.query.items() for pair in _pairs(called, value)),
            tuple(_headers(draft)),
            body,
            has_body,
        )
    except _UnsendableError:
        return None


def judged(finding: Finding, answer: ReplayAnswer) -> Finding:
    """Return `finding` with what the app did with its witness.

    What the app lets through is a warning: its document is stricter than its code.
    """
    if answer.outcome is Replay.ACCEPTED:
        severity = Severity.WARNING if finding.severity is Severity.ERROR else finding.severity
        message = f"{finding.message}; the replay did not confirm it: the app let the value through"
        return replace(
            finding,
            replay=Replay.ACCEPTED,
            replayed="the app let it through",
            severity=severity,
            message=message,
        )
    if answer.status is None:
        return replace(finding, replayed=f"the app did not answer: {one_line(answer.error, _MOST_SAID)}")
    said = _said(answer.body)
    told = f"{answer.status}{': ' + said if said else ''}"
    if answer.outcome is Replay.CONFIRMED and _is_about(finding, answer.body):
        return replace(finding, replay=Replay.CONFIRMED, replayed=told)
    return replace(finding, replayed=f"{told} (this says nothing of the value)")


def _body(
    contract: dict[str, Any], operation: dict[str, Any], finding: Finding, kind: str
) -> tuple[Any, bool]:
    if kind == "body" and finding.witness is not None:
        return finding.witness.value, True
    holder = follow(contract, operation.get("requestBody"))
    content = holder.get("content") if isinstance(holder, dict) else None
    media = content.get(_JSON) if isinstance(content, dict) else None
    return (_valid(contract, media), True) if isinstance(media, dict) else (None, False)


def _parameters(
    contract: dict[str, Any], item: dict[str, Any], operation: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Every parameter of an operation; its own win over those of its path."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for holder in (item, operation):
        given = holder.get("parameters")
        for entry in given if isinstance(given, list) else ():
            parameter = follow(contract, entry)
            if isinstance(parameter, dict) and parameter.get("in") in ("path", "query", "header", "cookie"):
                found[parameter["in"], str(parameter.get("name"))] = parameter
    yield from found.values()


def _valid(contract: dict[str, Any], holder: dict[str, Any]) -> Any:
    """A value that the contract lets a client send: one of its examples, else one that its schema accepts."""
    if "example" in holder:
        return holder["example"]
    examples = holder.get("examples")
    for entry in examples.values() if isinstance(examples, dict) else ():
        shown = follow(contract, entry)
        if isinstance(shown, dict) and "value" in shown:
            return shown["value"]
    schema = follow(contract, holder.get("schema"))
    if isinstance(schema, dict):
        for known in ("default", "const"):
            if known in schema:
                return schema[known]
        for known in ("examples", "enum"):
            listed = schema.get(known)
            if isinstance(listed, list) and listed:
                return listed[0]
    from cockpit.contracts.schema import Checker, Outcome

    # What nothing accepts rejects every value: the witness is the simplest that the schema accepts.
    answer = Checker(contract, False).subset(holder.get("schema", True), False)
    if answer.outcome is not Outcome.NOT_SUBSET:
        raise _UnsendableError
    return answer.value


def _filled(template: str, values: dict[str, Any]) -> str:
    path = template
    for name, value in values.items():
        text = _text(value)
        # A slash would be the end of the value, and an empty one no part of a path.
        if not text or text in (".", "..") or "/" in text:
            raise _UnsendableError
        path = path.replace("{" + name + "}", text)
    return path


def _pairs(name: str, value: Any) -> Iterator[tuple[str, str]]:
    for part in value if isinstance(value, list) else [value]:
        yield name, _text(part)


def _headers(draft: _Draft) -> Iterator[tuple[str, str]]:
    for name, value in draft.header.items():
        text = _text(value)
        if not text.isascii() or not text.isprintable():
            raise _UnsendableError
        yield name, text
    if draft.cookie:
        pairs = [(name, _text(value)) for name, value in draft.cookie.items()]
        if any(not text.isascii() or not text.isalnum() for _, text in pairs):
            raise _UnsendableError
        yield "cookie", "; ".join(f"{name}={text}" for name, text in pairs)


def _text(value: Any) -> str:
    """A scalar as it travels in a parameter. Raises _UnsendableError for what has no such form."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, list | dict):
        raise _UnsendableError
    return json.dumps(value)


def _is_about(finding: Finding, body: Any) -> bool:
    """False if FastAPI's list of faults names other parts of the request only."""
    faults = body.get("detail") if isinstance(body, dict) else None
    named = (
        [fault.get("loc") for fault in faults if isinstance(fault, dict)] if isinstance(faults, list) else []
    )
    places = [[str(part) for part in loc] for loc in named if isinstance(loc, list) and loc]
    if not places:
        return True
    kind, _, name = finding.location.partition(" ")
    if kind == "body":
        return any(loc[0] == "body" for loc in places)
    return any(loc[0] == kind and _plain(name) in map(_plain, loc[1:2]) for loc in places)


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def _said(body: Any) -> str:
    """The first fault of FastAPI's list, else the body, in one line."""
    faults = body.get("detail") if isinstance(body, dict) else None
    if isinstance(faults, list) and faults and isinstance(faults[0], dict) and "msg" in faults[0]:
        where = ".".join(str(part) for part in faults[0].get("loc", ()) if isinstance(part, str | int))
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        return one_line(f"{where}: {faults[0]['msg']}", _MOST_SAID) + more
    if isinstance(faults, str):
        return one_line(faults, _MOST_SAID)
    if body is None:
        return ""
    return one_line(body if isinstance(body, str) else json.dumps(body), _MOST_SAID)
