"""`cockpit status`: the pinned JSON, a table that fits, and exit code 0 whatever stands in a document."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from rich.cells import cell_len

from cockpit.cli import main
from cockpit.errors import ExitCode
from support.documents import GOOD, changed, numbered, write
from support.pty_run import run_in_terminal

COCKPIT = (sys.executable, "-m", "cockpit")


@pytest.fixture
def here(tmp_path, monkeypatch):
    subprocess.run(["git", "init", "-q", "-b", "main", str(tmp_path)], check=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COCKPIT_ME", raising=False)
    return tmp_path


def run(capsys, *arguments):
    capsys.readouterr()
    code = main(list(arguments))
    said = capsys.readouterr()
    return code, said.out, said.err


def board(capsys, *arguments):
    code, out, _ = run(capsys, "status", "--json", *arguments)
    assert code == ExitCode.OK
    return json.loads(out)


def test_every_field_that_is_pinned_is_there(here, capsys):
    write(here, changed(("status: draft", "status: agreed"), ("kind: model", "kind: magic")))
    document = board(capsys)
    assert set(document) >= {"schema", "env", "at", "counts", "handoffs", "errors"}
    assert (document["schema"], document["env"]) == ("cockpit.status/v1", "local")
    assert document["counts"] == {"needs_me": 1, "down": 0, "ok": 0}
    (row,) = document["handoffs"]
    assert row["errors"] == [
        {
            "code": "wrong-word",
            "path": "rpts/RPT-0007-scan-to-plan.md",
            "line": 110,
            "column": 17,
            "message": "`kind` cannot be 'magic'",
            "do": "write one of 'rule', 'model', 'llm' or 'io'",
        }
    ]
    expected = {
        "id": "RPT-0007",
        "title": "Scan to plan",
        "path": "rpts/RPT-0007-scan-to-plan.md",
        "status": "agreed",
        "stage": "draft",
        "status_supported": False,
        "service": "scan-to-plan",
        "owners": {"researcher": "mira", "engineer": "jonas"},
        "due": "2026-12-15",
        "contract": {
            "verdict": "unknown",
            "levels": {"L0": "conforms", "L1": "unknown", "L2": "unknown", "L3": "unknown"},
            "violations": None,
        },
        "stack": {"state": "none", "merged": 0, "total": 0, "blocking": None},
        "health": {"state": "not-deployed", "latency_ms": None, "since": None, "url": None, "error": None},
        "needs_me": True,
        "next": {
            "text": "line 110: write one of 'rule', 'model', 'llm' or 'io'",
            "argv": ["$EDITOR", "+110", "rpts/RPT-0007-scan-to-plan.md"],
            "key": "o",
        },
    }
    assert {key: row[key] for key in expected} == expected
    assert row["readiness"]["percent"] == 0
    assert row["readiness"]["sections"] == {
        "goal": 100, "domain": 100, "contract": 100, "persistence": 100, "anatomy": 0,
    }  # fmt: skip
    assert row["readiness"]["missing"] == ["anatomy.valid"]


def test_a_violated_contract_counts_its_violations(here, capsys):
    write(
        here, changed(("height: 2.5", "height: tall"), ("x-unit: m\n", "x-unit: m\n          $ref: '#/no'\n"))
    )
    (row,) = board(capsys)["handoffs"]
    assert row["contract"]["verdict"] == "violates"
    assert row["contract"]["violations"] == len(row["errors"]) == 2


BROKEN = {
    "binary": b"\x00\x01",
    "empty": b"",
    "yaml": changed(("title: Scan", "title: Scan: a")).encode(),
    "hostile title": changed(("Scan to plan", '"\\e]0;x\\a\\e[2J[/bold]' + "y" * 10_000 + '"')).encode(),
    "huge": b"---\n" + b"x" * 3_000_000,
    "deep": changed(("steps:", f"steps: {'[' * 5000}")).encode(),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_broken_document_is_a_row_with_its_errors_and_the_rest_is_as_it_was(here, capsys, data):
    name, text = numbered(1)
    write(here, text, name)
    before = board(capsys)["handoffs"]
    write(here, data)
    after = board(capsys)["handoffs"]
    assert after[0] == before[0]
    assert after[1]["id"] == "RPT-0007"
    assert after[1]["stage"] == "draft"
    for error in after[1]["errors"]:
        assert error["path"] == "rpts/RPT-0007-scan-to-plan.md"
        assert error["line"] >= 1
        assert error["do"]
    code, out, _ = run(capsys, "status")
    assert code == ExitCode.OK
    assert "\x1b" not in out
    assert "rpts/RPT-0007-scan-to-plan.md:" in out


def test_two_documents_for_one_service_are_both_told(here, capsys):
    write(here, GOOD)
    write(here, changed(("id: RPT-0007", "id: RPT-0008")), "RPT-0008-scan.md")
    rows = board(capsys)["handoffs"]
    assert [row["next"]["text"] for row in rows] == ["choose one RPT for scan-to-plan"] * 2


def test_a_broken_configuration_is_told_and_the_board_still_opens(here, capsys):
    write(here, GOOD)
    (here / "cockpit.yaml").write_text("trunk: main\npeople: [mira]\n")
    document = board(capsys)
    assert [(e["code"], e["path"], e["line"]) for e in document["errors"]] == [
        ("wrong-type", "cockpit.yaml", 2)
    ]
    assert len(document["handoffs"]) == 1


def test_an_empty_workspace_teaches_the_next_command(here, capsys):
    code, out, _ = run(capsys, "status")
    assert code == ExitCode.OK
    assert "`cockpit new` starts one" in out
    assert "no-rpts" not in out
    assert [e["code"] for e in board(capsys)["errors"]] == ["no-rpts"]


def test_without_a_workspace_the_next_command_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "status", "--json")
    error = json.loads(out)
    assert (code, error["schema"], error["error"]["code"]) == (2, "cockpit.error/v1", "no-workspace")
    assert "cockpit new" in error["error"]["do"]
    assert "→" in err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("status", "--json", "--nonsense"), "usage"),
        (("status", "--json", "--env", "moon"), "no-environment"),
        (("--json", "nonsense"), "usage"),
        (("statsu", "--json"), "usage"),
        (("gateway", "--json"), "not-built"),
        (("check", "--format", "json", "nobody"), "no-rpt"),
        (("check", "--json", "--format"), "usage"),
        (("sign", "--json", "9999"), "no-rpt"),
        (("new", "--json"), "no-title"),
    ],
)
def test_an_error_of_the_command_line_is_json_too(here, capsys, arguments, code):
    write(here, GOOD)
    exit_code, out, err = run(capsys, *arguments)
    document = json.loads(out)
    assert (exit_code, document["schema"]) == (ExitCode.WRONG_USE, "cockpit.error/v1")
    assert set(document["error"]) == {"code", "path", "line", "column", "message", "do"}
    assert document["error"]["code"] == code
    assert document["error"]["do"]
    assert document["error"]["message"].split("\n")[0][:20] in err


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """A workspace whose rows have long, wide and hostile texts."""
    root = tmp_path_factory.mktemp("full")
    subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
    titles = [
        "Scan to plan",
        "間取り図の認識 floor plans from scans of houses",
        '"[red]bold[/red] \\e[31m"',
        "x" * 290,
    ]
    for number, title in enumerate(titles, 1):
        name, text = numbered(number, ("title: Scan to plan", f"title: {title}"))
        write(root, text, name)
    write(root, changed(("approvers: [mira, jonas]", "approvers: ['?']")))
    return root


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
def test_the_table_fits_the_terminal(full, columns):
    code, shown = run_in_terminal((*COCKPIT, "status"), full, columns, env={"NO_COLOR": "1"})
    assert code == 0
    table = shown.split("\n\n")[0].splitlines()
    assert [line[1:9] for line in table[2:]] == [f"RPT-{n:04d}" for n in (1, 2, 3, 4, 7)]
    for line in table:
        assert cell_len(line) <= columns
        assert "\x1b" not in line
    head = table[1].split()
    assert (head[0], head[-1]) == ("RPT", "Next")
    assert {"Stage", "Title", "Health"} <= set(head)
    assert ("Contract" in head, "Stack" in head) == (columns >= 80, columns >= 120)
    assert [cell_len(line[: line.index("draft")]) for line in table[2:] if " draft" in line] != []
    if columns >= 120:
        assert "sign the contract: mira, jonas" in table[2]
    assert "[red]bold[/red]" in table[4] or "…" in table[4]


def test_the_columns_stand_below_their_heads(full):
    _, shown = run_in_terminal((*COCKPIT, "status"), full, 120, env={"NO_COLOR": "1"})
    table = shown.split("\n\n")[0].splitlines()[1:]
    stage = cell_len(table[0][: table[0].index("Stage")])
    for line in table[1:]:
        word = "review" if "review" in line else "draft"
        assert cell_len(line[: line.index(f" {word}") + 1]) == stage


def test_a_pipe_gets_the_table_uncut_and_without_colour(full):
    done = subprocess.run((*COCKPIT, "status"), cwd=full, capture_output=True, text=True, check=True)
    assert "\x1b" not in done.stdout
    assert "x" * 290 in done.stdout


def test_a_terminal_gets_colour_unless_it_asks_for_none(full):
    _, shown = run_in_terminal((*COCKPIT, "status"), full, 120)
    assert "\x1b[1m" in shown
    assert "\x1b[31m" not in shown.split("\n")[4]  # the one in the title was taken out
    _, plain = run_in_terminal((*COCKPIT, "status"), full, 120, env={"TERM": "dumb"})
    assert "\x1b" not in plain


def test_json_in_a_terminal_is_indented_and_in_a_pipe_one_line(full):
    _, shown = run_in_terminal((*COCKPIT, "status", "--json"), full)
    assert shown.startswith('{\n  "schema"')
    done = subprocess.run(
        (*COCKPIT, "status", "--json"), cwd=full, capture_output=True, text=True, check=True
    )
    assert done.stdout.count("\n") == 1
    assert json.loads(done.stdout)["handoffs"] == json.loads(shown)["handoffs"]


@pytest.mark.parametrize("arguments", [("status",), ("status", "--json"), ("check",), ("check", "nöbody")])
def test_an_output_that_is_not_utf_8_loses_no_run(full, arguments):
    env = os.environ | {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    done = subprocess.run((*COCKPIT, *arguments), cwd=full, env=env, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
    if "--json" in arguments:
        rows = json.loads(done.stdout.decode("latin-1"))["handoffs"]
        assert rows[1]["title"].startswith("間取り図")


def test_a_closed_pipe_is_no_error(full):
    head = subprocess.run(
        f"{sys.executable} -m cockpit status | head -1",
        shell=True,
        cwd=full,
        capture_output=True,
        text=True,
        check=True,
    )
    assert head.stderr == ""
    assert head.stdout.startswith(full.name)
