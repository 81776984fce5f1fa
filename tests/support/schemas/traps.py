"""Which pairs of schemas are known to fool checkers? Each with its truth, and why it is one."""

from __future__ import annotations

from typing import Any

INTEGER = {"type": "integer"}
NUMBER = {"type": "number"}
STRING = {"type": "string"}
NULL = {"type": "null"}
CLOSED = {"type": "object", "properties": {"a": INTEGER}, "additionalProperties": False}
OPEN = {"type": "object", "properties": {"a": INTEGER}}
LIST = {"$defs": {"N": {"type": "object", "properties": {"v": INTEGER,
"next": {"anyOf": [{"$ref": "#/$defs/N"}, NULL]}},
                        "required": ["v"]}}, "$ref": "#/$defs/N"}  # fmt: skip
LIST_WIDER = {"$defs": {"M": {"type": "object", "required": ["v"],
                              "properties": {"v": NUMBER, "next": {"anyOf": [NULL, {"$ref": "#/$defs/M"}]}}}},
              "$ref": "#/$defs/M"}  # fmt: skip


def _tagged(*variants: tuple[str, dict[str, Any]], required: bool = True) -> dict[str, Any]:
    parts = [
        {"type": "object", "properties": {"kind": {"const": tag, "type": "string"}, **fields}}
        | ({"required": ["kind"]} if required else {})
        for tag, fields in variants
    ]
    return {"oneOf": parts, "discriminator": {"propertyName": "kind"}}


_NUMBERS: tuple[tuple[str, Any, Any, bool], ...] = (
    ("1 is not true", {"const": 1}, {"const": True}, False),
    ("0 is not false", {"const": 0}, {"enum": [False]}, False),
    ("[1] is not [true]", {"const": [1]}, {"const": [True]}, False),
    ("1 is 1.0", {"const": 1}, {"const": 1.0}, True),
    ("{a: 1} is {a: 1.0}", {"enum": [{"a": 1}]}, {"const": {"a": 1.0}}, True),
    ("integer is a number", INTEGER, NUMBER, True),
    ("a number is no integer", NUMBER, INTEGER, False),
    ("multipleOf 1 is integer", {"type": "number", "multipleOf": 1}, INTEGER, True),
    ("integer is multipleOf 1", INTEGER, {"type": "number", "multipleOf": 1}, True),
    ("gt 0 is ge 1 on integers", {"type": "integer", "exclusiveMinimum": 0}, {"type": "integer",
    "minimum": 1}, True),
    ("gt 0 is not ge 1 on numbers", {"type": "number", "exclusiveMinimum": 0}, {"type": "number",
    "minimum": 1}, False),
    ("ge 0.5 is ge 1 on integers", {"type": "integer", "minimum": 0.5}, {"type": "integer",
    "minimum": 1}, True),
    ("sixes are threes", {"type": "integer", "multipleOf": 6}, {"type": "integer", "multipleOf": 3}, True),
    ("threes are no sixes", {"type": "integer", "multipleOf": 3}, {"type": "integer", "multipleOf": 6},
    False),
    ("twos and threes are sixes", {"type": "integer", "allOf": [{"multipleOf": 2}, {"multipleOf": 3}]},
     {"multipleOf": 6}, True),
    ("no integer between 0 and 1", {"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    False, True),
    ("halves split", {"type": "number"}, {"anyOf": [{"maximum": 5}, {"minimum": 5}]}, True),
    ("halves with a gap", {"type": "number"}, {"anyOf": [{"maximum": 5}, {"exclusiveMinimum": 6}]}, False),
    ("a gap without integers", INTEGER, {"anyOf": [{"maximum": 5}, {"minimum": 6}]}, True),
    ("maximum says nothing of strings", {"type": "string", "maximum": 3}, STRING, True),
    ("string in maximum", STRING, {"maximum": 3}, True),
    ("2**53 + 1 is not 2**53", {"const": 2**53 + 1}, {"maximum": 2**53}, False),
    ("enum in bounds", {"enum": [1, 2, 3]}, {"type": "integer", "minimum": 1, "maximum": 3}, True),
    ("bounds in enum", {"type": "integer", "minimum": 1, "maximum": 3}, {"enum": [1, 2, 3]}, True),
    ("bounds in shorter enum", {"type": "integer", "minimum": 1, "maximum": 3}, {"enum": [1, 3]}, False),
    ("boolean in its values", {"type": "boolean"}, {"enum": [True, False]}, True),
)  # fmt: skip
_STRINGS: tuple[tuple[str, Any, Any, bool], ...] = (
    ("patterns are not anchored", {"type": "string", "pattern": "a"}, {"pattern": "^a"}, False),
    ("a tightened pattern", {"type": "string", "pattern": "^[a-z]+$"}, {"pattern": "^[a-y]+$"}, False),
    ("a relaxed pattern", {"type": "string", "pattern": "^[a-z]{2,4}$"}, {"pattern": "^[a-z0-9]+$"}, True),
    ("a pattern written otherwise", {"type": "string", "pattern": "^\\d{2,3}$"},
    {"pattern": "^[0-9][0-9][0-9]?$"}, True),
    ("a pattern has a length", {"type": "string", "pattern": "^[a-z]{3}$"}, {"minLength": 3,
    "maxLength": 3}, True),
    ("a length is a pattern", {"type": "string", "minLength": 1}, {"pattern": "^[\\s\\S]+$"}, True),
    ("the dot is no newline", {"type": "string", "minLength": 1}, {"pattern": "^.+$"}, False),
    ("two patterns meet", {"type": "string", "allOf": [{"pattern": "^a"}, {"pattern": "b$"}]},
     {"pattern": "^a[\\s\\S]*b$"}, True),
    ("an enum in a pattern", {"enum": ["red", "green"]}, {"type": "string", "pattern": "^[a-z]+$"}, True),
    ("a pattern in an enum", {"type": "string", "pattern": "^(red|green)$"}, {"enum": ["green", "red"]},
    True),
    ("an enum as anyOf of consts", {"enum": ["a", "b"]}, {"anyOf": [{"const": "b"}, {"const": "a"}]}, True),
    ("anyOf of consts as an enum", {"anyOf": [{"const": "b"}, {"const": "a"}]}, {"enum": ["a", "b"]}, True),
    ("lengths count characters", {"const": "😀😀"}, {"maxLength": 2}, True),
)  # fmt: skip
_OBJECTS: tuple[tuple[str, Any, Any, bool], ...] = (
    ("open gains an optional typed property", OPEN, {**OPEN, "properties": {"a": INTEGER,
    "nick": STRING}}, False),
    ("closed gains an optional property", CLOSED, {**CLOSED, "properties": {"a": INTEGER,
    "nick": STRING}}, True),
    ("closed in open", CLOSED, OPEN, True),
    ("open in closed", OPEN, CLOSED, False),
    ("required dropped", {**OPEN, "required": ["a"]}, OPEN, True),
    ("required added", OPEN, {**OPEN, "required": ["a"]}, False),
    ("required without object", {"required": ["a"]}, {"type": "object"}, False),
    ("an impossible property is absent", {"type": "object", "properties": {"a": False}},
     {"type": "object", "not": {"required": ["a"]}}, True),
    ("an impossible required property", {"type": "object", "properties": {"a": False},
    "required": ["a"]}, False, True),
    ("patternProperties of every name", {"type": "object", "patternProperties": {"": INTEGER}},
     {"type": "object", "additionalProperties": INTEGER}, True),
    ("names are bounded", {"type": "object", "propertyNames": {"enum": ["a", "b"]}},
    {"maxProperties": 2}, True),
    ("names are not so bounded", {"type": "object", "propertyNames": {"enum": ["a", "b"]}},
    {"maxProperties": 1}, False),
    ("dependentRequired", {"type": "object", "required": ["a", "b"]},
    {"dependentRequired": {"a": ["b"]}}, True),
    ("dependentRequired with its cause", {"dependentRequired": {"a": ["b"]}, "required": ["a"]},
    {"required": ["b"]}, True),
    ("dependentRequired without its cause", {"dependentRequired": {"a": ["b"]}}, {"required": ["b"]}, False),
    ("tagged variants reordered", _tagged(("x", {}), ("y", {"n": INTEGER})), _tagged(("y",
    {"n": INTEGER}), ("x", {})), True),
    ("tagged variant added", _tagged(("x", {}), ("y", {})), _tagged(("x", {}), ("y", {}), ("z", {})), True),
    ("tagged variant dropped", _tagged(("x", {}), ("y", {}), ("z", {})), _tagged(("x", {}), ("y", {})),
    False),
    ("a tag with a default overlaps", {"const": {}}, _tagged(("x", {}), ("y", {}), required=False), False),
    ("oneOf in anyOf", {"oneOf": [INTEGER, {"type": "number", "minimum": 0}]},
     {"anyOf": [INTEGER, {"type": "number", "minimum": 0}]}, True),
    ("anyOf in oneOf", {"anyOf": [INTEGER, {"type": "number", "minimum": 0}]},
     {"oneOf": [INTEGER, {"type": "number", "minimum": 0}]}, False),
    ("a union spread over properties", {"type": "object", "required": ["a"],
    "properties": {"a": {"enum": [1, 2]}}},
     {"anyOf": [{"properties": {"a": {"const": 1}}}, {"properties": {"a": {"const": 2}}}]}, True),
    ("if then else spelled out", {"if": {"type": "string"}, "then": {"minLength": 1}, "else": INTEGER},
     {"anyOf": [{"type": "string", "minLength": 1}, INTEGER]}, True),
    ("a list in a wider list", LIST, LIST_WIDER, True),
    ("a wider list in a list", LIST_WIDER, LIST, False),
)  # fmt: skip
_ARRAYS: tuple[tuple[str, Any, Any, bool], ...] = (
    ("a tuple in an array", {"type": "array", "prefixItems": [INTEGER, NUMBER], "items": False},
     {"type": "array", "items": NUMBER, "maxItems": 2}, True),
    ("prefixItems do not require", {"type": "array", "prefixItems": [INTEGER], "items": False},
    {"minItems": 1}, False),
    ("prefixItems leave the rest", {"type": "array", "prefixItems": [INTEGER]}, {"items": INTEGER}, False),
    ("prefixItems are not ignored", {"type": "array"}, {"prefixItems": [INTEGER]}, False),
    ("a set of booleans is short", {"type": "array", "items": {"type": "boolean"}, "uniqueItems": True},
     {"maxItems": 2}, True),
    ("unique in plain", {"type": "array", "uniqueItems": True}, {"type": "array"}, True),
    ("plain in unique", {"type": "array"}, {"type": "array", "uniqueItems": True}, False),
    ("one item is unique", {"type": "array", "maxItems": 1}, {"uniqueItems": True}, True),
    ("contains needs an item", {"type": "array", "contains": INTEGER}, {"minItems": 1}, True),
    ("contains is no items", {"type": "array", "contains": INTEGER}, {"items": INTEGER}, False),
    ("items of a filled array are contained", {"type": "array", "items": INTEGER, "minItems": 1},
     {"contains": INTEGER}, True),
    ("nullable items", {"type": "array", "items": INTEGER}, {"items": {"anyOf": [INTEGER, NULL]}}, True),
    ("nothing is in anything", {"type": "string", "minLength": 3, "maxLength": 2}, INTEGER, True),
)  # fmt: skip

_SHARED: tuple[tuple[str, Any, Any, bool], ...] = (
    # What is said twice of the same items counts once.
    (
        "contains counted once",
        {"type": "array", "contains": INTEGER, "maxItems": 2},
        {"contains": INTEGER, "maxContains": 1},
        False,
    ),
    (
        "contains said twice",
        {
            "type": "array",
            "maxItems": 1,
            "allOf": [{"contains": INTEGER}, {"contains": INTEGER, "maxContains": 2}],
        },
        False,
        False,
    ),
    (
        "contains in one of two",
        {"type": "array", "contains": {"const": True}},
        {"oneOf": [{}, {"contains": {"const": True}, "uniqueItems": True}]},
        False,
    ),
)
# Each is no subset; a checker that cannot read them has to say so, and not that they are alike.
HARD: tuple[tuple[str, Any, Any], ...] = (
    (
        "the last of 64 may match",
        {
            "type": "array",
            "minItems": 64,
            "maxItems": 64,
            "prefixItems": [STRING] * 63,
            "items": INTEGER,
            "contains": INTEGER,
            "minContains": 0,
            "maxContains": 1,
        },
        False,
    ),
    ("dependencies", {"dependencies": {"a": ["b"]}}, {"dependencies": {"a": ["c"]}}),
    (
        "unevaluatedProperties",
        {"anyOf": [OPEN, {"properties": {"b": INTEGER}}], "unevaluatedProperties": INTEGER},
        {"anyOf": [OPEN, {"properties": {"b": INTEGER}}], "unevaluatedProperties": False},
    ),
    (
        "unevaluatedItems",
        {"contains": INTEGER, "unevaluatedItems": STRING},
        {"contains": INTEGER, "unevaluatedItems": False},
    ),
    (
        "dynamicRef",
        {"$dynamicRef": "#a", "$defs": {"a": {"$anchor": "a", **STRING}, "b": {"$anchor": "b", **NUMBER}}},
        {"$dynamicRef": "#b", "$defs": {"a": {"$anchor": "a", **STRING}, "b": {"$anchor": "b", **NUMBER}}},
    ),
    (
        "an $id of its own",
        {
            "type": "object",
            "required": ["x"],
            "properties": {"x": {"$id": "http://e/x", "$defs": {"d": STRING}, "$ref": "#/$defs/d"}},
            "$defs": {"d": False},
        },
        STRING,
    ),
    (
        "a reference into an $id",
        {
            "$ref": "#/$defs/x/$defs/y",
            "$defs": {
                "x": {"$id": "http://e/x", "$defs": {"y": {"$ref": "#/$defs/d"}, "d": STRING}},
                "d": INTEGER,
            },
        },
        INTEGER,
    ),
)

TRAPS = (*_NUMBERS, *_STRINGS, *_OBJECTS, *_ARRAYS, *_SHARED)
