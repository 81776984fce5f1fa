"""The one cause that holds a slice up, who has to act, and what comes next."""

from __future__ import annotations

import pytest

from cockpit.domain.pull import Checks, Decision, Merging, PullRequest, PullState, Verdict
from cockpit.domain.stack import Slice, Stack
from cockpit.domain.words import StackState
from cockpit.stacks.belonging import summarise
from cockpit.stacks.pulls import Pulls
from cockpit.stacks.standing import judged, outlook

SERVER = Pulls("o/r", "github.com", "main")
GOOD = {
    "author": "ada",
    "checks": Checks.PASSING,
    "merging": Merging.CLEAN,
    "decision": Decision.APPROVED,
    "head_commit": "new",
    "updated_at": "2026-11-20T10:00:00Z",
}


def part(number, parent="main", shown="open", **more):
    pull = PullRequest(number, "t", f"b{number}", parent, **(GOOD | more))
    return Slice(f"b{number}", parent, shown, pr=number, commits=1, pull=pull)


def stack(*parts, server=SERVER):
    return judged([Stack(parts[0].branch, "main", parts)], server)[0]


def verdict(by, decision, commit=None):
    return Verdict(by, decision, commit)


NO, YES = Decision.CHANGES_REQUESTED, Decision.APPROVED
OPEN = Decision.REVIEW_REQUIRED


@pytest.mark.parametrize(
    ("more", "cause", "who"),
    [
        ({}, None, None),
        ({"checks": Checks.NONE}, None, None),
        ({"draft": True}, "draft", ("ada",)),
        ({"draft": True, "checks": Checks.FAILING}, "checks", ("ada",)),
        ({"checks": Checks.FAILING, "failing": ("lint",)}, "checks", ("ada",)),
        ({"checks": Checks.PENDING}, "checks", ()),
        ({"checks": Checks.UNKNOWN}, "unknown", ()),
        ({"merging": Merging.CONFLICT, "checks": Checks.FAILING}, "conflict", ("ada",)),
        ({"merging": Merging.COMPUTING}, "unknown", ()),
        ({"merging": Merging.UNKNOWN}, "unknown", ()),
        ({"unresolved": 2}, "threads", ("ada",)),
        ({"queued": 3, "checks": Checks.PENDING}, "queue", ()),
        ({"state": PullState.CLOSED}, "not-submitted", ("ada",)),
        ({"state": PullState.MERGED}, "not-submitted", ("ada",)),
        ({"decision": OPEN}, "review", ("ada",)),
        ({"decision": OPEN, "asked": ("bob", "o/team")}, "review", ("bob", "o/team")),
        ({"decision": Decision.NONE, "asked": ("bob",)}, "review", ("bob",)),
        ({"decision": Decision.NONE}, None, None),
        ({"verdicts": (verdict("bob", YES, "new"),)}, None, None),
        ({"verdicts": (verdict("bob", YES),)}, None, None),
        ({"verdicts": (verdict("bob", YES, "old"),)}, "review", ("bob",)),
        ({"verdicts": (verdict("bob", YES, "old"), verdict("cy", YES, "new"))}, None, None),
        ({"decision": NO, "verdicts": (verdict("bob", NO, "new"),)}, "review", ("ada",)),
        ({"decision": NO, "verdicts": (verdict("bob", NO, "old"),)}, "review", ("bob",)),
        ({"decision": NO}, "review", ("ada",)),
    ],
)
def test_the_one_cause(more, cause, who):
    held = stack(part(1, **more)).slices[0].blocked
    assert (held and held.cause, held and held.who) == (cause, who)


def test_a_low_conflict_is_what_holds_up_everything_above():
    found = stack(part(1, merging=Merging.CONFLICT), part(2, "b1"), part(3, "b2"), part(4, "b3", draft=True))
    assert [one.blocked.cause for one in found.slices] == ["conflict", "lower-slice", "lower-slice", "draft"]
    assert found.slices[1].blocked == found.slices[2].blocked
    assert found.slices[2].blocked.text == "b1 (#1) comes first: it conflicts with main"
    assert summarise([found], None).state is StackState.BLOCKED
    assert summarise([found], None).blocking == "b1: it conflicts with main"


def test_what_comes_next_and_since_when():
    found = stack(part(1, shown="merged"), part(2, "b1", asked=("bob",), decision=OPEN), part(3, "b2"))
    now = 1_795_186_800.0
    seen = outlook(found, now)
    assert (seen.merged, seen.total, seen.next.branch, seen.who) == (1, 3, "b2", ("bob",))
    assert seen.text == "b2: bob was asked for a review"
    assert (seen.since, seen.wait_s) == ("2026-11-20T10:00:00Z", 18_000.0 + (now - 1_795_186_800.0))
    ready = outlook(stack(part(1), part(2, "b1")), now)
    assert (ready.text, ready.who) == ("merge b1 (#1)", ("ada",))
    assert outlook(stack(part(1, auto_merge=True)), now).text == "#1 merges itself"
    done = outlook(stack(part(1, shown="merged")), now)
    assert (done.next, done.text) == (None, "everything is merged")


def test_a_branch_without_a_pull_request_is_not_submitted_and_unread_is_unknown():
    plain = Slice("x", "main", commits=1, author="Ada", updated_at="nonsense")
    assert stack(plain).slices[0].blocked.cause == "not-submitted"
    assert outlook(stack(plain), 0.0).wait_s is None
    unread = stack(plain, server=None)
    assert unread.slices[0].blocked.cause == "unknown"
    assert summarise([unread], None).blocking is None
