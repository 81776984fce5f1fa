"""`cockpit contract subset` by real files: the pinned JSON, pointers into documents, exit codes."""

from __future__ import annotations

import io
import json
import sys

import pytest

from cockpit.cli import main

FILES = {
    "int.json": '{"type": "integer"}',
    "number.yaml": "type: number\n",
    "api.yaml": (
        "openapi: 3.0.3\npaths: {}\ncomponents:\n  schemas:\n    Maybe: {type: string, nullable: true}\n"
        "    Text: {type: string}\n    Both: {$ref: '#/components/schemas/Text'}\n"
    ),
}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)


def run(capsys, *arguments):
    capsys.readouterr()
    code = main(["contract", "subset", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_subset(capsys):
    code, out, _ = run(capsys, "int.json", "number.yaml", "--json")
    assert (code, json.loads(out)) == (
        0,
        {"schema": "cockpit.subset/v1", "verdict": "subset", "reason": None},
    )
    assert run(capsys, "int.json", "number.yaml")[1].startswith("subset: everything that int.json accepts")


def test_no_subset_has_a_witness_that_is_absent_otherwise(capsys):
    code, out, _ = run(capsys, "number.yaml", "int.json", "--json")
    document = json.loads(out)
    assert (code, document["verdict"], document["reason"]) == (1, "not-subset", None)
    assert isinstance(document["witness"]["value"], float)


def test_null_is_a_witness(capsys):
    schema = "api.yaml#/components/schemas/"
    code, out, _ = run(capsys, schema + "Maybe", schema + "Both", "--json")
    assert (code, json.loads(out)["witness"]) == (1, {"value": None})
    assert run(capsys, schema + "Both", schema + "Maybe")[0] == 0


def test_what_cannot_be_decided_says_why(capsys, tmp_path):
    (tmp_path / "remote.json").write_text('{"$ref": "https://elsewhere.example/schema.json"}')
    code, out, _ = run(capsys, "int.json", "remote.json", "--json")
    document = json.loads(out)
    assert (code, document["verdict"]) == (3, "unknown")
    assert document["reason"]
    assert "witness" not in document


def test_standard_input_can_be_read_once(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"const": 1}')))
    assert run(capsys, "-", "int.json")[0] == 0
    code, _, err = run(capsys, "-", "-")
    assert (code, "can be read once" in err) == (2, True)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("api.yaml#/components/schemas/Nobody", "has nothing at"),
        ("api.yaml#/openapi", "is no schema"),
        ("nowhere.json", "there is no file"),
    ],
)
def test_what_is_no_schema(capsys, given, says):
    code, _, err = run(capsys, given, "int.json")
    assert (code, says in err) == (2, True)
