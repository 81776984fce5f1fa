"""`cockpit sign`: who signs, what is signed, and when a signature falls."""

from __future__ import annotations

import json
import subprocess

import pytest

from cockpit.actions import sign
from cockpit.cli import main
from cockpit.domain.words import GateVerdict
from cockpit.errors import DocumentError
from cockpit.rpts.reader import read
from cockpit.rpts.writer import Edit
from cockpit.workspace.workspace import Workspace
from support.documents import GOOD, NAME, changed, write


@pytest.fixture
def here(tmp_path, monkeypatch):
    subprocess.run(["git", "init", "-q", "-b", "main", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "config", "user.email", "Mira@Example.org"], check=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COCKPIT_ME", raising=False)
    write(tmp_path, GOOD)
    return tmp_path


def run(capsys, *arguments):
    capsys.readouterr()
    code = main(["sign", *arguments, "--json"])
    said = capsys.readouterr()
    return code, json.loads(said.out), said.err


def signed_gate(root):
    facts = read(root / "rpts" / NAME, root).facts
    return next(gate for gate in facts.gates if gate.spec.id == "contract.signed"), facts


def as_me(monkeypatch, handle):
    monkeypatch.setenv("COCKPIT_ME", handle)


def test_who_signs_is_known_by_the_git_e_mail(here, capsys):
    (here / "cockpit.yaml").write_text("people:\n  mira: {email: mira@example.org}\n")
    code, document, _ = run(capsys, "7")
    assert (code, document["schema"], document["by"], document["role"]) == (
        0,
        "cockpit.sign/v1",
        "mira",
        "researcher",
    )
    _, facts = signed_gate(here)
    assert [(s.by, s.role, s.revision, s.digest) for s in facts.signoffs] == [
        ("mira", "researcher", 3, facts.digest)
    ]
    assert document["digest"] == facts.digest


def test_without_a_name_nobody_signs(here, capsys):
    code, document, _ = run(capsys, "7")
    assert (code, document["error"]["code"]) == (2, "no-me")
    assert "COCKPIT_ME" in document["error"]["do"]
    assert (here / "rpts" / NAME).read_text() == GOOD


def test_everybody_signs_once_and_the_gate_passes(here, capsys, monkeypatch):
    as_me(monkeypatch, "mira")
    assert run(capsys, "scan-to-plan")[0] == 0
    gate, _ = signed_gate(here)
    assert [p.message for p in gate.problems] == ["jonas has not signed"]
    code, document, _ = run(capsys, "7")
    assert (code, document["error"]["code"]) == (1, "signed-already")
    as_me(monkeypatch, "jonas")
    code, document, err = run(capsys, "RPT-0007")
    assert (code, document["role"]) == (0, "engineer")
    assert "everybody has signed" in err
    assert signed_gate(here)[0].verdict is GateVerdict.PASS
    assert len(signed_gate(here)[1].signoffs) == 2


def test_who_is_no_approver_is_refused(here, capsys, monkeypatch):
    as_me(monkeypatch, "zoe")
    code, document, _ = run(capsys, "7")
    assert (code, document["error"]["code"]) == (1, "not-approver")
    assert "mira, jonas" in document["error"]["do"]


def test_a_contract_edit_voids_and_a_prose_edit_keeps(here, capsys, monkeypatch):
    write(here, changed(("[mira, jonas]", "[mira]"), ("status: draft", "status: agreed")))
    as_me(monkeypatch, "mira")
    assert run(capsys, "7")[0] == 0
    assert main(["check", "7"]) == 0
    path = here / "rpts" / NAME
    path.write_text(path.read_text().replace("Points go in", "Point clouds go in"))
    assert signed_gate(here)[0].verdict is GateVerdict.PASS
    path.write_text(path.read_text().replace("minItems: 3, maxItems: 3", "minItems: 2, maxItems: 3"))
    gate, _ = signed_gate(here)
    assert gate.problems[0].code == "signoff-void"
    assert "the contract changed since mira signed revision 3" in gate.problems[0].message
    capsys.readouterr()
    assert main(["status", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["handoffs"]
    assert (row["status"], row["stage"], row["status_supported"]) == ("agreed", "review", False)
    assert row["next"]["text"] == "sign again"
    assert run(capsys, "7")[0] == 0
    assert signed_gate(here)[0].verdict is GateVerdict.PASS


@pytest.mark.parametrize(
    ("swap", "line"),
    [
        (("kind: model", "kind: magic"), 110),
        (("height: 2.5", "height: tall"), 65),
        (("pii: none", "pii: maybe"), 100),
        (("due: 2026-12-15", "due: soon"), 11),
    ],
)
def test_what_does_not_read_is_not_signed_and_its_place_is_said(here, capsys, monkeypatch, swap, line):
    text = changed(swap)
    write(here, text)
    as_me(monkeypatch, "mira")
    code, document, _ = run(capsys, "7")
    error = document["error"]
    assert (code, error["code"], error["path"], error["line"]) == (1, "not-signable", f"rpts/{NAME}", line)
    assert (here / "rpts" / NAME).read_text() == text


def test_two_documents_with_one_id_are_not_signed(here, capsys, monkeypatch):
    write(here, changed(("service: scan", "service: other")), "RPT-0007-other.md")
    as_me(monkeypatch, "mira")
    code, document, _ = run(capsys, "7")
    assert (code, document["error"]["code"]) == (1, "not-signable")
    assert "also the id of" in document["error"]["message"]


def test_a_dry_run_shows_the_plan_and_writes_nothing(here, capsys, monkeypatch):
    as_me(monkeypatch, "mira")
    code, document, _ = run(capsys, "7", "--dry-run")
    assert (code, document["schema"], document["touches"]) == (0, "cockpit.plan/v1", [f"rpts/{NAME}"])
    assert (here / "rpts" / NAME).read_text() == GOOD


def planned(workspace):
    return sign.plan(workspace, workspace.resolve("7", workspace.snapshot()), "local")


@pytest.mark.parametrize(
    "edit",
    [("minItems: 3, maxItems: 3", "minItems: 2, maxItems: 3"), ("revision: 3", "revision: 4")],
)
def test_what_changed_since_the_plan_was_shown_is_not_signed(here, monkeypatch, edit):
    as_me(monkeypatch, "mira")
    workspace = Workspace.open(here)
    try:
        plan = planned(workspace)
        write(here, changed(edit))
        with pytest.raises(DocumentError, match="changed since you looked"):
            sign.run(workspace, plan, print, lambda: False)
        assert (here / "rpts" / NAME).read_text() == changed(edit)
    finally:
        workspace.close()


def test_an_edit_while_signing_is_not_overwritten(here, monkeypatch):
    as_me(monkeypatch, "mira")
    workspace = Workspace.open(here)
    theirs = changed(("Estimators redraw", "Estimators draw"))
    real = Edit.append

    def slow(edit, field, item):
        write(here, theirs)
        real(edit, field, item)

    monkeypatch.setattr(Edit, "append", slow)
    try:
        with pytest.raises(DocumentError, match="changed meanwhile"):
            sign.run(workspace, planned(workspace), print, lambda: False)
        assert (here / "rpts" / NAME).read_text() == theirs
    finally:
        workspace.close()


def test_only_the_signature_is_written(here, capsys, monkeypatch):
    text = GOOD.replace("\n", "\r\n")
    write(here, ("\ufeff" + text).encode())
    as_me(monkeypatch, "mira")
    assert run(capsys, "7")[0] == 0
    written = (here / "rpts" / NAME).read_bytes().decode()
    before, after = ("\ufeff" + text).split("signoffs: []")
    assert written.startswith(before + "signoffs:\r\n  - {by: mira, role: researcher, at: ")
    assert written.endswith("}" + after)
