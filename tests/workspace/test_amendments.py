"""A contract that changed after it was signed: breaking, with its first finding and consumers, or not."""

from __future__ import annotations

import subprocess

import pytest

from cockpit.actions.workshop import Workshop
from cockpit.domain.words import GateVerdict, Status
from cockpit.errors import ExitCode
from cockpit.workspace.workspace import Workspace
from support import room_area


def git(root, *args):
    subprocess.run(["git", *args], cwd=root, check=True, capture_output=True)


class World:
    """A repository with one RPT, signed and committed; `change` writes a new contract under the signature."""

    def __init__(self, root):
        self.root = room_area.workspace(root)
        self.here = Workspace.open(self.root)
        shop = Workshop(self.here)
        run = shop.perform(shop.plan("sign", "7", "local"), lambda line: None, lambda: False)
        assert run.exit_code == ExitCode.OK
        self.document = self.root / "rpts/RPT-0007-room-area.md"
        git(self.root, "add", "-A")
        git(self.root, "commit", "-q", "-m", "agree")

    def change(self, change, *, commit=True):
        signed = self.document.read_text().split("signoffs:")[1].split("---")[0]
        contract = room_area.contract()
        change(contract)
        room_area.write_document(self.root, contract)
        text = self.document.read_text()
        self.document.write_text(text.replace("created:", f"signoffs:{signed}created:", 1))
        if commit:
            git(self.root, "commit", "-q", "-a", "-m", "amend")

    def signed(self):
        row = self.here.resolve("7", self.here.snapshot())
        return row, next(gate for gate in row.gates if gate.spec.id == "contract.signed")


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.setenv("COCKPIT_ME", "rita")
    made = World(tmp_path / "ws")
    yield made
    made.here.close()


def area(contract):
    return contract["components"]["schemas"]["Area"]


def nullable(contract):
    area(contract)["properties"]["area"]["type"] = ["number", "null"]


def another_status(contract):
    del contract["paths"]["/v1/area"]["post"]["responses"]["409"]


def test_while_nothing_changed_nothing_is_said(world):
    row, gate = world.signed()
    assert (gate.verdict, row.stage) == (GateVerdict.PASS, Status.AGREED)


@pytest.mark.parametrize("commit", [True, False])
def test_a_breaking_change_drops_to_review_and_names_what_breaks_and_whom(world, commit):
    world.change(nullable, commit=commit)
    row, gate = world.signed()
    assert row.stage is Status.REVIEW
    assert row.rpt.status is Status.AGREED  # the file is not rewritten
    (problem,) = gate.problems
    assert problem.code == "signoff-void"
    assert "the change breaks what was signed: POST /v1/area 200 application/json /area" in problem.message
    assert '"area": null' in problem.message
    assert problem.message.endswith("; tell The plan viewer")
    assert row.next.text == "sign again"


def test_a_compatible_change_says_so(world):
    world.change(another_status)
    row, gate = world.signed()
    assert row.stage is Status.REVIEW
    assert "the change is compatible" in gate.problems[0].message


def test_the_contract_that_was_signed_is_found_below_the_commits_that_followed(world):
    world.change(another_status)
    world.change(nullable)
    _, gate = world.signed()
    assert "the change breaks what was signed" in gate.problems[0].message


def test_a_change_of_persistence_alone_leaves_the_contract_as_it_was(world):
    text = world.document.read_text()
    world.document.write_text(text.replace("stateless because", "stateless, because"))
    _, gate = world.signed()
    assert "the contract itself is as it was signed" in gate.problems[0].message


def test_what_was_compared_is_remembered(world, monkeypatch):
    world.change(nullable)
    before = world.signed()[1].problems[0].message

    def refuse(*args, **more):
        raise AssertionError("compared again")

    monkeypatch.setattr("cockpit.workspace.amendments._compared", refuse)
    assert world.signed()[1].problems[0].message == before


def test_a_contract_in_a_file_beside_the_document_is_read_as_it_was(tmp_path, monkeypatch):
    import yaml

    monkeypatch.setenv("COCKPIT_ME", "rita")
    root = room_area.workspace(tmp_path / "ws")
    beside = root / "rpts/RPT-0007.openapi.yaml"
    beside.write_text(yaml.safe_dump(room_area.contract(), sort_keys=False))
    room_area.write_document(root, {"$ref": "RPT-0007.openapi.yaml"})
    here = Workspace.open(root)
    shop = Workshop(here)
    shop.perform(shop.plan("sign", "7", "local"), lambda line: None, lambda: False)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "agree")
    contract = room_area.contract()
    nullable(contract)
    beside.write_text(yaml.safe_dump(contract, sort_keys=False))
    row = here.resolve("7", here.snapshot())
    here.close()
    gate = next(gate for gate in row.gates if gate.spec.id == "contract.signed")
    assert "the change breaks what was signed" in gate.problems[0].message


def test_a_signature_that_was_never_committed_is_only_void(tmp_path, monkeypatch):
    monkeypatch.setenv("COCKPIT_ME", "rita")
    root = room_area.workspace(tmp_path / "ws")
    here = Workspace.open(root)
    shop = Workshop(here)
    shop.perform(shop.plan("sign", "7", "local"), lambda line: None, lambda: False)
    document = root / "rpts/RPT-0007-room-area.md"
    document.write_text(document.read_text().replace("maxLength: 80", "maxLength: 81"))
    row = here.resolve("7", here.snapshot())
    here.close()
    gate = next(gate for gate in row.gates if gate.spec.id == "contract.signed")
    assert gate.problems[0].message.startswith("the contract changed since rita signed")
    assert ";" not in gate.problems[0].message
