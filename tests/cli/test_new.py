"""`cockpit new`: a draft that reads, asked for in a terminal or by options, and nothing else by mistake."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from cockpit.cli import main
from cockpit.domain.words import GateVerdict
from cockpit.rpts.new import NewRpt, file_name, text
from cockpit.rpts.reader import read
from support.documents import GOOD, write
from support.pty_run import run_in_terminal

COCKPIT = (sys.executable, "-m", "cockpit")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COCKPIT_ME", raising=False)
    return tmp_path


def run(capsys, *arguments):
    capsys.readouterr()
    code = main(["new", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_first_rpt_makes_an_empty_folder_a_workspace(here, capsys):
    code, out, err = run(capsys, "Scan to plan")
    assert (code, out) == (0, "wrote rpts/RPT-0001-scan-to-plan.md\n")
    assert "cockpit check RPT-0001" in err
    assert [path.name for path in here.iterdir()] == ["rpts"]
    assert main(["check"]) == 0


def test_the_draft_reads_and_its_checklist_names_every_section(here, capsys):
    assert run(capsys, "Scan to plan", "--researcher", "mira", "--engineer", "jonas")[0] == 0
    facts = read(here / "rpts" / "RPT-0001-scan-to-plan.md", here).facts
    assert facts.problems == ()
    assert (facts.title, facts.service, facts.approvers) == (
        "Scan to plan",
        "scan-to-plan",
        ("mira", "jonas"),
    )
    open_gates = {g.spec.id: g.problems[0].do for g in facts.gates if g.verdict is GateVerdict.FAIL}
    assert {gate: do.split(":")[0] for gate, do in open_gates.items() if gate.endswith(".valid")} == {
        f"{tag}.valid": "add the rpt"
        for tag in ("goal", "domain", "contract", "persistence", "anatomy", "merge")
    }
    capsys.readouterr()
    assert main(["status", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["handoffs"]
    assert (row["stage"], row["next"]["text"]) == ("draft", "add the rpt:domain block")
    assert (row["contract"]["verdict"], row["contract"]["levels"]["L0"]) == ("unknown", "unknown")


def test_what_the_template_shows_is_yaml_and_asks_for_every_mark_to_be_replaced(tmp_path):
    new = NewRpt("RPT-0001", "Scan to plan", "scan-to-plan", "2026-11-23", "mira", "jonas")
    filled = text(new).replace("<!--", "").replace("-->", "")
    facts = read(write(tmp_path, filled, file_name(new).removeprefix("rpts/")), tmp_path).facts
    assert {problem.code for problem in facts.problems} == {"placeholder"}
    assert len(facts.problems) > 15
    # With something written in place of every mark it is a whole document.
    written = filled.replace("…", "something")
    facts = read(write(tmp_path, written, file_name(new).removeprefix("rpts/")), tmp_path).facts
    assert facts.problems == ()
    assert facts.digest is not None


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Scan to plan", "scan-to-plan"),
        ("  Größe & Höhe!  ", "grosse-hohe"),
        ("3D scans", "rpt-3d-scans"),
        ("A" * 100, "a" * 63),
        ('"quoted": #1 [x]', "quoted-1-x"),
        ("on", "on"),
        ("1e5", "rpt-1e5"),
    ],
)
def test_a_title_is_kept_as_given_and_names_the_service(here, capsys, title, slug):
    code, out, _ = run(capsys, title, "--json")
    document = json.loads(out)
    assert (code, document["schema"]) == (0, "cockpit.new/v1")
    assert (document["id"], document["service"]) == ("RPT-0001", slug)
    facts = read(here / document["path"], here).facts
    assert (facts.problems, facts.title, facts.service) == ((), title.strip(), slug)


def test_a_service_alone_names_its_title(here, capsys):
    assert run(capsys, "--service", "scan-to-plan")[0] == 0
    assert "title: Scan to plan\n" in (here / "rpts" / "RPT-0001-scan-to-plan.md").read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "do"),
    [
        ((), "no-title", "cockpit new"),
        (("",), "no-title", "cockpit new"),
        (("x" * 301,), "no-title", "cockpit new"),
        (("two\nlines",), "no-title", "cockpit new"),
        (("\x1b[31mred",), "no-title", "cockpit new"),
        (("間取り図",), "no-slug", "--service"),
        (("x", "--service", "Scan To Plan"), "no-slug", "write --service scan-to-plan"),
        (("x", "--service", "../x"), "no-slug", "write --service x"),
        (("x", "--service", "a--b"), "no-slug", "write --service a-b"),
        (("x", "--service", "9lives"), "no-slug", "write --service rpt-9lives"),
        (("x", "--researcher", "@mira"), "no-handle", "without @"),
        (("x", "--engineer", "jo nas"), "no-handle", "without @"),
        (("x", "--notebook", "../x.ipynb"), "path-outside", "inside the workspace"),
        (("x", "--notebook", "/etc/hostname"), "path-outside", "inside the workspace"),
        (("x", "--notebook", "missing.ipynb"), "no-notebook", "path of the prototype"),
        (("x", "--service", "taken"), "service-taken", "change rpts/RPT-0001-taken.md"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_write(here, capsys, arguments, code, do):
    assert run(capsys, "--service", "taken")[0] == 0
    exit_code, out, err = run(capsys, *arguments, "--json")
    error = json.loads(out)["error"]
    assert (exit_code, error["code"]) == (2, code)
    assert do in error["do"]
    assert [path.name for path in (here / "rpts").iterdir()] == ["RPT-0001-taken.md"]
    assert "Traceback" not in err


def test_a_notebook_is_linked_from_wherever_it_was_named(here, capsys, monkeypatch):
    (here / "rpts").mkdir()
    (here / "lab").mkdir()
    (here / "lab" / "scan.ipynb").write_text("{}")
    monkeypatch.chdir(here / "lab")
    assert run(capsys, "Scan", "--notebook", "scan.ipynb")[0] == 0
    assert read(here / "rpts" / "RPT-0001-scan.md", here).facts.links == {"notebook": "lab/scan.ipynb"}


def test_the_number_is_the_one_after_the_highest(here, capsys):
    write(here, GOOD, "RPT-0041-x.md")
    write(here, GOOD, "RPT-0007-y.md")
    assert run(capsys, "New one")[1] == "wrote rpts/RPT-0042-new-one.md\n"


TITLE, SERVICE = "title of the project:", "its service ["
RESEARCHER, ENGINEER = "researcher, a handle", "engineer, a handle"


def test_a_terminal_is_asked_until_the_answers_will_do(here):
    answers = (
        (TITLE, "\n"),
        (TITLE, "Scan to plan\n"),
        (SERVICE, "Not A Slug\n"),
        (SERVICE, "\n"),
        (RESEARCHER, "mira k\n"),
        (RESEARCHER, "mira\n"),
        (ENGINEER, "\n"),
    )
    code, shown = run_in_terminal((*COCKPIT, "new"), here, answers=answers)
    assert code == 0, shown
    assert "its service [scan-to-plan]:" in shown
    assert "write --service not-a-slug" in shown
    assert "'mira k' is no handle" in shown
    facts = read(here / "rpts" / "RPT-0001-scan-to-plan.md", here).facts
    assert (facts.title, facts.owners.researcher, facts.owners.engineer) == ("Scan to plan", "mira", None)


def test_a_terminal_offers_who_is_at_the_keyboard(here):
    subprocess.run(["git", "init", "-q", str(here)], check=True)
    (here / "rpts").mkdir()
    answers = ((TITLE, "Scan\n"), (SERVICE, "\n"), (RESEARCHER, "\n"), (ENGINEER, "\n"))
    code, shown = run_in_terminal((*COCKPIT, "new"), here, answers=answers, env={"COCKPIT_ME": "mira"})
    assert code == 0, shown
    assert "[mira]" in shown
    assert read(here / "rpts" / "RPT-0001-scan.md", here).facts.owners.researcher == "mira"


@pytest.mark.parametrize(
    ("answers", "code"),
    [(((TITLE, "\x04"),), 2), (((TITLE, "Scan\n"), (SERVICE, "\x04")), 2), (((TITLE, "\x03"),), 130)],
    ids=["ctrl+d", "ctrl+d later", "ctrl+c"],
)
def test_a_terminal_that_gives_up_gets_nothing_written(here, answers, code):
    exit_code, shown = run_in_terminal((*COCKPIT, "new"), here, answers=answers)
    assert exit_code == code, shown
    assert "Traceback" not in shown
    assert not (here / "rpts").exists()
