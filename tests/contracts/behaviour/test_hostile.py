"""Whatever a contract or a service says, judging it ends without an exception."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.contracts.behaviour import golden_answers
from cockpit.contracts.behaviour.credentials import header_of
from cockpit.contracts.behaviour.goldens import goldens
from cockpit.contracts.behaviour.judging import Judge
from cockpit.domain.behaviour import Exchange

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "a", "#/components/schemas/A", "#", "#/nowhere", "string", "200", "body",
                        "path", "query", "cookie"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["a", "$ref", "type", "anyOf", "properties", "items", "if", "then", "x-tolerance", "examples",
             "value", "patternProperties", "detail", "loc", "msg", "example", "required", "in", "name"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=14,
)  # fmt: skip
MEDIA = st.fixed_dictionaries(
    {}, optional={"schema": JSON, "examples": JSON | st.dictionaries(st.just("e"), st.just({"value": 1}))}
)
CONTENT = JSON | st.dictionaries(st.sampled_from(["application/json", "text/plain", "*/*"]), MEDIA)
OPERATION = JSON | st.fixed_dictionaries(
    {},
    optional={
        "parameters": JSON,
        "requestBody": JSON | st.fixed_dictionaries({"content": CONTENT}),
        "responses": JSON
        | st.dictionaries(
            st.sampled_from(["200", "422", "2XX", "default"]),
            JSON | st.fixed_dictionaries({}, optional={"content": CONTENT, "headers": JSON}),
        ),
    },
)
CONTRACT = JSON | st.fixed_dictionaries(
    {},
    optional={
        "paths": JSON | st.dictionaries(st.just("/a"), st.dictionaries(st.just("post"), OPERATION)),
        "components": JSON | st.fixed_dictionaries({"schemas": st.dictionaries(st.just("A"), JSON)}),
    },
)
BODY = st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode())


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=300)
@given(
    CONTRACT.filter(lambda value: isinstance(value, dict)),
    st.sampled_from([200, 201, 301, 401, 404, 405, 413, 422, 500, 501, 503]),
    st.sampled_from(["application/json", "text/plain; a=b", "", "/", "application/problem+json"]),
    BODY,
    JSON,
)
def test_judging_never_raises(contract, status, kind, body, sent):
    judge = Judge(contract)
    exchange = Exchange("POST /a", "curl", status, {"content-type": kind}, body, sent=sent, has_body=True)
    judge.judge(exchange)
    found, _ = goldens(contract)
    for golden in found:
        golden_answers.compare(judge, golden, exchange)
    header_of(contract)
