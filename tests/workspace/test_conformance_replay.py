"""A witness becomes a request that is otherwise valid, and the app's answer is weighed."""

# ruff: noqa: E501 - tables, one case a row
from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.domain.conformance import Direction, Finding, Replay, Rule, Severity, Witness
from cockpit.services.extraction import ReplayAnswer, ReplayRequest
from cockpit.workspace.conformance_replay import judged, request_of

CONTRACT = {
    "openapi": "3.1.0",
    "paths": {
        "/v1/{kind}/items": {
            "parameters": [{"name": "kind", "in": "path", "required": True, "schema": {"enum": ["a b"]}}],
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
VALID = ReplayRequest("POST", "/v1/a b/items", (("limit", "7"),), (("X-Token", "t"),), {"name": "x"}, True)


def narrowed(location, value):
    return Finding(
        Rule.REQUEST_NARROWED, Severity.ERROR, "POST /v1/{kind}/items", Direction.REQUEST, location, "", "it rejects", "widen it",
        witness=Witness(value),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("location", "value", "request_"),
    [
        ("body application/json", {"name": None}, replace(VALID, json={"name": None})),
        ("body application/json", None, replace(VALID, json=None)),
        ("query limit", 100, replace(VALID, query=(("limit", "100"),))),
        ("query limit", {"limit": 100, "tag": "a"}, replace(VALID, query=(("limit", "100"), ("tag", "a")))),
        ("query limit", {}, replace(VALID, query=())),
        ("path kind", {"kind": "ü"}, replace(VALID, path="/v1/ü/items")),
        ("query limit", True, replace(VALID, query=(("limit", "true"),))),
        ("query tag", ["a", 1], replace(VALID, query=(("limit", "7"), ("tag", "a"), ("tag", "1")))),
        ("path kind", "ü", replace(VALID, path="/v1/ü/items")),
        ("header x-token", "other", replace(VALID, headers=(("X-Token", "other"),))),
        ("query limit", None, None),
        ("query tag", [{}], None),
        ("path kind", "", None),
        ("path kind", "..", None),
        ("path kind", "a/b", None),
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
        ("query limit", None, "", Replay.NOT_REPLAYED, "the app did not answer: late"),
    ],
)
def test_only_a_refusal_of_that_value_confirms(location, status, body, replay, said):
    found = judged(narrowed(location, 1), ReplayAnswer(False, status, body, "late"))
    assert found.replay is replay
    assert said in found.replayed
    assert found.breaks
    assert "replay" not in found.message


@pytest.mark.parametrize(
    ("before", "after"), [(Severity.ERROR, Severity.WARNING), (Severity.NOTE, Severity.NOTE)]
)
def test_what_the_app_lets_through_is_a_warning_that_says_so(before, after):
    found = judged(replace(narrowed("query limit", 1), severity=before), ReplayAnswer(True, None, None, ""))
    assert (found.replay, found.severity, found.breaks) == (Replay.ACCEPTED, after, False)
    assert "the replay did not confirm it" in found.message
