"""Parameters travel as texts: what one side sends, the other must be able to read. Headers of answers too."""

from __future__ import annotations

import pytest

from cockpit.contracts.conformance import Policy, compare
from cockpit.domain.conformance import Severity
from cockpit.domain.words import Conformance
from support.openapi import JSON, answering, api, asking, parameter, pointers, said, taking

INTEGER = {"type": "integer"}
STRING = {"type": "string"}


def get(*parameters, path="/v1/items", **parts):
    return api(asking(*parameters), path=path, method="get", **parts)


def one(contract, service, where="query", **more):
    return compare(get(parameter("p", contract, where, **more)), get(parameter("p", service, where, **more)))


SAME_TEXTS = [
    pytest.param(INTEGER, STRING, id="any text takes a number"),
    pytest.param({"type": "boolean"}, STRING, id="any text takes a boolean"),
    pytest.param(
        {"enum": ["1", "2"]}, {"type": "integer", "minimum": 1, "maximum": 2}, id="digits are numbers"
    ),
    pytest.param({"enum": [1, 2]}, {"enum": ["1", "2", "3"]}, id="numbers are digits"),
    pytest.param({"enum": ["true", "false"]}, {"type": "boolean"}, id="words are booleans"),
    pytest.param({"anyOf": [STRING, {"type": "null"}]}, STRING, id="null is never sent"),
    pytest.param({"type": ["integer", "null"]}, INTEGER, id="nor here"),
    pytest.param(STRING, {"anyOf": [STRING, {"type": "null"}]}, id="FastAPI's optional text"),
    pytest.param(INTEGER, {"type": "array", "items": INTEGER}, id="one of many"),
    pytest.param({"type": "array", "items": INTEGER}, {"type": "array", "items": STRING}, id="items"),
]


@pytest.mark.parametrize(("contract", "service"), SAME_TEXTS)
def test_what_can_be_read_from_the_text_conforms(contract, service):
    assert one(contract, service).verdict is Conformance.CONFORMS


NARROWED = [
    pytest.param(STRING, INTEGER, id="words are no numbers"),
    pytest.param({"type": "number"}, INTEGER, id="fractions"),
    pytest.param({"type": "integer", "maximum": 100}, {"type": "integer", "maximum": 50}, id="maximum"),
    pytest.param({"enum": ["a", "b"]}, {"enum": ["a"]}, id="enum"),
    pytest.param({"type": "array", "items": STRING}, {"type": "array", "items": INTEGER}, id="items"),
    pytest.param({"enum": ["1", "3"]}, {"type": "integer", "maximum": 2}, id="a digit too large"),
]


@pytest.mark.parametrize(("contract", "service"), NARROWED)
@pytest.mark.parametrize("where", ["query", "header", "path", "cookie"])
def test_what_cannot_is_a_narrowed_request(contract, service, where):
    path = "/v1/{p}" if where == "path" else "/v1/items"
    more = {"required": True} if where == "path" else {}
    report = compare(
        get(parameter("p", contract, where, **more), path=path),
        get(parameter("p", service, where, **more), path=path),
    )
    assert report.verdict is Conformance.VIOLATES
    (finding,) = report.findings
    assert (finding.rule, finding.location) == ("request-narrowed", f"{where} p")
    assert set(finding.witness.value) == {"p"}
    assert finding.pointer.startswith("/p")


def test_a_text_that_may_be_read_as_accepted_is_undecided_and_no_false_alarm():
    report = one({"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^[0-9]+$"})
    assert report.verdict is Conformance.UNKNOWN
    assert [part.location for part in report.undecided] == ["query p"]


def test_a_new_required_parameter_shows_as_the_object_without_it():
    report = compare(get(), get(parameter("limit", INTEGER, required=True)))
    assert said(report) == [("error", "request-narrowed", "query limit", "/limit")]
    assert report.findings[0].witness.value == {}


def test_a_parameter_that_becomes_required():
    report = compare(get(parameter("limit", INTEGER)), get(parameter("limit", INTEGER, required=True)))
    assert pointers(report) == {"/limit": {}}
    assert (
        report.findings[0].message == "the contract lets a client leave out `limit`, the service requires it"
    )


def test_the_witness_has_the_other_required_parameters_of_its_place():
    others = (
        parameter("a", {"enum": ["x"]}, required=True),
        parameter("t", {"const": "k"}, "header", required=True),
    )
    report = compare(get(*others, parameter("n", INTEGER)), get(*others, parameter("n", {"enum": [1]})))
    assert pointers(report) == {"/n": {"a": "x", "n": 0}}


def test_a_new_optional_parameter_is_no_matter_for_clients():
    assert compare(get(), get(parameter("limit", INTEGER))).findings == ()


def test_a_parameter_that_the_service_does_not_know_is_a_warning():
    report = compare(get(parameter("limit", INTEGER)), get())
    assert said(report) == [("warning", "parameter-ignored", "query limit", "")]
    assert report.verdict is Conformance.CONFORMS


def test_names_of_headers_have_no_case_and_those_of_queries_have():
    one_case = compare(
        get(parameter("X-Token", STRING, "header")),
        get(parameter("x-token", STRING, "header", required=True)),
    )
    assert said(one_case) == [("error", "request-narrowed", "header X-Token", "/X-Token")]
    queries = compare(get(parameter("Limit", STRING)), get(parameter("limit", STRING)))
    assert said(queries) == [("warning", "parameter-ignored", "query Limit", "")]


def test_headers_that_other_parts_say_are_no_parameters():
    names = ("Accept", "Content-Type", "Authorization")
    assert compare(get(), get(*(parameter(n, STRING, "header", required=True) for n in names))).findings == ()


def test_paths_match_by_shape_and_their_parameters_by_position():
    contract = get(
        parameter("plan", INTEGER, "path"), parameter("room", STRING, "path"), path="/p/{plan}/{room}"
    )
    service = get(parameter("r", STRING, "path"), parameter("id", INTEGER, "path"), path="/p/{id}/{r}")
    assert compare(contract, service).findings == ()
    swapped = get(
        parameter("room", INTEGER, "path"), parameter("plan", STRING, "path"), path="/p/{plan}/{room}"
    )
    found = said(compare(contract, swapped))
    assert found == [("error", "request-narrowed", "path room", "/room")]


def test_parameters_of_the_path_item_count_and_those_of_the_operation_win():
    contract = get(parameter("limit", INTEGER))
    service = get()
    service["paths"]["/v1/items"]["parameters"] = [
        parameter("limit", {"type": "integer", "maximum": 9}, required=True)
    ]
    assert pointers(compare(contract, service)).keys() == {"/limit"}
    service["paths"]["/v1/items"]["get"]["parameters"] = [parameter("limit", INTEGER)]
    assert compare(contract, service).findings == ()


def test_references_to_parameters_schemas_and_path_items_are_followed():
    limit = parameter("limit", {"$ref": "#/components/schemas/N"})
    contract = get(
        {"$ref": "#/components/parameters/Limit"}, components={"parameters": {"Limit": limit}}, N=INTEGER
    )
    service = get(parameter("limit", {"type": "integer", "minimum": 0}))
    (finding,) = compare(contract, service).findings
    assert finding.contract_pointer == "/components/schemas/N"
    behind = {
        **api(),
        "paths": {"/v1/items": {"$ref": "#/components/pathItems/Items"}},
        "components": {"pathItems": {"Items": {"get": asking(parameter("limit", INTEGER))}}},
    }
    assert compare(contract, behind).findings == ()
    assert compare(behind, service).verdict is Conformance.VIOLATES


def test_a_list_written_in_another_way_is_not_read():
    ids = {"type": "array", "items": INTEGER}
    report = one(ids, ids)
    assert report.findings == ()
    contract, service = get(parameter("ids", ids, explode=False)), get(parameter("ids", ids))
    (finding,) = compare(contract, service).findings
    assert (finding.rule, finding.location) == ("request-narrowed", "query ids")
    assert len(finding.witness.value["ids"]) == 2
    scalar = compare(get(parameter("n", INTEGER, explode=False)), get(parameter("n", INTEGER)))
    assert scalar.findings == ()


def test_a_parameter_written_as_json_is_compared_as_json():
    def document(schema):
        return get({"name": "q", "in": "query", "content": {JSON: {"schema": schema}}})

    assert compare(document(INTEGER), document(STRING)).verdict is Conformance.VIOLATES
    mixed = compare(document(INTEGER), get(parameter("q", INTEGER)))
    assert mixed.verdict is Conformance.UNKNOWN


# Headers of answers.


def with_headers(**headers):
    operation = answering(STRING)
    operation["responses"]["200"]["headers"] = headers
    return api(operation)


def test_a_promised_header_must_be_sent():
    promised = with_headers(ETag={"required": True, "schema": STRING})
    report = compare(promised, with_headers())
    assert said(report) == [("error", "response-widened", "200 header ETag", "/ETag")]
    assert report.findings[0].witness.value == {}
    maybe = compare(promised, with_headers(etag={"schema": STRING}))
    assert said(maybe) == [("error", "response-widened", "200 header ETag", "/ETag")]
    assert compare(promised, with_headers(etag={"schema": STRING, "required": True})).findings == ()
    assert compare(with_headers(ETag={"schema": STRING}), with_headers()).findings == ()


def test_the_value_of_a_header_must_be_one_that_the_contract_allows():
    contract = with_headers(Left={"schema": {"type": "integer", "minimum": 0}})
    service = with_headers(left={"schema": INTEGER})
    report = compare(contract, service)
    assert said(report) == [("error", "response-widened", "200 header Left", "/left")]
    assert compare(with_headers(Left={"schema": STRING}), service).findings == ()


def test_a_changed_default_is_a_warning():
    report = compare(
        get(parameter("n", {**INTEGER, "default": 10})), get(parameter("n", {**INTEGER, "default": 20}))
    )
    (finding,) = report.findings
    assert (finding.rule, finding.severity, finding.pointer) == ("default-changed", Severity.WARNING, "/n")
    assert "counts as 10, the service has 20" in finding.message
    assert report.verdict is Conformance.CONFORMS
    none = compare(get(parameter("n", {**INTEGER, "default": 10})), get(parameter("n", INTEGER)))
    assert [f.rule for f in none.findings] == ["default-changed"]
    alike = compare(
        get(parameter("n", {**INTEGER, "default": 1})), get(parameter("n", {**INTEGER, "default": 1.0}))
    )
    assert alike.findings == ()


def test_a_policy_can_weigh_a_rule_otherwise():
    from cockpit.domain.conformance import Rule

    policy = Policy(severities={Rule.PARAMETER_IGNORED: Severity.ERROR, Rule.REQUEST_NARROWED: Severity.NOTE})
    assert compare(get(parameter("x")), get(), policy).verdict is Conformance.VIOLATES
    milder = compare(get(), get(parameter("x", required=True)), policy)
    assert [f.severity for f in milder.findings] == [Severity.NOTE]
    assert milder.verdict is Conformance.CONFORMS


def test_a_parameter_of_any_kind_is_any_text():
    assert one({}, STRING).findings == ()
    assert one({}, INTEGER).verdict is Conformance.VIOLATES


def test_defaults_are_found_in_the_branches_of_unions():
    def scan(compressed):
        raw = {
            "type": "object",
            "properties": {"kind": {"const": "raw"}, "z": {"type": "boolean", "default": compressed}},
        }
        text = {
            "type": "object",
            "properties": {"kind": {"const": "text"}, "z": {"type": "string", "default": "x"}},
        }
        body = {
            "type": "object",
            "properties": {"scan": {"anyOf": [{"oneOf": [text, raw]}, {"type": "null"}]}},
        }
        return api(taking(body))

    report = compare(scan(False), scan(True))
    assert said(report) == [("warning", "default-changed", f"body {JSON}", "/scan/z")]
