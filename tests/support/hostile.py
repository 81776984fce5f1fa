"""Documents that are written to make a checker hang, crash, or fetch something."""

from __future__ import annotations

import json
from typing import Any


def deep(depth: int) -> str:
    """Arrays of arrays of arrays: as text, because no serialiser writes it."""
    return '{"items": ' * depth + "true" + "}" * depth


def chain(keyword: str, length: int) -> dict[str, Any]:
    """Each component offers the next one twice: two to the power of `length` branches."""
    parts: dict[str, Any] = {
        f"c{n}": {keyword: [{"$ref": f"#/components/schemas/c{n + 1}"}] * 2} for n in range(length)
    }
    parts[f"c{length}"] = {"type": "string", "maxLength": 3}
    return parts


def tangle(length: int) -> dict[str, Any]:
    """Every component has every other one as a property, and refers to itself."""
    names = [f"c{n}" for n in range(length)]
    return {
        name: {
            "type": "object",
            "properties": {other: {"$ref": f"#/components/schemas/{other}"} for other in names},
            "minProperties": index % 3,
        }
        for index, name in enumerate(names)
    }


FIRST = {"$ref": "#/components/schemas/c0"}
BIG = "1" + "0" * 400

# name → (schema as JSON text, components)
SCHEMAS: dict[str, tuple[str, dict[str, Any]]] = {
    "10,000 arrays deep": (deep(10_000), {}),
    "140 arrays deep": (deep(140), {}),
    "allOf doubles 60 times": (json.dumps(FIRST), chain("allOf", 60)),
    "anyOf doubles 60 times": (json.dumps(FIRST), chain("anyOf", 60)),
    "oneOf doubles 40 times": (json.dumps(FIRST), chain("oneOf", 40)),
    "not of not of not": (json.dumps(FIRST), {"c0": {"not": {"not": {"not": FIRST}}}}),
    "refers to itself": (json.dumps(FIRST), {"c0": FIRST}),
    "refers in a circle": (json.dumps(FIRST), {"c0": {"$ref": "#/components/schemas/c1"}, "c1": FIRST}),
    "circle through allOf": (json.dumps(FIRST), {"c0": {"allOf": [FIRST, {"type": "object"}]}}),
    "circle through anyOf": (json.dumps(FIRST), {"c0": {"anyOf": [FIRST, {"type": "null"}]}}),
    "needs itself": (
        json.dumps(FIRST),
        {"c0": {"type": "object", "required": ["a"], "properties": {"a": FIRST}}},
    ),
    "all within all": (json.dumps(FIRST), tangle(40)),
    "catastrophic pattern": ('{"type": "string", "pattern": "^(a+)+(a*)*(a|aa)+$", "maxLength": 80}', {}),
    "pattern of many states": ('{"type": "string", "pattern": "^(.{0,900}x){9}$"}', {}),
    "pattern counts to a million": ('{"type": "string", "pattern": "^(?:a{1000}){1000}$"}', {}),
    "pattern looks back": ('{"type": "string", "pattern": "^(a*)\\\\1+(?=b)(?<!c)$"}', {}),
    "pattern is none": ('{"type": "string", "pattern": "^([a-"}', {}),
    "many patterns at once": (
        json.dumps(
            {"allOf": [{"type": "string", "pattern": f"[a-z]{{{n}}}.*[0-9]{{{n}}}"} for n in range(1, 30)]}
        ),
        {},
    ),
    "patterns of properties": (
        json.dumps(
            {"type": "object", "patternProperties": {f"^.{{{n}}}a": {"minimum": n} for n in range(40)}}
        ),
        {},
    ),
    "remote reference": ('{"$ref": "http://127.0.0.1:9/schema.json"}', {}),
    "reference to a file": ('{"$ref": "file:///etc/passwd#/x"}', {}),
    "reference to nowhere": ('{"$ref": "#/components/schemas/none"}', {}),
    "reference is no text": ('{"$ref": {"$ref": 7}}', {}),
    "schema of its own address": ('{"$id": "http://a.invalid/", "$ref": "b", "$dynamicRef": "#c"}', {}),
    "huge enumeration": (json.dumps({"enum": [f"value {n}" for n in range(50_000)]}), {}),
    "enumeration of deep values": (json.dumps({"enum": [[[[[[n]]]]] for n in range(2000)]}), {}),
    "huge numbers": (f'{{"type": "number", "minimum": -{BIG}, "maximum": {BIG}, "multipleOf": 1e-300}}', {}),
    "infinite numbers": ('{"type": "number", "maximum": 1e400, "exclusiveMinimum": -1e400}', {}),
    "multiples that never meet": (
        json.dumps(
            {"allOf": [{"type": "integer", "multipleOf": n} for n in (7919, 104729, 1299709, 15485863)]}
        ),
        {},
    ),
    "huge counts": (
        '{"type": "array", "minItems": 1000000000, "maxItems": 99999999999, "uniqueItems": true}',
        {},
    ),
    "more different booleans than there are": (
        '{"type": "array", "items": {"type": "boolean"}, "uniqueItems": true, "minItems": 3}',
        {},
    ),
    "negative and fractional counts": (
        '{"minLength": -1, "maxLength": 0.5, "minItems": "3", "multipleOf": 0, "maxProperties": null}',
        {},
    ),
    "wrong types everywhere": (
        '{"type": 7, "properties": [1], "required": "a", "items": 3, "enum": {}, "allOf": {}, "anyOf": [],'
        ' "not": "x", "pattern": 4, "format": [], "if": 1, "then": 2, "dependentRequired": [],'
        ' "propertyNames": 9, "patternProperties": {"(": 1}, "prefixItems": {}, "contains": null}',
        {},
    ),
    "types that are none": ('{"type": ["string", "text", null, ["null"]]}', {}),
    "half of a surrogate pair": ('{"enum": ["\\ud800", "\\udc00a"], "pattern": "\\ud83d"}', {}),
    "zero bytes and escapes": (
        '{"const": "\\u0000\\u001b[2J", "description": "\\u202e\\u001b]0;x\\u0007"}',
        {},
    ),
    "a thousand properties required": (
        json.dumps(
            {
                "type": "object",
                "required": [f"p{n}" for n in range(1000)],
                "properties": {
                    f"p{n}": {"anyOf": [{"type": "string"}, {"type": "integer"}]} for n in range(1000)
                },
            }
        ),
        {},
    ),
    "a union of 300 objects": (
        json.dumps(
            {
                "anyOf": [
                    {
                        "type": "object",
                        "properties": {f"p{n}": {"const": n}, "q": {"maximum": n}},
                        "required": [f"p{n}"],
                    }
                    for n in range(300)
                ]
            }
        ),
        {},
    ),
    "unevaluated within conditions": (
        json.dumps(
            {
                "if": {"properties": {"a": {"const": 1}}},
                "then": {"properties": {"b": True}},
                "else": {"$ref": "#/components/schemas/c0"},
                "unevaluatedProperties": False,
                "dependentSchemas": {"b": FIRST},
            }
        ),
        {"c0": {"oneOf": [FIRST, {"properties": {"c": FIRST}}], "unevaluatedItems": False}},
    ),
}


def document(schema: str, components: dict[str, Any]) -> str:
    """Return an OpenAPI document, as text, whose one operation takes and answers the schema."""
    head = '{"openapi": "3.1.0", "info": {"title": "hostile", "version": "1"}, "components": {"schemas": '
    operation = (
        f'{{"operationId": "op", "parameters": [{{"name": "q", "in": "query", "schema": {schema}}}],'
        f' "requestBody": {{"content": {{"application/json": {{"schema": {schema}}}}}}},'
        f' "responses": {{"200": {{"description": "", "content": {{"application/json": '
        f'{{"schema": {schema}}}}}}}}}}}'
    )
    return f'{head}{json.dumps(components)}}}, "paths": {{"/v1/op": {{"post": {operation}}}}}}}'


PLAIN = json.dumps({"type": "object", "properties": {"a": {"type": "string"}}})
