"""One graph of everything: who is believed, what is kept of the others, and that no circle survives."""

from __future__ import annotations

import json
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.pull import PullRequest, PullState
from cockpit.domain.rpt import RptFacts
from cockpit.domain.stack import Evidence, Slice, Stack
from cockpit.domain.words import Status
from cockpit.edges.git import RealGit
from cockpit.edges.store import Store
from cockpit.stacks import belonging, listing, reading
from cockpit.stacks.evidence.edge import Edge, name_of
from cockpit.stacks.gitread import Reading
from cockpit.stacks.joining import doubts, join
from cockpit.stacks.pulls import Pulls
from cockpit.workspace.cache import Cache
from support.repo import Repo

TOOLS = ("native", "base", "av", "spr", "graphite", "git-town", "sapling")
NAMES = ("main", "a", "b", "c", "d", "e", "nowhere", "eve:a")


def pull(number, head, base="main", **more):
    return PullRequest(number, f"Title {number}", head, base, **more)


def pulls(*some, trunk="main"):
    return Pulls("o/r", "github.com", trunk, some)


def branches(*names, trunk="main"):
    told = (Evidence("ancestry", f"it leaves {trunk}"), Evidence("ancestry", "more"))
    parts = [Slice(name, trunk, commits=1, evidence=told, commit=f"c-{name}") for name in names]
    return Reading(None, tuple(Stack(part.branch, trunk, (part,)) for part in parts), (), trunk)


def tree(stacks):
    return {stack.id: [(part.branch, part.parent, part.state) for part in stack.slices] for stack in stacks}


def read(root, some=None):
    store = Store.in_memory()
    try:
        return reading.read(RealGit(root), root, None, Cache(store), some)
    finally:
        store.close()


@given(
    st.lists(
        st.builds(Edge, st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(TOOLS), st.just("x"))
    ),
    st.sets(st.sampled_from(NAMES[1:6])),
    st.sets(st.sampled_from(NAMES[1:6])),
)
def test_no_circle_survives_and_no_evidence_is_lost(edges, here, there):
    edges = [one for one in edges if one.child != one.parent]
    server = pulls(*(pull(n, name) for n, name in enumerate(sorted(there), 1)))
    stacks = join(branches(*sorted(here)), server, edges)
    parts = [part for stack in stacks for part in stack.slices]
    assert sorted(part.branch for part in parts) == sorted(here | there)
    for stack in stacks:
        seen = {stack.trunk}
        for part in stack.slices:
            assert part.parent in seen
            seen.add(part.branch)
    by_name = {part.branch: part for part in parts}
    for one in edges:
        if one.child in by_name:
            part = by_name[one.child]
            assert any(
                said.source == one.source and (said.parent or part.parent) == one.parent
                for said in part.evidence
            )
    assert stacks == join(branches(*sorted(here)), server, edges[::-1])


def test_the_most_trusted_wins_and_the_others_are_shown():
    edges = [
        Edge("c", "a", "git-town", "local"),
        Edge("c", "b", "base", "#3 goes into b", 3),
        Edge("b", "a", "native", "2 of 2", 2),
        Edge("b", "main", "base", "#2 goes into main", 2),
    ]
    (stack,) = join(branches("a", "c"), pulls(pull(2, "b"), pull(3, "c", "b")), edges)
    assert tree([stack]) == {"a": [("a", "main", "open"), ("b", "a", "open"), ("c", "b", "open")]}
    assert [(said.source, said.parent) for said in stack.slices[2].evidence] == [
        ("base", None),
        ("git-town", "a"),
        ("ancestry", "main"),
        ("ancestry", None),
    ]
    shown = listing.document(branches("a"), [stack])["stacks"][0]["slices"][1]["evidence"]
    assert shown[1] == {"source": "base", "detail": "#2 goes into main", "parent": "main"}


@pytest.mark.parametrize(("below", "differs"), [(PullState.MERGED, None), (PullState.OPEN, "main")])
def test_what_goes_into_the_trunk_since_the_slice_below_was_merged_is_no_disagreement(below, differs):
    edges = [
        Edge("b", "a", "native", "2 of 3", 2),
        Edge("c", "b", "native", "3 of 3", 3),
        Edge("c", "main", "base", "#3 goes into main", 3),
    ]
    some = (pull(1, "a", state=below), pull(2, "b", state=below), pull(3, "c"))
    (stack,) = join(Reading(None), pulls(*some), edges)
    assert [(said.source, said.parent) for said in stack.slices[2].evidence] == [
        ("native", None),
        ("base", differs),
    ]


def test_a_circle_of_bases_is_cut_and_said():
    edges = [Edge("a", "b", "base", "#1 goes into b", 1), Edge("b", "a", "base", "#2 goes into a", 2)]
    (stack,) = join(Reading(None), pulls(pull(1, "a", "b"), pull(2, "b", "a")), edges)
    assert tree([stack]) == {"b": [("b", "main", "open"), ("a", "b", "open")]}
    assert "circle" in stack.slices[0].evidence[0].detail


def test_a_fork_with_the_same_branch_name_is_another_slice():
    fork = pull(2, "a", foreign=True, head_repository="eve/r")
    assert name_of(fork) == "eve:a"
    stacks = join(branches("a"), pulls(pull(1, "a"), fork), ())
    assert tree(stacks) == {"a": [("a", "main", "open")], "eve:a": [("eve:a", "main", "open")]}
    assert {stack.slices[0].pr for stack in stacks} == {1, 2}


def test_a_base_that_nobody_knows_is_said():
    edges = [Edge("a", "release", "base", "#1 goes into release", 1)]
    (stack,) = join(branches("a"), pulls(pull(1, "a", "release")), edges)
    assert (stack.trunk, stack.slices[0].parent) == ("release", "release")
    assert "neither the trunk nor a branch known here" in stack.slices[0].evidence[0].detail


def test_a_renamed_trunk_is_one_trunk_and_is_said():
    edges = [Edge("a", "main", "base", "#1 goes into main", 1)]
    here, server = branches("a", trunk="master"), pulls(pull(1, "a"))
    (stack,) = join(here, server, edges)
    assert (stack.trunk, stack.slices[0].parent) == ("master", "master")
    assert [said.parent for said in stack.slices[0].evidence] == [None, None, None]
    assert [problem.code for problem in doubts(here, server)] == ["trunk-differs"]
    assert doubts(branches("a"), server) == ()


@pytest.mark.parametrize(
    ("state", "commit", "shown"),
    [
        (PullState.MERGED, "c-a", "merged"),
        (PullState.MERGED, "other", "open"),
        (PullState.CLOSED, "c-a", "open"),
        (PullState.OPEN, "other", "open"),
    ],
)
def test_what_the_server_says_of_a_branch(state, commit, shown):
    (stack,) = join(branches("a"), pulls(pull(1, "a", state=state, head_commit=commit)), ())
    assert stack.slices[0].state == shown
    last = stack.slices[0].evidence[-1]
    assert (last.source, last.detail[:2]) == ("pull-request", "#1")


def test_of_two_pull_requests_of_a_branch_the_open_one_counts():
    (stack,) = join(Reading(None), pulls(pull(9, "a", state=PullState.MERGED), pull(1, "a")), ())
    assert (stack.slices[0].pr, stack.slices[0].state) == (1, "open")


def test_a_closed_one_is_shown_only_below_an_open_one():
    closed, over = pull(1, "a", state=PullState.CLOSED), pull(2, "b", "a")
    edges = [Edge("b", "a", "base", "#2 goes into a", 2)]
    assert join(Reading(None), pulls(closed), ()) == ()
    assert tree(join(Reading(None), pulls(closed, over), edges)) == {
        "a": [("a", "main", "closed"), ("b", "a", "open")]
    }


def test_a_clone_detached_shallow_and_in_a_worktree(tmp_path):
    repo = Repo(tmp_path / "repo")
    repo.commit("begin", "README.md")
    repo.branch("a")
    repo.branch("b")
    repo.git("switch", "-q", "--detach", "main")
    server = pulls(pull(1, "a"), pull(2, "b", "a"), pull(3, "c", "b"))
    wanted = {"a": [("a", "main", "open"), ("b", "a", "open"), ("c", "b", "open")]}
    assert tree(read(repo.root, server).stacks) == wanted
    repo.git("worktree", "add", "-q", str(tmp_path / "tree"), "b")
    assert tree(read(tmp_path / "tree", server).stacks) == wanted
    url = f"file://{repo.root}"
    subprocess.run(["git", "clone", "-q", "--depth=1", "-b", "b", url, tmp_path / "thin"], check=True)
    assert tree(read(tmp_path / "thin", server).stacks) == wanted
    empty = read(tmp_path, server)
    assert [problem.code for problem in empty.problems] == ["no-repository"]
    assert tree(empty.stacks) == wanted


def test_a_hostile_title_is_data(tmp_path):
    title = "\x1b[31m[bold]RPT-7[/bold]\x1b]0;x\x07" + "y" * 10_000
    hostile = PullRequest(1, title, "a", "main", url="javascript:x\x1b[2J", body=title)
    (stack,) = read(tmp_path, pulls(hostile)).stacks
    document = json.dumps(listing.document(Reading(None), [stack]))
    assert "\\u001b" not in document
    assert len(document) < 4_000
    rpt = RptFacts("RPT-0007", "rpts/RPT-0007-x.md", "x", Status.BUILDING)
    assert [one.rpt for one in belonging.placed(Reading(None, (stack,)), [rpt])] == ["RPT-0007"]


@pytest.mark.parametrize(
    ("more", "owner"),
    [
        ({"title": "RPT-0007: routes"}, "RPT-0007"),
        ({"body": "part of rpt-9"}, "RPT-0009"),
        ({"title": "RPT-7", "body": "not RPT-9"}, "RPT-0007"),
        ({"url": "https://github.com/o/r/pull/4", "title": "RPT-7"}, "RPT-0009"),
        ({}, None),
    ],
)
def test_whose_pull_request_it_is(more, owner):
    links = {"pull": "https://github.com/o/r/pull/4/"}
    rpts = [
        RptFacts("RPT-0007", "rpts/RPT-0007-x.md", "x", Status.BUILDING),
        RptFacts("RPT-0009", "rpts/RPT-0009-y.md", "y", Status.BUILDING, links=links),
    ]
    one = PullRequest(**{"number": 4, "title": "t", "head": "a", "base": "main"} | more)
    found = join(Reading(None), pulls(one), ())
    assert [stack.rpt for stack in belonging.placed(Reading(None, found), rpts)] == [owner]


def test_a_branch_that_ends_in_a_pull_requests_commit_is_no_slice_besides_it():
    server = pulls(pull(1, "low"), pull(2, "high", "low", head_commit="c-work"))
    (stack,) = join(branches("work"), server, (Edge("high", "low", "base", "x"),))
    assert [part.branch for part in stack.slices] == ["low", "high"]
    assert stack.slices[1].evidence[-1].detail == "work in this clone has its commit c-work"
    assert [part.here for part in stack.slices] == [None, "work"]
    above = Slice("next", "work", commits=1, commit="c-next")
    reading = branches("work")
    both = Reading(None, (Stack("work", "main", (*reading.stacks[0].slices, above)),), (), "main")
    (stack,) = join(both, server, (Edge("high", "low", "base", "x"),))
    assert [(part.branch, part.parent) for part in stack.slices][2] == ("next", "high")


@pytest.mark.parametrize(
    ("more", "edges"),
    [
        ({"head_commit": "c-other"}, ()),
        ({"head_commit": "c-work", "state": PullState.CLOSED}, ()),
        ({"head_commit": "c-work", "foreign": True, "head_repository": "eve/r"}, ()),
        ({"head_commit": "c-work"}, (Edge("work", "main", "graphite", "x"),)),
        ({}, (Edge("work", "nowhere", "mergify", "x", same=True),)),
    ],
)
def test_another_branch_stays_a_slice(more, edges):
    stacks = join(branches("work"), pulls(pull(1, "high", **more)), edges)
    assert "work" in {part.branch for stack in stacks for part in stack.slices}
