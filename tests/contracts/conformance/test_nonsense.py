"""Hostile and broken documents end in a finding, in unknown or in a clear error, and never in a traceback."""

from __future__ import annotations

import copy
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.contracts.conformance import Policy, compare
from cockpit.domain.words import Conformance
from cockpit.errors import UsageError
from support.openapi import JSON, answering, answers, api, asking, parameter, requests, taking

RICH = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "security": [{"Key": []}],
    "paths": {
        "/v1/plans/{id}": {
            "parameters": [parameter("id", {"type": "integer"}, "path", required=True)],
            "post": {
                "parameters": [{"$ref": "#/components/parameters/Limit"}],
                "requestBody": {
                    "required": True,
                    "content": {JSON: {"schema": {"$ref": "#/components/schemas/Plan"}}},
                },
                "responses": {
                    "200": {
                        "description": "ok",
                        "headers": {"ETag": {"required": True, "schema": {"type": "string"}}},
                        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Plan"}}},
                    },
                    "4XX": {"$ref": "#/components/responses/Error"},
                },
            },
        }
    },
    "components": {
        "schemas": {
            "Plan": {
                "type": "object",
                "properties": {
                    "id": {"type": "integer", "readOnly": True},
                    "rooms": {"type": "array", "items": {"$ref": "#/components/schemas/Room"}, "maxItems": 3},
                    "note": {"anyOf": [{"type": "string", "maxLength": 9}, {"type": "null"}], "default": "x"},
                },
                "required": ["id", "rooms"],
            },
            "Room": {
                "oneOf": [
                    {"type": "object", "properties": {"kind": {"const": "a"}}, "required": ["kind"]},
                    {"type": "object", "properties": {"kind": {"const": "b"}}, "required": ["kind"]},
                ]
            },
        },
        "parameters": {"Limit": parameter("limit", {"type": "integer", "minimum": 0, "default": 5})},
        "responses": {"Error": {"description": "", "content": {JSON: {"schema": {"type": "object"}}}}},
        "securitySchemes": {"Key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
    },
}


def paths_of(value, way=()):
    """Every place in a document."""
    yield way
    for key, item in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from paths_of(item, (*way, key))


PLACES = [way for way in paths_of(RICH) if way]
NONSENSE = [None, True, 0, -1.5, "x", "", [], ["x"], [[]], {}, {"x": 1}, {"$ref": 1}, {"$ref": "#/nowhere"}]


def spoilt(way, value):
    document = copy.deepcopy(RICH)
    holder = document
    for key in way[:-1]:
        holder = holder[key]
    holder[way[-1]] = copy.deepcopy(value)
    return document


def held(contract, service):
    try:
        report = compare(contract, service)
    except UsageError as error:
        assert error.problem.do
        return
    for part in report.undecided:
        assert part.reason
    assert all(finding.message and finding.do for finding in report.findings)


def test_the_document_conforms_to_itself():
    report = compare(RICH, copy.deepcopy(RICH))
    assert (report.findings, report.undecided) == ((), ())


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(PLACES), st.sampled_from(NONSENSE), st.booleans())
def test_nonsense_anywhere_on_either_side_is_no_traceback(way, value, of_contract):
    bad = spoilt(way, value)
    held(bad, RICH) if of_contract else held(RICH, bad)


@pytest.mark.parametrize(
    "value", [None, [], "x", 1, {}, {"openapi": 3}, {"openapi": "2.0"}, {"openapi": "4.0"}]
)
def test_what_is_no_openapi_3_document(value):
    with pytest.raises(UsageError, match="is not an OpenAPI"):
        compare(RICH, value)


def test_a_part_that_cannot_be_read_is_undecided_at_its_place():
    report = compare(RICH, spoilt(("paths", "/v1/plans/{id}", "post", "parameters"), "many"))
    assert report.verdict is Conformance.UNKNOWN
    assert "it is no list of parameters" in report.undecided[0].reason


def test_a_reference_that_leads_nowhere_out_or_round_is_undecided():
    for reference in (
        "#/components/schemas/No",
        "https://elsewhere.example/x.json",
        "other.yaml#/X",
        "#/components/schemas/A",
    ):
        document = api(
            taking({"$ref": reference}),
            A={"$ref": "#/components/schemas/B"},
            B={"$ref": "#/components/schemas/A"},
        )
        report = compare(api(taking({"type": "string"})), document)
        assert report.verdict in (Conformance.UNKNOWN, Conformance.VIOLATES)
        lost = asking({"$ref": "#/components/parameters/No"})
        assert compare(api(asking()), api(lost)).verdict is Conformance.UNKNOWN


def test_a_document_that_is_too_deep_or_contains_itself():
    deep: dict = {}
    for _ in range(100_000):
        deep = {"not": deep}
    with pytest.raises(UsageError, match="nested deeper"):
        compare(api(taking(deep)), RICH)
    circle: dict = {"type": "object"}
    circle["properties"] = {"x": circle}
    with pytest.raises(UsageError, match="nested deeper"):
        compare(api(taking(circle)), RICH)


def test_references_that_double_at_every_step_end():
    schemas = {f"S{n}": {"anyOf": [{"$ref": f"#/components/schemas/S{n + 1}"}] * 2} for n in range(60)}
    schemas["S60"] = {"type": "string", "maxLength": 5}
    contract = api(taking({"type": "string", "maxLength": 6}))
    start = time.monotonic()
    report = compare(contract, api(taking({"$ref": "#/components/schemas/S0"}), **schemas), Policy(seconds=5))
    assert time.monotonic() - start < 20
    assert report.verdict in (Conformance.VIOLATES, Conformance.UNKNOWN)


def test_a_pattern_that_could_take_for_ever_ends():
    start = time.monotonic()
    report = requests({"type": "string"}, {"type": "string", "pattern": "^(a+)+$"}, Policy(seconds=5))
    assert report.verdict in (Conformance.VIOLATES, Conformance.UNKNOWN)
    assert time.monotonic() - start < 20


def test_a_wide_document_ends_within_its_time():
    def wide(most):
        one = {
            f"p{n}": {"anyOf": [{"type": "string", "maxLength": most}, {"type": "null"}]} for n in range(300)
        }
        return api(answering({"type": "object", "properties": one}))

    start = time.monotonic()
    report = compare(wide(5), wide(6), Policy(seconds=10))
    assert report.verdict is Conformance.VIOLATES
    assert time.monotonic() - start < 20


def test_numbers_that_no_double_holds_are_compared():
    assert (
        answers({"type": "integer", "maximum": 10**400}, {"const": 10**399}).verdict
        is not Conformance.VIOLATES
    )
    assert requests({"const": 2**53 + 1}, {"const": 2**53}).verdict is not Conformance.CONFORMS


def test_parameters_and_variants_that_double_at_every_step_end():
    doubling = {f"S{n}": {"anyOf": [{"$ref": f"#/components/schemas/S{n + 1}"}] * 2} for n in range(60)}
    both = {f"T{n}": {"allOf": [{"$ref": f"#/components/schemas/T{n + 1}"}] * 2} for n in range(60)}
    ends = {
        "S60": {"type": "string", "maxLength": 5},
        "T60": {"type": "object", "properties": {"a": {"type": "string"}}},
    }
    hard = {
        **asking(parameter("p", {"$ref": "#/components/schemas/S0"})),
        **taking({"anyOf": [{"$ref": "#/components/schemas/T0"}, {"type": "null"}]}),
    }
    easy = {**asking(parameter("p", {"type": "string"})), **taking({"type": ["object", "null"]})}
    service = api({**hard, "parameters": hard["parameters"]}, **doubling, **both, **ends)
    start = time.monotonic()
    for pair in ((api(easy), service), (service, api(easy)), (service, copy.deepcopy(service))):
        held(*pair)
    assert time.monotonic() - start < 30
