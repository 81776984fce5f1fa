"""`cockpit check`: which gates count, the pinned JSON, and exit codes in the order 2 > 1 > 3 > 0."""

from __future__ import annotations

import json
import subprocess
from xml.etree import ElementTree

import pytest

from cockpit.cli import main
from cockpit.domain.gates import GATES, WORKSPACE_GATES
from cockpit.errors import ExitCode
from support.documents import GOOD, changed, numbered, write

DIGEST_OF = "contract.signed"


@pytest.fixture
def here(tmp_path, monkeypatch):
    subprocess.run(["git", "init", "-q", "-b", "main", str(tmp_path)], check=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COCKPIT_ME", raising=False)
    return tmp_path


def run(capsys, *arguments):
    capsys.readouterr()
    code = main(["check", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def gates(capsys, *arguments):
    code, out, _ = run(capsys, "--json", *arguments)
    document = json.loads(out)
    return code, document, {(gate["rpt"], gate["id"]): gate for gate in document["gates"]}


STATUS = {name: ("status: draft", f"status: {name}") for name in ("review", "agreed", "building", "blocked")}


def test_every_field_that_is_pinned_is_there(here, capsys):
    write(here, changed(STATUS["agreed"]))
    code, document, found = gates(capsys)
    assert (document["schema"], document["verdict"], code) == ("cockpit.check/v1", "fail", 1)
    assert [key for key in found if key[0]] == [("RPT-0007", spec.id) for spec in GATES]
    assert [key for key in found if not key[0]] == [(None, spec.id) for spec in WORKSPACE_GATES]
    gate = found["RPT-0007", "contract.signed"]
    assert {key: gate[key] for key in ("id", "rpt", "verdict", "required")} == {
        "id": "contract.signed",
        "rpt": "RPT-0007",
        "verdict": "fail",
        "required": True,
    }
    assert [set(error) for error in gate["errors"]] == [
        {"code", "path", "line", "column", "message", "do"}
    ] * 2
    assert [(error["code"], error["line"]) for error in gate["errors"]] == [("signoff-missing", 14)] * 2
    assert found["RPT-0007", "service.exists"]["required"] is False
    assert document["errors"] == []


def test_format_json_and_json_are_the_same(here, capsys):
    write(here, GOOD)
    one = json.loads(run(capsys, "--json")[1])
    for arguments in (("--format", "json"), ("--format=json",)):
        assert json.loads(run(capsys, *arguments)[1])["gates"] == one["gates"]


# The document; the exit code as it is, and with --strict.
CASES = {
    "a draft": (GOOD, 0, 3),
    "a draft without sections": (GOOD[: GOOD.index("# Goal")], 0, 3),
    "a draft with a broken block": (changed(("kind: model", "kind: magic")), 0, 3),
    "a draft with a broken front matter": (changed(("due: 2026-12-15", "due: soon")), 1, 1),
    "nothing readable": (b"\xff", 1, 1),
    "in review": (changed(STATUS["review"]), 0, 3),
    "in review, a block broken": (changed(STATUS["review"], ("kind: model", "kind: magic")), 1, 1),
    "in review, a section missing": (changed(STATUS["review"], ("rpt:domain", "rpt")), 1, 1),
    "agreed, not signed": (changed(STATUS["agreed"]), 1, 1),
    "agreed, and what was signed does not read": (
        changed(STATUS["agreed"], ("[mira, jonas]", "['?']")),
        1,
        1,
    ),
    "blocked": (changed(STATUS["blocked"], ("kind: model", "kind: magic")), 0, 3),
    "a draft whose facts are old": (changed(("2027-03-01", "2020-03-01")), 0, 1),
    "a draft with lint": (changed(("Estimators redraw", "TODO Estimators redraw")), 0, 1),
}


@pytest.mark.parametrize(("data", "code", "strict"), CASES.values(), ids=CASES)
def test_only_what_the_written_status_requires_fails(here, capsys, data, code, strict):
    write(here, data)
    assert run(capsys)[0] == code
    assert run(capsys, "--strict")[0] == strict


def service(root, slug):
    folder = root / "services" / slug / "src" / slug.replace("-", "_")
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (root / "services" / slug / "pyproject.toml").write_text(f'[project]\nname = "{slug}"\nversion = "0"\n')


def test_a_service_without_an_rpt_fails_and_is_named(here, capsys):
    write(here, GOOD)
    service(here, "scan-to-plan")
    assert run(capsys)[0] == 0
    service(here, "stray")
    code, _, found = gates(capsys)
    gate = found[None, "service.documented"]
    assert (code, gate["verdict"], gate["required"]) == (1, "fail", True)
    (error,) = gate["errors"]
    assert (error["code"], error["path"]) == ("service-without-rpt", "services/stray")
    assert "cockpit new --service stray" in error["do"]


@pytest.mark.parametrize(
    ("pattern", "stray"),
    [("notebooks/*.ipynb", "notebooks/other.ipynb"), ("*.ipynb", "deep/er/x.ipynb"), ("notebooks/*", None)],
)
def test_a_prototype_without_an_rpt_fails_and_is_named(here, capsys, pattern, stray):
    write(here, GOOD)
    for path in filter(None, ("notebooks/scan.ipynb", stray)):
        (here / path).parent.mkdir(parents=True, exist_ok=True)
        (here / path).write_text("{}")
    (here / "cockpit.yaml").write_text(f"prototypes: ['{pattern}']\n")
    code, _, found = gates(capsys)
    gate = found[None, "prototype.documented"]
    assert code == (1 if stray else 0)
    assert [error["path"] for error in gate["errors"]] == ([stray] if stray else [])


def test_named_rpts_alone_are_judged_and_the_workspace_is_not(here, capsys):
    write(here, GOOD)
    name, text = numbered(1, STATUS["agreed"])
    write(here, text, name)
    service(here, "stray")
    assert run(capsys)[0] == 1
    for reference in (
        "7",
        "07",
        "0007",
        "RPT-0007",
        "rpt-7",
        "scan-to-plan",
        "rpts/RPT-0007-scan-to-plan.md",
    ):
        code, _, found = gates(capsys, reference)
        assert (code, {rpt for rpt, _ in found}) == (0, {"RPT-0007"})
    code, _, found = gates(capsys, "1", "scan-to-plan")
    assert (code, {rpt for rpt, _ in found}) == (1, {"RPT-0001", "RPT-0007"})


def test_an_rpt_that_is_not_there_is_wrong_use_and_a_near_one_is_named(here, capsys):
    write(here, GOOD)
    code, out, err = run(capsys, "scan-to-plann")
    assert (code, out) == (ExitCode.WRONG_USE, "")
    assert "did you mean scan-to-plan?" in err
    assert run(capsys, "8")[0] == ExitCode.WRONG_USE


def test_a_broken_configuration_wins_over_a_failed_gate(here, capsys):
    write(here, GOOD)
    (here / "cockpit.yaml").write_text("environment: {}\n")
    code, document, _ = gates(capsys)
    assert (code, document["verdict"]) == (2, "pass")
    (error,) = document["errors"]
    assert (error["code"], error["path"], error["line"]) == ("field-unknown", "cockpit.yaml", 1)
    assert error["do"] == "did you mean `environments`?"
    write(here, changed(STATUS["agreed"]))
    assert run(capsys)[0] == 2


def test_the_text_names_each_open_gate_with_its_place_and_remedy(here, capsys):
    write(here, changed(STATUS["review"], ("kind: model", "kind: magic")))
    code, out, err = run(capsys)
    assert (code, err) == (1, "")
    lines = out.splitlines()
    assert lines[0] == "× RPT-0007 anatomy.valid  System Anatomy is there and reads"
    assert lines[1] == "    rpts/RPT-0007-scan-to-plan.md:110:17: `kind` cannot be 'magic' [wrong-word]"
    assert lines[2] == "      → write one of 'rule', 'model', 'llm' or 'io'"
    assert lines[-1].startswith("8 of 9 gates pass; ")


def test_what_the_next_status_lacks_is_named_and_changes_nothing(here, capsys):
    write(here, changed(STATUS["review"]))
    code, out, _ = run(capsys)
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "Before the next status, and not counted here:"
    assert lines[1] == "  RPT-0007 → agreed"
    assert any(line.startswith("    × contract.signed  ") for line in lines)


@pytest.mark.parametrize("data", [GOOD, changed(STATUS["agreed"])])
@pytest.mark.parametrize("strict", [(), ("--strict",)])
def test_every_format_is_data_alone_and_exits_alike(here, capsys, data, strict):
    write(here, data)
    expected = run(capsys, *strict)[0]
    read = {
        "json": json.loads,
        "sarif": json.loads,
        "junit": ElementTree.fromstring,
        "github": str.splitlines,
    }
    for form, parse in read.items():
        code, out, err = run(capsys, "--format", form, *strict)
        assert (form, code, err) == (form, expected, "")
        document = parse(out)
        if form == "sarif":
            results = document["runs"][0]["results"]
            assert any(result["level"] == "error" for result in results) is (code == ExitCode.NOT_GOOD)
            assert document["runs"][0]["invocations"][0]["exitCode"] == code
        if form == "github":
            assert all(line.startswith("::") for line in document)
            assert any(line.startswith("::error ") for line in document) is (code == ExitCode.NOT_GOOD)
