"""x-tolerance: where it may stand, what it allows, which of several holds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.contracts.behaviour.tolerance import Tolerance, differences, tolerance_of
from cockpit.contracts.behaviour.validity import Validity
from cockpit.contracts.signature import lines

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def places(schema, wanted, got, **schemas):
    validity = Validity({"components": {"schemas": schemas}})
    return [one.pointer for one in differences(schema, wanted, got, validity.lookup, validity.fits)]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (0.5, Tolerance(0.5, 0)),
        (0, Tolerance(0, 0)),
        ({"abs": 1}, Tolerance(1, 0)),
        ({"rel": 0.1}, Tolerance(0, 0.1)),
        ({"abs": 1, "rel": 0.1}, Tolerance(1, 0.1)),
        (-1, None),
        (True, None),
        ("0.1", None),
        (float("nan"), None),
        (10**400, None),
        ({}, None),
        ({"abs": 1, "per": 2}, None),
        ({"abs": -1}, None),
    ],
)
def test_a_tolerance_is_a_size_or_abs_and_rel(stated, expected):
    assert tolerance_of(stated) == expected


@pytest.mark.parametrize(
    ("schema", "wanted", "got", "expected"),
    [
        # absolute, relative, and the larger of both
        ({"x-tolerance": 0.5}, 10, 10.5, []),
        ({"x-tolerance": 0.5}, 10, 10.6, [""]),
        ({"x-tolerance": {"rel": 0.1}}, 100, 109.9, []),
        ({"x-tolerance": {"rel": 0.1}}, 100, 111, [""]),
        ({"x-tolerance": {"rel": 0.1}}, 0, 0.001, [""]),
        ({"x-tolerance": {"abs": 0.01, "rel": 0.1}}, 0, 0.01, []),
        ({"x-tolerance": {"abs": 0.01, "rel": 0.1}}, 100, 105, []),
        # without one a number is the golden one, as far as it survives being printed
        ({}, 0.1 + 0.2, 0.3, []),
        ({}, 1, 1.0, []),
        ({}, 1, 1.001, [""]),
        ({}, 10**15, 10**15 + 1, [""]),
        ({}, 10**400, 0.5, [""]),
        ({"x-tolerance": {"rel": 0.1}}, 10**400, 10**400 + 1, [""]),
        ({"x-tolerance": -3}, 1, 2, [""]),
        # it holds for every number below it, and the nearer one for what it holds
        ({"x-tolerance": 1, "items": {}}, [1, [2, 3]], [2, [3, 4.5]], ["/1/1"]),
        ({"x-tolerance": 1, "items": {"x-tolerance": 0.1}}, [1], [1.5], ["/0"]),
        ({"x-tolerance": 0.1, "items": {"x-tolerance": 1}}, [1], [1.5], []),
        # it is about numbers alone
        ({"x-tolerance": 9}, "a", "b", [""]),
        ({"x-tolerance": 9}, True, 1, [""]),
        ({"x-tolerance": 9}, 1, None, [""]),
        ({"x-tolerance": 9}, 1, "1", [""]),
        ({"x-tolerance": 9}, [1], [1, 2], [""]),
        # along properties, patternProperties, additionalProperties and prefixItems
        ({"properties": {"a": {"x-tolerance": 1}}}, {"a": 1, "b": 1}, {"a": 2, "b": 2}, ["/b"]),
        ({"patternProperties": {"^a": {"x-tolerance": 1}}}, {"ab": 1, "b": 1}, {"ab": 2, "b": 2}, ["/b"]),
        (
            {"properties": {"a": {}}, "additionalProperties": {"x-tolerance": 1}},
            {"a": 1, "b": 1},
            {"a": 2, "b": 2},
            ["/a"],
        ),
        ({"prefixItems": [{"x-tolerance": 1}], "items": {}}, [1, 1], [2, 2], ["/1"]),
        # along $ref, allOf, the branches that the golden value takes, and if
        ({"$ref": "#/components/schemas/Loose"}, 1, 2, []),
        ({"$ref": "#/components/schemas/Loose", "x-tolerance": 0.5}, 1, 2, [""]),
        ({"allOf": [{"x-tolerance": 1}, {"type": "number"}]}, 1, 2, []),
        ({"anyOf": [{"type": "string"}, {"type": "number", "x-tolerance": 1}]}, 1, 2, []),
        ({"anyOf": [{"minimum": 5, "x-tolerance": 9}, {"maximum": 4, "x-tolerance": 0.5}]}, 1, 2, [""]),
        ({"anyOf": [{"x-tolerance": 9}, {"x-tolerance": 0.5}]}, 1, 2, [""]),
        ({"oneOf": [{"const": 1, "x-tolerance": 1}, {"const": 7}]}, 1, 2, []),
        ({"if": {"minimum": 5}, "then": {"x-tolerance": 5}, "else": {"x-tolerance": 1}}, 1, 2, []),
        ({"if": {"minimum": 5}, "then": {"x-tolerance": 5}, "else": {"x-tolerance": 1}}, 1, 4, [""]),
        ({"$ref": "#/components/schemas/Tree"}, {"v": 1, "kids": [{"v": 1}]}, {"v": 2, "kids": [{"v": 9}]},
         ["/kids/0/v"]),
        # what is there and what is not
        ({}, {"a": 1}, {}, ["/a"]),
        ({}, {}, {"a": 1}, ["/a"]),
        ({}, {"a/b": {"~": 1}}, {"a/b": {"~": 2}}, ["/a~1b/~0"]),
        ({}, {"a": 1, "b": 1, "c": 1}, {"c": 2, "b": 2, "a": 2}, ["/a", "/b", "/c"]),
        # schemas that are none
        ({"properties": [], "items": 3, "anyOf": {}, "$ref": "#/nowhere"}, {"a": [1]}, {"a": [1]}, []),
        (True, [1], [2], ["/0"]),
    ],
)  # fmt: skip
def test_where_an_answer_differs(schema, wanted, got, expected):
    tree = {"properties": {"v": {"x-tolerance": 1}, "kids": {"items": {"$ref": "#/components/schemas/Tree"}}}}
    assert places(schema, wanted, got, Loose={"x-tolerance": 1}, Tree=tree) == expected


@given(JSON)
def test_an_answer_never_differs_from_itself(value):
    assert places({}, value, json.loads(json.dumps(value))) == []


@given(JSON, JSON)
def test_two_values_that_json_tells_apart_differ_without_tolerance(one, other):
    def canonical(value):
        if isinstance(value, bool | str | None):
            return repr(value)
        if isinstance(value, int | float):
            return f"{float(value):.9e}" if abs(value) < 1e300 else repr(value)
        if isinstance(value, list):
            return [canonical(item) for item in value]
        return sorted((key, canonical(item)) for key, item in value.items())

    if json.dumps(canonical(one)) != json.dumps(canonical(other)):
        assert places({}, one, other)


@given(st.floats(-1e6, 1e6), st.floats(0, 1e3), st.floats(0, 1), st.floats(-2, 2, allow_nan=False))
def test_the_larger_of_absolute_and_relative_is_what_is_allowed(wanted, absolute, relative, times):
    allowed = max(absolute, relative * abs(wanted))
    got = wanted + times * allowed
    found = places({"x-tolerance": {"abs": absolute, "rel": relative}}, wanted, got)
    if abs(times) < 0.999:
        assert found == []
    elif abs(times) > 1.001 and abs(got - wanted) > allowed + 1e-9 * max(1.0, abs(wanted)):
        assert found == [""]


@given(JSON, st.floats(0, 10), st.floats(0, 10))
def test_a_wider_tolerance_never_finds_more(value, narrow, more):
    shaken = _shaken(value)
    inside = set(places({"x-tolerance": narrow + more}, value, shaken))
    assert inside <= set(places({"x-tolerance": narrow}, value, shaken))


def _shaken(value):
    if isinstance(value, bool | str | None):
        return value
    if isinstance(value, int | float):
        return value + 3 if abs(value) < 1e300 else value
    if isinstance(value, list):
        return [_shaken(item) for item in value]
    return {key: _shaken(item) for key, item in value.items()}


def test_a_large_answer_is_compared_in_time():
    schema = {"properties": {"labels": {"items": {"anyOf": [{"type": "integer", "x-tolerance": 0}]}}}}
    wanted = {"labels": list(range(20_000))}
    got = {"labels": [*range(19_999), 7]}
    assert places(schema, wanted, got) == ["/labels/19999"]


def test_a_deep_answer_is_compared_without_recursion():
    deep = 1
    for _ in range(900):
        deep = [deep]
    assert places({"x-tolerance": 1}, deep, deep) == []


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        (0.05, "±0.05"),
        (0, "±0"),
        ({"rel": 0.01}, "±1 %"),
        ({"abs": 0.05, "rel": 0.1}, "±0.05 or 10 %"),
        ("5 %", "±5 %"),
    ],
)
def test_a_signature_shows_it_in_short(stated, shown):
    answer = {"type": "object", "properties": {"area": {"type": "number", "x-tolerance": stated}}}
    media = {"application/json": {"schema": answer}}
    contract = {"paths": {"/a": {"get": {"responses": {"200": {"content": media}}}}}}
    assert f"({shown})" in "".join(lines(contract))
