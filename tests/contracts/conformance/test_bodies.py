"""Bodies: what a client may send must be taken, what a service may answer must be allowed."""

from __future__ import annotations

import copy

import pytest

from cockpit.contracts.conformance import ASSUMPTION, Policy, compare
from cockpit.domain.conformance import Rule, Severity
from cockpit.domain.words import Conformance
from support.openapi import JSON, answering, answers, api, pointers, requests, said, taking

REF = {"$ref": "#/components/schemas/Room"}


def closed(**properties):
    return {"type": "object", "properties": properties, "additionalProperties": False}


def open_object(**properties):
    return {"type": "object", "properties": properties}


# Wide and narrow: everything that narrow accepts is accepted by wide, and not the other way round.
WIDER = [
    pytest.param({"type": "number"}, {"type": "integer"}, id="integer in number"),
    pytest.param({"type": "integer", "minimum": 0}, {"type": "integer", "minimum": 1}, id="minimum"),
    pytest.param({"type": "number", "maximum": 128}, {"type": "number", "maximum": 64}, id="maximum"),
    pytest.param({"type": "number", "minimum": 0}, {"type": "number", "exclusiveMinimum": 0}, id="exclusive"),
    pytest.param({"type": "string"}, {"type": "string", "maxLength": 3}, id="length"),
    pytest.param({"type": "string"}, {"type": "string", "pattern": "^[a-z]+$"}, id="pattern"),
    pytest.param({"enum": ["a", "b"]}, {"enum": ["a"]}, id="enum"),
    pytest.param({"type": "array", "items": {"type": "integer"}},
                 {"type": "array", "items": {"type": "integer"}, "maxItems": 2}, id="items"),
    pytest.param({"type": "array"}, {"type": "array", "items": {"type": "integer"}}, id="item type"),
    pytest.param({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"type": "string"}, id="null"),
    pytest.param({"anyOf": [{"type": "string"}, {"type": "integer"}]}, {"type": "integer"}, id="union"),
    pytest.param(closed(a={"type": "integer"}), closed(), id="closed with fewer"),
    pytest.param(open_object(), closed(), id="closed"),
    pytest.param(open_object(a={"type": "string"}),
                 {**open_object(a={"type": "string"}), "required": ["a"]}, id="required"),
    pytest.param({"type": "integer"}, {"type": "integer", "multipleOf": 2}, id="multiple"),
    pytest.param({"type": "array", "items": {"type": "integer"}},
                 {"type": "array", "items": {"type": "integer"}, "uniqueItems": True}, id="unique"),
    pytest.param({}, {"type": "object"}, id="anything"),
]  # fmt: skip


@pytest.mark.parametrize(("wide", "narrow"), WIDER)
def test_a_request_may_be_widened_and_not_narrowed(wide, narrow):
    assert requests(contract=narrow, service=wide).verdict is Conformance.CONFORMS
    report = requests(contract=wide, service=narrow)
    assert report.verdict is Conformance.VIOLATES
    assert {f.rule for f in report.findings} == {Rule.REQUEST_NARROWED}
    assert all(f.witness is not None for f in report.findings)


@pytest.mark.parametrize(("wide", "narrow"), WIDER)
def test_an_answer_may_be_narrowed_and_not_widened(wide, narrow):
    assert answers(contract=wide, service=narrow).verdict is Conformance.CONFORMS
    report = answers(contract=narrow, service=wide)
    assert report.verdict is Conformance.VIOLATES
    assert {f.rule for f in report.findings} == {Rule.RESPONSE_WIDENED}


EQUAL = [
    pytest.param({"type": "integer", "exclusiveMinimum": 0}, {"type": "integer", "minimum": 1}, id="ints"),
    pytest.param({"enum": ["a", "b"]}, {"anyOf": [{"const": "b"}, {"const": "a"}]}, id="consts"),
    pytest.param({"type": ["string", "null"]}, {"anyOf": [{"type": "null"}, {"type": "string"}]}, id="null"),
    pytest.param({"type": "string"}, {"type": "string", "maximum": 3}, id="no bound of a string"),
    pytest.param({"const": 1}, {"const": 1.0}, id="one"),
    pytest.param({"type": "integer", "format": "int64"}, {"type": "integer"}, id="no format"),
    pytest.param({"type": "string", "title": "A"}, {"type": "string", "description": "b"}, id="annotations"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_what_means_the_same_is_the_same(one, other):
    for left, right in ((one, other), (other, one)):
        assert requests(left, right).verdict is Conformance.CONFORMS
        assert answers(left, right).verdict is Conformance.CONFORMS


def test_true_is_not_one():
    assert requests({"const": True}, {"const": 1}).verdict is Conformance.VIOLATES


def test_every_difference_of_a_body_is_found_at_its_own_place():
    room = {"height": {"type": "number", "minimum": 0, "maximum": 128}, "name": {"type": "string"}}
    contract = open_object(rooms={"type": "array", "items": open_object(**room)}, scan={"type": "string"})
    narrow = {
        "height": {"type": "number", "minimum": 1, "maximum": 64},
        "name": {"type": "string", "minLength": 1},
    }
    service = open_object(rooms={"type": "array", "items": open_object(**narrow), "minItems": 1})
    service["properties"]["scan"] = {"type": "string", "maxLength": 5}
    report = requests(contract, service)
    found = pointers(report)
    assert found == {
        "/rooms": {"rooms": []},
        "/rooms/0/height": {"rooms": [{"height": 0}]},
        "/rooms/0/name": {"rooms": [{"name": ""}]},
        "/scan": {"scan": found["/scan"]["scan"]},
    } or set(found) == {"/rooms", "/rooms/0/height", "/rooms/0/name", "/scan"}
    assert len(found["/scan"]["scan"]) == 6


def test_missing_parts_are_found_one_by_one():
    contract = open_object(a={"type": "string"}, b={"type": "string"})
    report = requests(contract, {**contract, "required": ["a", "b"]})
    assert set(pointers(report)) == {"/a", "/b"}
    message = next(f.message for f in report.findings if f.pointer == "/a")
    assert message == "the contract lets a client leave out `a`, the service requires it"


def test_the_message_says_who_does_what_and_which_keyword_decides():
    report = requests(open_object(height={"type": "number", "minimum": 0}),
                      open_object(height={"type": "number", "minimum": 1}))  # fmt: skip
    (finding,) = report.findings
    assert finding.message == (
        "the contract lets a client send 0, the service rejects it (minimum: 1 against minimum: 0)"
    )
    assert finding.keyword == "minimum: 1 against minimum: 0"
    assert finding.do.startswith("in the service, change `minimum: 1` to `minimum: 0` at ")


def test_pointers_lead_into_the_components_of_both_documents():
    contract = api(taking(REF), Room=open_object(height={"type": "number", "maximum": 128}))
    service = api(
        taking({"$ref": "#/components/schemas/RoomIn"}),
        RoomIn=open_object(height={"$ref": "#/components/schemas/Height"}),
        Height={"type": "number", "maximum": 64},
    )
    (finding,) = compare(contract, service).findings
    assert finding.contract_pointer == "/components/schemas/Room/properties/height/maximum"
    assert finding.service_pointer == "/components/schemas/Height/maximum"
    assert finding.witness.value == {"height": 65}


def test_a_component_narrowed_for_both_directions_breaks_the_request_alone():
    def document(*names):
        operation = {**taking(REF), **answering(REF)}
        return api(operation, Room=open_object(kind={"enum": list(names)}))

    report = compare(document("a", "b"), document("a"))
    assert said(report) == [("error", "request-narrowed", f"body {JSON}", "/kind")]


def test_a_new_optional_field_is_a_warning_with_its_witness_and_an_error_under_strict():
    contract = open_object(a={"type": "string"})
    service = open_object(a={"type": "string"}, nick={"type": "integer"})
    report = requests(contract, service)
    assert report.verdict is Conformance.CONFORMS
    assert report.assumptions == (ASSUMPTION,)
    (finding,) = report.findings
    assert (finding.severity, finding.pointer) == (Severity.WARNING, "/nick")
    assert not isinstance(finding.witness.value["nick"], int) or isinstance(
        finding.witness.value["nick"], bool
    )
    strict = requests(contract, service, Policy(strict=True))
    assert strict.assumptions == ()
    assert strict.verdict is Conformance.VIOLATES
    assert [(f.severity, f.pointer) for f in strict.findings] == [(Severity.ERROR, "/nick")]


def test_a_service_that_forbids_undeclared_keys_is_an_error():
    report = requests(open_object(a={"type": "string"}), closed(a={"type": "string"}))
    (finding,) = report.findings
    assert finding.severity is Severity.ERROR
    assert "refuses undeclared keys" in finding.message
    assert len(finding.witness.value) == 1


def test_what_is_only_read_is_not_asked_of_clients():
    contract = open_object(id={"type": "integer", "readOnly": True}, name={"type": "string"})
    contract["required"] = ["id", "name"]
    service = {**open_object(name={"type": "string"}), "required": ["name"]}
    assert requests(contract, service).verdict is Conformance.CONFORMS
    plain = {**open_object(id={"type": "integer"}, name={"type": "string"}), "required": ["id", "name"]}
    assert set(pointers(requests(contract, plain))) == {"/id"}
    assert answers(contract, plain).verdict is Conformance.CONFORMS
    assert "/id" in pointers(answers(contract, service))


def test_what_is_only_written_is_not_promised_by_answers():
    contract = open_object(secret={"type": "string", "writeOnly": True}, name={"type": "string"})
    contract["required"] = ["secret", "name"]
    service = {**open_object(name={"type": "string"}), "required": ["name"]}
    assert answers(contract, service).verdict is Conformance.CONFORMS
    assert requests(contract, {**service, "required": []}).verdict is Conformance.CONFORMS


def test_a_read_only_property_behind_a_reference_is_seen():
    contract = api(
        taking({**open_object(id={"$ref": "#/components/schemas/Id"}), "required": ["id"]}),
        Id={"type": "integer", "readOnly": True},
    )
    service = api(taking({**open_object(id={"type": "integer"}), "required": ["id"]}))
    assert set(pointers(compare(contract, service))) == {"/id"}


def test_a_read_only_property_that_another_part_requires():
    base = open_object(id={"type": "integer", "readOnly": True}, name={"type": "string"})
    contract = api(
        taking(
            {
                "allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["id"]}],
                "required": ["name", "id"],
            }
        ),
        Base=base,
    )
    service = api(taking({**closed(name={"type": "string"}), "required": ["name"]}))
    assert {f.pointer for f in compare(contract, service).findings} == {"/extra"}
    assert compare(contract, copy.deepcopy(contract)).findings == ()


CAT = {**open_object(kind={"const": "cat"}, lives={"type": "integer", "maximum": 9}), "required": ["kind"]}
DOG = {**open_object(kind={"const": "dog"}, tricks={"type": "integer", "minimum": 0}), "required": ["kind"]}
FISH = {**open_object(kind={"const": "fish"}), "required": ["kind"]}


def test_each_variant_of_a_union_is_held_against_its_own():
    lazy = {**CAT, "properties": {**CAT["properties"], "lives": {"type": "integer", "maximum": 7}}}
    stern = {**DOG, "properties": {**DOG["properties"], "tricks": {"type": "integer", "minimum": 2}}}
    report = requests({"oneOf": [CAT, DOG]}, {"oneOf": [stern, lazy]})
    found = pointers(report)
    assert set(found) == {"/lives", "/tricks"}
    assert found["/lives"] == {"kind": "cat", "lives": 8}
    assert found["/tricks"]["kind"] == "dog"


def test_a_new_variant_of_an_answer_is_named_by_its_tag():
    report = answers({"anyOf": [CAT, DOG]}, {"anyOf": [CAT, DOG, FISH]})
    assert pointers(report) == {"/kind": {"kind": "fish"}}
    assert report.findings[0].message == 'the service may answer "fish", the contract knows only "cat", "dog"'
    untold = requests({"type": ["integer", "null"]}, {"anyOf": [{"type": "integer"}, {"type": "string"}]})
    assert untold.findings[0].message == (
        "the contract lets a client send null, the service has no branch of `anyOf` for it"
    )


def test_a_difference_inside_an_optional_object_stands_at_its_place():
    def maybe(**properties):
        return open_object(plan={"anyOf": [open_object(**properties), {"type": "null"}]})

    report = requests(maybe(n={"type": "integer"}), maybe(n={"type": "integer", "minimum": 5}))
    assert set(pointers(report)) == {"/plan/n"}


def test_recursion_ends_and_is_compared():
    def tree(most):
        node = open_object(
            value={"type": "integer", "maximum": most},
            children={"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
        )
        return api(taking({"$ref": "#/components/schemas/Node"}), Node=node)

    assert compare(tree(5), tree(5)).verdict is Conformance.CONFORMS
    assert compare(tree(5), tree(6)).verdict is Conformance.CONFORMS
    assert set(pointers(compare(tree(6), tree(5)))) == {"/value"}


def test_an_answer_without_a_model_may_be_anything():
    report = answers(open_object(a={"type": "integer"}), {})
    assert report.verdict is Conformance.VIOLATES
    assert len(report.findings) == 1


def test_at_most_twenty_differences_of_one_body_are_told():
    many = {f"p{n}": {"type": "integer"} for n in range(50)}
    report = requests(open_object(**many), {**open_object(**many), "required": sorted(many)})
    assert len(report.findings) == 20


def test_a_body_that_becomes_required():
    schema = {"type": "string"}
    report = compare(api(taking(schema, required=False)), api(taking(schema)))
    assert said(report) == [("error", "request-narrowed", "body", "/body")]
    assert report.findings[0].witness.value == {}
    assert compare(api(taking(schema)), api(taking(schema, required=False))).verdict is Conformance.CONFORMS


def test_a_body_that_the_contract_does_not_know():
    none = {"responses": {"200": {"description": "ok"}}}
    assert said(compare(api(none), api(taking({"type": "string"})))) == [
        ("error", "request-narrowed", "body", "/body")
    ]
    assert said(compare(api(taking({"type": "string"})), api(none))) == [
        ("error", "content-type", f"body {JSON}", "")
    ]


def test_a_field_that_is_required_and_narrowed_is_told_twice():
    contract = open_object(a={"type": "string"})
    report = requests(contract, {**open_object(a={"type": "string", "maxLength": 1}), "required": ["a"]})
    assert [(f.pointer, f.keyword) for f in report.findings] == [
        ("/a", "required: a against optional"),
        ("/a", "maxLength: 1 against no maxLength"),
    ]


def test_a_difference_that_counts_is_found_behind_one_that_needs_an_assumption():
    """The service's recursion meets another type of the contract, where it differs for certain."""
    contract = api(
        taking(
            open_object(
                value={"type": "integer"},
                children={"type": "array", "items": {"$ref": "#/components/schemas/Other"}},
            )
        ),
        Other=open_object(value={"type": "string"}),
    )
    node = open_object(
        value={"type": "integer"},
        nick={"type": "integer"},
        children={"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
    )
    report = compare(contract, api(taking({"$ref": "#/components/schemas/Node"}), Node=node))
    assert report.verdict is Conformance.VIOLATES
    errors = {f.pointer for f in report.findings if f.severity is Severity.ERROR}
    assert errors == {"/children/0/value"}
    assert "/nick" in pointers(report)


def test_a_value_that_fits_two_branches_of_one_of_is_a_difference_beside_an_assumption():
    wide = open_object(a={"type": "integer"})
    twice = {"oneOf": [wide, open_object(b={"type": "integer"})]}
    report = requests({**wide, "properties": {**wide["properties"], "b": {"type": "integer"}}}, twice)
    assert report.verdict is Conformance.VIOLATES
