"""A contract may lie beside the document: faults of the reference and of the file are told where they are."""

from __future__ import annotations

import json

import pytest

from cockpit.rpts.reader import LIMIT, read
from support.documents import GOOD, NAME, changed, place_of, write

BEGIN, END = "```yaml rpt:contract\n", "```\n\n# Persistence Mapping"
CONTRACT = GOOD[GOOD.index(BEGIN) + len(BEGIN) : GOOD.index(END)]
REFERENCE = changed((CONTRACT, "$ref: RPT-0007.openapi.yaml\n"))
BESIDE = "rpts/RPT-0007.openapi.yaml"


def contract_problems(root, text=REFERENCE):
    facts = read(write(root, text), root).facts
    (gate,) = [gate for gate in facts.gates if gate.spec.id == "contract.valid"]
    assert set(gate.problems) <= set(facts.problems)
    assert (facts.digest is None) == bool(gate.problems)
    return gate.problems


def told(problem):
    return (problem.code, problem.path, problem.line, problem.column)


def test_a_contract_beside_the_document_is_the_same_contract(tmp_path):
    write(tmp_path, CONTRACT, "RPT-0007.openapi.yaml")
    beside = read(write(tmp_path, REFERENCE), tmp_path)
    inside = read(write(tmp_path, GOOD), tmp_path)
    assert beside.contract == inside.contract
    assert beside.facts.digest == inside.facts.digest
    assert (beside.beside, inside.beside) == ((BESIDE,), ())


def test_a_contract_in_json_keeps_its_escapes(tmp_path):
    value = {"paths": {}, "x-note": "smile \U0001f600", "x-path": "a\\b\t"}
    write(tmp_path, json.dumps(value, indent="\t"), "RPT-0007.openapi.json")
    text = REFERENCE.replace("openapi.yaml", "openapi.json")
    assert read(write(tmp_path, text), tmp_path).contract == value


@pytest.mark.parametrize(
    ("reference", "code", "do"),
    [
        ("RPT-0007.openapi.yaml", "contract-missing", "make rpts/RPT-0007.openapi.yaml"),
        ("../../elsewhere.yaml", "path-outside", "write $ref: RPT-0007.openapi.yaml"),
        ("/etc/contract.yaml", "path-outside", "write $ref: RPT-0007.openapi.yaml"),
        ("out.yaml", "path-outside", "write $ref: RPT-0007.openapi.yaml"),
        ("circle.yaml", "path-outside", "write $ref: RPT-0007.openapi.yaml"),
        ('"zero\\0.yaml"', "path-outside", "write $ref: RPT-0007.openapi.yaml"),
        (f"{'x' * 400}.yaml", "contract-missing", "make rpts/"),
        ("folder.yaml", "contract-missing", "make rpts/folder.yaml"),
        ("https://host/contract.yaml", "contract-ref", "write $ref: RPT-0007.openapi.yaml"),
        ("contract.txt", "contract-ref", "write $ref: RPT-0007.openapi.yaml"),
        ('"#/components/schemas/A"', "contract-ref", "write $ref: RPT-0007.openapi.yaml"),
        ("[a.yaml]", "contract-ref", "write $ref: RPT-0007.openapi.yaml"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told_at_the_reference(tmp_path, reference, code, do):
    (tmp_path / "rpts" / "folder.yaml").mkdir(parents=True)
    (tmp_path / "rpts" / "out.yaml").symlink_to("/etc/hostname")
    (tmp_path / "rpts" / "circle.yaml").symlink_to("circle.yaml")
    text = REFERENCE.replace("RPT-0007.openapi.yaml", reference)
    (problem,) = contract_problems(tmp_path, text)
    assert told(problem) == (code, f"rpts/{NAME}", *place_of(text, "$ref"))
    assert problem.do.startswith(do)


@pytest.mark.parametrize(
    ("data", "code", "at", "do"),
    [
        (b"paths:\n  /v1/a: {get: float32[n,3]}\n", "yaml-flow", (2, 23), 'get: "float32[n,3]"'),
        (b"paths:\r\n  /v1/a:\r\n    get: *x\r\n", "yaml-alias", (3, 10), "quotes"),
        (b"openapi: 3.1\npaths: {}\n", "number-for-text", (1, 1), 'write "3.1"'),
        (b"paths: []\n", "wrong-type", (1, 1), "`key: value`"),
        (b"- paths\n", "wrong-type", (1, 1), "`key: value`"),
        (b"", "contract-empty", (1, 1), "paths and components"),
        (b"paths:\n  caf\xe9: 1\n", "encoding", (2, 6), "UTF-8"),
        (b"\xff\xfep\x00", "encoding", (1, 1), "UTF-8"),
        (b"paths:\x00", "binary", (1, 7), "UTF-8"),
        (b"#" * (LIMIT + 1), "too-large", (1, 1), "smaller"),
        (b"a: &a [x, x]\nb: &b [*a, *a]\nc: " + b"[" * 70 + b"]" * 70, "yaml-too-large", (3, 68), "smaller"),
    ],
)
def test_a_fault_of_the_file_is_told_at_its_line_in_that_file(tmp_path, data, code, at, do):
    write(tmp_path, data, "RPT-0007.openapi.yaml")
    (problem,) = contract_problems(tmp_path)
    assert told(problem) == (code, BESIDE, *at)
    assert do in problem.do


def test_what_stands_beside_the_reference_does_not_count_and_is_told(tmp_path):
    write(tmp_path, CONTRACT, "RPT-0007.openapi.yaml")
    text = changed(("$ref:", "paths: {}\n$ref:"), text=REFERENCE)
    (problem,) = contract_problems(tmp_path, text)
    assert told(problem) == ("contract-ref", f"rpts/{NAME}", *place_of(text, "paths: {}"))
