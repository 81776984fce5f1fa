"""Which golden requests a contract names, how they are addressed, and what cannot be asked."""

from __future__ import annotations

import pytest

from cockpit.contracts.behaviour.goldens import goldens


def contract(path="/v1/plan", method="post", **operation):
    return {"openapi": "3.1.0", "paths": {path: {method: operation}}, "components": {}}


def media(**examples):
    return {"application/json": {"schema": {}, "examples": {k: {"value": v} for k, v in examples.items()}}}


def test_request_and_answer_of_one_name_belong_together():
    found, unasked = goldens(
        contract(
            requestBody={"content": media(small={"a": 1}, bad={"a": 2})},
            responses={"200": {"content": media(small=1, other=9)}, "400": {"content": media(bad="no")}},
        )
    )
    assert [(g.name, g.asked, g.status, g.answered) for g in found] == [
        ("small", {"a": 1}, 200, 1),
        ("bad", {"a": 2}, 400, "no"),
    ]
    assert found[0].at == ("paths", "/v1/plan", "post", "responses", "200", "content", "application/json",
                           "examples", "small", "value")  # fmt: skip
    assert (found[0].operation, found[0].method, found[0].kind) == (
        "POST /v1/plan",
        "POST",
        "application/json",
    )
    assert unasked == []


def test_parameters_are_filled_by_name_and_else_by_their_first_example():
    parameters = [
        {"name": "id", "in": "path", "required": True, "schema": {}, "example": "a b/c"},
        {"name": "tag", "in": "query", "schema": {}, "examples": {"x": {"value": ["p", "q"]}}},
        {"name": "flat", "in": "query", "explode": False, "schema": {}, "example": [1, True]},
        {"name": "n", "in": "query", "schema": {"examples": [5]}},
        {"name": "none", "in": "query", "schema": {}},
        {"name": "X-Trace", "in": "header", "schema": {}, "example": 7},
        {"name": "Authorization", "in": "header", "schema": {}, "example": "never sent"},
        {"name": "seen", "in": "cookie", "schema": {}, "example": "yes"},
    ]
    found, _ = goldens(
        contract("/v1/{id}", "get", parameters=parameters, responses={"200": {"content": media(x=1, y=2)}})
    )
    assert [g.name for g in found] == ["x"]
    assert found[0].target == "/v1/a%20b%2Fc?tag=p&tag=q&flat=1%2Ctrue&n=5"
    assert found[0].headers == {"X-Trace": "7", "Cookie": "seen=yes"}
    assert (found[0].kind, found[0].asked) == (None, None)


def test_where_nothing_is_named_the_first_success_is_what_is_promised():
    alone = {"application/json": {"example": 7}}
    responses = {
        "404": {"content": media(gone=0)},
        "200": {"content": media(up=1, down=2)},
        "201": {"content": alone},
    }
    found, unasked = goldens(contract("/v1/state", "get", responses=responses))
    assert [(g.name, g.status, g.answered) for g in found] == [("up", 200, 1)]
    assert unasked == []


def test_success_without_content_answers_what_no_example_does():
    responses = {"204": {"description": "gone"}, "404": {"content": media(other=0)}}
    found, unasked = goldens(contract("/v1/state", "delete", responses=responses))
    assert [(g.name, g.status, g.answer_kind) for g in found] == [("no content", 204, "")]
    body = {"content": media(one=1, other=2)}
    found, _ = goldens(contract("/v1/state", "put", requestBody=body, responses=responses))
    assert [(g.name, g.asked, g.status) for g in found] == [("other", 2, 404), ("one", 1, 204)]
    assert unasked == []


def test_an_example_without_a_name_belongs_to_the_request_without_one():
    alone = {"application/json": {"example": 7}}
    responses = {"200": {"content": alone}, "404": {"content": alone}}
    found, _ = goldens(contract(requestBody={"content": alone}, responses=responses))
    assert [(g.name, g.asked, g.status, g.answered) for g in found] == [("example", 7, 200, 7)]
    assert found[0].at[-1] == "example"


def test_references_are_followed():
    document = contract(
        requestBody={"$ref": "#/components/requestBodies/B"},
        responses={"200": {"$ref": "#/components/responses/R"}},
    )
    shared = {"examples": {"a": {"$ref": "#/components/examples/E"}}}
    document["components"] = {
        "requestBodies": {"B": {"content": {"application/json": shared}}},
        "responses": {"R": {"content": {"application/json": shared}}},
        "examples": {"E": {"value": 5}},
    }
    found, _ = goldens(document)
    assert [(g.asked, g.answered) for g in found] == [(5, 5)]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (contract(responses={"404": {}}), "it shows no golden example with its answer"),
        (
            contract(requestBody={"content": {}}, responses={"200": {"content": media(a=1)}}),
            "it shows no golden example with its answer",
        ),
        (contract(responses={"404": {"content": media(a=1)}}), "no golden example"),
        (
            contract(requestBody={"content": media(a=1)}, responses={"200": {"content": media(b=1)}}),
            "no golden",
        ),
        (
            contract(
                "/v1/{id}",
                "get",
                parameters=[{"name": "id", "in": "path", "schema": {}}],
                responses={"200": {"content": media(a=1)}},
            ),
            "a: its parameter id has no example",
        ),
    ],
)
def test_what_cannot_be_asked_says_why(document, reason):
    found, unasked = goldens(document)
    assert found == []
    assert len(unasked) == 1
    assert reason in unasked[0].reason


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"paths": []},
        {"paths": {"/a": 1, "/b": {"get": 2}}},
        contract(responses=[], requestBody=4, parameters={"a": 1}),
        contract(
            responses={"2XX": {"content": media(a=1)}, "200": {"content": {"a": 4}}}, parameters=[1, {}]
        ),
    ],
)
def test_what_is_no_contract_names_nothing(document):
    assert goldens(document)[0] == []


def test_their_number_is_bounded():
    many = {f"e{n}": n for n in range(600)}
    document = contract(requestBody={"content": media(**many)}, responses={"200": {"content": media(**many)}})
    found, unasked = goldens(document)
    assert len(found) == 500
    assert "only the first 500" in unasked[0].reason
