"""One word for each slice, who has to act on it, and in which words both faces tell it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.pull import Checks, Decision, Merging, PullRequest, PullState, Server, Verdict
from cockpit.domain.signs import SLICE
from cockpit.domain.slice_state import SliceState, acting, left, state_of, waits_for, worst
from cockpit.domain.stack import Evidence, Slice, Stack
from cockpit.stacks import links, telling
from cockpit.stacks.pulls import Pulls
from cockpit.stacks.standing import judged, outlook

GOOD = {
    "title": "A title",
    "author": "ada",
    "checks": Checks.PASSING,
    "merging": Merging.CLEAN,
    "decision": Decision.APPROVED,
    "head_commit": "new",
    "url": "https://github.com/o/r/pull/1",
}
NO, YES = Decision.CHANGES_REQUESTED, Decision.APPROVED
SERVER = Server("github.com", "o/r", 1_000.0)


def part(number=1, parent="main", shown="open", **more):
    pull = PullRequest(number=number, head=f"b{number}", base=parent, **(GOOD | more))
    return Slice(f"b{number}", parent, shown, pr=number, commits=1, pull=pull)


def stack(*parts):
    return judged([Stack(parts[0].branch, "main", parts)], Pulls("o/r", "github.com", "main"))[0]


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({}, "approved"),
        ({"decision": Decision.NONE, "verdicts": (Verdict("bob", YES, "new"),)}, "approved"),
        ({"verdicts": (Verdict("bob", YES, "old"),)}, "open"),
        ({"decision": Decision.REVIEW_REQUIRED, "asked": ("bob",)}, "open"),
        ({"decision": Decision.NONE}, "open"),
        ({"decision": NO}, "changes-requested"),
        ({"decision": NO, "verdicts": (Verdict("bob", NO, "new"),)}, "changes-requested"),
        ({"decision": NO, "verdicts": (Verdict("bob", NO, "old"),)}, "open"),
        ({"unresolved": 1}, "open"),
        ({"draft": True}, "draft"),
        ({"draft": True, "checks": Checks.FAILING}, "checks-failing"),
        ({"merging": Merging.CONFLICT, "checks": Checks.FAILING}, "conflict"),
        ({"queued": 2}, "queued"),
        ({"shown": "merged", "state": PullState.MERGED}, "merged"),
        ({"shown": "closed", "state": PullState.CLOSED}, "closed"),
        ({"state": PullState.CLOSED}, "open"),
    ],
)
def test_the_one_word(more, word):
    found = state_of(stack(part(**more)).slices[0])
    assert found == word
    assert SLICE[found].glyph and SLICE[found].word


def test_a_slice_above_keeps_its_own_word_and_waits_for_nobody_of_its_own():
    low, high = stack(part(1, merging=Merging.CONFLICT), part(2, "b1")).slices
    assert (state_of(low), state_of(high)) == ("conflict", "approved")
    assert (acting(low), acting(high)) == (("ada",), ())
    assert waits_for(low, ("Ada",)) and not waits_for(low, ("bob",)) and waits_for(low, ())
    assert not waits_for(high, ())


def test_who_merges_what_is_ready_and_who_is_not_asked():
    (ready,) = stack(part()).slices
    assert acting(ready) == ("ada",)
    assert acting(stack(part(auto_merge=True)).slices[0]) == ()
    assert acting(Slice("b", "main", "merged")) == ()
    assert state_of(Slice("b", "main", "unknown")) is SliceState.UNKNOWN


def test_every_state_is_told_apart_without_colour():
    assert len({sign.glyph for sign in SLICE.values()}) == len({sign.word for sign in SLICE.values()}) == 10
    assert set(SLICE) == set(SliceState)


def test_the_worst_slice_ranks_its_stack_and_twins_count_once():
    fine, bad = stack(part()), stack(part(1), part(2, "b1", checks=Checks.FAILING))
    assert worst(bad) < worst(fine) < worst(Stack("x", "main", ()))
    twin = replace(fine.slices[0], commit="c")
    assert len(left([Stack("x", "main", (twin, replace(twin, branch="y")))])) == 1
    assert left([Stack("x", "main", (Slice("m", "main", "merged", commits=1), Slice("e", "main")))]) == ()


def test_review_and_checks_in_words():
    pull = part(
        verdicts=(Verdict("bob", YES, "old"), Verdict("cy", NO, "new")),
        asked=("o/team",),
        checks=Checks.FAILING,
        failing=tuple(f"check {n}" for n in range(9)),
        unresolved=2,
    ).pull
    assert telling.review(pull) == "approved by bob (earlier head), changes requested by cy, waits for o/team"
    assert telling.checks(pull)[:2] == (
        "×",
        "failing: check 0, check 1, check 2, check 3, check 4, check 5 and 3 more",
    )
    assert telling.threads(pull) == "2 review threads not resolved"
    assert telling.review(part(decision=Decision.REVIEW_REQUIRED).pull) == "required, nobody is asked"
    assert telling.review(part(decision=Decision.NONE).pull) == "nobody is asked"
    assert telling.counted(Slice("b", "main", added=10, deleted=2, counted=7)) == "7 of 12 to read"
    assert telling.counted(Slice("b", "main", added=10, deleted=2, counted=12)) == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "github 3m ago"),
        ({"at": 0.0}, "github not read yet"),
        ({"stale": True}, "github 3m ago, offline"),
        ({"stale": True, "problem": "no route\x1b[31m"}, "github 3m ago, offline: no route"),
        ({"stale": True, "problem": "x", "code": "github-offline"}, "github 3m ago, offline: x"),
        (
            {"stale": True, "problem": "github.com failed with 502", "code": "f"},
            "github 3m ago, failed with 502",
        ),
        ({"stale": True, "problem": "github.com: refused"}, "github 3m ago, offline: refused"),
        ({"stale": True, "problem": "no token", "code": "github-no-token"}, "github 3m ago, no token"),
        ({"problem": "2 did not come", "code": "github-partial"}, "github 3m ago, 2 did not come"),
        ({"host": "git.example.org"}, "git.example.org 3m ago"),
    ],
)
def test_how_old_it_is_what_the_server_said(changes, words):
    assert telling.heard(replace(SERVER, **changes), 1_190.0)[0] == words


def test_without_a_remote_or_a_token_git_alone_and_the_way_out_are_said():
    assert telling.heard(None, 0.0)[0] == "git alone: no remote is on GitHub"
    said = {
        "at": 0.0,
        "stale": True,
        "code": "github-no-token",
        "problem": "there is none",
        "do": "set GH_TOKEN",
    }
    assert telling.heard(replace(SERVER, **said), 0.0)[0] == "github not read yet, no token: set GH_TOKEN"


def test_a_limit_says_until_when():
    said, _ = telling.heard(replace(SERVER, wait_until=1_795_186_800.0), 1_190.0)
    assert said.startswith("github 3m ago, rate limited until ") and said[-3] == ":"


def test_where_a_slice_is_on_the_web():
    assert links.url_of(part(), SERVER) == "https://github.com/o/r/pull/1"
    assert links.url_of(part(url="javascript:alert(1)"), SERVER) == "https://github.com/o/r/pull/1"
    assert links.url_of(part(url=""), None) is None
    plain = Slice("a/b#c", "main")
    assert links.url_of(plain, SERVER) == "https://github.com/o/r/compare/main...a%2Fb%23c?expand=1"
    assert links.url_of(replace(plain, state="merged"), SERVER) is None


def test_the_list_of_links():
    found = stack(part(1, shown="merged"), part(2, "b1", url="https://github.com/o/r/pull/2"))
    top = Slice("b3", "b2")
    said = links.markdown(replace(found, slices=(*found.slices, top)), SERVER)
    assert said.splitlines() == [
        "- [#1 A title](https://github.com/o/r/pull/1) (merged)",
        "  - [#2 A title](https://github.com/o/r/pull/2) (approved)",
        "    - b3",
    ]


@given(st.text(max_size=300))
def test_no_title_becomes_markup_or_moves_the_terminal(title):
    from markdown_it import MarkdownIt

    hostile = part(title=title, url=f"https://github.com/o/r/pull/1{title}")
    said = links.markdown(Stack("b1", "main", (hostile,)), SERVER)
    assert "\n" not in said and "\x1b" not in said
    tokens = [one for block in MarkdownIt().parse(said) for one in block.children or ()]
    assert {one.type for one in tokens} <= {"link_open", "link_close", "text"}
    assert "\x1b" not in telling.title(hostile)


def tree(*edges: str) -> Stack:
    """A stack of "child<parent", parents first."""
    pairs = [edge.split("<") for edge in edges]
    return Stack(pairs[0][0], "main", tuple(Slice(child, parent) for child, parent in pairs))


@pytest.mark.parametrize(
    ("edges", "leads"),
    [
        (("a<main", "b<a", "c<b"), ["", "", ""]),
        (("a<main", "b<a", "c<a"), ["", "├ ", "└ "]),
        (("a<main", "b<a", "c<b", "d<a", "e<d"), ["", "├ ", "│ ", "└ ", "  "]),
        (("a<main", "b<a", "c<b", "d<b", "e<a"), ["", "├ ", "│ ├ ", "│ └ ", "└ "]),
        (("a<gone",), [""]),
    ],
)
def test_a_line_is_flat_and_only_forks_are_drawn(edges, leads):
    assert telling.leads(tree(*edges)) == leads


def test_a_deep_tree_leaves_room_for_the_names():
    edges = ["r<main"]
    for depth in range(30):
        parent = "r" if depth == 0 else f"x{depth - 1}"
        edges += [f"y{depth}<{parent}", f"x{depth}<{parent}"]
    assert max(map(len, telling.leads(tree(*edges)))) <= 12


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "ada: merge it"),
        ({"auto_merge": True}, "it merges itself"),
        ({"author": None}, "merge it"),
        ({"decision": Decision.REVIEW_REQUIRED, "asked": ("bob",)}, "bob was asked for a review"),
        ({"decision": Decision.REVIEW_REQUIRED, "asked": ("bob", "cy")}, "bob, cy were asked for a review"),
        ({"verdicts": (Verdict("bob", NO, "new"),)}, "ada: bob asked for changes"),
        (
            {"verdicts": (Verdict("bob", NO, "old"),)},
            "bob asked for changes on an earlier head; review the new one",
        ),
        ({"checks": Checks.PENDING}, "its checks are running"),
        ({"shown": "merged", "state": PullState.MERGED}, "merged"),
    ],
)
def test_whose_turn_it_is_and_nobody_is_named_twice(more, words):
    assert str(telling.turn(stack(part(**more)).slices[0])) == words


def test_what_comes_next_in_a_stack_names_the_slice_that_it_is_about():
    low = part(1, decision=Decision.REVIEW_REQUIRED, asked=("bob",), updated_at="1970-01-01T00:10:00Z")
    found = stack(low, part(2, "b1"))
    seen = outlook(found, 600.0 + 3 * 3_600)
    assert str(telling.coming(seen)) == "bob was asked for a review · b1"
    assert telling.waits(seen) == "waits 3h"
    assert str(telling.turn(found.slices[1])) == "b1 (#1) comes first: bob was asked for a review"
    unread = judged((Stack("x", "main", (Slice("x", "main", commits=1),)),), None)[0]
    assert not str(telling.coming(outlook(unread, 0.0))) and not str(telling.turn(unread.slices[0]))


def test_the_text_of_the_list_is_clean(capsys):
    from cockpit.cli.commands.stack_list import _print

    title = "[/]oops [bold red]x \x1b[31m\x1b]0;owned\x07 \u202egpj.exe\nsecond " + "y" * 10_000
    hostile = part(1, title=title, author=title, asked=(title,), failing=(title,), checks=Checks.FAILING)
    said = Evidence(title, title, title)
    found = stack(replace(hostile, branch="b", evidence=(said, replace(said, parent=None))))
    _print(found, None, 0.0)
    out = capsys.readouterr().out
    assert "[bold red]" in out and not {"\x1b", "\x07", "\u202e", "\r"} & set(out)
    assert all(len(line) < 2_100 for line in out.splitlines()) and len(out.splitlines()) < 12
