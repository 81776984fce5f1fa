"""What real tools left, captured in fixtures and left anew where they are here, is read as it was meant."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.stack import Slice
from cockpit.edges.clock import SystemClock
from cockpit.edges.git import RealGit
from cockpit.edges.http import HttpxHttp
from cockpit.edges.store import Store
from cockpit.stacks import github, reading
from cockpit.stacks.github import reading as asking
from cockpit.stacks.pulls import Pulls
from cockpit.workspace.cache import Cache
from support import clients
from support.github.server import MockGithub
from support.peers import CAPTURED, PEERS, captured, replayed
from support.repo import Repo

_LINE = {1: "main", 2: 1, 3: 2}
_FORKED = {**_LINE, 4: 2}
# Each tool: what each pull request stands on, and who says so besides the base of the first one.
WANTED: dict[str, tuple[dict[int, int | str], set[str]]] = {
    "git-machete": (_FORKED, {"base", "git-machete", "ancestry"}),
    "git-machete-full": (_FORKED, {"base", "git-machete", "ancestry"}),
    "mergify": (_LINE, {"native", "base", "mergify"}),
    "mergify-without-stacks": (_LINE, {"base", "mergify"}),
    "stack-pr": (_LINE, {"base", "stack-pr"}),
}
# What a tool says in its own words of a pull request that stands on another: in the body or a comment,
# in a file of the clone, in the commits.
WORDS = {
    "git-machete": ("git-machete says so in its body", "git-machete lists it in its body", ".git/machete"),
    "git-machete-full": ("git-machete says so in its body", "git-machete lists it in its body"),
    "mergify": ("stands on that of",),
    "mergify-without-stacks": ("mergify says so in its body", "stands on that of"),
    "stack-pr": ("stack-pr lists it in its body", "stands on that of"),
}


def asked(mock: MockGithub) -> Pulls:
    clock = SystemClock()
    host = github.of_remote("https://github.com/acme/research.git", mock.url)
    assert host is not None

    async def work() -> Pulls:
        async with HttpxHttp(clock) as http:
            return await asking.read(http, host, "token-of-ada", None, clock)

    pulls = asyncio.run(work())
    assert pulls.problems == ()
    return pulls


def slices(mock: MockGithub, repo: Repo) -> list[Slice]:
    store = Store.in_memory()
    try:
        said = reading.read(RealGit(repo.root), repo.root, None, Cache(store), asked(mock))
    finally:
        store.close()
    assert said.problems == ()
    return [part for stack in said.stacks for part in stack.slices]


def judge(name: str, left: dict[str, Any], folder: Path) -> None:
    """The stack that the tool left is read back, as it made it, and nobody disagrees."""
    with replayed(left, folder) as (mock, repo):
        read = slices(mock, repo)
    stands, sources = WANTED[name]
    numbers = {part.branch: part.pr for part in read if part.pr is not None}
    assert {part.pr: numbers.get(part.parent, part.parent) for part in read if part.pr is not None} == stands
    # The branch that somebody works on is the topmost pull request's, and no slice of its own.
    assert {part.pr for part in read} == set(stands)
    if "line" in left["branches"]:
        assert any("line in this clone has it" in said.detail for said in read[-1].evidence)
    for part in read:
        assert [said for said in part.evidence if said.parent is not None] == []
        if isinstance(stands.get(part.pr or 0), int):
            assert {said.source for said in part.evidence} == sources
            for words in WORDS[name]:
                assert any(words in said.detail for said in part.evidence), (part.branch, words)


@pytest.mark.parametrize("name", PEERS)
def test_what_was_captured_is_read_back(name: str, tmp_path: Path) -> None:
    judge(name, json.loads((CAPTURED / f"{name}.json").read_text("utf-8")), tmp_path)


@pytest.mark.parametrize("name", PEERS)
def test_a_captured_stack_is_merged_slice_by_slice(name: str, tmp_path: Path) -> None:
    stands, _ = WANTED[name]
    left = json.loads((CAPTURED / f"{name}.json").read_text("utf-8"))
    with replayed(left, tmp_path) as (mock, repo):
        for number in (1, 2):
            mock.merge(number)
            mock.delete_branch(mock.pulls[number].head)
            repo.git("switch", "-q", "main")
            repo.git("pull", "-q", "--ff-only", "--prune", "origin", "main")
            read = slices(mock, repo)
            numbers = {part.branch: part.pr for part in read}
            assert {part.pr: numbers.get(part.parent, part.parent) for part in read} == stands
            assert {part.pr for part in read if part.state == "merged"} == set(range(1, number + 1))


@pytest.mark.parametrize("name", [name for name in PEERS if "machete" not in name])
def test_what_was_not_pushed_yet_stands_on_what_was(name: str, tmp_path: Path) -> None:
    left = json.loads((CAPTURED / f"{name}.json").read_text("utf-8"))
    with replayed(left, tmp_path) as (mock, repo):
        repo.git("switch", "-q", "line")
        repo.commit("One more", "more.py", "1\n2\n")
        read = slices(mock, repo)
    top, work = read[-2:]
    assert (top.pr, work.branch, work.parent) == (3, "line", top.branch)
    assert (work.commits, work.added, work.counted, work.paths) == (1, 2, 2, ("more.py",))
    assert [said for said in work.evidence if said.parent is not None] == []
    assert work.evidence[0].detail.startswith(f"it contains {top.branch} (#3) at ")


@pytest.mark.parametrize("name", PEERS)
def test_what_the_tool_leaves_now_is_read_back(name: str, tmp_path: Path) -> None:
    peer = PEERS[name]
    if clients.found(peer.program) is None:
        pytest.skip(clients.absent(peer.program))
    for folder in ("there", "again"):
        (tmp_path / folder).mkdir()
    judge(name, captured(peer, tmp_path / "there"), tmp_path / "again")


@pytest.mark.parametrize("name", PEERS)
def test_a_fixture_names_no_machine(name: str) -> None:
    text = (CAPTURED / f"{name}.json").read_text("utf-8")
    for mark in ("/tmp", "/home", "/root", "localhost", "127.0.0.1", "token"):
        assert mark not in text
