"""`cockpit stack list` where things are odd, broken or hostile: right or clearly said, never a traceback."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.cli import main
from cockpit.edges.git import FakeGit
from cockpit.stacks.evidence import files
from cockpit.stacks.evidence.clone import Clone
from support.repo import Repo

SECONDS = 20.0
# Every printable ASCII character that git allows in a branch name, and some beyond it.
ODD = "!\"#$%&'()+,-.;<=>@]_`{|}é語🙂\u00a0\u2028"
LONG = "x" * 250
NOISE = bytes(range(256)) * 40


@dataclass
class Said:
    """What a run of the command told."""

    code: int
    document: dict[str, Any]
    text: str
    err: str

    @property
    def parents(self) -> dict[str, str]:
        """Return branch → parent."""
        return {p["branch"]: p["parent"] for s in self.document["stacks"] for p in s["slices"]}

    @property
    def codes(self) -> list[str]:
        """Return what the errors are called."""
        return [error["code"] for error in self.document["errors"]]


@pytest.fixture
def listed(capsys):
    def run(code: int = 0) -> Said:
        capsys.readouterr()
        began = time.monotonic()
        got = main(["stack", "list", "--json"])
        document, err = capsys.readouterr()
        assert main(["stack", "list"]) == got == code, err
        text, _ = capsys.readouterr()
        assert time.monotonic() - began < SECONDS
        for told in (document, text, err):
            assert "Traceback" not in told
            unsafe = {c for c in told if unicodedata.category(c) in ("Cc", "Cf") and c not in "\n"}
            assert unsafe == set()
        return Said(got, json.loads(document), text, err)

    return run


@pytest.fixture
def repo(tmp_path, monkeypatch):
    repo = Repo(tmp_path / "repo")
    (repo.root / ".gitignore").write_text(".cockpit/\n")
    repo.commit("begin", "README.md")
    repo.branch("s1")
    repo.branch("s2")
    monkeypatch.chdir(repo.root)
    return repo


def put(repo, name, data):
    path = repo.root / ".git" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


LINE = {"s1": "main", "s2": "s1"}


# Where the repository itself is odd


def test_a_shallow_clone(repo, tmp_path, monkeypatch, listed):
    repo.git("switch", "-q", "main")
    repo.git("clone", "-q", "--depth", "1", "--no-single-branch", f"file://{repo.root}", str(tmp_path / "c"))
    monkeypatch.chdir(tmp_path / "c")
    for name in LINE:
        subprocess.run(["git", "branch", "-q", name, f"origin/{name}"], check=True)
    said = listed()
    assert set(said.parents) == {"s1", "s2"}
    assert "this clone is shallow" in said.text


def test_a_linked_worktree_and_a_detached_head(repo, tmp_path, monkeypatch, listed):
    put(repo, "machete", b"main\n  s1\n    s2\n")
    repo.git("worktree", "add", "-q", "--detach", str(tmp_path / "w"), "s1")
    monkeypatch.chdir(tmp_path / "w")
    said = listed()
    assert said.parents == LINE
    assert said.document["branch"] is None
    assert "git-machete: lies below s1" in said.text


def test_a_bare_repository(repo, tmp_path, monkeypatch, listed):
    repo.git("clone", "-q", "--bare", str(repo.root), str(tmp_path / "bare"))
    (tmp_path / "bare" / "cockpit.yaml").write_text("trunk: main\n")
    monkeypatch.chdir(tmp_path / "bare")
    assert listed().parents == LINE


def test_a_repository_without_commits(tmp_path, monkeypatch, listed):
    Repo(tmp_path / "new")
    (tmp_path / "new" / "cockpit.yaml").write_text("{}\n")
    monkeypatch.chdir(tmp_path / "new")
    said = listed()
    assert (said.document["branch"], said.document["stacks"], said.codes) == ("main", [], [])


def test_a_trunk_that_was_renamed_here(repo, listed):
    repo.git("branch", "-q", "-m", "main", "development")
    said = listed(3)
    assert said.codes == ["trunk-unknown"]
    assert "write `trunk: BRANCH` in cockpit.yaml" in said.err
    (repo.root / "cockpit.yaml").write_text("trunk: main\n")
    assert listed(3).codes == ["trunk-missing"]
    (repo.root / "cockpit.yaml").write_text("trunk: development\n")
    assert listed().parents == {"s1": "development", "s2": "s1"}


def test_a_trunk_that_was_renamed_on_the_remote(repo, tmp_path, listed):
    repo.git("clone", "-q", "--bare", str(repo.root), str(tmp_path / "bare"))
    repo.git("remote", "add", "origin", str(tmp_path / "bare"))
    repo.git("fetch", "-q", "origin")
    # What `git remote set-head` wrote before the rename, and what a fetch with --prune left of it.
    repo.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/master")
    assert listed().parents == LINE


def test_odd_names(repo, listed):
    names = [*(f"a{c}b" for c in ODD), LONG, "-x", "HEAD", "refs/heads/main", "origin/main", "@", "a.lock2"]
    for name in names:
        subprocess.run(["git", "update-ref", f"refs/heads/{name}", "s2"], check=True)
    put(repo, "machete", "".join(["main\n", *(f"  {name}\n" for name in names)]).encode())
    wanted = {" ".join(name.split())[:199] for name in names}
    assert {name[:199] for name in listed().parents} == {"s1", "s2", *wanted}


def test_names_that_collide(repo, listed):
    repo.git("tag", "s1", "main")
    repo.git("tag", "main", "s2")
    repo.git("update-ref", "refs/s2", "main")
    repo.git("branch", "-q", "S1", "s1~0")
    repo.git("pack-refs", "--all")
    repo.git("branch", "-q", "S2", "refs/heads/s2")
    parents = listed().parents
    assert {name: parents[name] for name in LINE} == LINE
    assert "S2" in parents


def test_names_that_are_no_utf_8(repo, listed):
    head = repo.git("rev-parse", "s2")
    name = os.fsencode(repo.root) + b"/.git/refs/heads/caf\xe9"
    Path(os.fsdecode(name)).write_text(f"{head}\n")
    assert "caf\ufffd" in listed().parents


# Where git or what it keeps is broken


def test_no_git(repo, listed, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    said = listed(3)
    assert "git is not installed" in said.err
    assert "put it on PATH" in said.err


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("packed-refs", b"# pack-refs with: peeled\nnot a ref at all\n"),
        ("packed-refs", b"\0" * 4096),
        ("refs/heads/s9", b"1" * 40 + b"\n"),
        ("HEAD", b"nonsense\n"),
        ("config", b"[broken\n"),
    ],
)
def test_a_broken_repository_is_said(repo, listed, name, data):
    put(repo, name, data)
    said = listed(3)
    assert said.document["stacks"] == []
    assert said.err.strip() != ""


def test_a_ref_that_is_no_ref_leaves_the_others(repo, listed):
    put(repo, "refs/heads/s9", b"garbage\n")
    assert listed().parents == LINE


# Where what a tool keeps is broken

TOOLS = (".graphite_metadata.db", "machete", "av/av.db", "gh-stack", "worktrees/w/gh-stack")
DEEP = b"[" * 200_000
CYCLES = {
    "machete": b"main\n  s1\n    s2\n  s2\n    s1\n",
    "av/av.db": json.dumps(
        {"branches": {"s1": {"parent": {"name": "s2"}}, "s2": {"parent": {"name": "s1"}}}}
    ).encode(),
    "gh-stack": json.dumps(
        {"stacks": [{"trunk": {"branch": "s2"}, "branches": [{"branch": "s1"}, {"branch": "s2"}]}]}
    ).encode(),
}


@pytest.mark.parametrize("data", [NOISE, b"\0" * 50_000_000, DEEP, b"\xff\xfe[", b"{"])
def test_files_of_tools_that_are_broken(repo, listed, data):
    for tool in TOOLS:
        put(repo, tool, data)
    said = listed()
    assert said.parents == LINE
    assert set(said.codes) <= {"unreadable", "too-large"}
    # A line of text is a name to git-machete, whatever it holds.
    for tool in TOOLS if len(data) > 1_000_000 else set(TOOLS) - {"machete"}:
        assert f".git/{tool}" in said.err


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b'"x"', b'{"branches":[],"stacks":{}}', b"7"])
def test_files_of_tools_of_another_shape(repo, listed, data):
    for tool in TOOLS:
        put(repo, tool, data)
    assert listed().parents == LINE


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to(path)])
def test_what_is_no_file(repo, listed, make):
    for tool in TOOLS:
        path = put(repo, tool, b"")
        path.unlink()
        make(path)
    assert listed().parents == LINE


@pytest.mark.parametrize("tool", CYCLES)
def test_a_circle_in_a_file_is_kept_as_evidence_alone(repo, listed, tool):
    put(repo, tool, CYCLES[tool])
    said = listed()
    assert set(said.parents) == {"s1", "s2"}
    assert "main" in said.parents.values()
    assert "that would be a circle" in said.text or "disagrees" in said.text


def graphite(repo, rows):
    database = sqlite3.connect(repo.root / ".git" / ".graphite_metadata.db")
    database.execute(
        "CREATE TABLE branch_metadata "
        "(branch_name, parent_branch_name, parent_branch_revision, validation_result)"
    )
    database.executemany("INSERT INTO branch_metadata VALUES (?, ?, ?, 'VALID')", rows)
    database.commit()
    database.close()


@pytest.mark.parametrize(
    "rows",
    [
        [("s1", "s2", None), ("s2", "s1", None)],
        [("s1", "s1", None)],
        [(b"s1", 7, 1.5), (None, None, None), ("s1", "\x1b[31mmain\x1b[0m", "\x1b]0;t\x07")],
        [("s1", "x" * 100_000, "y" * 100_000)],
        [(f"b{n}", f"b{n - 1}", None) for n in range(30_000)],
    ],
)
def test_hostile_rows_of_graphite(repo, listed, rows):
    graphite(repo, rows)
    assert set(listed().parents) == {"s1", "s2"}


def written(repo, data):
    done = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"], cwd=repo.root, input=data, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


REFS = [
    NOISE,
    b"0" * 50_000_000,
    b"[" * 60_000,
    b'{"base":{"name":"s2"},"parentBranchName":"s2"}',
    b'{"base":{"name":7},"parentBranchName":[]}',
    b'{"base":\n' + b"1" * 40 + b" blob 3\n}",
]


@pytest.mark.parametrize("data", REFS)
def test_hostile_refs(repo, listed, data):
    blob = written(repo, data)
    for name in ("s1", "s2", "gone"):
        repo.git("update-ref", f"refs/branch-metadata/{name}", blob)
    listing = "".join(f"100644 blob {blob}\t{name}\n" for name in ("s1", "s2"))
    tree = subprocess.run(
        ["git", "mktree"], cwd=repo.root, input=listing.encode(), capture_output=True, check=True
    )
    top = subprocess.run(
        ["git", "mktree"],
        cwd=repo.root,
        input=f"040000 tree {tree.stdout.decode().strip()}\tbranches\n".encode(),
        capture_output=True,
        check=True,
    )
    repo.git("update-ref", "refs/spice/data", repo.git("commit-tree", "-m", "x", top.stdout.decode().strip()))
    repo.git("update-ref", "refs/branch-metadata/tree", top.stdout.decode().strip())
    said = listed()
    assert set(said.parents) == {"s1", "s2"}
    if len(data) > 1_000_000:
        assert said.codes == ["too-large", "too-large"]


def test_hostile_settings_of_git_town(repo, listed):
    repo.git("config", "git-town-branch.s1.parent", "s2")
    repo.git("config", "git-town-branch.s2.parent", "s1\n\x1b[2J")
    repo.git("config", "git-town-branch.s1.x.parent", "s1")
    assert set(listed().parents) == {"s1", "s2"}


KEYS = ("branches", "stacks", "trunk", "branch", "parent", "name", "pullRequest", "number", "s1", "s2")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(KEYS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=30,
)


@settings(max_examples=200)
@given(VALUES, st.text(max_size=200))
def test_no_content_of_a_file_makes_it_fail(tmp_path_factory, value, text):
    common = tmp_path_factory.mktemp("common", numbered=True)
    clone = Clone(FakeGit({}), common, {"s1": "1", "s2": "2"}, "main")
    (common / "av").mkdir()
    for name in ("av/av.db", "gh-stack"):
        (common / name).write_text(json.dumps(value))
    (common / "machete").write_bytes(text.encode("utf-8", "replace"))
    for found in (*files.av(clone), *files.gh_stack(clone), *files.machete(clone)):
        if found is not None:
            assert found.child != found.parent
            assert len(found.child) <= 200
            assert found.pr is None or found.pr > 0
    assert clone.failed == []
