"""What tools keep in a clone, read from real repositories; Graphite's also written by its real client."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from cockpit.domain.pull import PullRequest
from cockpit.edges.git import RealGit
from cockpit.edges.store import Store
from cockpit.stacks import gitread, reading
from cockpit.stacks.evidence import local
from cockpit.stacks.evidence.edge import preferred
from cockpit.workspace.cache import Cache
from support.repo import Repo

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def repo(tmp_path):
    repo = Repo(tmp_path / "repo")
    repo.commit("begin", "README.md")
    repo.branch("s1")
    repo.branch("s2")
    repo.branch("s3", "main")
    return repo


def asked(root, *pulls):
    store = Store.in_memory()
    try:
        git = RealGit(root)
        found = local.opened(git, root, gitread.read_cached(git, None, Cache(store)))
        first = local.edges(found, preferred(pulls), Cache(store))
        # What was remembered says the same.
        assert local.edges(found, preferred(pulls), Cache(store)) == first
        return first
    finally:
        store.close()


def told(root, *pulls):
    edges, problems = asked(root, *pulls)
    assert problems == ()
    return {(one.child, one.parent, one.source) for one in edges}


def put(repo, name, text):
    path = repo.root / ".git" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def blob(repo, text):
    done = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"],
        cwd=repo.root,
        input=text,
        text=True,
        capture_output=True,
        check=True,
    )
    return done.stdout.strip()


def graphite(repo):
    path = repo.root / ".git" / ".graphite_metadata.db"
    database = sqlite3.connect(path)
    database.executescript((FIXTURES / "graphite-1.8.sql").read_text())
    for name in ("main", "s1", "s2"):
        row = (repo.git("rev-parse", name), name)
        database.execute(
            "UPDATE branch_metadata SET parent_branch_revision = ? WHERE parent_branch_name = ?", row
        )
    database.execute("INSERT INTO branch_metadata (branch_name, parent_branch_name) VALUES ('gone', 's1')")
    database.commit()
    database.close()
    return path


def test_graphites_database(repo):
    path = graphite(repo)
    before = path.read_bytes()
    edges, problems = asked(repo.root)
    assert problems == ()
    assert {(e.child, e.parent): e.detail for e in edges} == {
        ("s1", "main"): "its parent is main",
        ("s2", "s1"): "its parent is s1",
        ("s3", "s2"): "its parent is s2",
    }
    repo.git("switch", "-q", "s1")
    repo.commit("more")
    (moved,) = [one for one in asked(repo.root)[0] if one.child == "s2"]
    assert moved.detail.endswith("needs a restack")
    assert path.read_bytes() == before


def test_a_broken_database_is_said_and_stops_nothing(repo):
    put(repo, ".graphite_metadata.db", "no database at all")
    put(repo, "machete", "s1\n  s3 PR #7\n")
    edges, problems = asked(repo.root)
    assert [(one.child, one.parent) for one in edges] == [("s3", "s1")]
    assert [problem.code for problem in problems] == ["unreadable"]


def test_graphites_refs(repo):
    for name, parent in (("s2", "s1"), ("s3", "s1"), ("gone", "s1")):
        said = json.dumps({"parentBranchName": parent, "parentBranchRevision": repo.git("rev-parse", parent)})
        repo.git("update-ref", f"refs/branch-metadata/{name}", blob(repo, said))
    repo.git("update-ref", "refs/branch-metadata/s1", blob(repo, "no json\0\0\n\0"))
    assert told(repo.root) == {("s2", "s1", "graphite"), ("s3", "s1", "graphite")}


def test_files_of_the_common_folder_are_seen_from_a_worktree(repo, tmp_path):
    put(repo, "machete", "main\n\ts1  PR #12 rebase=no\n\t\ts2\n\ts3\ngone\n\tgone2\n")
    branches = {"s2": {"parent": {"name": "s1", "trunk": False}}, "s3": {"parent": 7}, "s1": None}
    put(repo, "av/av.db", json.dumps({"branches": branches}))
    stack = {"trunk": "main", "branches": [{"branch": "s1"}, {"branch": "s2", "pullRequest": {"number": 4}}]}
    put(repo, "gh-stack", json.dumps({"schemaVersion": 1, "stacks": [stack]}))
    wanted = {
        ("s1", "main", "git-machete"),
        ("s2", "s1", "git-machete"),
        ("s3", "main", "git-machete"),
        ("s2", "s1", "av"),
        ("s1", "main", "gh-stack"),
        ("s2", "s1", "gh-stack"),
    }
    assert told(repo.root) == wanted
    repo.git("worktree", "add", "-q", "--detach", str(tmp_path / "other"), "s1")
    assert told(tmp_path / "other") == wanted


def spice(repo, files):
    """Keep `files` (branch → text) as git-spice does."""
    (repo.root / "index").unlink(missing_ok=True)
    env = os.environ | {"GIT_INDEX_FILE": str(repo.root / "index")}
    adds = [
        ["update-index", "--add", "--cacheinfo", f"100644,{blob(repo, text)},branches/{name}"]
        for name, text in files.items()
    ]
    for args in (*adds, ["write-tree"]):
        tree = subprocess.run(
            ["git", *args], cwd=repo.root, env=env, capture_output=True, text=True, check=True
        ).stdout
    repo.git("update-ref", "refs/spice/data", repo.git("commit-tree", "-m", "x", tree.strip()))


def test_what_git_spice_and_git_town_keep_in_git(repo):
    repo.git("config", "git-town-branch.s2.parent", "s1")
    repo.git("config", "git-town-branch.a/B.parent", "s1")
    spice(repo, {"s3": json.dumps({"base": {"name": "s2", "hash": "1"}, "merged": []}, indent=1)})
    assert told(repo.root) == {("s2", "s1", "git-town"), ("s3", "s2", "git-spice")}


LINE = (("s1", "main"), ("s2", "s1"), ("s3", "s2"))


def test_the_fixtures_of_local_files(repo):
    for source, name in (("av", "av/av.db"), ("gh-stack", "gh-stack"), ("gh-stack", "worktrees/w/gh-stack")):
        put(repo, name, (FIXTURES / "local" / Path(name).name).read_text("utf-8"))
        assert told(repo.root) == {(*pair, source) for pair in LINE}
        (repo.root / ".git" / name).unlink()
    files = json.loads((FIXTURES / "local" / "git-spice.json").read_text("utf-8"))
    spice(repo, {name: json.dumps(said, indent=2) for name, said in files.items()})
    assert told(repo.root) == {(*pair, "git-spice") for pair in LINE}


def test_marked_commits_of_ghstack_mergify_spr_and_stack_pr(repo):
    heads = {
        "ghstack": ("gh/u/1/head", "gh/u/2/head"),
        "mergify": ("stack/u/x/a--aaaaaaaa", "stack/u/x/b--bbbbbbbb"),
        "spr": ("spr/main/cccccccc", "spr/main/dddddddd"),
        "stack-pr": ("u/stack/1", "u/stack/2"),
    }
    url = "https://github.com/o/r/pull"
    marks = {
        "ghstack": (
            f"ghstack-source-id: x\nPull-Request: {url}/1",
            f"ghstack-source-id: y\nPull-Request: {url}/2",
        ),
        "mergify": ("Change-Id: I" + "a" * 40, "Change-Id: I" + "b" * 40),
        "spr": ("commit-id:cccccccc", "commit-id:dddddddd"),
        "stack-pr": (
            f"stack-info: PR: {url}/7, branch: u/stack/1",
            f"stack-info: PR: {url}/8, branch: u/stack/2",
        ),
    }
    pulls = [PullRequest(n, "t", head, "main") for n, head in enumerate(sum(heads.values(), ()), 1)]
    for tool, messages in marks.items():
        repo.git("switch", "-q", "-c", f"work-{tool}", "main")
        for message in messages:
            repo.commit(f"part\n\n{message}")
    own = {(f"work-{tool}", two, tool) for tool, (_, two) in heads.items()}
    assert told(repo.root, *pulls) == own | {(two, one, tool) for tool, (one, two) in heads.items()}
    assert {one.child for one in asked(repo.root, *pulls)[0] if one.same} == {one for one, _, _ in own}
    repo.git("update-ref", "refs/remotes/origin/gh/u/1/orig", "work-ghstack~1")
    repo.git("update-ref", "refs/remotes/origin/gh/u/2/orig", "work-ghstack")
    repo.git("switch", "-q", "--detach", "main")
    for tool in marks:
        repo.git("branch", "-q", "-D", f"work-{tool}")
    assert told(repo.root, *pulls) == {("gh/u/2/head", "gh/u/1/head", "ghstack")}


def test_the_real_graphite_is_read_back(tmp_path):
    client = os.environ.get("COCKPIT_GT") or shutil.which("gt")
    if client is None:
        pytest.skip("Graphite's client is not here: set COCKPIT_GT to `gt` of npm @withgraphite/graphite-cli")
    repo = Repo(tmp_path / "repo")
    repo.commit("begin", "README.md")
    (tmp_path / "home").mkdir()
    env = os.environ | {
        "HOME": str(tmp_path / "home"),
        "GRAPHITE_DISABLE_TELEMETRY": "1",
        "GRAPHITE_DISABLE_UPGRADE_PROMPT": "1",
        **{
            f"GIT_{who}_{what}": "a@example.org"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }

    def gt(*args):
        subprocess.run(
            [client, *args, "--no-interactive"],
            cwd=repo.root,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=True,
        )

    gt("init", "--trunk", "main")
    for name in ("g1", "g2"):
        (repo.root / name).write_text("1\n")
        repo.git("add", name)
        gt("create", name, "-m", name)
    repo.git("branch", "-q", "plain", "g1")
    repo.git("switch", "-q", "plain")
    repo.commit("plain")
    gt("track", "plain", "--parent", "g1")
    repo.git("switch", "-q", "g1")
    repo.commit("more")
    edges = {(e.child, e.parent): e.detail for e in asked(repo.root)[0]}
    assert set(edges) == {("g1", "main"), ("g2", "g1"), ("plain", "g1")}
    assert edges["g2", "g1"].endswith("needs a restack")
    store = Store.in_memory()
    (stack,) = reading.read(RealGit(repo.root), repo.root, None, Cache(store)).stacks
    store.close()
    assert [(part.branch, part.parent) for part in stack.slices] == [
        ("g1", "main"),
        ("g2", "g1"),
        ("plain", "g1"),
    ]
