"""OpenAPI 3.0 read as 3.1: the same values, at the same places."""

from __future__ import annotations

import copy

import pytest

from cockpit.contracts.conformance import compare
from cockpit.contracts.openapi30 import schema_from_30, upgraded
from cockpit.domain.words import Conformance
from support.openapi import JSON, api, pointers, taking


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        ({"nullable": True, "allOf": [{"type": "string"}]}, {"allOf": [{"type": "string"}]}),
        (
            {"nullable": True, "oneOf": [{"type": "string"}, {"type": "object"}]},
            {"oneOf": [{"type": "string"}, {"type": "object"}, {"type": "null"}]},
        ),
        # A variant that says nothing of types may take null already: then it would match twice.
        ({"nullable": True, "oneOf": [{"$ref": "#/x"}]}, {"oneOf": [{"$ref": "#/x"}]}),
        ({"nullable": True, "anyOf": [{"$ref": "#/x"}]}, {"anyOf": [{"$ref": "#/x"}, {"type": "null"}]}),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"minimum": 1, "exclusiveMinimum": False}, {"minimum": 1}),
        ({"maximum": 1, "exclusiveMaximum": True}, {"exclusiveMaximum": 1}),
        ({"exclusiveMaximum": True}, {}),
        ({"exclusiveMaximum": 3}, {"exclusiveMaximum": 3}),
        ({"type": "string", "example": None}, {"type": "string", "examples": [None]}),
        ({"$ref": "#/x", "nullable": True, "description": "d"}, {"$ref": "#/x"}),
        (
            {"type": "string", "format": "binary"},
            {"type": "string", "contentMediaType": "application/octet-stream"},
        ),
        ({"type": "string", "format": "byte"}, {"type": "string", "contentEncoding": "base64"}),
        ({"type": "string", "format": "date"}, {"type": "string", "format": "date"}),
    ],
)
def test_one_schema(old, new):
    assert schema_from_30(old) == new


def test_schemas_are_rewritten_wherever_they_stand_and_data_is_not():
    maybe = {"type": "string", "nullable": True}
    data = {"nullable": True, "type": "string"}
    document = api(
        {
            "parameters": [{"name": "p", "in": "query", "schema": maybe, "example": data}],
            "requestBody": {
                "content": {JSON: {"schema": {"properties": {"nullable": maybe}}, "example": data}}
            },
            "responses": {
                "200": {"headers": {"H": {"schema": maybe}}, "content": {JSON: {"schema": {"items": maybe}}}}
            },
        },
        openapi="3.0.3",
        S={"type": "object", "enum": [data], "default": data, "properties": {"a": {"not": maybe}}},
    )
    before = copy.deepcopy(document)
    new = upgraded(document)
    assert document == before
    operation = new["paths"]["/v1/plan"]["post"]
    both = {"type": ["string", "null"]}
    assert operation["parameters"][0] == {"name": "p", "in": "query", "schema": both, "example": data}
    assert operation["requestBody"]["content"][JSON] == {
        "schema": {"properties": {"nullable": both}},
        "example": data,
    }
    assert operation["responses"]["200"]["headers"]["H"]["schema"] == both
    assert operation["responses"]["200"]["content"][JSON]["schema"]["items"] == both
    assert new["components"]["schemas"]["S"] == {
        "type": "object",
        "enum": [data],
        "default": data,
        "properties": {"a": {"not": both}},
    }


def test_a_31_document_stays_itself():
    document = api()
    assert upgraded(document) is document


def test_versions_are_compared_by_what_they_mean():
    old = api(
        taking({"type": "number", "minimum": 0, "exclusiveMinimum": True, "nullable": True}), openapi="3.0.2"
    )
    new = api(taking({"type": ["number", "null"], "exclusiveMinimum": 0}))
    assert compare(old, new).verdict is Conformance.CONFORMS
    assert compare(new, old).verdict is Conformance.CONFORMS
    strict = api(taking({"type": "number", "exclusiveMinimum": 0}))
    assert pointers(compare(old, strict)) == {"": None}
