"""Does the mock answer as a service that keeps the contract would?"""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from cockpit.contracts.document import complete
from cockpit.contracts.mock import Asked, Mock, Reply

CONTRACT: dict[str, Any] = yaml.safe_load("""
paths:
  /v1/plans/{plan_id}:
    parameters:
      - {name: plan_id, in: path, required: true, schema: {type: integer, minimum: 1}}
    get:
      operationId: get_plan
      parameters:
        - name: detail
          in: query
          schema: {type: boolean}
          examples: {short: {value: false}, long: {value: true}}
        - {name: tag, in: query, schema: {type: array, items: {type: string, maxLength: 3}, maxItems: 2}}
        - {name: X-Trace, in: header, required: true, schema: {type: string, pattern: "^[a-z]+$"}}
        - {name: level, in: cookie, schema: {enum: [1, 2]}}
        - {name: ids, in: query, explode: false, schema: {type: array, items: {type: integer}}}
      responses:
        "404": {content: {application/json: {schema: {}, examples: {gone: {value: {code: gone}}}}}}
        "200":
          headers: {ETag: {required: true, example: '"1"', schema: {type: string}}}
          content:
            application/json:
              schema: {type: object}
              examples: {long: {value: {plan: long}}, short: {$ref: "#/components/examples/Short"}}
            text/csv:
              schema: {type: string}
              example: "a,b"
    delete: {operationId: drop_plan, responses: {"204": {description: gone}}}
  /v1/plans/latest:
    get: {operationId: latest, responses: {default: {content: {application/json: {example: newest}}}}}
  /v1/plans:
    post:
      operationId: make_plan
      x-slo: {max_payload_kb: 1}
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Plan"}
            examples: {small: {value: {sides: 4}}, wrong: {value: {sides: 5.0}}, lonely: {value: {sides: 6}}}
          text/*: {schema: {type: string}}
      responses:
        "200":
          content:
            application/json:
              examples: {big: {value: {area: 9}}, small: {value: {area: 1}}}
        "400":
          content: {application/problem+json: {examples: {wrong: {value: {why: five}}}}}
        "5XX": {content: {application/json: {example: {why: broken}}}}
components:
  examples: {Short: {value: {plan: short}}}
  schemas:
    Plan:
      type: object
      additionalProperties: false
      required: [sides]
      properties: {sides: {type: number, minimum: 3}, note: {type: string}}
""")
TRACE = {"x-trace": "abc"}
JSON = {"content-type": "application/json; charset=utf-8"}


@pytest.fixture(scope="module")
def mock() -> Mock:
    return Mock(complete(CONTRACT, "plans", "1"))


def post(mock: Mock, body: Any, **headers: str) -> Reply:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return mock.reply(Asked("POST", "/v1/plans", JSON | headers, data))


def get(mock: Mock, target: str, **headers: str) -> Reply:
    return mock.reply(Asked("GET", target, TRACE | headers, b""))


def said(reply: Reply) -> Any:
    return json.loads(reply.body)


@pytest.mark.parametrize(
    ("body", "status", "answer"),
    [
        ({"sides": 4}, 200, {"area": 1}),
        ({"sides": 4.0}, 200, {"area": 1}),
        ({"sides": 5}, 400, {"why": "five"}),
        ({"sides": 6}, 200, {"area": 9}),
        ({"sides": 7, "note": "x"}, 200, {"area": 9}),
    ],
)
def test_the_example_that_equals_the_body_is_answered_else_the_first(
    mock: Mock, body: Any, status: int, answer: Any
) -> None:
    reply = post(mock, body)
    assert (reply.status, said(reply)) == (status, answer)


@pytest.mark.parametrize(
    ("body", "kind", "where"),
    [
        ({"sides": 2}, "minimum", ["body", "sides"]),
        ({"sides": True}, "type", ["body", "sides"]),
        ({}, "missing", ["body", "sides"]),
        ({"sides": 3, "more": 1}, "additionalProperties", ["body"]),
        (b"", "missing", ["body"]),
        (b"{", "json_invalid", ["body"]),
        (b'{"sides": NaN}', "json_invalid", ["body"]),
        (b'{"sides": 1e999}', "json_invalid", ["body"]),
        (b'{"sides": 3, "note": "\\ud800"}', "json_invalid", ["body"]),
        (b"\xff\xfe", "json_invalid", ["body"]),
        (b"[" * 900, "json_invalid", ["body"]),
    ],
)
def test_a_body_that_breaks_the_contract_is_refused_with_its_place(
    mock: Mock, body: Any, kind: str, where: list[str]
) -> None:
    reply = post(mock, body)
    assert reply.status == 422
    (fault,) = said(reply)["detail"]
    assert (fault["type"], fault["loc"]) == (kind, where)
    assert fault["msg"]


def test_many_faults_are_cut() -> None:
    contract = {
        "paths": {"/": {"put": {
            "requestBody": {"content": {"application/json": {"schema": {"items": {"type": "string"}}}}},
            "responses": {"204": {}},
        }}}
    }  # fmt: skip
    reply = Mock(contract).reply(Asked("PUT", "/", JSON, json.dumps([1] * 5000).encode()))
    assert reply.status == 422
    assert len(said(reply)["detail"]) == 50


@pytest.mark.parametrize(
    ("target", "where"),
    [
        ("/v1/plans/0", ["path", "plan_id"]),
        ("/v1/plans/x", ["path", "plan_id"]),
        ("/v1/plans/1?detail=maybe", ["query", "detail"]),
        ("/v1/plans/1?tag=long-one", ["query", "tag", 0]),
        ("/v1/plans/1?tag=a&tag=b&tag=c", ["query", "tag"]),
        ("/v1/plans/1?ids=1,x", ["query", "ids", 1]),
    ],
)
def test_a_parameter_that_breaks_the_contract_is_refused(mock: Mock, target: str, where: list[Any]) -> None:
    reply = get(mock, target)
    assert reply.status == 422
    assert [fault["loc"] for fault in said(reply)["detail"]] == [where]


@pytest.mark.parametrize(
    "target",
    ["/v1/plans/7", "/v1/plans/%37", "/v1/plans/1?detail=true&tag=a&tag=b", "/v1/plans/1?ids=1,2&unknown=1"],
)
def test_parameters_are_read_as_what_they_can_mean(mock: Mock, target: str) -> None:
    assert get(mock, target, cookie="level=2; other=x").status == 200


def test_headers_and_cookies_are_parameters(mock: Mock) -> None:
    missing = mock.reply(Asked("GET", "/v1/plans/1", {}, b""))
    assert said(missing)["detail"][0]["loc"] == ["header", "X-Trace"]
    wrong = get(mock, "/v1/plans/1", cookie="level=3")
    assert said(wrong)["detail"][0]["loc"] == ["cookie", "level"]


@pytest.mark.parametrize(("detail", "plan"), [("false", "short"), ("true", "long")])
def test_without_a_body_the_parameters_choose_the_example(mock: Mock, detail: str, plan: str) -> None:
    assert said(get(mock, f"/v1/plans/1?detail={detail}")) == {"plan": plan}


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/v1/none", 404),
        ("GET", "/v1/plans/1/2", 404),
        ("PUT", "/v1/plans", 405),
        ("HEAD", "/v1/plans/1", 405),
        ("DELETE", "/v1/plans/1", 204),
    ],
)
def test_paths_and_methods_as_a_service_would(mock: Mock, method: str, target: str, status: int) -> None:
    assert mock.reply(Asked(method, target, TRACE, b"")).status == status


def test_405_names_the_methods_that_are(mock: Mock) -> None:
    assert mock.reply(Asked("PUT", "/v1/plans/1", {}, b"")).headers["allow"] == "DELETE, GET"


def test_a_written_out_path_comes_before_a_template(mock: Mock) -> None:
    assert said(get(mock, "/v1/plans/latest")) == "newest"


def test_media_types(mock: Mock) -> None:
    def send(kind: str) -> int:
        return mock.reply(Asked("POST", "/v1/plans", {"content-type": kind}, b"x")).status

    assert send("application/xml") == 415
    assert send("") == 415
    assert send("text/plain") == 200
    csv = get(mock, "/v1/plans/1", accept="text/csv")
    assert (csv.headers["content-type"], csv.body) == ("text/csv", b"a,b")


def test_a_body_over_the_budget_is_413(mock: Mock) -> None:
    assert post(mock, {"sides": 3, "note": "x" * 2000}).status == 413


@pytest.mark.parametrize(
    ("prefer", "status", "answer"),
    [
        ("example=big", 200, {"area": 9}),
        ("example=wrong", 400, {"why": "five"}),
        ('code="400"', 400, {"why": "five"}),
        ("code=503", 503, {"why": "broken"}),
        ("respond-async, code=200; example=small", 200, {"area": 1}),
    ],
)
def test_prefer_chooses_the_answer(mock: Mock, prefer: str, status: int, answer: Any) -> None:
    reply = post(mock, {"sides": 7}, prefer=prefer)
    assert (reply.status, said(reply)) == (status, answer)
    assert reply.headers["preference-applied"]


def test_prefer_422_needs_no_contract_of_its_own(mock: Mock) -> None:
    assert post(mock, {"sides": 7}, prefer="code=422").status == 422


@pytest.mark.parametrize(("prefer", "named"), [("code=418", "5XX"), ("example=huge", "small")])
def test_prefer_for_what_is_not_there_says_what_is(mock: Mock, prefer: str, named: str) -> None:
    reply = post(mock, {"sides": 7}, prefer=prefer)
    assert reply.status == 400
    assert named in said(reply)["detail"]


def test_an_example_that_is_preferred_does_not_excuse_the_request(mock: Mock) -> None:
    assert post(mock, {"sides": 1}, prefer="example=big").status == 422


def test_without_an_example_the_simplest_value_that_fits_is_answered() -> None:
    schema = {
        "type": "object",
        "required": ["code", "left"],
        "properties": {"code": {"enum": ["busy"]}, "left": {"type": "integer", "minimum": 3}},
    }
    contract = {
        "paths": {"/": {"get": {"responses": {
            "200": {"content": {"application/json": {"schema": schema}}},
            "404": {"content": {"application/json": {"schema": False}}},
        }}}}
    }  # fmt: skip
    mock = Mock(contract)
    reply = mock.reply(Asked("GET", "/", {}, b""))
    assert (reply.status, said(reply)) == (200, {"code": "busy", "left": 3})
    nothing_fits = mock.reply(Asked("GET", "/", {"prefer": "code=404"}, b""))
    assert nothing_fits.status == 501
    assert "add one to the contract" in said(nothing_fits)["detail"]


def test_required_headers_of_the_answer_are_there(mock: Mock) -> None:
    assert get(mock, "/v1/plans/1").headers["etag"] == '"1"'


def test_the_contract_itself_is_served(mock: Mock) -> None:
    document = said(get(mock, "/openapi.json"))
    assert document["openapi"].startswith("3.1")
    assert document["paths"] == CONTRACT["paths"]
    assert get(mock, "/readyz").status == 200


@pytest.mark.parametrize(
    "contract",
    [
        {},
        {"paths": []},
        {"paths": {"/": None}},
        {"paths": {"/": {"get": {}, "parameters": {"x": 1}}}},
        {"paths": {"/": {"get": {"parameters": [1, {"$ref": "#/no"}, {}], "responses": {"": 1, "x": {}}}}}},
        {"paths": {"/": {"get": {"requestBody": {"content": {"application/json": 3}}, "responses": {}}}}},
        {"paths": {"/": {"get": {"responses": {"200": {"content": {"a/b": {"schema": {"$ref": "#/x"}}}}}}}}},
    ],
)
def test_a_contract_that_makes_no_sense_still_gets_an_answer(contract: dict[str, Any]) -> None:
    reply = Mock(contract).reply(Asked("GET", "/", JSON, b"1"))
    assert 200 <= reply.status < 600
