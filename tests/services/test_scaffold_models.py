"""Do the generated models accept what the contract allows, and answer only what it allows?"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from cockpit.errors import DocumentError
from cockpit.services import losses, modelling, operations

SCHEMAS: dict[str, Any] = {
    "IntEnum": {"enum": [1, 2, 3]},
    "Mixed": {"enum": ["a", 1, None]},
    "NullableEnum": {"type": ["string", "null"], "enum": ["a", "b", None]},
    "Const": {"const": 7},
    "True_": {"const": True},
    "Int32": {"type": "integer", "format": "int32", "minimum": 0, "exclusiveMaximum": 10, "multipleOf": 2},
    "Num": {"type": "number", "exclusiveMinimum": 0, "maximum": 1.5},
    "Mult": {"type": "number", "multipleOf": 0.5},
    "Str": {"type": "string", "minLength": 2, "maxLength": 3, "pattern": "^a"},
    "Look": {"type": "string", "pattern": "^(?!x)a"},
    "Uuid": {"type": "string", "format": "uuid"},
    "Moment": {"type": "string", "format": "date-time"},
    "Day": {"type": "string", "format": "date"},
    "Audio": {"type": "string", "contentEncoding": "base64", "maxLength": 8},
    "OldBytes": {"type": "string", "format": "byte"},
    "Arr": {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 1, "maxItems": 2},
    "Pair": {
        "type": "array",
        "prefixItems": [{"type": "number"}, {"type": "string"}],
        "items": False,
        "minItems": 2,
    },
    "Points": {
        "type": "array",
        "items": {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3},
    },
    "Map": {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}},
    "Open": {"type": "object", "additionalProperties": True, "properties": {"a": {"type": "integer"}}},
    "Closed": {
        "type": "object",
        "additionalProperties": False,
        "required": ["a"],
        "properties": {"a": {"type": "integer"}, "b": {"type": ["string", "null"]}, "c": {"type": "string"}},
    },
    "ReqNull": {"type": "object", "required": ["a"], "properties": {"a": {"type": ["integer", "null"]}}},
    "AnyObject": {"type": "object"},
    "Anything": {},
    "Union": {"oneOf": [{"type": "string"}, {"type": "integer"}, {"$ref": "#/components/schemas/Closed"}]},
    "Pet": {
        "oneOf": [{"$ref": "#/components/schemas/cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {"cat": "#/components/schemas/cat", "dog": "Dog"},
        },
    },
    "cat": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}},
    },
    "Dog": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": ["dog"]}, "bark": {"type": "string"}},
    },
    "All": {
        "allOf": [
            {"$ref": "#/components/schemas/cat"},
            {"type": "object", "required": ["tail"], "properties": {"tail": {"type": "boolean"}}},
        ]
    },
    "Tree": {
        "type": "object",
        "required": ["v"],
        "properties": {
            "v": {"type": "integer"},
            "kids": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        },
    },
    "Nothing": {"type": "null"},
    "MaybeCat": {"anyOf": [{"$ref": "#/components/schemas/cat"}, {"type": "null"}]},
    "Words": {
        "type": "object",
        "required": ["class", "schema"],
        "properties": {
            name: {"type": "integer"}
            for name in ("class", "schema", "json", "from", "model_x", "a-b", "_x", "camelCase")
        },
    },
    "acme.v1.Plan": {"type": "object", "properties": {"x": {"$ref": "#/components/schemas/lower_name"}}},
    "lower_name": {"type": "object", "properties": {"y": {"type": "integer", "default": 3}}},
    "Data": {
        "type": "object",
        "properties": {"d": {"type": "string", "default": "byte"}, "format": {"type": "string"}},
    },
}
VALUES: list[Any] = [
    None, True, False, 0, 1, 2, 7, -1, 9, 10, 0.5, 1.5, 1.25, 1e9, "", "a", "ab", "abc", "abcd", "xa", "1",
    "2020-01-01", "2020-01-01T00:00:00Z", "00000000-0000-0000-0000-000000000000", "YQ==", "not base64!",
    [], [1], [1, 2], [-1], [1, 2, 3], [1, "a"], [1, "a", 2], [[1, 2, 3]], [[1, 2]],
    {}, {"a": 1}, {"a": None}, {"a": "x"}, {"a": 1, "b": None}, {"a": 1, "c": None}, {"a": 1, "c": "x"},
    {"a": 1, "z": 1}, {"kind": "cat"}, {"kind": "dog", "bark": 1}, {"kind": "dog"}, {"kind": "x"},
    {"kind": "cat", "tail": True}, {"v": 1, "kids": [{"v": 2}]}, {"v": 1, "kids": [{"v": "q"}]},
    {"v": 1, "kids": None}, {"class": 1, "schema": 2, "_x": 3}, {"class_": 1, "schema": 2},
    {"x": {"y": None}}, {"x": {}}, {"d": "e", "format": "byte"},
]  # fmt: skip


@pytest.fixture(scope="module")
def generated() -> Iterator[tuple[operations.Reading, ModuleType]]:
    reading = operations.read({"paths": {}, "components": {"schemas": SCHEMAS}})
    module = ModuleType("generated_models")
    sys.modules["generated_models"] = module
    exec(compile(modelling.generate(reading).source, "models.py", "exec"), module.__dict__)
    yield reading, module
    del sys.modules["generated_models"]


def validator(name: str) -> jsonschema_rs.Draft202012Validator:
    document = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": SCHEMAS}}
    return jsonschema_rs.Draft202012Validator(document, validate_formats=True)


def adapter(generated: tuple[operations.Reading, ModuleType], name: str) -> TypeAdapter[Any]:
    reading, module = generated
    place = list(SCHEMAS).index(name)
    return TypeAdapter(getattr(module, list(reading.schemas)[place]))


@pytest.mark.parametrize("name", SCHEMAS)
def test_models_say_what_the_contract_says(
    generated: tuple[operations.Reading, ModuleType], name: str
) -> None:
    contract, types = validator(name), adapter(generated, name)
    for mode in ("validation", "serialization"):
        served = jsonschema_rs.Draft202012Validator(types.json_schema(mode=mode), validate_formats=True)
        for value in VALUES:
            if mode == "validation" or contract.is_valid(value) is False:
                assert served.is_valid(value) == contract.is_valid(value), (mode, value)


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_the_contract_allows_is_accepted_and_comes_back_allowed(
    generated: tuple[operations.Reading, ModuleType], name: str
) -> None:
    contract, types = validator(name), adapter(generated, name)
    allowed = [value for value in VALUES if contract.is_valid(value)]
    assert allowed, "the list of values says nothing about this schema"
    for value in allowed:
        back = json.loads(types.dump_json(types.validate_json(json.dumps(value)), by_alias=True))
        assert contract.is_valid(back), (value, back)


def test_absent_stays_absent(generated: tuple[operations.Reading, ModuleType]) -> None:
    types = adapter(generated, "Closed")
    assert json.loads(types.dump_json(types.validate_python({"a": 1}))) == {"a": 1}


@given(value=st.sampled_from([math.nan, math.inf, -math.inf]), place=st.integers(0, 2))
@settings(max_examples=10)
def test_numbers_are_finite(value: float, place: int) -> None:
    schema = {"type": "object", "properties": {"p": SCHEMAS["Points"], "n": {"type": "number"}}}
    reading = operations.read({"paths": {}, "components": {"schemas": {"Cloud": schema}}})
    module = ModuleType("finite_models")
    sys.modules["finite_models"] = module
    exec(compile(_source(json.dumps(schema), reading), "models.py", "exec"), module.__dict__)
    point = [0.0, 0.0, 0.0]
    point[place] = value
    for body in ({"p": [point]}, {"n": value}):
        with pytest.raises(ValidationError, match="finite"):
            module.Cloud.model_validate(body)


_sources: dict[str, str] = {}


def _source(key: str, reading: operations.Reading) -> str:
    return _sources.setdefault(key, modelling.generate(reading).source)


@pytest.mark.parametrize(
    ("schema", "keyword"),
    [
        ({"type": "array", "items": {"type": "integer"}, "uniqueItems": True}, "uniqueItems"),
        ({"type": "array", "prefixItems": [{"type": "number"}]}, "prefixItems"),
        ({"type": "object", "patternProperties": {"^a": {"type": "integer"}}}, "patternProperties"),
        ({"type": "object", "minProperties": 1}, "minProperties"),
        ({"const": 1.5}, "const"),
        ({"enum": [[1], [2]]}, "enum"),
        ({"type": "object", "properties": {"x": {"not": {"type": "string"}}}}, "not"),
        ({"type": "object", "properties": {"id": {"type": "string", "readOnly": True}}}, "readOnly"),
    ],
)
def test_what_no_model_holds_is_said(schema: dict[str, Any], keyword: str) -> None:
    said = losses.lost({"Thing": schema})
    assert len(said) == 1
    assert f"`{keyword}`" in said[0]
    assert said[0].startswith("Thing")


@pytest.mark.parametrize("name", [n for n in SCHEMAS if n != "OldBytes"])
def test_nothing_is_said_where_nothing_is_lost(name: str) -> None:
    reading = operations.read({"paths": {}, "components": {"schemas": {name: SCHEMAS[name]}}})
    assert losses.lost(reading.schemas) == []


def test_the_same_contract_gives_the_same_source() -> None:
    reading = operations.read({"paths": {}, "components": {"schemas": SCHEMAS}})
    first, second = modelling.generate(reading).source, modelling.generate(reading).source
    assert first == second
    assert "timestamp" not in first


def test_nothing_is_fetched_and_a_schema_that_no_model_can_be_made_of_says_so() -> None:
    with pytest.raises(DocumentError) as caught:
        modelling.generate(operations.Reading(schemas={"Bad": {"$ref": "http://127.0.0.1:9/schema.json"}}))
    assert caught.value.problem.do
