"""A signature stands while contract, persistence and anatomy say the same, and falls when one changes."""

from __future__ import annotations

import copy
import hashlib
import json

import pytest
import rfc8785
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.canonical import bare, canonical_json, contract_digest
from cockpit.rpts.digest import signed_digest
from cockpit.rpts.reader import read
from support.documents import GOOD, changed, write


def digest_of(root, text):
    facts = read(write(root, text), root).facts
    assert facts.digest is not None
    return facts.digest


PROSE = {
    "a sentence": (("Noise is removed first", "Noise is taken out first"),),
    "the title": (("title: Scan to plan", "title: Scan to floor plan"),),
    "the status": (("status: draft", "status: review"),),
    "goal": (("only has to correct", "hardly has to correct"),),
    "evaluation": (("value: 0.053", "value: 0.05"),),
    "a remark in YAML": (("entities:\n", "entities: # data\n"),),
    "the order of keys": (
        ("type: object\n      required: [points]", "required: [points]\n      type: object"),
    ),
    "the style of YAML": (("required: [points]", "required:\n        - points"),),
    "quotes": (("kind: rule", "kind: 'rule'"),),
    "how a number is written": (("size_mb: 2.1", "size_mb: 2.10"), ("p95_ms: 300", "p95_ms: 3e2")),
    "a description": (("description: the plan", "description: the floor plan"),),
    "a summary": (("operationId: create_plan", "operationId: create_plan\n      summary: Plan it"),),
    "a title of a schema": (("    Plan:\n      type", "    Plan:\n      title: A plan\n      type"),),
    "external docs": (
        ("operationId: create_plan", "operationId: create_plan\n      externalDocs: {url: x}"),
    ),
    "a merge slice": (("max_lines: 250", "max_lines: 200"),),
}
CONTENT = {
    "a bound": (("minItems: 3, maxItems: 3", "minItems: 3, maxItems: 4"),),
    "a type": (("height: {type: number", "height: {type: integer"),),
    "a property called title": (
        ("        outline: {type", "        title: {type: string}\n        outline: {type"),
    ),
    "a unit": (("x-unit: m, x-tolerance", "x-unit: cm, x-tolerance"),),
    "an example": (("height: 2.5", "height: 2.6"),),
    "a description inside an example": (("{rooms: [{outline", "{description: x, rooms: [{outline"),),
    "the budget": (("p95_ms: 300", "p95_ms: 301"),),
    "a path": (("/v1/plan", "/v2/plan"),),
    "retention": (("retention_days: 30", "retention_days: 31"),),
    "personal data": (("pii: personal", "pii: sensitive"),),
    "a step": (("kind: model", "kind: llm"),),
    "the revision of weights": (("4fe1", "4fe2"),),
    "memory": (("memory_mb: 600", "memory_mb: 601"),),
    "the order of a list": (("after: [denoise]", "after: []"),),
}


@pytest.mark.parametrize("swaps", PROSE.values(), ids=PROSE)
def test_an_edit_of_prose_or_form_keeps_the_signature(tmp_path, swaps):
    assert digest_of(tmp_path, changed(*swaps)) == digest_of(tmp_path, GOOD)


@pytest.mark.parametrize("swaps", CONTENT.values(), ids=CONTENT)
def test_an_edit_of_what_was_agreed_voids_the_signature(tmp_path, swaps):
    assert digest_of(tmp_path, changed(*swaps)) != digest_of(tmp_path, GOOD)


def test_the_digest_is_the_sha256_of_the_canonical_json():
    parts = {"contract": {"paths": {"/a": {}}}, "persistence": {"none": "x"}, "anatomy": {"steps": [1.0]}}
    written = b'{"anatomy":{"steps":[1]},"contract":{"paths":{"/a":{}}},"persistence":{"none":"x"}}'
    assert signed_digest(**parts) == f"sha256:{hashlib.sha256(written).hexdigest()}"
    alone = hashlib.sha256(b'{"paths":{"/a":{}}}').hexdigest()
    assert contract_digest(parts["contract"]) == f"sha256:{alone}"


@pytest.mark.parametrize("missing", ["contract", "persistence", "anatomy"])
def test_without_one_of_the_three_there_is_nothing_to_sign(missing):
    parts = {"contract": {}, "persistence": {}, "anatomy": {}} | {missing: None}
    assert signed_digest(**parts) is None


ints = st.integers(-(2**53) + 1, 2**53 - 1)
json_values = st.recursive(
    st.none() | st.booleans() | ints | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_the_canonical_form_is_that_of_rfc_8785(value):
    assert canonical_json(value) == rfc8785.dumps(value)


@given(st.integers(), st.integers())
def test_whole_numbers_beyond_a_double_still_count(one, other):
    assert (canonical_json([one]) == canonical_json([other])) == (one == other)


@given(json_values)
def test_style_and_key_order_do_not_count(value):
    rewritten = yaml.safe_load(json.dumps(value, ensure_ascii=True)) if not _astral(value) else value
    assert canonical_json({"b": rewritten, "a": 1}) == canonical_json({"a": 1, "b": value})


def _astral(value):
    return "\\ud" in json.dumps(value)


CONTRACT = yaml.safe_load(GOOD.split("```yaml rpt:contract\n")[1].split("```")[0])
ANNOTATIONS = {"description", "summary", "title", "externalDocs"}


def paths_of(value, path=()):
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield from paths_of(item, (*path, key))


EDITABLE = [p for p in paths_of(CONTRACT) if p and not (set(p) & ANNOTATIONS)]


@given(st.sampled_from(EDITABLE), json_values)
def test_any_change_of_a_value_changes_the_digest(path, value):
    edited = copy.deepcopy(CONTRACT)
    holder = edited
    for part in path[:-1]:
        holder = holder[part]
    before = holder[path[-1]]
    holder[path[-1]] = value
    same = rfc8785.dumps(bare({"x-a": before})) == rfc8785.dumps(bare({"x-a": value}))
    if same or bare(edited) == bare(CONTRACT):
        return
    assert contract_digest(edited) != contract_digest(CONTRACT)
    assert signed_digest(edited, {}, {}) != signed_digest(CONTRACT, {}, {})


@pytest.mark.parametrize("name", sorted(ANNOTATIONS))
@pytest.mark.parametrize(
    "keyword", ["properties", "patternProperties", "$defs", "schemas", "security", "scopes"]
)
def test_names_that_look_like_annotations_are_names(name, keyword):
    with_it = {"components": {keyword: {name: {"type": "string"}}}}
    assert contract_digest(with_it) != contract_digest({"components": {keyword: {}}})


def test_openapi_and_info_may_be_left_out_of_a_contract():
    whole = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, **CONTRACT}
    assert contract_digest(whole) == contract_digest(CONTRACT)
