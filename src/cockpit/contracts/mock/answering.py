"""Which answer does a contract show for a request? The golden example that was asked for, else the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cockpit.contracts.mock.asking import Sent
from cockpit.contracts.mock.reply import Fault, Reply, detail, json_reply, rejection
from cockpit.contracts.mock.routes import Operation
from cockpit.contracts.mock.values import Values, readings
from cockpit.domain.canonical import canonical_json
from cockpit.domain.openapi import follow

_UNNAMED = "example"


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer that the contract documents: its status, media type ("" without a body) and examples."""

    code: str
    status: int
    response: dict[str, Any]
    kind: str
    media: dict[str, Any]
    examples: dict[str, Any]


def answer(
    contract: dict[str, Any],
    values: Values,
    operation: Operation,
    sent: Sent | None,
    prefer: dict[str, str],
    accept: str,
) -> Reply:
    """Return the example that `prefer` names, that belongs to what was sent, or the first one.

    `sent` is None where the request was not looked at, because a status was asked for.
    """
    shown = list(_shown(contract, operation, accept))
    if not shown:
        return detail(501, f"{operation.label} documents no answer")
    if "code" in prefer or "example" in prefer:
        return _preferred(values, operation, shown, prefer)
    for name in _names(contract, operation, sent) if sent is not None else ():
        for one in shown:
            if name in one.examples:
                return _reply(values, operation, one, name)
    successes = [one for one in shown if one.code.startswith("2")] or shown
    with_examples = [one for one in successes if one.examples or not one.kind]
    return _reply(values, operation, (with_examples or successes)[0], None)


def preferences(header: str) -> dict[str, str]:
    """Return what a Prefer header (RFC 7240) asks for: `example=NAME`, `code=404`."""
    found = {}
    for part in header.replace(";", ",").split(","):
        name, _, value = part.partition("=")
        if name.strip().lower() in ("example", "code"):
            found[name.strip().lower()] = value.strip().strip('"')
    return found


def _preferred(values: Values, operation: Operation, shown: list[Shown], prefer: dict[str, str]) -> Reply:
    code, name = prefer.get("code"), prefer.get("example")
    fitting = [one for one in shown if code is None or str(one.status) == code or _covers(one.code, code)]
    if not fitting and code == "422":
        # It need not be written in a contract, and every generated service has it.
        return rejection([Fault("missing", ("body",), "Field required")])
    if not fitting:
        codes = ", ".join(dict.fromkeys(one.code for one in shown))
        return detail(400, f"{operation.label} documents no status {code}; it has {codes}")
    if name is not None:
        fitting = [one for one in fitting if name in one.examples]
        if not fitting:
            names = ", ".join(dict.fromkeys(known for one in shown for known in one.examples))
            return detail(400, f"{operation.label} has no example {name!r}; it has {names or 'none'}")
    reply = _reply(values, operation, fitting[0], name, int(code) if code and code.isdigit() else None)
    applied = "; ".join(f"{key}={value}" for key, value in prefer.items())
    return Reply(reply.status, reply.body, {**reply.headers, "preference-applied": applied}, reply.why)


def _covers(documented: str, code: str) -> bool:
    """True if a range or `default` stands for `code`."""
    valid = len(code) == 3 and code.isdigit() and code[0] in "12345"
    return valid and (documented == "default" or documented.upper() == f"{code[0]}XX")


def _shown(contract: dict[str, Any], operation: Operation, accept: str) -> Iterator[Shown]:
    """Yield the documented answers: exact statuses first, then ranges, then `default`."""
    responses = operation.value.get("responses")
    codes = {str(code): one for code, one in responses.items()} if isinstance(responses, dict) else {}
    for code in sorted(codes, key=lambda code: (not code.isdigit(), code == "default", code)):
        response = follow(contract, codes[code])
        if not isinstance(response, dict):
            continue
        status, contents = _status(code), response.get("content")
        media = (
            {str(kind): one for kind, one in contents.items() if isinstance(one, dict)}
            if isinstance(contents, dict)
            else {}
        )
        if not media:
            yield Shown(code, status, response, "", {}, {})
            continue
        kind = next((kind for kind in media if kind in accept), next(iter(media)))
        yield Shown(code, status, response, kind, media[kind], _examples(contract, media[kind]))


def _status(code: str) -> int:
    """Return the status that stands for a documented code: 200 for 2XX, 500 for `default`."""
    if code.isdigit():
        return int(code)
    return int(code[0]) * 100 if code[:1] in ("1", "2", "3", "4", "5") else 500


def _examples(contract: dict[str, Any], holder: dict[str, Any]) -> dict[str, Any]:
    """Return the examples of a media type or parameter by name, the nameless one last."""
    found = {}
    given = holder.get("examples")
    for name, example in given.items() if isinstance(given, dict) else ():
        example = follow(contract, example)
        if isinstance(example, dict) and "value" in example:
            found[str(name)] = example["value"]
    if "example" in holder:
        found.setdefault(_UNNAMED, holder["example"])
    return found


def _names(contract: dict[str, Any], operation: Operation, sent: Sent) -> Iterator[str]:
    """Yield the names of the request examples that equal what was sent."""
    if sent.media is not None:
        body = canonical_json(sent.body)
        for name, value in _examples(contract, sent.media).items():
            if body is not None and canonical_json(value) == body:
                yield name
        return
    known: dict[str, list[bool]] = {}
    for parameter in operation.parameters:
        given = sent.parameters.get((str(parameter.get("in")), str(parameter.get("name"))))
        meant = {canonical_json(value) for value in readings(given)} if given else set()
        for name, value in _examples(contract, parameter).items():
            known.setdefault(name, []).append(canonical_json(value) in meant)
    yield from (name for name, equal in known.items() if all(equal))


def _reply(
    values: Values, operation: Operation, one: Shown, name: str | None, status: int | None = None
) -> Reply:
    status = status or one.status
    headers = {**_headers(values, one.response)}
    if not one.kind:
        return Reply(status, b"", headers, "as documented, without a body")
    if one.examples:
        name = name if name is not None else next(iter(one.examples))
        value, why = one.examples[name], f"example {name}"
    else:
        found = values.simplest(one.media["schema"]) if "schema" in one.media else None
        if found is None:
            return detail(501, f"{operation.label} shows no example of {one.code}: add one to the contract")
        (value,), why = found, "no example; the simplest answer that fits"
    if one.kind == "application/json" or one.kind.endswith("+json") or not isinstance(value, str):
        return json_reply(status, value, why, {**headers, "content-type": one.kind})
    return Reply(status, value.encode("utf-8", "replace"), {**headers, "content-type": one.kind}, why)


def _headers(values: Values, response: dict[str, Any]) -> dict[str, str]:
    """Return the headers that the answer must have, each as its example or the simplest value."""
    found = {}
    given = response.get("headers")
    for name, header in given.items() if isinstance(given, dict) else ():
        if not isinstance(header, dict) or header.get("required") is not True:
            continue
        value = (header["example"],) if "example" in header else values.simplest(header.get("schema", True))
        if value is not None:
            text = value[0] if isinstance(value[0], str) else str(value[0]).lower()
            found[str(name).lower()] = "".join(c for c in text if c.isprintable() and c.isascii())
    return found
