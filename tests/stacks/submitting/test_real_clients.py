"""Graphite's own client is told of the stack, and cockpit reads back what it keeps."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cockpit.cli.commands import stack_submit
from cockpit.stacks.submitting.calls import Way
from support import ghstack

from .conftest import BRANCHES


def test_graphite_tracks_the_stack_and_is_undone(place, monkeypatch):
    client = os.environ.get("COCKPIT_GT") or shutil.which("gt")
    if client is None:
        pytest.skip("Graphite's client is not here: set COCKPIT_GT to `gt` of npm @withgraphite/graphite-cli")
    monkeypatch.setenv("PATH", f"{Path(client).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(place.repo.root.parent / "home"))
    argv = [client, "init", "--trunk", "main", "--no-interactive"]
    subprocess.run(argv, cwd=place.repo.root, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    steps = place.planned("7", "--as", "graphite")
    assert steps[0] == "gt track rpt-0007/data --parent main --no-interactive"
    said = place.submit("7", "--as", "graphite")
    assert any("gt submit --stack" in note for note in said["notes"])
    for branch, below in zip(BRANCHES[1:], BRANCHES, strict=False):
        told = [(one["source"], one["parent"]) for one in place.listed()[branch]["evidence"]]
        assert ("graphite", None) in told, below
    assert place.submit("7", "--as", "graphite")["calls"] == 0
    assert not place.writes()
    place.submit("7", "--undo")
    assert place.planned("7", "--as", "graphite")[:3] == steps[:3]
    assert [place.remote(branch) for branch in BRANCHES] == [None] * 3


def test_a_missing_client_is_told(place, monkeypatch):
    monkeypatch.setenv("PATH", str(Path(shutil.which("git") or "/usr/bin/git").parent))
    if shutil.which("ghstack"):
        pytest.skip("ghstack lies beside git here")
    code, _, err = place.cockpit("7", "--as", "ghstack", "--yes")
    assert code == 2
    assert "ghstack is not on PATH" in err


def test_the_ways_are_named_alike():
    assert tuple(Way) == stack_submit._WAYS


def test_slices_are_handed_to_ghstack(place, tmp_path, monkeypatch):
    client = ghstack.program()
    if client is None:
        pytest.skip(ghstack.ABSENT)
    trees = [place.here(f"{branch}^{{tree}}") for branch in BRANCHES]
    with ghstack.ghstack(tmp_path, place.mock, place.repo, client) as work:
        monkeypatch.setenv("PATH", f"{Path(client).parent}{os.pathsep}{os.environ['PATH']}")
        for name, said in work.env.items():
            monkeypatch.setenv(name, said)
        assert place.planned("7", "--as", "ghstack")[0] == "ghstack submit"
        assert not place.mock.pulls
        place.submit("7", "--as", "ghstack")
        assert [(p.head, p.title) for p in place.mock.pulls.values()] == [
            (f"gh/ada/{n}/head", f"Add the {branch.rpartition('/')[2]}")
            for n, branch in enumerate(BRANCHES, 1)
        ]
        # The slices' branches went along, and are one stack still.
        assert [place.here(f"{branch}^{{tree}}") for branch in BRANCHES] == trees
        for number, branch in enumerate(BRANCHES, 1):
            assert f"/pull/{number}" in place.repo.git("log", "-1", "--format=%B", branch)
            assert place.here(f"{branch}~{number}") == place.here("main")
        assert place.repo.git("status", "--porcelain") == ""
        # Once more changes nothing; no other way opens them a second time.
        before = len(place.mock.pulls)
        assert place.submit("7")["way"] == place.submit()["way"] == "ghstack"
        code, _, err = place.cockpit("7", "--as", "base", "--yes")
        assert (code, "second pull request" in err) == (2, True)
        assert len(place.mock.pulls) == before
        assert any("close it on GitHub" in note for note in place.submit("7", "--undo")["notes"])
        for number in range(1, before + 1):
            place.mock.patch(number, {"state": "closed"})
        assert place.planned("7", "--as", "base")[0].startswith("git push --atomic")
