"""Which golden requests does a contract name, and which answer does it promise to each?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from cockpit.contracts.examples import Path
from cockpit.domain.openapi import METHODS, follow

_MOST = 500
_ALONE = "example"


@dataclass(frozen=True, slots=True)
class Golden:
    """One golden example.

    `target` is path and query, filled from the parameters' examples. `kind` is the media type of the body
    `asked`, None where the operation has none. `answered` is promised with `status` and `answer_kind`, ""
    for an answer without content; `at` is where it stands in the contract.
    """

    operation: str
    name: str
    method: str
    target: str
    kind: str | None
    asked: Any
    status: int
    answer_kind: str
    answered: Any
    schema: Any
    at: Path
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unasked:
    """An operation, or one example of it, that cannot be asked, and why."""

    operation: str
    reason: str


def operations(contract: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Yield ("POST /v1/plan", path, path item, operation) for every operation of the contract."""
    paths = contract.get("paths")
    for path, given in paths.items() if isinstance(paths, dict) else ():
        item = follow(contract, given)
        for method in METHODS if isinstance(item, dict) else ():
            if isinstance(item.get(method), dict):
                yield f"{method.upper()} {path}", path, item, item[method]


def goldens(contract: dict[str, Any]) -> tuple[list[Golden], list[Unasked]]:
    """Return every golden example that can be asked, and what cannot be, in the order of the contract.

    An answer belongs to the request of the same name: to that body, or without a body to the parameters'
    examples of that name. Where nothing is named, the first answer of success belongs to the parameters'
    own examples. What no example answers is answered with success that has no content, if there is one. All
    other examples of answers only show what may be answered.
    """
    found: list[Golden] = []
    unasked: list[Unasked] = []
    for label, path, item, operation in operations(contract):
        before = len(found) + len(unasked)
        body = follow(contract, operation.get("requestBody"))
        bodies = dict(_bodies(contract, body))
        parameters = [
            follow(contract, given)
            for given in (*_list(item.get("parameters")), *_list(operation.get("parameters")))
        ]
        shown = list(_answers(contract, label, path, operation))
        for answer in _belonging(contract, shown, bodies if isinstance(body, dict) else None, parameters):
            kind, asked = bodies.get(answer.name, (None, None))
            target, headers, missing = _filled(contract, path, parameters, answer.name)
            if missing:
                unasked.append(Unasked(label, f"{answer.name}: its parameter {missing} has no example"))
                continue
            golden = Golden(
                label, answer.name, label.partition(" ")[0], target, kind, asked, answer.status, answer.kind,
                answer.value, answer.schema, answer.at, headers,
            )  # fmt: skip
            found.append(golden)
        if len(found) + len(unasked) == before:
            unasked.append(Unasked(label, "it shows no golden example with its answer"))
    if len(found) > _MOST:
        unasked.append(Unasked(found[_MOST].operation, f"only the first {_MOST} golden examples are asked"))
    return found[:_MOST], unasked


class _Answer(NamedTuple):
    """One example of a response; `alone` where it stands as `example` and has no name of its own.

    A response without content stands for itself, without a media type.
    """

    name: str
    value: Any
    status: int
    kind: str
    schema: Any
    at: Path
    alone: bool


def _belonging(
    contract: dict[str, Any],
    shown: list[_Answer],
    bodies: dict[str, tuple[str, Any]] | None,
    parameters: list[Any],
) -> list[_Answer]:
    """Return the answers that belong to a request; `bodies` is None where the operation takes none."""
    successes = [answer for answer in shown if 200 <= answer.status < 300]
    silent = [answer for answer in successes if not answer.kind][:1]
    if bodies is None:
        named = dict.fromkeys(name for parameter in parameters for name, _ in _examples(contract, parameter))
        if not named:
            return [answer for answer in successes if answer.kind][:1] or silent
    else:
        named = dict.fromkeys(bodies)
    found = [
        answer
        for answer in shown
        if answer.kind and answer.name in named and (not answer.alone or answer in successes)
    ]
    unanswered = [name for name in named if name not in {answer.name for answer in found}]
    return found + [answer._replace(name=name) for answer in silent for name in unanswered]


def _bodies(contract: dict[str, Any], body: Any) -> Iterator[tuple[str, tuple[str, Any]]]:
    content = body.get("content") if isinstance(body, dict) else None
    for kind, media in content.items() if isinstance(content, dict) else ():
        for name, value, _ in _shown(contract, media):
            yield name, (kind, value)


def _answers(contract: dict[str, Any], label: str, path: str, operation: dict[str, Any]) -> Iterator[_Answer]:
    where: Path = ("paths", path, label.partition(" ")[0].lower(), "responses")
    responses = operation.get("responses")
    for code, given in responses.items() if isinstance(responses, dict) else ():
        response = follow(contract, given)
        if not str(code).isdecimal() or not isinstance(response, dict):
            continue
        content = response.get("content")
        if not content:
            yield _Answer("no content", None, int(code), "", None, (*where, code), alone=False)
        for kind, media in content.items() if isinstance(content, dict) else ():
            for name, value, at in _shown(contract, media):
                place = (*where, code, "content", kind, *at)
                yield _Answer(name, value, int(code), kind, media.get("schema"), place, at == (_ALONE,))


def _shown(contract: dict[str, Any], media: Any) -> Iterator[tuple[str, Any, Path]]:
    """Yield (name, value, place) of every example of a media type; one without a name is called "example"."""
    yield from ((name, value, ("examples", name, "value")) for name, value in _examples(contract, media))
    if isinstance(media, dict) and _ALONE in media and not media.get("examples"):
        yield _ALONE, media[_ALONE], (_ALONE,)


def _examples(contract: dict[str, Any], holder: Any) -> Iterator[tuple[str, Any]]:
    examples = holder.get("examples") if isinstance(holder, dict) else None
    for name, given in examples.items() if isinstance(examples, dict) else ():
        example = follow(contract, given)
        if isinstance(example, dict) and "value" in example:
            yield name, example["value"]


def _filled(
    contract: dict[str, Any], path: str, parameters: list[Any], name: str
) -> tuple[str, dict[str, str], str]:
    """Return path with query, headers, and the name of a required parameter without example ("" if none)."""
    query: list[tuple[str, str]] = []
    headers: dict[str, str] = {}
    for parameter in parameters:
        if not isinstance(parameter, dict) or not isinstance(parameter.get("name"), str):
            continue
        called, place = parameter["name"], parameter.get("in")
        value = _value(contract, parameter, name)
        if value is None:
            if parameter.get("required") is True or place == "path":
                return path, headers, called
            continue
        texts = [_text(part) for part in (value if isinstance(value, list) else [value])]
        if place == "path":
            path = path.replace("{" + called + "}", quote(",".join(texts), safe=""))
        elif place == "query" and parameter.get("explode", True):
            query += [(called, text) for text in texts]
        elif place == "query":
            query.append((called, ",".join(texts)))
        elif place == "header" and called.lower() not in ("authorization", "accept", "content-type"):
            headers[called] = ",".join(texts)
        elif place == "cookie":
            headers["Cookie"] = "; ".join(
                filter(None, (headers.get("Cookie"), f"{called}={','.join(texts)}"))
            )
    return path + ("?" + urlencode(query) if query else ""), headers, ""


def _value(contract: dict[str, Any], parameter: dict[str, Any], name: str) -> Any:
    named = dict(_examples(contract, parameter))
    if name in named:
        return named[name]
    if "example" in parameter:
        return parameter["example"]
    schema = follow(contract, parameter.get("schema"))
    shown = _list(schema.get("examples")) if isinstance(schema, dict) else []
    return next(iter([*named.values(), *shown]), None)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
