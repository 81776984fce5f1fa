"""Operations, statuses, media types, security: what stands around the schemas."""

from __future__ import annotations

import pytest

from cockpit.contracts.conformance import Policy, compare
from cockpit.domain.conformance import Rule, Severity
from cockpit.domain.words import Conformance
from support.openapi import JSON, answering, api, asking, said, taking

STRING = {"type": "string"}
OK = {"description": "ok", "content": {JSON: {"schema": STRING}}}
VALIDATION = {
    "HTTPValidationError": {
        "type": "object",
        "properties": {
            "detail": {"type": "array", "items": {"$ref": "#/components/schemas/ValidationError"}}
        },
    },
    "ValidationError": {
        "type": "object",
        "properties": {
            "loc": {"type": "array", "items": {"anyOf": [STRING, {"type": "integer"}]}},
            "msg": STRING,
            "type": STRING,
        },
        "required": ["loc", "msg", "type"],
    },
}
OWN_422 = {
    "description": "no",
    "content": {JSON: {"schema": {"$ref": "#/components/schemas/HTTPValidationError"}}},
}


def with_responses(**responses):
    named = {key.lstrip("s"): value for key, value in responses.items()}
    return api({"responses": named}, **VALIDATION)


def test_an_operation_that_is_missing_and_one_that_is_extra():
    contract = api(path="/a")
    service = api(path="/b")
    report = compare(contract, service)
    assert said(report) == [
        ("error", "operation-missing", "operation", ""),
        ("warning", "operation-extra", "operation", ""),
    ]
    assert {f.operation for f in report.findings} == {"POST /a", "POST /b"}
    missing = next(f for f in report.findings if f.rule is Rule.OPERATION_MISSING)
    assert (missing.contract_pointer, missing.service_pointer) == ("/paths/~1a/post", None)


def test_paths_match_by_shape():
    assert compare(api(path="/a/{x}/b/{y}"), api(path="/a/{id}/b/{name}")).findings == ()
    assert compare(api(path="/a/{x}"), api(path="/a/{x}/")).verdict is Conformance.VIOLATES
    assert compare(api(path="/a/{x}"), api(path="/a/{x}", method="get")).verdict is Conformance.VIOLATES


def test_a_fixed_path_is_answered_by_one_with_a_variable():
    def user(path, schema=None, answer="string"):
        variable = [{"name": "id", "in": "path", "required": True, "schema": schema}] if schema else []
        return api(answering({"type": answer}, parameters=variable), path=path, method="get")

    me = user("/users/me")
    text, number = user("/users/{id}", STRING), user("/users/{id}", {"type": "integer"})
    assert said(compare(me, text)) == [("warning", "operation-extra", "operation", "")]
    report = compare(me, number)
    (narrowed,) = [f for f in report.findings if f.rule is Rule.REQUEST_NARROWED]
    assert (narrowed.operation, narrowed.witness.value) == ("GET /users/me", {"id": "me"})
    other = compare(me, user("/users/{id}", STRING, "integer"))
    assert Rule.RESPONSE_WIDENED in {f.rule for f in other.findings}
    assert compare(text, me).verdict is Conformance.VIOLATES
    both = {**text, "paths": {**text["paths"], **me["paths"]}}
    assert compare(me, both).verdict is Conformance.CONFORMS


def test_two_paths_of_one_shape_cannot_be_told_apart():
    twice = api(path="/a/{x}")
    twice["paths"]["/a/{y}"] = twice["paths"]["/a/{x}"]
    assert compare(twice, api(path="/a/{x}")).verdict is Conformance.UNKNOWN


def test_a_deprecated_operation_is_a_note():
    report = compare(api(), api(answering(STRING, deprecated=True)))
    assert said(report) == [("note", "deprecated", "operation", "")]
    assert report.verdict is Conformance.CONFORMS


@pytest.mark.parametrize(
    ("promised", "given", "found"),
    [
        ({"s200": OK}, {"s200": OK}, []),
        ({"s200": OK}, {"s200": OK, "s404": OK}, ["404"]),
        ({"s200": OK, "s4XX": OK}, {"s200": OK, "s404": OK, "s418": OK}, []),
        ({"s200": OK, "default": OK}, {"s200": OK, "s500": OK, "s3XX": OK}, []),
        ({"s2XX": OK}, {"s201": OK}, []),
        ({"s200": OK}, {"s2XX": OK}, ["2XX"]),
        ({"s200": OK, "s4XX": OK}, {"s200": OK, "default": OK}, ["default"]),
        ({"s200": OK, "s201": OK}, {"s201": OK}, []),
    ],
)
def test_statuses_that_the_contract_does_not_declare(promised, given, found):
    report = compare(with_responses(**promised), with_responses(**given))
    assert [f.location for f in report.findings if f.rule is Rule.STATUS_UNDECLARED] == found
    assert all(f.severity is Severity.ERROR for f in report.findings)


def test_an_exact_status_goes_before_its_range():
    number = {"description": "n", "content": {JSON: {"schema": {"type": "integer"}}}}
    contract = with_responses(s404=number, s4XX=OK)
    assert compare(contract, with_responses(s404=number, s418=OK)).findings == ()
    assert said(compare(contract, with_responses(s404=OK))) == [
        ("error", "response-widened", f"404 {JSON}", "")
    ]
    # A range of the service speaks for 404 too.
    assert {f.location for f in compare(contract, with_responses(s4XX=OK)).findings} == {f"4XX {JSON}"}


def test_fastapis_own_422_is_a_warning_and_any_other_an_error():
    report = compare(with_responses(s200=OK), with_responses(s200=OK, s422=OWN_422))
    assert said(report) == [("warning", "status-undeclared", "422", "")]
    assert report.verdict is Conformance.CONFORMS
    other = compare(with_responses(s200=OK), with_responses(s200=OK, s422=OK))
    assert said(other) == [("error", "status-undeclared", "422", "")]


def test_a_422_that_the_contract_words_otherwise_is_an_error_and_one_by_range_a_warning():
    named = compare(with_responses(s200=OK, s422=OK), with_responses(s200=OK, s422=OWN_422))
    assert named.verdict is Conformance.VIOLATES
    ranged = compare(with_responses(s200=OK, s4XX=OK), with_responses(s200=OK, s422=OWN_422))
    assert [f.severity for f in ranged.findings] == [Severity.WARNING]


def body(*kinds):
    return {
        "requestBody": {"required": True, "content": {k: {"schema": STRING} for k in kinds}},
        "responses": {},
    }


def answer(*kinds):
    return {"responses": {"200": {"description": "", "content": {k: {"schema": STRING} for k in kinds}}}}


# What is sent, what is taken, whether it is.
KINDS = [
    ((JSON,), (JSON,), True),
    ((JSON,), ("Application/JSON; charset=utf-8",), True),
    ((JSON,), ("application/*",), True),
    ((JSON,), ("*/*",), True),
    ((JSON,), ("text/plain",), False),
    (("application/vnd.acme+json",), (JSON,), False),
    (("application/vnd.acme+json",), ("application/vnd.acme+json", JSON), True),
    (("application/*",), (JSON,), False),
    ((JSON, "text/csv"), (JSON,), False),
    ((JSON,), ("application/json;version=2",), False),
    (("application/json;version=2",), (JSON,), True),
]


@pytest.mark.parametrize(("sent", "taken", "fits"), KINDS)
def test_media_types_of_requests_and_answers(sent, taken, fits):
    request = compare(api(body(*sent)), api(body(*taken)))
    response = compare(api(answer(*taken)), api(answer(*sent)))
    for report in (request, response):
        assert report.verdict is (Conformance.CONFORMS if fits else Conformance.VIOLATES)
        assert {f.rule for f in report.findings} == (set() if fits else {Rule.CONTENT_TYPE})


def test_the_most_special_media_type_is_the_one_that_takes_it():
    service = api(
        {"requestBody": {"content": {"*/*": {"schema": False}, JSON: {"schema": STRING}}}, "responses": {}}
    )
    contract = api({"requestBody": {"content": {JSON: {"schema": STRING}}}, "responses": {}})
    assert compare(contract, service).findings == ()


def test_bytes_are_a_text_to_a_schema_also_where_nobody_wrote_that():
    binary = api(taking({"type": "string", "format": "binary"}, kind="application/octet-stream"))
    silent = api(taking({}, kind="application/octet-stream"))
    assert compare(silent, binary).findings == ()
    assert compare(binary, silent).findings == ()


def test_a_body_that_one_side_says_nothing_of():
    empty = api({"responses": {"200": {"description": "ok"}}})
    full = api({"responses": {"200": OK}})
    assert said(compare(empty, full)) == [("warning", "content-type", "200", "")]
    assert said(compare(full, empty)) == [("error", "content-type", "200", "")]


SCHEMES = {
    "Key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "Bearer": {"type": "http", "scheme": "bearer"},
    "OAuth": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "/token", "scopes": {"r": "", "w": ""}}},
    },
}


def secured(*requirements, schemes=SCHEMES):
    return api(asking(security=list(requirements)), components={"securitySchemes": schemes})


OPEN = api(asking())


@pytest.mark.parametrize(
    ("contract", "service", "fits"),
    [
        (OPEN, OPEN, True),
        (OPEN, secured({"Key": []}), False),
        (OPEN, secured({"Key": []}, {}), True),
        (secured({"Key": []}), OPEN, True),
        (secured({"Key": []}), secured({"Bearer": []}), False),
        (secured({"Key": []}, {"Bearer": []}), secured({"Bearer": []}), False),
        (secured({"Key": []}), secured({"Key": []}, {"Bearer": []}), True),
        (secured({"Key": [], "Bearer": []}), secured({"Bearer": []}), True),
        (secured({"Bearer": []}), secured({"Key": [], "Bearer": []}), False),
        (secured({"OAuth": ["r"]}), secured({"OAuth": ["r", "w"]}), False),
        (secured({"OAuth": ["r", "w"]}), secured({"OAuth": ["r"]}), True),
    ],
)
def test_security_is_an_or_of_ands_with_scopes(contract, service, fits):
    report = compare(contract, service)
    assert said(report) == ([] if fits else [("error", "security-narrowed", "security", "")])


def test_schemes_are_compared_by_their_definition():
    other_name = {"K": {"type": "apiKey", "in": "header", "name": "x-key"}}
    assert compare(secured({"Key": []}), secured({"K": []}, schemes=other_name)).findings == ()
    other_key = {"Key": {"type": "apiKey", "in": "header", "name": "X-Other"}}
    assert (
        compare(secured({"Key": []}), secured({"Key": []}, schemes=other_key)).verdict is Conformance.VIOLATES
    )


def test_security_of_the_whole_document_counts_and_an_operation_can_lift_it():
    whole = {**api(asking(), components={"securitySchemes": SCHEMES}), "security": [{"Key": []}]}
    assert compare(OPEN, whole).verdict is Conformance.VIOLATES
    lifted = {**secured(), "security": [{"Key": []}]}
    assert compare(OPEN, lifted).findings == ()


def test_a_scheme_that_is_not_declared_is_undecided():
    assert compare(OPEN, secured({"Nobody": []})).verdict is Conformance.UNKNOWN


def test_a_service_that_overrides_its_document_proves_nothing():
    weighty = Policy(severities={Rule.OPENAPI_OVERRIDDEN: Severity.ERROR})
    report = compare(api(), api(), weighty, overridden=True)
    assert report.verdict is Conformance.UNKNOWN
    assert [f.rule for f in report.findings] == [Rule.OPENAPI_OVERRIDDEN]
    assert report.reason


def test_what_is_not_reached_in_time_is_undecided():
    report = compare(api(), api(), Policy(seconds=-1.0))
    assert report.verdict is Conformance.UNKNOWN
    assert "time" in report.undecided[0].reason


FORM = "application/x-www-form-urlencoded"


def form(**fields):
    return api(taking({"type": "object", "properties": fields}, kind=FORM))


def test_the_fields_of_a_form_travel_as_texts():
    number, text = {"type": "integer"}, {"type": "string"}
    assert compare(form(n=number), form(n=text)).findings == ()
    assert said(compare(form(n=text), form(n=number))) == [
        ("error", "request-narrowed", f"body {FORM}", "/n")
    ]
    digits = {"type": "string", "pattern": "^[0-9]+$"}
    assert compare(form(n={"const": 7}), form(n=digits)).verdict is Conformance.UNKNOWN


def test_a_service_that_says_nothing_of_its_answers_is_undecided():
    report = compare(api({"responses": {"200": OK}}), api({"responses": {}}))
    assert report.verdict is Conformance.UNKNOWN


def test_webhooks_that_differ_are_undecided():
    hooked = {**api(), "webhooks": {"done": {"post": taking(STRING)}}}
    assert compare(hooked, {**hooked}).verdict is Conformance.CONFORMS
    assert compare(hooked, api()).verdict is Conformance.UNKNOWN
