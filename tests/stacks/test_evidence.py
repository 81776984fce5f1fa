"""What bodies, comments, base chains and native stacks say, tool by tool."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.pull import NativeStack, PullRequest
from cockpit.stacks.evidence import chain, native, texts
from cockpit.stacks.pulls import Pulls

FIXTURES = Path(__file__).parent / "fixtures"


def pull(number, head=None, base="main", **more):
    return PullRequest(number, f"Title {number}", head or f"b{number}", base, **more)


def pulls(*some):
    return Pulls("o/r", "github.com", "main", some)


def told(edges):
    return [(one.child, one.parent, one.source, one.pr) for one in edges]


CAPTURED = {
    "git-machete": ("git-machete-full", "body"),
    "mergify": ("mergify-without-stacks", "body"),
    "mergify-comment": ("mergify-without-stacks", "comments"),
    "stack-pr": ("stack-pr", "body"),
}


def read(name):
    """Return what the tool wrote in the second of three pull requests."""
    if name not in CAPTURED:
        return (FIXTURES / f"{name}.txt").read_text("utf-8")
    file, where = CAPTURED[name]
    said = json.loads((FIXTURES / "captured" / f"{file}.json").read_text("utf-8"))["pulls"][1][where]
    return "\n".join(said if where == "body" else said[0])


@pytest.mark.parametrize(
    "source",
    [
        "ghstack",
        "sapling",
        "sapling-legacy",
        "stack-pr",
        "spr",
        "spr-titles",
        "git-machete",
        "git-town",
        "git-town-action",
        "git-town-action-region",
        "av",
        "mergify",
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_body_says_what_its_pull_request_stands_on(source, ends):
    # GitHub makes "\r\n" of line ends when somebody edits a body there.
    body = read(source).replace("\n", ends)
    tool = next(one for one in ("git-town", "git-machete", "stack-pr", source) if source.startswith(one))
    tool = tool.removesuffix("-titles").removesuffix("-legacy")
    assert set(told(texts.bodies(pulls(pull(1), pull(2, body=body), pull(3))))) == {("b2", "b1", tool, 2)}


@pytest.mark.parametrize("source", ["mergify", "git-spice", "graphite", "jj-ryu"])
def test_a_comment_says_it_of_what_nothing_better_places(source):
    three = pulls(pull(1), pull(2, comments=("hello", read(f"{source}-comment"))), pull(3))
    assert told(texts.comments(three)) == [("b2", "b1", source, 2)]
    assert texts.comments(three, {2}) == ()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "see #1 and * #2",
        "* #2\n* #1\n",
        "<!-- av pr metadata\n```\n{not json\n```\n-->",
        '<!-- av pr metadata\n```\n{"parent":7,"parentPull":true}\n```\n-->',
        "<!-- mergify-stack-data: " + "[" * 50_000,
        "Depends-On: #2",
        "Stacked PRs:\n * #2",
    ],
)
def test_what_is_no_list_says_nothing(body):
    assert texts.bodies(pulls(pull(1), pull(2, body=body))) == ()


def test_a_number_that_was_not_read_stays_a_number():
    assert told(texts.bodies(pulls(pull(2, body=read("spr"))))) == [("b2", "#1", "spr", 2)]


@given(st.text(), st.integers(1, 9))
def test_no_text_makes_it_fail(text, number):
    for name in ("ghstack", "git-town", "av", "mergify-comment"):
        one = pull(number, body=text + read(name) + text, comments=(text, read(name)[:-9]))
        for found in (*texts.bodies(pulls(one)), *texts.comments(pulls(one))):
            assert found.child == one.head
            assert found.parent != one.head


def test_a_base_is_a_branch_of_the_repository_and_never_a_forks():
    fork = pull(2, "b1", "main", foreign=True, head_repository="eve/r")
    found = chain.edges(pulls(pull(1), fork, pull(3, "b3", "b1"), pull(4, "gh/u/2/head", "gh/u/2/base")))
    assert told(found) == [("b1", "main", "base", 1), ("eve:b1", "main", "base", 2), ("b3", "b1", "base", 3)]


def test_native_positions_are_the_order():
    def at(position):
        return NativeStack("9", position, 4, "main")

    some = pulls(pull(12, native=at(2)), pull(11, native=at(1)), pull(14, native=at(4)), pull(5))
    found = native.edges(some)
    assert told(found) == [
        ("b11", "main", "native", 11),
        ("b12", "b11", "native", 12),
        ("b14", "b12", "native", 14),
    ]
    assert "what lies between it and number 2 was not read" in found[2].detail


def test_hostile_names_are_made_safe():
    (found,) = chain.edges(pulls(pull(1, "a\x1b[31mb" + "x" * 9_000, "m\x1b]0;t\x07ain")))
    assert (found.parent, len(found.child)) == ("main", 200)
    assert "\x1b" not in json.dumps(found.detail)
