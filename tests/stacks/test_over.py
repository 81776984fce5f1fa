"""Branches of this clone on pull requests that only the server has."""

from __future__ import annotations

import pytest

from cockpit.domain.pull import PullRequest, PullState
from cockpit.edges.git import RealGit
from cockpit.edges.store import Store
from cockpit.stacks import reading
from cockpit.stacks.pulls import Pulls
from cockpit.workspace.cache import Cache
from support.repo import Repo


def read(repo, *pulls):
    store = Store.in_memory()
    try:
        some = Pulls("o/r", "github.com", "main", pulls)
        said = reading.read(RealGit(repo.root), repo.root, None, Cache(store), some)
    finally:
        store.close()
    return {part.branch: part for stack in said.stacks for part in stack.slices}


@pytest.fixture
def repo(tmp_path):
    """A repository whose branches low and high were fetched and are not here; mine is two above high."""
    repo = Repo(tmp_path)
    repo.commit("begin")
    for name in ("low", "high"):
        repo.branch(name, commits=2)
        repo.git("update-ref", f"refs/remotes/origin/{name}", name)
    repo.branch("mine", commits=2)
    repo.branch("top")
    repo.branch("other", "low~1")
    repo.git("branch", "-q", "-D", "low", "high")
    return repo


def two(repo, **more):
    low, high = (repo.git("rev-parse", f"origin/{name}") for name in ("low", "high"))
    return (
        PullRequest(1, "Low", "low", "main", head_commit=low),
        PullRequest(2, "High", "high", **({"base": "low", "head_commit": high} | more)),
    )


def test_it_stands_on_the_nearest_one(repo):
    found = read(repo, *two(repo))
    assert {name: part.parent for name, part in found.items()} == {
        "low": "main",
        "high": "low",
        "mine": "high",
        "top": "mine",
        "other": "main",
    }
    mine = found["mine"]
    assert (mine.commits, mine.added, len(mine.paths)) == (2, 2, 2)
    assert mine.evidence[0].detail.startswith("it contains high (#2) at ")
    assert all(said.parent is None for said in mine.evidence)


@pytest.mark.parametrize(
    "more",
    [
        {"head_commit": "f" * 40},
        {"head_commit": "--all"},
        {"head_commit": "HEAD\n--not\nHEAD"},
        {"head_commit": None},
        {"state": PullState.CLOSED},
        {"foreign": True, "head_repository": "eve/r"},
    ],
)
def test_what_was_not_fetched_or_is_not_open_is_no_place(repo, more):
    found = read(repo, *two(repo, **more))
    assert found["mine"].parent == "low"
    assert (found["mine"].commits, found["top"].commits) == (4, 1)


def test_a_pull_request_whose_branch_is_here_changes_nothing(repo):
    repo.git("branch", "-q", "high", "origin/high")
    found = read(repo, *two(repo))
    assert (found["mine"].parent, found["mine"].commits) == ("high", 2)
    assert (found["high"].parent, found["high"].commits) == ("low", 2)


def test_the_trunk_as_a_pull_request_is_the_trunk(repo):
    release = PullRequest(3, "Release", "main", "release", head_commit=repo.git("rev-parse", "main"))
    empty = PullRequest(4, "Empty", "empty", "main", head_commit=repo.git("rev-parse", "main"))
    repo.git("update-ref", "refs/remotes/origin/empty", "main")
    found = read(repo, release, empty)
    assert (found["mine"].parent, found["mine"].commits) == ("main", 6)
