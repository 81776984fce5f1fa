"""What must the algebra answer, pair by pair? The traps that other checkers fall into, one line each."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.contracts.schema import Checker, Formats, Outcome, subset

MODEL = {"type": "object", "properties": {"a": {"type": "string"}}}
TAGGED = {
    "oneOf": [
        {
            "type": "object",
            "properties": {"kind": {"const": kind}, "n": {"type": "integer"}},
            "required": ["kind"],
        }
        for kind in ("cat", "dog")
    ]
}


def tree(value: dict[str, Any], name: str = "Tree") -> dict[str, Any]:
    """A model that recurs."""
    node = {
        "type": "object",
        "properties": {"v": value, "kids": {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}},
        "required": ["v"],
    }
    return {"$defs": {name: node}, "$ref": f"#/$defs/{name}"}


SUBSETS: dict[str, tuple[Any, Any]] = {
    "an integer is a number": ({"type": "integer"}, {"type": "number"}),
    "above 0 is from 1, of integers": (
        {"type": "integer", "exclusiveMinimum": 0},
        {"type": "integer", "minimum": 1},
    ),
    "multiples of 1 are integers": ({"type": "number", "multipleOf": 1}, {"type": "integer"}),
    "tenths are hundredths": ({"multipleOf": 0.1}, {"multipleOf": 0.01}),
    "1.0 is 1": ({"const": 1.0}, {"enum": [1]}),
    "enum is anyOf of consts": ({"enum": ["a", "b"]}, {"anyOf": [{"const": "a"}, {"const": "b"}]}),
    "a bound on another type says nothing": ({"type": "string"}, {"type": "string", "maximum": 3}),
    "nothing is in everything": ({"type": "integer", "minimum": 2, "maximum": 1}, {"type": "string"}),
    "what can never be finished is in everything": (
        {
            "$defs": {"T": {"type": "object", "properties": {"t": {"$ref": "#/$defs/T"}}, "required": ["t"]}},
            "$ref": "#/$defs/T",
        },
        {"type": "null"},
    ),
    "what recurs, with names changed and wider": (
        tree({"type": "integer"}),
        tree({"type": "number"}, "Node"),
    ),
    "mutual recursion against plain": (
        {
            "$defs": {
                "A": {"type": "object", "properties": {"b": {"$ref": "#/$defs/B"}}},
                "B": {"type": "object", "properties": {"b": {"$ref": "#/$defs/A"}}},
            },
            "$ref": "#/$defs/A",
        },
        {"$defs": {"S": {"type": "object", "properties": {"b": {"$ref": "#/$defs/S"}}}}, "$ref": "#/$defs/S"},
    ),
    "oneOf of tagged variants is anyOf": (TAGGED, {"anyOf": TAGGED["oneOf"]}),
    "anyOf of tagged variants is oneOf": ({"anyOf": TAGGED["oneOf"]}, TAGGED),
    "a union over two properties, split on the right": (
        {"type": "object", "properties": {"a": {"enum": [1, 2]}}, "required": ["a"]},
        {"anyOf": [{"properties": {"a": {"const": 1}}}, {"properties": {"a": {"const": 2}}}]},
    ),
    "a tuple of one has at most one item": (
        {"type": "array", "prefixItems": [{"type": "integer"}], "items": False},
        {"type": "array", "maxItems": 1},
    ),
    "what contains has an item": ({"type": "array", "contains": {"type": "integer"}}, {"minItems": 1}),
    "two different ones of two are all there are": (
        {"type": "array", "items": {"type": "boolean"}, "uniqueItems": True},
        {"type": "array", "maxItems": 2},
    ),
    "short keys are strings": (
        {"type": "object", "propertyNames": {"maxLength": 3}},
        {"type": "object", "propertyNames": {"maxLength": 4}},
    ),
    "required by dependence": (
        {"type": "object", "required": ["a"], "dependentRequired": {"a": ["b"]}},
        {"required": ["b"]},
    ),
    "if and else cover all": (
        {"type": "integer"},
        {"if": {"minimum": 5}, "then": {"type": "integer"}, "else": {"maximum": 4}},
    ),
    "not a string": ({"not": {"type": "string"}}, {"type": ["null", "boolean", "number", "array", "object"]}),
    "unevaluated beside allOf": (
        {"type": "object", "allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": False},
        {"type": "object", "propertyNames": {"enum": ["a"]}},
    ),
}

# The witness is the simplest one, and is pinned where it must be readable.
NOT_SUBSETS: dict[str, tuple[Any, Any, Any]] = {
    "1 is not true": ({"const": 1}, {"const": True}, 1),
    "0 is not false, deep inside": ({"const": [0]}, {"const": [False]}, [0]),
    "a number may be no integer": ({"type": "number"}, {"type": "integer"}, 0.5),
    "an open object may bear the new name": (
        MODEL,
        {"type": "object", "properties": {"a": {"type": "string"}, "nick": {"type": "string"}}},
        {"nick": None},
    ),
    "extra keys forbidden": (MODEL, {**MODEL, "additionalProperties": False}, {"extra": None}),
    "made required": (MODEL, {**MODEL, "required": ["a"]}, {}),
    "null is a value": ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, {"type": "integer"}, None),
    "a variant more": (
        {
            "anyOf": [
                *TAGGED["oneOf"],
                {"type": "object", "properties": {"kind": {"const": "cow"}}, "required": ["kind"]},
            ]
        },
        TAGGED,
        {"kind": "cow"},
    ),
    "a tag with a default is not required": (
        {"anyOf": [{"type": "object", "properties": {"kind": {"const": k}}} for k in ("a", "b")]},
        {"oneOf": [{"type": "object", "properties": {"kind": {"const": k}}} for k in ("a", "b")]},
        {},
    ),
    "deep down": (tree({"type": "number"}), tree({"type": "integer"}), {"v": 0.5}),
    "of 40 fields the one that matters": (
        {"type": "object", "properties": {f"f{i}": {"type": "integer"} for i in range(40)}},
        {
            "type": "object",
            "properties": {
                f"f{i}": {"type": "integer"} | ({"maximum": 9} if i == 7 else {}) for i in range(40)
            },
        },
        {"f7": 10},
    ),
    "equal items": ({"type": "array"}, {"uniqueItems": True}, [None, None]),
    "one too many that match": ({"type": "array"}, {"contains": {"const": 1}, "maxContains": 1}, []),
    "a long string": ({"type": "string"}, {"type": "string", "maxLength": 3}, "aaaa"),
}


@pytest.mark.parametrize("name", SUBSETS)
def test_subsets_are_proved(name: str) -> None:
    a, b = SUBSETS[name]
    assert subset(a, b).outcome is Outcome.SUBSET


@pytest.mark.parametrize("name", NOT_SUBSETS)
def test_others_are_shown_by_the_simplest_value(name: str) -> None:
    a, b, witness = NOT_SUBSETS[name]
    answer = subset(a, b)
    assert (answer.outcome, repr(answer.value)) == (Outcome.NOT_SUBSET, repr(witness))


@pytest.mark.parametrize(
    ("b", "reason"),
    [
        ({"$ref": "https://elsewhere.example/schema"}, "leads out of the document"),
        ({"$ref": "#/nowhere"}, "leads nowhere"),
        ({"$dynamicRef": "#node"}, "not read"),
        ({"minimum": "3"}, "minimum"),
        ({"type": "text"}, "type"),
        ({"items": [{"type": "string"}]}, "prefixItems"),
        (
            {"anyOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}], "unevaluatedProperties": False},
            "anyOf",
        ),
    ],
)
def test_what_cannot_be_read_is_unknown_and_says_why(b: Any, reason: str) -> None:
    answer = subset({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}, b)
    assert answer.outcome is Outcome.UNKNOWN
    assert reason in answer.reason


def test_a_declared_name_is_taken_from_open_objects_only_under_the_assumption() -> None:
    wider = {"type": "object", "properties": {"a": {"type": "string"}, "nick": {"type": "string"}}}
    assumed = subset(MODEL, wider, assume_declared=True)
    assert (assumed.outcome, assumed.assumed) == (Outcome.SUBSET, True)
    # A map declares what its keys hold: nobody may assume a name away.
    mapping = {"type": "object", "additionalProperties": {"type": "integer"}}
    assert subset(mapping, wider, assume_declared=True).outcome is Outcome.NOT_SUBSET
    # And a name that must not be there at all is no new name.
    closed = {**MODEL, "additionalProperties": False}
    assert subset(MODEL, closed, assume_declared=True).outcome is Outcome.NOT_SUBSET


def test_formats_are_read_as_asked() -> None:
    uuid = {"type": "string", "format": "uuid"}
    assert subset({"type": "string"}, uuid, formats=Formats.ANNOTATED).outcome is Outcome.SUBSET
    assert subset({"type": "string"}, uuid).outcome is Outcome.NOT_SUBSET
    assert subset(uuid, {"type": "string"}).outcome is Outcome.SUBSET
    # int32 says nothing that anybody checks.
    assert subset({"type": "integer"}, {"type": "integer", "format": "int32"}).outcome is Outcome.SUBSET


def test_one_checker_answers_for_many_pairs_of_two_documents() -> None:
    schemas = {"Plan": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}}
    left = {"components": {"schemas": schemas}}
    right = {"components": {"schemas": {"Other": {**schemas["Plan"], "required": []}}}}
    checker = Checker(left, right)
    plan, other = {"$ref": "#/components/schemas/Plan"}, {"$ref": "#/components/schemas/Other"}
    assert checker.subset(plan, other).proved
    assert checker.subset({"type": "array", "items": plan}, {"type": "array", "items": other}).proved
    back = Checker(right, left).subset(other, plan)
    assert (back.outcome, back.value) == (Outcome.NOT_SUBSET, {})


def test_a_check_that_costs_too_much_is_unknown() -> None:
    a, b = {"type": "array", "items": TAGGED}, {"type": "array", "items": {"anyOf": TAGGED["oneOf"]}}
    answer = Checker(a, b, steps=3).subset(a, b)
    assert answer.outcome is Outcome.UNKNOWN
    assert "steps" in answer.reason


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({"dependencies": {"a": ["b"]}}, {"dependencies": {"a": ["c"]}}),
        (
            {"contains": {"type": "integer"}, "unevaluatedItems": {"type": "string"}},
            {"contains": {"type": "integer"}, "unevaluatedItems": False},
        ),
        (
            {
                "type": "object",
                "required": ["x"],
                "properties": {
                    "x": {"$id": "http://e/x", "$defs": {"d": {"type": "string"}}, "$ref": "#/$defs/d"}
                },
                "$defs": {"d": False},
            },
            {"type": "string"},
        ),
    ],
)
def test_what_cannot_be_read_is_equal_to_nothing_and_proves_nothing(a: Any, b: Any) -> None:
    assert subset(a, b).outcome is not Outcome.SUBSET


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            {"type": "array", "contains": {"type": "integer"}, "maxItems": 2},
            {"contains": {"type": "integer"}, "maxContains": 1},
        ),
        (
            {
                "type": "array",
                "maxItems": 1,
                "allOf": [
                    {"contains": {"type": "integer"}},
                    {"contains": {"type": "integer"}, "maxContains": 2},
                ],
            },
            False,
        ),
        (
            {
                "type": "array",
                "minItems": 64,
                "maxItems": 64,
                "prefixItems": [{"type": "string"}] * 63,
                "items": {"type": "integer"},
                "contains": {"type": "integer"},
                "minContains": 0,
                "maxContains": 1,
            },
            False,
        ),
    ],
)
def test_counts_of_the_same_items_are_one_count(a: Any, b: Any) -> None:
    assert subset(a, b).outcome is not Outcome.SUBSET


def test_versions_of_a_uuid_are_told_apart() -> None:
    any_uuid, fourth = {"type": "string", "format": "uuid"}, {"type": "string", "format": "uuid4"}
    assert subset(fourth, any_uuid).proved
    answer = subset(any_uuid, fourth)
    assert (answer.outcome, answer.value) == (Outcome.NOT_SUBSET, "00000000-0000-0000-0000-000000000000")
