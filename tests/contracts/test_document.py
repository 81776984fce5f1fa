"""Level L0: a contract is sound by itself, or every fault is told at its place; never an exception."""

# ruff: noqa: E501 - a table, one fault a row
from __future__ import annotations

import copy
import subprocess
import sys
from functools import reduce

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.contracts.document import complete, examine
from cockpit.contracts.signature import lines
from cockpit.domain.openapi import follow, lookup
from cockpit.domain.words import GateVerdict
from cockpit.workspace.reading import read_one
from support.documents import GOOD, NAME, changed, place_of, write

CONTRACT = yaml.safe_load(GOOD.split("```yaml rpt:contract\n")[1].split("```")[0])
POST = ("paths", "/v1/plan", "post")


def test_the_good_contract_is_sound():
    found = examine(CONTRACT)
    assert (found.problems, found.without_example) == ([], [])
    assert (found.operations, found.p95_ms) == (("POST /v1/plan",), 300.0)


# What is changed; the code; the part of the text where it is told; what to write instead.
FAULTS = (
    ("another OpenAPI", "x-slo:", 'openapi: "3.0.3"\nx-slo:', "openapi-version", 'openapi: "3.0', "OpenAPI 3.1"),
    ("a path without /", "  /v1/plan:", "  v1/plan:", "path-form", "v1/plan:", "write /v1/plan"),
    ("no operationId", "      operationId: create_plan\n", "", "operation-id", "post:", "create_plan"),
    ("an operationId that names no function", "create_plan", "create-plan", "operation-id", "post:", "create_plan"),
    ("no successful response", '"200":', '"404":', "no-response", "post:", '"200"'),
    ("a path parameter that is not declared", "/v1/plan:", '"/v1/plan/{id}":', "path-parameter", "post:", "name: id, in: path"),
    ("a reference that leads nowhere", "schemas/Plan\"}", "schemas/Plans\"}", "ref-missing", "$ref: \"#/components/schemas/Plans", "exists"),
    ("a reference to a file", "#/components/schemas/Room", "room.yaml", "ref-remote", "$ref: \"room.yaml", "copy what it names"),
    ("an example that does not fit", "height: 2.5", "height: tall", "example-invalid", "height: tall", "mend the example"),
    ("an example that lacks a field", ", height: 2.5", "", "example-invalid", "{outline: [[0, 0]", "mend the example"),
    ("an example without a value", "small: {value: {points", "small: {values: {points", "example-form", "small: {values", "`value: …`"),
    ("examples as a list", "              small: {value: {points: [[0, 0, 0], [1, 0, 0], [1, 1, 0]]}}", "              - 5", "example-form", "examples:\n              -", "{value: …}"),
    ("an example without an answer", "                small: {value: {rooms", "                large: {value: {rooms", "example-unanswered", "small: {value: {points", "add the example small"),
    ("a schema that is none", "type: object\n      required: [points]", "type: objekt\n      required: [points]", "schema", "schema: {$ref: \"#/components/schemas/PlanRequest", "JSON Schema"),
    ("a budget that is none", "p95_ms: 300", "p95_ms: fast", "slo-form", "x-slo", "{p95_ms: 300}"),
    ("a negative budget", "p95_ms: 300", "p95_ms: -1", "slo-form", "x-slo", "{p95_ms: 300}"),
    ("a tolerance that is none", "x-tolerance: 0.05", "x-tolerance: 5 %", "tolerance-form", "x-tolerance", "{abs: 0.05"),
    ("a tolerance of another kind", "x-tolerance: 0.05", "x-tolerance: {per: 1}", "tolerance-form", "x-tolerance", "x-tolerance: 0.05"),
    ("an operation that is none", "    post:", "    get: 5\n    post:", "operation-form", "get: 5", "requestBody"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "code", "at", "do"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_a_fault_is_told_at_its_place(tmp_path, old, new, code, at, do):
    begin = GOOD.index("# Type Contract")
    text = GOOD[:begin] + changed((old, new), text=GOOD[begin:])
    write(tmp_path, text)
    facts, _ = read_one(tmp_path, NAME)
    (gate,) = [gate for gate in facts.gates if gate.spec.id == "contract.valid"]
    assert gate.verdict is GateVerdict.FAIL
    line, column = place_of(text[begin:], at)
    line += text[:begin].count("\n")
    told = [(p.code, p.line, p.column) for p in gate.problems if p.code == code]
    assert told == [(code, line, column)], gate.problems
    assert do in next(p for p in gate.problems if p.code == code).do
    assert set(gate.problems) <= set(facts.problems)
    others = {g.spec.id: g.verdict for g in facts.gates}
    assert others["persistence.valid"] is others["domain.valid"] is GateVerdict.PASS


def test_no_operation_is_told():
    for contract in ({}, {"paths": {}}, {"paths": {"/a": {}}}, {"paths": 5}):
        assert [code for _, code, _, _ in examine(contract).problems] == ["no-operation"]


def test_two_operations_with_one_id_are_told():
    twice = copy.deepcopy(CONTRACT)
    twice["paths"]["/v2/plan"] = twice["paths"]["/v1/plan"]
    ((path, code, message, _),) = examine(twice).problems
    assert (path, code) == (("paths", "/v2/plan", "post", "operationId"), "operation-id")
    assert "POST /v1/plan already" in message


def test_an_operation_without_an_example_is_no_fault_but_told_apart():
    bare = copy.deepcopy(CONTRACT)
    del bare["paths"]["/v1/plan"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    del bare["paths"]["/v1/plan"]["post"]["responses"]["200"]["content"]["application/json"]["examples"]
    found = examine(bare)
    assert found.problems == []
    ((path, code, message, _),) = found.without_example
    assert (path, code, message) == (POST, "no-example", "POST /v1/plan shows no golden example")


def test_bodies_and_responses_may_be_referenced():
    moved = copy.deepcopy(CONTRACT)
    post = moved["paths"]["/v1/plan"]["post"]
    moved["components"]["requestBodies"] = {"Ask": post["requestBody"]}
    post["requestBody"] = {"$ref": "#/components/requestBodies/Ask"}
    assert examine(moved).problems == []
    moved["components"]["requestBodies"]["Ask"]["content"]["application/json"]["examples"]["small"][
        "value"
    ] = 5
    assert [code for _, code, _, _ in examine(moved).problems] == ["example-invalid"]


def test_formats_are_asserted_and_nothing_is_fetched():
    ask = copy.deepcopy(CONTRACT)
    post = ask["paths"]["/v1/plan"]["post"]
    media = post["requestBody"]["content"]["application/json"]
    media["schema"] = {"type": "string", "format": "date-time"}
    media["examples"] = {"small": {"value": "yesterday"}}
    assert [code for _, code, _, _ in examine(ask).problems] == ["example-invalid"]
    media["schema"] = {"$ref": "https://example.invalid/schema.json"}
    assert [code for _, code, _, _ in examine(ask).problems] == ["ref-remote"]


def test_the_tightest_budget_counts():
    many = copy.deepcopy(CONTRACT)
    many["paths"]["/v1/plan"]["post"]["x-slo"] = {"p95_ms": 120}
    assert examine(many).p95_ms == 120
    del many["x-slo"], many["paths"]["/v1/plan"]["post"]["x-slo"]
    assert examine(many).p95_ms is None


def test_a_fragment_is_completed_and_a_whole_document_kept():
    whole = complete(CONTRACT, "Scan to plan", "3")
    assert list(whole)[:2] == ["openapi", "info"]
    assert (whole["openapi"], whole["info"]) == ("3.1.0", {"title": "Scan to plan", "version": "3"})
    given = {"openapi": "3.1.1", "info": {"title": "T", "x-a": 1}, "paths": {}}
    assert complete(given, "t", "9")["info"] == {"title": "T", "version": "9", "x-a": 1}
    assert complete({"info": "none"}, "t", "9")["info"] == {"title": "t", "version": "9"}


def test_references_are_followed_to_their_end():
    contract = {"a": {"$ref": "#/b"}, "b": {"$ref": "#/c~1d/0"}, "c/d": [{"x": 1}], "e": {"$ref": "#/e"}}
    assert follow(contract, contract["a"]) == {"x": 1}
    assert follow(contract, contract["e"]) is None
    assert lookup(contract, "#") is contract
    assert lookup(contract, "#/c~1d/9") is None


def test_the_signature_is_compact_and_indented():
    assert lines(CONTRACT) == [
        "POST /v1/plan create_plan p95 ≤ 300 ms",
        "  request PlanRequest",
        "    points: number[3..][3] (shape [n,3], in m)",
        "  200 Plan",
        "    rooms: Room[]",
        "      outline: number[][]",
        "      height: number (in m, ±0.05)",
    ]


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        ({"type": "string", "maxLength": 200}, "string (length ≤ 200)"),
        ({"enum": ["a", None, 1.5]}, '"a" | null | 1.5'),
        ({"const": True}, "true"),
        ({"type": ["string", "null"]}, "string | null"),
        ({"anyOf": [{"type": "integer"}, {"$ref": "#/x/Room"}]}, "integer | Room"),
        (
            {"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "null"}]}},
            "(integer | null)[]",
        ),
        ({"type": "array", "prefixItems": [{"type": "number"}] * 2, "items": False}, "[number, number]"),
        ({"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}}, "number[2]"),
        ({"type": "array", "maxItems": 5}, "any[..5]"),
        ({"type": "number", "minimum": 0, "exclusiveMaximum": 1, "x-unit": "m"}, "number (≥ 0, < 1, in m)"),
        ({"type": "string", "format": "date", "contentEncoding": "base64"}, "string (date, base64)"),
        ({}, "any"),
        (True, "any"),
        (False, "nothing"),
        ({"properties": {}}, "object"),
    ],
)
def test_a_type_is_written_in_short(schema, shown):
    body = {"content": {"application/json": {"schema": schema}, "text/csv": {"schema": {"type": "string"}}}}
    found = lines({"paths": {"/a": {"post": {"requestBody": body}}}})
    assert found == ["POST /a", f"  request {shown}", "  request text/csv string"]


def test_a_recursive_contract_has_an_end():
    tree = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Tree"}}}
    schema = {"$ref": "#/components/schemas/Tree"}
    body = {"content": {"application/json": {"schema": schema}}}
    contract = {"paths": {"/a": {"post": {"requestBody": body}}}, "components": {"schemas": {"Tree": tree}}}
    assert lines(contract) == ["POST /a", "  request Tree", "    next?: Tree"]
    wide = {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(1000)}}
    contract["components"]["schemas"]["Tree"] = wide
    assert len(lines(contract)) == 400
    assert lines(contract)[-1] == "…"


def in_place(schemas, schema, value):
    media = {"schema": schema, "examples": {"a": {"value": value}}}
    post = {
        "operationId": "a",
        "requestBody": {"content": {"application/json": media}},
        "responses": {"200": {"content": {"application/json": {"schema": {}}}}},
    }
    return {"paths": {"/x": {"post": post}}, "components": {"schemas": schemas}}


A = {"$ref": "#/components/schemas/A"}
HARD = {
    "itself": ({"A": A}, A, 1),
    "itself through allOf": ({"A": {"allOf": [A]}}, A, 1),
    "itself through not": ({"A": {"not": A}}, A, 1),
    "a pattern that backtracks": ({}, {"type": "string", "pattern": "^(a+)+$"}, "a" * 40 + "b"),
    "one that looks back": ({}, {"type": "string", "pattern": "^(?=(a+)+$)(a|a)*b(?!x)\\1"}, "a" * 60 + "c"),
    "a pattern that is none": ({}, {"type": "string", "pattern": "("}, "a"),
    "a dynamic reference": ({}, {"$dynamicRef": "#x", "$dynamicAnchor": "x"}, 1),
    "another base": ({}, {"$id": "http://x/y", "$ref": "z"}, 1),
    "patterns over properties": (
        {"A": {"properties": {"c": A}, "patternProperties": {"^c": A}, "type": "object"}},
        A,
        reduce(lambda inner, _: {"c": inner}, range(50), 1),
    ),
    "a long chain": (
        {f"A{n}": {"allOf": [{"$ref": f"#/components/schemas/A{n + 1}"}]} for n in range(5000)}
        | {"A5000": {"type": "string"}},
        {"$ref": "#/components/schemas/A0"},
        1,
    ),
    "a deep example": ({"A": {"items": A}}, A, [[[[[[[[[[[[[[1]]]]]]]]]]]]]]),
    "branches": (
        {f"A{n}": {"anyOf": [{"$ref": f"#/components/schemas/A{n + 1}"}] * 2} for n in range(40)}
        | {"A40": {"type": "string"}},
        {"$ref": "#/components/schemas/A0"},
        1,
    ),
    "branches beside a reference": (
        {f"A{n}": {"anyOf": [{"$ref": f"#/components/schemas/A{n + 1}"}], "$ref": f"#/components/schemas/A{n + 1}"}
         for n in range(40)} | {"A40": {"type": "string"}},
        {"$ref": "#/components/schemas/A0"},
        1,
    ),
    "branches to anchors": (
        {f"A{n}": {"$anchor": f"a{n}", "anyOf": [{"$ref": f"#a{n + 1}"}] * 2} for n in range(40)}
        | {"A40": {"$anchor": "a40", "type": "string"}},
        {"$ref": "#/components/schemas/A0"},
        1,
    ),
    "branches on the way down": (
        {"A": {"anyOf": [{"type": "object", "properties": {"c": A}, "required": ["c"]}] * 3}},
        A,
        reduce(lambda inner, _: {"c": inner}, range(40), 1),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HARD)
def test_a_hostile_schema_takes_no_time_and_no_process(name):
    script = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from contracts.test_document import HARD, in_place\n"
        "from cockpit.contracts.document import examine\n"
        f"print(len(examine(in_place(*HARD[{name!r}])).problems))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) >= 1


def paths_of(value, path=()):
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield from paths_of(item, (*path, key))


HOLDERS = list(paths_of(CONTRACT))
KEYS = st.sampled_from(
    ["parameters", "requestBody", "responses", "content", "schema", "examples", "example", "components", "schemas",
     "x-slo", "info", "openapi", "properties", "required", "items", "prefixItems", "enum", "oneOf", "allOf", "type",
     "$ref", "const", "format", "minimum", "x-shape", "value", "paths", "post", "minItems", "operationId"]
)  # fmt: skip
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "#", "#/components/schemas/Room", "#/paths", "array", "object", "(", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(HOLDERS), KEYS, ODD), min_size=1, max_size=3))
def test_no_contract_whatever_raises(changes):
    contract = copy.deepcopy(CONTRACT)
    for path, key, value in changes:
        holder = contract
        for part in path:
            try:
                holder = holder[part]
            except (KeyError, IndexError, TypeError):
                break
        if isinstance(holder, dict):
            holder[key] = value
    found = examine(contract)
    for path, code, message, do in [*found.problems, *found.without_example]:
        assert isinstance(path, tuple)
        assert code
        assert message
        assert do
    assert len(lines(contract)) <= 400
    complete(contract, "t", "1")
