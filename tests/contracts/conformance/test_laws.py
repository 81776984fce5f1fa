"""Laws of comparing: a document conforms to itself under any names; one change is found and confirmed."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.contracts.conformance import Policy, compare
from cockpit.contracts.schema import Checker, Outcome
from cockpit.domain.conformance import Direction
from cockpit.domain.words import Conformance
from support.openapi import JSON, api, taking
from support.schemas.strategies import nasty_pairs, realistic_pairs

NAMES = st.sampled_from(["id", "name", "rooms", "kind", "note", "size"])
SCALARS = st.sampled_from(
    [
        {"type": "integer", "minimum": 0, "maximum": 50},
        {"type": "number", "exclusiveMinimum": 0},
        {"type": "string", "minLength": 1, "maxLength": 20},
        {"type": "string", "pattern": "^[a-z]{2,5}$"},
        {"type": "boolean"},
        {"enum": ["a", "b", "c"]},
        {"type": "string", "format": "uuid"},
        {"anyOf": [{"type": "string", "maxLength": 9}, {"type": "null"}]},
    ]
)


def refs(count: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.integers(0, count - 1).map(lambda n: {"$ref": f"#/components/schemas/C{n}"})


@st.composite
def components(draw):
    """Components that refer to each other, also in circles that a value can leave."""
    count = draw(st.integers(1, 4))
    part = st.one_of(
        SCALARS,
        refs(count),
        refs(count).map(lambda ref: {"type": "array", "items": ref, "maxItems": 4}),
        refs(count).map(lambda ref: {"anyOf": [ref, {"type": "null"}]}),
        SCALARS.map(lambda inner: {"type": "array", "items": inner, "minItems": 1}),
    )
    found = {}
    for number in range(count):
        properties = draw(st.dictionaries(NAMES, part, min_size=1, max_size=4))
        plain = [n for n, p in properties.items() if "$ref" not in json.dumps(p)]
        required = draw(st.lists(st.sampled_from(plain), unique=True)) if plain else []
        found[f"C{number}"] = {"type": "object", "properties": properties, "required": sorted(required)}
        if draw(st.booleans()):
            found[f"C{number}"]["additionalProperties"] = False
    return found


def document(schemas: dict[str, Any], variable: str = "id") -> dict[str, Any]:
    body = {JSON: {"schema": {"$ref": f"#/components/schemas/{next(iter(schemas))}"}}}
    parameter = {"name": variable, "in": "path", "required": True, "schema": {"type": "integer"}}
    operation = {
        "parameters": [parameter],
        "requestBody": {"required": True, "content": body},
        "responses": {"200": {"description": "", "content": body}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {f"/v1/{{{variable}}}": {"post": operation}},
        "components": {"schemas": schemas},
    }


@settings(deadline=None, max_examples=60)
@given(components())
def test_a_document_conforms_to_itself_under_other_names(schemas):
    contract = document(schemas)
    renamed = json.loads(
        json.dumps(document(schemas, "key")).replace("/C", "/Renamed").replace('"C', '"Renamed')
    )
    for service in (copy.deepcopy(contract), renamed):
        report = compare(contract, service)
        assert (report.findings, report.undecided) == ((), ())
        assert report.verdict is Conformance.CONFORMS


def narrowed(schema: dict[str, Any]) -> dict[str, Any] | None:
    """A schema that rejects something that `schema` accepts, None where no simple one is known."""
    if "enum" in schema:
        return {"enum": schema["enum"][:-1]}
    if "anyOf" in schema:
        return schema["anyOf"][0]
    kind = schema.get("type")
    if kind == "integer":
        return {**schema, "maximum": schema["maximum"] - 1}
    if kind == "number":
        return {**schema, "exclusiveMinimum": 1}
    if kind == "boolean":
        return {"const": True}
    if kind == "array":
        return {**schema, "minItems": schema.get("minItems", 0) + 1}
    if "maxLength" in schema:
        return {**schema, "maxLength": schema["maxLength"] - 1}
    if "pattern" in schema:
        return {**schema, "pattern": "^[a-y]{2,5}$"}
    return None


def accepts(whole: dict[str, Any], schema: Any, value: Any) -> bool:
    """What jsonschema-rs says by itself."""
    root = {"$ref": "#/under", "under": schema, "components": whole["components"]}
    return jsonschema_rs.Draft202012Validator(root, validate_formats=True).is_valid(value)


@settings(deadline=None, max_examples=60)
@given(components(), st.data())
def test_one_narrowed_property_is_found_with_a_value_that_jsonschema_rs_confirms(schemas, data):
    first = schemas["C0"]["properties"]
    name = data.draw(st.sampled_from(sorted(first)))
    changed = narrowed(first[name])
    if changed is None:
        return
    other = copy.deepcopy(schemas)
    other["C0"]["properties"][name] = changed
    wide, narrow = document(schemas), document(other)
    ref = {"$ref": "#/components/schemas/C0"}
    report = compare(wide, narrow)
    assert report.verdict is Conformance.VIOLATES
    assert all(finding.direction is Direction.REQUEST for finding in report.findings)
    assert any(name in finding.pointer.split("/") for finding in report.findings)
    for finding in report.findings:
        assert accepts(wide, ref, finding.witness.value)
        assert not accepts(narrow, ref, finding.witness.value)
    back = compare(narrow, wide)
    assert {finding.direction for finding in back.findings} == {Direction.RESPONSE}
    for finding in back.findings:
        assert accepts(wide, ref, finding.witness.value)
        assert not accepts(narrow, ref, finding.witness.value)


def nested(schema: Any, holder: str) -> Any:
    """A schema that is a document of its own, as it stands under a key of a larger one."""
    if isinstance(schema, dict):
        return {
            key: f"#/{holder}{part[1:]}" if key == "$ref" and isinstance(part, str) and part[:1] == "#"
            else nested(part, holder)
            for key, part in schema.items()
        }  # fmt: skip
    return [nested(part, holder) for part in schema] if isinstance(schema, list) else schema


@settings(deadline=None, max_examples=80)
@given(st.one_of(realistic_pairs(), nasty_pairs()), st.booleans())
def test_the_verdict_is_what_the_algebra_says_of_the_whole(pair, strict):
    one, other = ({**api(taking({"$ref": "#/x"})), "x": nested(schema, "x")} for schema in pair[:2])
    report = compare(one, other, Policy(strict=strict))
    answer = Checker(one, other, assume_declared=not strict).subset({"$ref": "#/x"}, {"$ref": "#/x"})
    if answer.outcome is Outcome.NOT_SUBSET:
        assert report.verdict is Conformance.VIOLATES
    elif answer.outcome is Outcome.SUBSET:
        assert report.verdict is Conformance.CONFORMS
