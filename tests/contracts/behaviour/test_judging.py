"""What an answer says about the contract: by status, media type, header, schema and golden example."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cockpit.contracts.behaviour import golden_answers
from cockpit.contracts.behaviour.findings import simplest
from cockpit.contracts.behaviour.goldens import goldens
from cockpit.contracts.behaviour.judging import Judge
from cockpit.domain.behaviour import Exchange
from cockpit.domain.conformance import Direction, Replay, Rule

CONTRACT = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/v1/area": {
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"$ref": "#/components/schemas/Room"},
                            "examples": {"small": {"value": {"width": 2, "sides": [1, 2]}}},
                        }
                    }
                },
                "responses": {
                    "200": {
                        "headers": {
                            "X-Count": {"required": True, "schema": {"type": "integer"}},
                            "X-May": {},
                        },
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["area"],
                                    "properties": {
                                        "area": {"type": "number", "minimum": 0, "x-tolerance": 0.1}
                                    },
                                },
                                "examples": {"small": {"value": {"area": 4}}},
                            }
                        },
                    },
                    "404": {"content": {"application/problem+json": {"schema": {"type": "object"}}}},
                    "5XX": {"description": "broken"},
                },
            }
        },
        "/v1/areas/{id}": {
            "get": {
                "responses": {"200": {"content": {"text/*": {"schema": {"type": "string"}}}}},
                "parameters": [{"name": "id", "in": "path", "required": True, "example": 3}],
            },
            "head": {"responses": {"200": {"content": {"application/json": {"schema": {"type": "object"}}}}}},
        },
    },
    "components": {
        "schemas": {
            "Room": {"type": "object", "required": ["width"], "properties": {"width": {"type": "number"}}}
        }
    },
}
JUDGE = Judge(CONTRACT)
GOLDEN = goldens(CONTRACT)[0][0]
POST = "POST /v1/area"
PROBLEM = "application/problem+json"


def answer(status=200, body=b'{"area": 4}', kind="application/json", operation=POST, sent=None, **headers):
    headers = {"content-type": kind, "x-count": "1"} | {k.replace("_", "-"): v for k, v in headers.items()}
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {key: value for key, value in headers.items() if value is not None}
    return Exchange(operation, "curl …", status, headers, body, sent=sent, has_body=sent is not None)


def test_an_answer_within_the_contract_shows_nothing():
    judged = JUDGE.judge(answer())
    assert judged.clean
    assert (judged.findings, judged.undecided, judged.todo) == ((), (), None)
    assert golden_answers.compare(JUDGE, GOLDEN, answer()).clean


@pytest.mark.parametrize(
    ("exchange", "rule", "location", "pointer", "said"),
    [
        (answer(body={"area": -1}), Rule.RESPONSE_WIDENED, "200 application/json", "/area", "-1 is less"),
        (answer(body={}), Rule.RESPONSE_WIDENED, "200 application/json", "", '"area" is a required'),
        (answer(body=b"{"), Rule.RESPONSE_WIDENED, "200 application/json", "", "no JSON"),
        (answer(body=b'{"area": NaN}'), Rule.RESPONSE_WIDENED, "200 application/json", "", "NaN"),
        (answer(body=b"\xff"), Rule.RESPONSE_WIDENED, "200 application/json", "", "no JSON"),
        (answer(kind="text/html"), Rule.CONTENT_TYPE, "200 text/html", "", "sends text/html"),
        (answer(kind=None), Rule.CONTENT_TYPE, "200 no content type", "", "sends no content type"),
        (answer(x_count=None), Rule.RESPONSE_WIDENED, "200 header X-Count", "", "lacks it"),
        (answer(x_count="many"), Rule.RESPONSE_WIDENED, "200 header X-Count", "", "many"),
        (answer(500, b"oops"), Rule.SERVER_ERROR, "500", "", "oops"),
        (answer(404, kind="application/json"), Rule.CONTENT_TYPE, "404 application/json", "", "problem+json"),
        (answer(404, [], PROBLEM), Rule.RESPONSE_WIDENED, f"404 {PROBLEM}", "", "object"),
        (answer(204), Rule.STATUS_UNDECLARED, "204", "", "names the status codes 200, 404, 5XX"),
        (answer(418, operation="GET /v1/areas/{id}"), Rule.STATUS_UNDECLARED, "418", "", "answers 418"),
        (answer(404, operation="GET /v1/areas/{id}"), Rule.STATUS_UNDECLARED, "404", "", "answers 404"),
        (answer(405), Rule.OPERATION_MISSING, "405", "", "none such"),
        (answer(505, operation="GET /v1/areas/{id}"), Rule.SERVER_ERROR, "505", "", "505"),
        (answer(operation="GET /v1/areas/{id}"), Rule.CONTENT_TYPE, "200 application/json", "", "text/*"),
    ],
)  # fmt: skip
def test_what_an_answer_outside_the_contract_is(exchange, rule, location, pointer, said):
    found = JUDGE.judge(exchange).findings
    assert len(found) == 1
    assert (found[0].rule, found[0].location, found[0].pointer) == (rule, location, pointer)
    assert said in found[0].message
    assert found[0].do
    assert found[0].replay is Replay.CONFIRMED
    assert found[0].breaks
    if rule is Rule.RESPONSE_WIDENED:
        assert found[0].witness is not None
        assert found[0].contract_pointer.startswith(f"/paths/~1v1~1area/post/responses/{exchange.status}/")


def test_a_missing_operation_is_told_from_a_missing_thing():
    plain = {"paths": {"/v1/area": {"post": {"responses": {"200": {}}}}}}
    found = Judge(plain).judge(answer(404)).findings
    assert [one.rule for one in found] == [Rule.OPERATION_MISSING]


REFUSAL = {"detail": [{"loc": ["body", "sides", "tagged-union", 1], "msg": "too small"}]}


def test_a_rejected_request_is_a_narrowing_with_the_place_that_the_service_blames():
    exchange = answer(422, REFUSAL, sent={"width": 2, "sides": [1, 2]})
    (found,) = JUDGE.judge(exchange).findings
    assert (found.rule, found.direction) == (Rule.REQUEST_NARROWED, Direction.REQUEST)
    assert (found.location, found.pointer) == ("body application/json", "/sides/1")
    assert found.witness.value == {"width": 2, "sides": [1, 2]}
    assert "too small (body.sides.tagged-union.1)" in found.message
    assert found.contract_pointer.endswith("/post/requestBody/content/application~1json/schema")


def test_a_request_that_the_contract_forbids_too_proves_nothing():
    judged = JUDGE.judge(answer(422, REFUSAL, sent={"width": "2"}))
    assert judged.findings == ()
    assert "may not allow either" in judged.undecided[0].reason
    assert judged.undecided[0].direction is Direction.REQUEST


@pytest.mark.parametrize(("sent_bytes", "allowed"), [(2048, True), (2049, False)])
def test_a_body_beyond_x_slo_may_be_refused_with_413(sent_bytes, allowed):
    slo = {"x-slo": {"max_payload_kb": 2}}
    for operation, root in ((slo, {}), ({}, slo)):
        document = {"paths": {"/v1/area": {"post": {"responses": {"200": {}}, **operation}}}, **root}
        exchange = replace(answer(413, b""), sent_bytes=sent_bytes)
        assert bool(Judge(document).judge(exchange).findings) is allowed


def test_rejected_parameters_are_shown_by_their_command():
    (found,) = JUDGE.judge(answer(422, REFUSAL, operation="GET /v1/areas/{id}")).findings
    assert (found.location, found.witness.value) == ("parameters", "curl …")


@pytest.mark.parametrize(
    "loc", [[], ["query", "a"], ["body", {}], ["body", -1], ["body", True], "body", None]
)
def test_any_place_that_a_422_blames_can_be_read(loc):
    exchange = answer(422, {"detail": [{"loc": loc, "msg": "no"}]}, sent={"width": 1})
    assert JUDGE.judge(exchange).findings[0].pointer == ""


@pytest.mark.parametrize("status", [401, 403, 407, 429, 301, 307])
def test_where_the_service_did_not_speak_nothing_is_known(status):
    judged = JUDGE.judge(answer(status))
    assert judged.findings == ()
    assert f"{status}" in judged.undecided[0].reason


def test_unwritten_logic_is_work_to_do_and_no_violation():
    said = {"detail": "logic not written", "where": "services/x/src/x/logic/operations.py:12"}
    judged = JUDGE.judge(answer(501, said))
    assert judged.todo == "services/x/src/x/logic/operations.py:12"
    assert judged.findings == judged.undecided == ()
    assert not judged.clean
    other = JUDGE.judge(answer(501, {"detail": "no"}, operation="GET /v1/areas/{id}"))
    assert other.todo is None
    assert other.findings[0].rule is Rule.SERVER_ERROR


def test_what_cannot_be_checked_is_unknown():
    cut = Exchange(POST, "curl", 200, {"content-type": "application/json", "x-count": "1"}, b"{", cut=True)
    assert "larger than what is read" in JUDGE.judge(cut).undecided[0].reason
    assert "no such operation" in JUDGE.judge(answer(operation="GET /other")).undecided[0].reason
    broken = {"paths": {"/v1/area": {"post": {"responses": {"200": {"content": {"application/json": {
        "schema": {"$ref": "https://example.org/x.json"}}}}}}}}}  # fmt: skip
    assert Judge(broken).judge(answer()).undecided != ()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"area": 4, "x": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", "nested more than 200 deep"),
        (b'{"area": 4, "x": ' + b'{"a":' * 201 + b"1" + b"}" * 202, "nested more than 200 deep"),
        (b'{"area": ' + b"9" * 5_000 + b"}", "cannot be read"),
    ],
)
def test_an_answer_that_cannot_be_read_is_unknown_and_no_violation(body, said):
    for judged in (JUDGE.judge(answer(body=body)), golden_answers.compare(JUDGE, GOLDEN, answer(body=body))):
        assert judged.findings == ()
        assert said in judged.undecided[0].reason


def test_brackets_in_texts_are_no_nesting():
    wide = {"area": 4, "x": ["[" * 500, '\\"' * 300], "y": [[]] * 300}
    assert JUDGE.judge(answer(body=wide)).clean


def test_an_answer_to_head_has_no_body():
    assert JUDGE.judge(answer(body=b"", operation="HEAD /v1/areas/{id}")).clean


@pytest.mark.parametrize(
    ("exchange", "pointer", "said", "value"),
    [
        (answer(body={"area": 4.1}), None, "", None),
        (answer(body={"area": 4.2}), "/area", "4 ± 0.1 is promised, 4.2 came", {"area": 4.2}),
        (answer(body={"area": 4, "more": 1}), "/more", "no such key, 1 came", {"area": 4, "more": 1}),
        (
            answer(404, {}, "application/problem+json"),
            "",
            "status 200 is promised, the service answers 404",
            404,
        ),
    ],
)
def test_an_answer_is_held_to_its_golden_example(exchange, pointer, said, value):
    judged = golden_answers.compare(JUDGE, GOLDEN, exchange)
    if pointer is None:
        assert judged.clean
        return
    (found,) = judged.findings
    assert (found.rule, found.pointer) == (Rule.GOLDEN_DIFFERS, pointer)
    assert said in found.message
    assert "'small'" in found.message
    assert found.witness.value == value
    assert found.contract_pointer == (
        "/paths/~1v1~1area/post/responses/200/content/application~1json/examples/small/value"
    )


def test_what_the_contract_forbids_comes_before_what_the_example_says():
    judged = golden_answers.compare(JUDGE, GOLDEN, answer(body={"area": -1}))
    assert [one.rule for one in judged.findings] == [Rule.RESPONSE_WIDENED]


def test_a_documented_503_says_nothing_about_the_example():
    judged = golden_answers.compare(JUDGE, GOLDEN, answer(503))
    assert judged.findings == ()
    assert "not ready" in judged.undecided[0].reason


def test_a_text_is_the_golden_one_or_not():
    def text(value):
        return {"text/plain": {"examples": {"a": {"value": value}}}}

    for golden, came, clean in (("hello", b"hello", True), ("hello", b"hallo", False)):
        document = {"paths": {"/t": {"get": {"responses": {"200": {"content": text(golden)}}}}}}
        (one,), _ = goldens(document)
        exchange = answer(body=came, kind="text/plain; charset=utf-8", operation="GET /t")
        assert golden_answers.compare(Judge(document), one, exchange).clean is clean
    document = {"paths": {"/t": {"get": {"responses": {"200": {"content": text([1])}}}}}}
    (one,), _ = goldens(document)
    judged = golden_answers.compare(
        Judge(document), one, answer(body=b"", kind="text/plain", operation="GET /t")
    )
    assert "only text and JSON" in judged.undecided[0].reason


def test_an_answer_without_content_is_held_to_its_status():
    document = {"paths": {"/t": {"delete": {"responses": {"204": {}, "404": {}}}}}}
    (one,), _ = goldens(document)
    judge = Judge(document)
    assert golden_answers.compare(judge, one, answer(204, b"", None, "DELETE /t")).clean
    (found,) = golden_answers.compare(judge, one, answer(404, b"", None, "DELETE /t")).findings
    assert (found.rule, found.location) == (Rule.GOLDEN_DIFFERS, "204 example no content")


def test_of_many_alike_the_simplest_is_shown():
    found = [(JUDGE.judge(answer(body={"area": -n})).findings[0], 100 - n) for n in range(1, 9)]
    found += [(JUDGE.judge(answer(500)).findings[0], 1)]
    kept = simplest(found)
    assert [one.rule for one in kept] == [Rule.RESPONSE_WIDENED, Rule.SERVER_ERROR]
    assert kept[0].witness.value == {"area": -8}


def test_a_large_answer_is_shown_by_its_deciding_part():
    big = {"area": -1, "rest": "x" * 100_000}
    (found,) = JUDGE.judge(answer(body=big)).findings
    assert found.witness.value == -1


def test_a_fault_is_placed_at_the_keyword_that_says_so():
    document = {
        "paths": {"/v1/area": {"post": {"responses": {"200": {"content": {"application/json": {
            "schema": {"properties": {"a": {"$ref": "#/components/schemas/A"}, "b~/": {"maximum": 1}}}}}}}}}},
        "components": {"schemas": {"A": {"minimum": 3}}},
    }  # fmt: skip
    one, other = Judge(document).judge(answer(body={"a": 1, "b~/": 2})).findings
    assert (one.keyword, one.contract_pointer) == ("minimum: 3", "/components/schemas/A/minimum")
    assert other.keyword == "maximum: 1"
    assert other.contract_pointer == (
        "/paths/~1v1~1area/post/responses/200/content/application~1json/schema/properties/b~0~1/maximum"
    )
