"""A witness becomes a request that is otherwise valid, and the app's answer is weighed."""

# ruff: noqa: E501 - tables, one case a row
from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.domain.conformance import Direction, Finding, Replay, Rule, Severity, Witness
from cockpit.workspace.conformance_replay import Request, judged, request_of

CONTRACT = {
    "openapi": "3.1.0",
    "paths": {
        "/v1/{kind}/items": {
            "parameters": [{"name": "kind", "in": "path", "required": True, "schema": {"enum": ["a b/c"]}}],
            "post": {
                "parameters": [
                    {
                        "name": "limit",
                        "in": "query",
                        "required": True,
                        "schema": {"type": "integer"},
                        "example": 7,
                    },
                    {"name": "tag", "in": "query", "schema": {"type": "array"}},
                    {"$ref": "#/components/parameters/Token"},
                ],
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"$ref": "#/components/schemas/Item"},
                            "examples": {"one": {"value": {"name": "x"}}},
                        }
                    }
                },
            },
        }
    },
    "components": {
        "parameters": {
            "Token": {"name": "X-Token", "in": "header", "required": True, "schema": {"const": "t"}}
        },
        "schemas": {"Item": {"type": "object"}},
    },
}
VALID = Request("POST", "/v1/a%20b%2Fc/items", (("limit", "7"),), (("X-Token", "t"),), {"name": "x"}, True)


def narrowed(location, value):
    return Finding(
        Rule.REQUEST_NARROWED, Severity.ERROR, "POST /v1/{kind}/items", Direction.REQUEST, location, "", "it rejects", "widen it",
        witness=Witness(value),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("location", "value", "request_"),
    [
        ("body application/json", {"name": None}, replace(VALID, body={"name": None})),
        ("body application/json", None, replace(VALID, body=None)),
        ("query limit", 100, replace(VALID, query=(("limit", "100"),))),
        ("query limit", {"limit": 100, "tag": "a"}, replace(VALID, query=(("limit", "100"), ("tag", "a")))),
        ("query limit", {}, replace(VALID, query=())),
        ("path kind", {"kind": "ü"}, replace(VALID, path="/v1/%C3%BC/items")),
        ("query limit", True, replace(VALID, query=(("limit", "true"),))),
        ("query tag", ["a", 1], replace(VALID, query=(("limit", "7"), ("tag", "a"), ("tag", "1")))),
        ("path kind", "ü", replace(VALID, path="/v1/%C3%BC/items")),
        ("header x-token", "other", replace(VALID, headers=(("X-Token", "other"),))),
        ("query limit", None, None),
        ("query tag", [{}], None),
        ("path kind", "", None),
        ("path kind", "..", None),
        ("header X-Token", "a\nb", None),
        ("body multipart/form-data", {}, None),
    ],
)
def test_the_value_is_sent_and_everything_else_is_valid(location, value, request_):
    assert request_of(narrowed(location, value), CONTRACT) == request_


def test_what_no_request_shows_is_not_replayed():
    finding = narrowed("query limit", 1)
    assert request_of(replace(finding, rule=Rule.RESPONSE_WIDENED), CONTRACT) is None
    assert request_of(replace(finding, witness=None), CONTRACT) is None
    assert request_of(replace(finding, operation="GET /gone"), CONTRACT) is None


FAULT = {"detail": [{"loc": ["body", "name"], "msg": "Input should be a valid string"}]}
OF_QUERY = {"detail": [{"loc": ["query", "limit"], "msg": "too large"}, {"loc": ["body"], "msg": "x"}]}


@pytest.mark.parametrize(
    ("location", "status", "body", "replay", "said"),
    [
        (
            "body application/json",
            422,
            FAULT,
            Replay.CONFIRMED,
            "422: body.name: Input should be a valid string",
        ),
        ("body application/json", 400, "no", Replay.CONFIRMED, "400: no"),
        ("query limit", 422, OF_QUERY, Replay.CONFIRMED, "422: query.limit: too large (and 1 more)"),
        (
            "header x-token",
            422,
            {"detail": [{"loc": ["header", "x_token"], "msg": "no"}]},
            Replay.CONFIRMED,
            "422: header.x_token: no",
        ),
        ("query limit", 422, FAULT, Replay.NOT_REPLAYED, "says nothing of the value"),
        ("query limit", 401, {"detail": "who?"}, Replay.NOT_REPLAYED, "401: who? (this says nothing"),
        ("query limit", 503, None, Replay.NOT_REPLAYED, "503 (this says nothing"),
        (
            "query limit",
            None,
            "no answer in 60 s",
            Replay.NOT_REPLAYED,
            "the app did not answer: no answer in 60 s",
        ),
        ("body application/json", 200, {"ok": True}, Replay.ACCEPTED, "200: "),
        (
            "body application/json",
            501,
            {"detail": "logic not written"},
            Replay.ACCEPTED,
            "501: logic not written",
        ),
        ("body application/json", 500, "boom", Replay.ACCEPTED, "500: boom"),
    ],
)
def test_only_a_refusal_of_that_value_confirms(location, status, body, replay, said):
    found = judged(narrowed(location, 1), status, body)
    assert found.replay is replay
    assert said in found.replayed
    assert found.breaks == (replay is not Replay.ACCEPTED)
    assert ("the replay did not confirm it" in found.message) == (replay is Replay.ACCEPTED)


def test_a_note_that_the_app_takes_stays_a_note():
    found = judged(replace(narrowed("query limit", 1), severity=Severity.NOTE), 200, None)
    assert found.severity is Severity.NOTE
