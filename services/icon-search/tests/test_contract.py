"""Does the service answer as its contract says? Golden examples, then property-based requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import jsonschema_rs
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tolerance import differences

from icon_search.app import app

CONTRACT = json.loads((Path(__file__).parents[1] / "contract.openapi.json").read_text(encoding="utf-8"))
NO_CONTENT: dict[str, Any] = {}
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


class Golden(NamedTuple):
    """One golden example: what is asked, and the answer that it must get."""

    method: str
    path: str
    headers: dict[str, str]
    kind: str | None
    asked: Any
    status: int
    answered: Any
    schema: Any


def follow(value: Any) -> Any:
    """Return what `value` refers to inside the contract, or `value` itself."""
    while isinstance(value, dict) and isinstance(value.get("$ref"), str):
        target: Any = CONTRACT
        for part in value["$ref"].removeprefix("#/").split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            target = target[int(key)] if isinstance(target, list) else target[key]
        value = target
    return value


def goldens() -> Iterator[Any]:
    """Every answer that belongs to a request: by its example's name, as the first success, or without content."""
    for path, item in CONTRACT["paths"].items():
        for method in METHODS:
            if method not in item:
                continue
            operation = item[method]
            parameters = [*map(follow, [*(item.get("parameters") or []), *(operation.get("parameters") or [])])]
            body = follow(operation.get("requestBody"))
            asked = {
                name: (kind, value)
                for kind, media in ((body or {}).get("content") or {}).items()
                for name, value in shown(media)
            }
            answers = [
                (int(status), name, value, media)
                for status, response in operation["responses"].items()
                if str(status).isdigit()
                for media in (follow(response).get("content") or {}).values()
                for name, value in shown(media)
            ]
            silent = [
                (int(status), "no content", None, NO_CONTENT)
                for status, response in operation["responses"].items()
                if str(status).isdigit() and 200 <= int(status) < 300 and not follow(response).get("content")
            ][:1]
            by_name = {name: None for parameter in parameters for name in parameter.get("examples") or {}}
            named = by_name if body is None else asked
            if body is None and not named:
                answers = ([answer for answer in answers if 200 <= answer[0] < 300] or silent)[:1]
            else:
                answers = [
                    answer
                    for answer in answers
                    if answer[1] in named and ("examples" in answer[3] or 200 <= answer[0] < 300)
                ]
                missing = named.keys() - {answer[1] for answer in answers}
                answers += [(status, name, None, NO_CONTENT) for status, *_ in silent for name in sorted(missing)]
            for status, name, answered, media in answers:
                target, headers = filled(path, parameters, name)
                kind, sent = asked.get(name, (None, None))
                schema = NO_CONTENT if media is NO_CONTENT else media.get("schema")
                golden = Golden(method, target, headers, kind, sent, status, answered, schema)
                yield pytest.param(golden, id=f"{method.upper()} {path} {name}")


def shown(media: Any) -> Iterator[tuple[str, Any]]:
    """Every example of a media type by its name; one without a name is called "example"."""
    named = media.get("examples") or {}
    yield from ((name, follow(example)["value"]) for name, example in named.items())
    if "example" in media and not named:
        yield "example", media["example"]


def filled(path: str, parameters: list[Any], name: str) -> tuple[str, dict[str, str]]:
    """Return path with query, and headers, from the parameters' examples: the one called `name`, or the first."""
    query: list[tuple[str, str]] = []
    headers: dict[str, str] = {}
    for parameter in parameters:
        named = {key: follow(example)["value"] for key, example in (parameter.get("examples") or {}).items()}
        plain = [parameter["example"]] if "example" in parameter else []
        given = [*plain, *named.values(), *(follow(parameter.get("schema")) or {}).get("examples", [])]
        if name not in named and not given:
            continue
        value = named.get(name, given[0])
        texts = [v if isinstance(v, str) else json.dumps(v) for v in (value if isinstance(value, list) else [value])]
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", quote(texts[0], safe=""))
        elif parameter["in"] == "query":
            query += [(parameter["name"], text) for text in texts]
        elif parameter["in"] == "header":
            headers[parameter["name"]] = texts[0]
    return path + ("?" + urlencode(query) if query else ""), headers


def lookup(reference: str) -> Any:
    """Return what a reference names inside the contract."""
    return follow({"$ref": reference})


VALIDATORS: dict[int, tuple[Any, Any]] = {}


def fits(schema: Any, value: Any) -> bool:
    """Is `value` valid under `schema`, a part of the contract?"""
    if id(schema) not in VALIDATORS:
        whole = {"$ref": "#/x-part", "x-part": schema, "components": CONTRACT.get("components", {})}
        # The schema is kept beside its validator, so that no other one gets its identity.
        VALIDATORS[id(schema)] = (jsonschema_rs.Draft202012Validator(whole), schema)
    return VALIDATORS[id(schema)][0].is_valid(value)


def missing(response: Any) -> str | None:
    """Where logic is missing, in the words that `cockpit test` counts as work to do; None if it is written."""
    if response.status_code != 501 or response.json().get("detail") != "logic not written":
        return None
    return f"logic not written: {response.json()['where']}"


@pytest.mark.parametrize("golden", list(goldens()))
def test_golden(client: TestClient, golden: Golden) -> None:
    """The service answers a golden request with the golden answer."""
    if golden.kind is None or "json" in golden.kind:
        body = {} if golden.kind is None else {"json": golden.asked}
        response = client.request(golden.method, golden.path, headers=golden.headers, **body)
    else:
        headers = golden.headers | {"Content-Type": golden.kind}
        response = client.request(golden.method, golden.path, headers=headers, content=golden.asked)
    said = missing(response)
    assert said is None, said
    assert response.status_code == golden.status, response.text[:2000]
    if golden.schema is NO_CONTENT:
        assert not response.content
        return
    found = differences(golden.schema, golden.answered, response.json(), lookup, fits)
    assert not (said := [f"{at or '/'}: {what}" for at, what in islice(found, 20)]), "\n".join(said)


# What the contract promises: requests that the service has to take, and answers that it may give.
PROMISED = schemathesis.openapi.from_dict(CONTRACT)
PROMISED.app = app
OPERATIONS = [result.ok() for result in PROMISED.get_all_operations()]
POSITIVE = schemathesis.GenerationMode.POSITIVE
MOST_LIMITS = 200


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_limits(client: TestClient, operation: schemathesis.APIOperation) -> None:
    """The smallest and largest requests that the contract allows are answered as it says."""
    cases = PROMISED.iter_coverage_cases(
        operation, generation_modes=[POSITIVE], generation_config=GenerationConfig()
    )
    for case in islice(cases, MOST_LIMITS):
        response = case.call()
        said = missing(response)
        assert said is None, said
        case.validate_response(response, checks=CHECKS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_any_request(client: TestClient, operation: schemathesis.APIOperation) -> None:
    """Whatever the contract allows is answered without a server error, and as it says."""
    unwritten: list[str] = []

    @given(case=operation.as_strategy(POSITIVE))
    @settings(
        max_examples=40,
        derandomize=True,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    def is_answered(case: schemathesis.Case) -> None:
        response = case.call()
        said = missing(response)
        if said is None:
            case.validate_response(response, checks=CHECKS)
        else:
            unwritten.append(said)  # not a failure to be reduced to its smallest request

    is_answered()
    assert not unwritten, unwritten[0]
