"""Does a request keep the contract? Its parameters, its media type, its body."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl

from cockpit.contracts.mock.reply import Asked, Fault, Reply, detail, rejection
from cockpit.contracts.mock.routes import Operation
from cockpit.contracts.mock.values import Values
from cockpit.domain.openapi import follow

_MOST_PARAMETERS = 1000
_DEFAULT_KB = 32 * 1024


@dataclass(slots=True)
class Sent:
    """What a request said: its parameters as texts by (in, name), its body and media type's object."""

    parameters: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    media: dict[str, Any] | None = None
    body: Any = None


def read(
    contract: dict[str, Any], values: Values, operation: Operation, path: dict[str, str], asked: Asked
) -> Sent | Reply:
    """Return what the request says, or the answer (413, 415, 422) to one that breaks the contract."""
    sent = Sent(_parameters(operation, path, asked))
    faults = [
        fault
        for parameter in operation.parameters
        for fault in _parameter_faults(values, parameter, sent.parameters)
    ]
    most_kb = _most_kb(contract, operation)
    if len(asked.body) > most_kb * 1024:
        return detail(413, f"The body is larger than {most_kb:g} KB")
    holder = follow(contract, operation.value.get("requestBody"))
    contents = holder.get("content") if isinstance(holder, dict) else None
    if isinstance(holder, dict) and isinstance(contents, dict):
        refused = _body(values, contents, holder.get("required") is True, asked, sent, faults)
        if refused is not None:
            return refused
    return rejection(faults) if faults else sent


def _parameters(operation: Operation, path: dict[str, str], asked: Asked) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {("path", name): [value] for name, value in path.items()}
    query = asked.target.partition("?")[2]
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        pairs = []
    for name, value in pairs:
        found.setdefault(("query", name), []).append(value)
    try:
        cookies = SimpleCookie(asked.headers.get("cookie", ""))
    except CookieError:
        cookies = SimpleCookie()
    for name, morsel in cookies.items():
        found["cookie", name] = [morsel.value]
    for parameter in operation.parameters:
        name, place = str(parameter.get("name")), parameter.get("in")
        if place == "header" and name.lower() in asked.headers:
            found["header", name] = [asked.headers[name.lower()]]
        # A list that is not "exploded" comes as one text.
        given = found.get((str(place), name))
        if given and len(given) == 1 and _is_joined(parameter):
            found[str(place), name] = given[0].split(",")
    return found


def _is_joined(parameter: dict[str, Any]) -> bool:
    """True if a list comes as `a,b`: the rule in paths and headers, on demand in a query."""
    schema = parameter.get("schema")
    is_list = isinstance(schema, dict) and schema.get("type") == "array"
    return is_list and (parameter.get("in") != "query" or parameter.get("explode") is False)


def _parameter_faults(
    values: Values, parameter: dict[str, Any], sent: dict[tuple[str, str], list[str]]
) -> list[Fault]:
    place, name = str(parameter.get("in")), str(parameter.get("name"))
    given = sent.get((place, name))
    if given is None:
        return (
            [Fault("missing", (place, name), "Field required")] if parameter.get("required") is True else []
        )
    if parameter.get("style") not in (None, "form", "simple") or "schema" not in parameter:
        return []  # objects and other notations: not read here, so not judged
    return values.parameter_faults(parameter["schema"], given, (place, name))


def _body(
    values: Values,
    contents: dict[str, Any],
    required: bool,
    asked: Asked,
    sent: Sent,
    faults: list[Fault],
) -> Reply | None:
    """Read the body into `sent`, what is wrong with it into `faults`; return 415 for another media type."""
    if not asked.body:
        if required:
            faults.append(Fault("missing", ("body",), "Field required"))
        return None
    kind = asked.headers.get("content-type", "").partition(";")[0].strip().lower()
    declared = _declared(contents, kind)
    if declared is None:
        return detail(
            415, f"Send {' or '.join(map(str, contents))}, not {kind or 'a body without a media type'}"
        )
    sent.media = declared
    if kind != "application/json" and not kind.endswith("+json"):
        sent.body = asked.body.decode("utf-8", "replace")
        return None
    try:
        sent.body = loads(asked.body)
    except (ValueError, RecursionError) as error:
        faults.append(Fault("json_invalid", ("body",), f"JSON decode error: {error}"))
        return None
    if "schema" in declared:
        faults += values.faults(declared["schema"], sent.body, ("body",))
    return None


def loads(data: bytes) -> Any:
    """Return the JSON value. Raises ValueError for anything else: NaN, infinity, half characters."""

    def refuse(word: str) -> Any:
        raise ValueError(f"{word} is no JSON number")

    def finite(text: str) -> float:
        number = float(text)
        return number if math.isfinite(number) else refuse(text[:40])

    value = json.loads(data, parse_constant=refuse, parse_float=finite)
    if b"\\u" in data:
        json.dumps(value, ensure_ascii=False).encode()  # half of a surrogate pair is no character
    return value


def _declared(contents: dict[str, Any], kind: str) -> dict[str, Any] | None:
    """Return the media type object for `kind`: the exact one, then `application/*`, then `*/*`."""
    by_name = {str(name).partition(";")[0].strip().lower(): media for name, media in contents.items()}
    for name in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        if isinstance(by_name.get(name), dict):
            found: dict[str, Any] = by_name[name]
            return found
    return None


def _most_kb(contract: dict[str, Any], operation: Operation) -> float:
    for holder in (operation.value, contract):
        slo = holder.get("x-slo")
        most = slo.get("max_payload_kb") if isinstance(slo, dict) else None
        if isinstance(most, int | float) and not isinstance(most, bool) and most > 0:
            return float(most)
    return _DEFAULT_KB
