"""The demo's workspace: real history, and something in it to triage."""

from __future__ import annotations

import subprocess

import pytest

from cockpit.actions.demo import story
from cockpit.domain.words import GateVerdict, Status
from cockpit.workspace.workspace import Workspace


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    steps: list[str] = []
    story.build(folder, steps.append)
    workspace = Workspace.open(folder)
    yield workspace
    workspace.close()


def git(workspace, *args: str) -> str:
    done = subprocess.run(["git", *args], cwd=workspace.root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_every_stage_is_there_and_nothing_is_broken(demo):
    snapshot = demo.snapshot()
    stages = {row.stage for row in snapshot.handoffs}
    assert {Status.DRAFT, Status.REVIEW, Status.AGREED, Status.BUILDING} <= stages
    assert not snapshot.problems
    assert all(gate.verdict is GateVerdict.PASS for gate in snapshot.gates)
    assert snapshot.me == story.ME
    assert snapshot.counts.needs_me > 0


def test_the_drifted_service_is_named_with_what_mends_it(demo):
    row = demo.resolve(story.DRIFTED, demo.snapshot())
    assert row.unsupported_status
    assert row.next.argv == ("cockpit", "update", story.DRIFTED)
    models = (demo.root / "services/price-hint/src/price_hint/api/models.py").read_text()
    assert "| None" in models, "somebody edited the model by hand"


def test_everybody_committed_their_own_signature(demo):
    rows = demo.snapshot().handoffs
    signed = [signoff for row in rows for signoff in row.rpt.signoffs]
    assert len(signed) >= 10
    gates = [gate for row in rows for gate in row.gates if gate.spec.id == "contract.author"]
    assert {gate.verdict for gate in gates} == {GateVerdict.PASS}


def test_the_history_is_real_and_spread_over_weeks(demo):
    dates = git(demo, "log", "--all", "--format=%cs").split()
    assert len(dates) > 12 and len(set(dates)) > 8
    assert len(set(git(demo, "log", "--all", "--format=%an").splitlines())) > 3
    assert git(demo, "status", "--porcelain") == ""
    stacks = {stack.rpt: [s.branch for s in stack.slices] for stack in demo.snapshot().stacks}
    assert stacks["RPT-0006"] == ["price-hint/contract", "price-hint/logic", "price-hint/tests"]
