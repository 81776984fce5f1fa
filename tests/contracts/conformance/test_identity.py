"""Which documents count as the same, and is a remembered report the right one?"""

from __future__ import annotations

import copy
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.contracts.conformance import Policy, compare
from cockpit.contracts.conformance.identity import UnclearError, identity
from cockpit.contracts.conformance.remembering import compare_once
from cockpit.contracts.schema import subset
from cockpit.domain.conformance import Rule, Severity
from support.schemas import realistic


class Memory:
    """The cache of a workspace, in memory; counts what it was asked and what it had."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, str], Any] = {}
        self.had = 0

    def read(self, kind: str, key: str, stamp: str) -> Any | None:
        found = self.kept.get((kind, key, stamp))
        self.had += found is not None
        return copy.deepcopy(found)

    def write(self, kind: str, values: Any) -> None:
        for key, (stamp, value) in values.items():
            self.kept[kind, key, stamp] = value


def moved(value: Any, names: dict[str, str]) -> Any:
    """The same schema with its definitions among the components of a document, under other names."""
    if isinstance(value, list):
        return [moved(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for key, item in value.items():
        if key == "$ref" and isinstance(item, str) and item.startswith("#/$defs/"):
            found[key] = f"#/components/schemas/{names[item.removeprefix('#/$defs/')]}"
        else:
            found[key] = moved(item, names)
    return found


def document(schema: dict[str, Any], suffix: str = "") -> dict[str, Any]:
    """An API of one operation that is sent `schema`."""
    definitions = schema.get("$defs", {})
    names = {name: f"{name}{suffix}" for name in definitions}
    body = (
        {key: part for key, part in schema.items() if key != "$defs"} if isinstance(schema, dict) else schema
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/v1/things": {
                "post": {
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": moved(body, names)}},
                    },
                    "responses": {"200": {"description": "d"}},
                }
            }
        },
        "components": {"schemas": {names[name]: moved(definitions[name], names) for name in definitions}},
    }


@settings(max_examples=150, derandomize=True)
@given(st.integers(0, 10_000))
def test_names_do_not_count_and_whatever_is_the_same_means_the_same(seed: int) -> None:
    a, b = realistic.pair(Random(seed))[:2]
    assert identity(document(a)) == identity(document(a, "Renamed"))
    if identity(document(a)) == identity(document(b)):
        assert subset(a, b).proved
        assert subset(b, a).proved


def tree(value: str, *, deeper: bool = False) -> dict[str, Any]:
    """A schema that recurs; `deeper`: by way of another one."""
    kids = {"$ref": "#/$defs/Other"} if deeper else {"$ref": "#/$defs/Tree"}
    nodes = {"Tree": {"type": "object", "properties": {"v": {"type": value}, "kid": kids}}}
    if deeper:
        nodes["Other"] = {"type": "object", "properties": {"kid": {"$ref": "#/$defs/Tree"}}}
    return {"$ref": "#/$defs/Tree", "$defs": nodes}


def test_what_recurs_counts_by_what_it_says() -> None:
    assert identity(document(tree("integer"))) == identity(document(tree("integer"), "X"))
    assert identity(document(tree("integer"))) != identity(document(tree("number")))
    assert identity(document(tree("integer", deeper=True))) != identity(document(tree("integer")))


def test_true_is_not_one() -> None:
    assert identity(document({"const": True})) != identity(document({"const": 1}))


@pytest.mark.parametrize("reference", ["#/components/schemas/Nowhere", "https://e.example/s", 3])
def test_a_document_with_a_lost_reference_is_the_same_as_none(reference: Any) -> None:
    with pytest.raises(UnclearError):
        identity(document({"properties": {"a": {"$ref": reference}}}))


def test_a_report_is_remembered_under_other_names_and_not_under_another_policy() -> None:
    memory = Memory()
    contract, service = document(tree("integer")), document(tree("number"))
    first = compare_once(contract, service, Policy(), memory)
    assert first == compare(contract, service)
    renamed = compare_once(document(tree("integer"), "X"), document(tree("number"), "Y"), Policy(), memory)
    assert (memory.had, renamed) == (1, first)
    strict = Policy(severities={Rule.OPERATION_EXTRA: Severity.ERROR})
    compare_once(contract, service, strict, memory)
    assert memory.had == 1


def test_a_report_that_tells_of_a_component_is_made_anew() -> None:
    memory = Memory()
    wide, narrow = document(tree("number")), document(tree("integer"))
    report = compare_once(wide, narrow, Policy(), memory)
    assert report.findings[0].service_pointer == "/components/schemas/Tree/properties/v/type"
    renamed = compare_once(wide, document(tree("integer"), "X"), Policy(), memory)
    assert renamed.findings[0].service_pointer == "/components/schemas/TreeX/properties/v/type"


@pytest.mark.parametrize("where", ["callbacks", "webhooks"])
def test_what_turns_the_directions_round_is_known_only_where_it_is_the_same(where: str) -> None:
    def api(kind: str, name: str = "Note") -> dict[str, Any]:
        whole = document({"type": "object"})
        note = {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}
        called = {"post": {"requestBody": note, "responses": {"200": {"description": "d"}}}}
        whole["components"]["schemas"] = {name: {"type": kind}}
        if where == "webhooks":
            whole["webhooks"] = {"done": called}
        else:
            whole["paths"]["/v1/things"]["post"]["callbacks"] = {"done": {"{$request.body#/url}": called}}
        return whole

    assert compare(api("string"), api("string", "Renamed")).verdict == "conforms"
    report = compare(api("string"), api("integer"))
    assert (report.verdict, report.undecided[0].location) == ("unknown", where)
