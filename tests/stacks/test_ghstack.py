"""What ghstack wrote is read back: from what the real client left (always), and from it as it runs here."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

import pytest

from cockpit.stacks import reading as joined
from cockpit.workspace import pulls
from cockpit.workspace.workspace import Workspace
from support import ghstack
from support.github.fixture import github

FIXTURES = Path(__file__).parent / "fixtures"
HEADS = tuple(f"gh/ada/{n}/head" for n in (1, 2, 3))
NAMES = ("ghstack-0.18", "ghstack-0.18-direct")


def read(repo, mock, monkeypatch):
    """Return the slices of the three pull requests, as the board sees them."""
    monkeypatch.setenv("COCKPIT_GITHUB_URL", mock.url)
    monkeypatch.setenv("GH_TOKEN", "token-of-ada")
    (repo.root / "cockpit.yaml").write_text("trunk: main\n")
    here = Workspace.open(repo.root)
    try:
        known = asyncio.run(pulls.refresh(here, ["work"]))
        found = joined.read(here.git, here.root, here.config.trunk, here.cache, known)
    finally:
        here.close()
    assert found.problems == ()
    (stack,) = (one for one in found.stacks if one.id == HEADS[0])
    return stack.slices


def expect(slices, direct):
    assert [(one.branch, one.parent, one.pr, one.state) for one in slices] == [
        (HEADS[0], "main", 1, "open"),
        (HEADS[1], HEADS[0], 2, "open"),
        (HEADS[2], HEADS[1], 3, "open"),
    ]
    for one in slices[1:]:
        said = [(e.source, e.detail) for e in one.evidence]
        assert all(e.parent is None for e in one.evidence), "nothing disagrees"
        assert any(source == "ghstack" and "its commit" in detail for source, detail in said)
        assert ("base" in dict(said)) is direct
        if not direct:
            assert any(source == "ghstack" and "lists it in its body" in detail for source, detail in said)


@pytest.mark.parametrize("name", NAMES)
def test_what_ghstack_left_is_read(tmp_path, monkeypatch, name):
    left = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    with github(tmp_path, branches=0) as (mock, repo):
        argv = ["git", "fast-import", "--quiet", "--force"]
        subprocess.run(argv, cwd=repo.root, input=left["repository"], text=True, check=True)
        repo.git("reset", "-q", "--hard")
        repo.git("push", "-q", "--force", "origin", "main", "refs/remotes/origin/gh/*:refs/heads/gh/*")
        for one in left["pulls"]:
            mock.open(one["head"], one["base"], one["title"], body=one["body"], author=one["author"])
        for one in left["comments"]:
            mock.comment(one["pull"], one["body"])
        expect(read(repo, mock, monkeypatch), name.endswith("direct"))


@pytest.mark.parametrize("name", NAMES)
def test_the_real_ghstack_is_read_back_and_writes_what_was_kept(tmp_path, monkeypatch, name):
    client = ghstack.program()
    if client is None:
        pytest.skip(ghstack.ABSENT)
    direct = name.endswith("direct")
    with github(tmp_path, branches=0) as (mock, repo):
        with ghstack.ghstack(tmp_path, mock, repo, client) as work:
            ghstack.submitted(work, *(("--direct",) if direct else ()))
        expect(read(repo, mock, monkeypatch), direct)
        left = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
        now = ghstack.kept(mock, repo)
        assert now["pulls"] == left["pulls"]
        assert [one["body"] for one in now["comments"]] == [one["body"] for one in left["comments"]]
        refs = set(repo.git("for-each-ref", "--format=%(refname)", "refs/remotes/origin/gh").splitlines())
        assert all(
            f"commit {ref}\n" in left["repository"] or f"reset {ref}\n" in left["repository"] for ref in refs
        )
