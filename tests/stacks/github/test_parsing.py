"""Is junk survived, and unknown never taken for good?"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.pull import Checks, Decision, Merging
from cockpit.stacks.github import parsing

KEYS = (
    *("number", "title", "url", "body", "state", "isDraft", "createdAt", "mergedAt", "author", "headRefName"),
    *("headRefOid", "baseRefName", "files", "isCrossRepository", "headRepository", "additions", "mergeable"),
    *("reviewDecision", "isInMergeQueue", "mergeQueueEntry", "labels", "reviewRequests", "comments", "stack"),
    *("latestOpinionatedReviews", "reviewThreads", "statusCheckRollup", "stackEntry"),
)
INNER = (
    *("nodes", "login", "state", "commit", "oid", "body", "name", "path", "contexts", "id", "number", "size"),
    *("position", "requestedReviewer", "author"),
)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    | st.sampled_from(["OPEN", "SUCCESS", "APPROVED", "MERGEABLE", "\ud800", "\x1b[31m", "a" * 500])
)  # fmt: skip
JUNK = st.recursive(
    LEAVES, lambda of: st.lists(of, max_size=3) | st.dictionaries(st.sampled_from(INNER), of, max_size=4)
)
LEAST = {"number": 1, "headRefName": "a", "baseRefName": "main", "state": "OPEN", "isCrossRepository": False}


@given(st.dictionaries(st.sampled_from(KEYS), JUNK), st.booleans())
@settings(max_examples=300, deadline=None)
def test_junk_is_survived(node: dict[str, Any], whole: bool) -> None:
    found = parsing.pull({**LEAST, **node} if whole else node, "o/r")
    if found is None:
        return
    for text in (
        found.title,
        found.body,
        found.head,
        found.base,
        *found.labels,
        *found.failing,
        *found.asked,
    ):
        text.encode()
        assert "\x1b" not in text and len(text) <= 20_000
    assert found.number > 0 and found.head and found.base


@given(JUNK)
@settings(max_examples=100, deadline=None)
def test_what_is_no_pull_request_is_none(node: Any) -> None:
    assert parsing.pull(node, "o/r") is None


def test_what_is_missing_is_unknown() -> None:
    found = parsing.pull(LEAST, "o/r")
    assert found is not None
    assert (found.checks, found.merging, found.decision) == (Checks.UNKNOWN, Merging.UNKNOWN, Decision.NONE)
    odd = parsing.pull({**LEAST, "statusCheckRollup": {"state": "BRAND_NEW"}, "mergeable": "NEW"}, "o/r")
    assert odd is not None and (odd.checks, odd.merging) == (Checks.UNKNOWN, Merging.UNKNOWN)


def test_a_branch_name_that_cannot_be_shown_equals_no_other() -> None:
    found = parsing.pull({**LEAST, "headRefName": "main\u200b"}, "o/r")
    assert found is not None and found.head == "main\\u200b\\"
    unknown = parsing.pull({k: v for k, v in LEAST.items() if k != "isCrossRepository"}, "o/r")
    assert unknown is not None and unknown.foreign
    json.dumps(found.head)
