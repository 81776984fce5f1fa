"""The steps of a check are counted before it is made, and small ones are never refused."""

from __future__ import annotations

from functools import reduce

import pytest

from cockpit.contracts.effort import steps


def count(schema, value, most=10_000, **schemas):
    return steps(schema, value, lambda name: schemas.get(name.removeprefix("#/")), most)


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        (True, 1, 1),
        ({"type": "string"}, "x", 1),
        ({"properties": {"a": {}, "b": {}}}, {"a": 1, "c": 2}, 2),
        ({"additionalProperties": {}}, {"a": 1, "c": 2}, 3),
        ({"properties": {"a": {}}, "patternProperties": {"a": {}}}, {"a": 1}, 3),
        ({"items": {}}, [1, 2, 3], 4),
        ({"prefixItems": [{}], "items": {}}, [1, 2], 4),
        ({"anyOf": [{}, {}], "not": {}, "if": {}, "then": {}}, 1, 6),
        ({"dependentSchemas": {"a": {}}}, {"a": 1}, 2),
        ({"$ref": "#/a"}, 1, 2),
        ({"anyOf": 5, "properties": [], "prefixItems": {}, "dependentSchemas": 1}, {"a": []}, 1),
    ],
)
def test_every_part_that_may_be_looked_at_counts(schema, value, expected):
    assert count(schema, value, a={"type": "string"}) == expected


def test_branches_multiply_and_the_count_stops():
    chain = {f"a{n}": {"anyOf": [{"$ref": f"#/a{n + 1}"}, {"$ref": f"#/a{n + 1}"}]} for n in range(60)}
    assert count({"$ref": "#/a56"}, 1, a60={}, **chain) < 10_000
    assert count({"$ref": "#/a0"}, 1, a60={}, **chain) == 10_001


def test_what_comes_back_to_itself_ends_and_what_goes_down_multiplies():
    assert count({"$ref": "#/a"}, 1, a={"anyOf": [{"$ref": "#/a"}, {"$ref": "#/a"}]}) < 10
    down = {"anyOf": [{"properties": {"c": {"$ref": "#/a"}}}, {"properties": {"c": {"$ref": "#/a"}}}]}
    deep = reduce(lambda inner, _: {"c": inner}, range(30), 1)
    assert count({"$ref": "#/a"}, deep, a=down) == 10_001


@pytest.mark.parametrize("schema", [{"$ref": "#/gone"}, {"$id": "x"}, {"$dynamicRef": "#x"}, {"$ref": "#x"}])
def test_what_is_resolved_elsewhere_counts_as_too_much(schema):
    assert count(schema, 1) == 10_001


def test_a_large_value_without_branches_is_linear():
    assert count({"items": {"items": {"type": "number"}}}, [[0.0] * 3] * 1, most=10**9) == 5
    points = [[float(n), 0.0, 0.0] for n in range(5000)]
    assert count({"items": {"items": {"type": "number"}}}, points, most=10**9) == 20_001
