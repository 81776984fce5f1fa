"""What does GitHub's answer say of a pull request? Every text is cleaned and bounded, junk is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, TypeVar

from cockpit.domain.pull import Checks, Decision, Merging, NativeStack, PullRequest, PullState, Verdict
from cockpit.domain.text import clean, one_line

_TITLE, _BODY, _NAME, _COMMENT = 300, 20_000, 255, 8_000
_COMMENTS, _PATHS = 3, 500
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")
# Comments are kept only where a stack may be told in them: they are many and long.
_TELLS = ("stack", "gs:navigation", "depends on", "depends-on", "graphite")
_STATES = {"OPEN": PullState.OPEN, "MERGED": PullState.MERGED, "CLOSED": PullState.CLOSED}
_DECISIONS = {
    "APPROVED": Decision.APPROVED,
    "CHANGES_REQUESTED": Decision.CHANGES_REQUESTED,
    "REVIEW_REQUIRED": Decision.REVIEW_REQUIRED,
}
_MERGING = {"MERGEABLE": Merging.CLEAN, "CONFLICTING": Merging.CONFLICT, "UNKNOWN": Merging.COMPUTING}
_CHECKS = {
    "SUCCESS": Checks.PASSING,
    "FAILURE": Checks.FAILING,
    "ERROR": Checks.FAILING,
    "PENDING": Checks.PENDING,
    "EXPECTED": Checks.PENDING,
}
_BAD = {"FAILURE", "ERROR", "TIMED_OUT", "CANCELLED", "STARTUP_FAILURE", "ACTION_REQUIRED"}
_MOST = 2**53
_T = TypeVar("_T")


def pull(node: Any, repository: str, *, partial: bool = False) -> PullRequest | None:
    """Return the pull request in `node` of a GraphQL answer, None if it is none.

    `repository` is the base's "owner/name". A part that is missing or of another type than GitHub's
    schema says is unknown, never good; so is one that is null in a `partial` answer, which had errors.
    """
    if not isinstance(node, dict):
        return None
    number, head, base = _count(node, "number"), _branch(node, "headRefName"), _branch(node, "baseRefName")
    state = _chosen(_STATES, node.get("state"))
    if not number or not head or not base or state is None:
        return None
    head_repository = _line(_inner(node, "headRepository"), "nameWithOwner")
    other = head_repository is None or head_repository.casefold() != repository.casefold()
    return PullRequest(
        number=number,
        title=_line(node, "title", _TITLE) or "",
        head=head,
        base=base,
        url=_url(node.get("url")),
        body=_long(node.get("body"), _BODY),
        state=state,
        draft=node.get("isDraft") is True,
        author=_line(_inner(node, "author"), "login"),
        head_commit=_commit(node.get("headRefOid")),
        base_commit=_commit(node.get("baseRefOid")),
        head_repository=head_repository,
        foreign=node.get("isCrossRepository") is not False or (head_repository is not None and other),
        additions=_count(node, "additions"),
        deletions=_count(node, "deletions"),
        changed_files=_count(node, "changedFiles"),
        paths=tuple(path for file in _nodes(node, "files") if (path := _line(file, "path", 1000)))[:_PATHS],
        labels=tuple(name for label in _nodes(node, "labels") if (name := _line(label, "name"))),
        decision=_chosen(_DECISIONS, node.get("reviewDecision")) or Decision.NONE,
        verdicts=tuple(_verdicts(node)),
        asked=tuple(_asked(node)),
        unresolved=_unresolved(node),
        checks=_checks(node, partial=partial),
        failing=tuple(_failing(node)),
        merging=_merging(node),
        auto_merge=isinstance(node.get("autoMergeRequest"), dict),
        queued=_queued(node),
        created_at=_time(node.get("createdAt")),
        updated_at=_time(node.get("updatedAt")),
        merged_at=_time(node.get("mergedAt")),
        native=_native(node),
        comments=tuple(_comments(node)),
    )


def renewed(known: PullRequest, node: Mapping[str, Any], *, partial: bool = False) -> PullRequest:
    """Return `known` with what `node` says of the things that change no list; `partial` as for `pull`."""
    return replace(
        known,
        unresolved=_unresolved(node),
        checks=_checks(node, partial=partial),
        failing=tuple(_failing(node)),
        merging=_merging(node),
        auto_merge=isinstance(node.get("autoMergeRequest"), dict),
        queued=_queued(node),
    )


def _merging(node: Mapping[str, Any]) -> Merging:
    return _chosen(_MERGING, node.get("mergeable")) or Merging.UNKNOWN


def _unresolved(node: Mapping[str, Any]) -> int:
    return sum(thread.get("isResolved") is False for thread in _nodes(node, "reviewThreads"))


def _verdicts(node: Mapping[str, Any]) -> Iterator[Verdict]:
    for review in _nodes(node, "latestOpinionatedReviews"):
        by, decision = _line(_inner(review, "author"), "login"), _chosen(_DECISIONS, review.get("state"))
        if by and decision in (Decision.APPROVED, Decision.CHANGES_REQUESTED):
            yield Verdict(by, decision, _commit(_inner(review, "commit").get("oid")))


def _asked(node: Mapping[str, Any]) -> Iterator[str]:
    for request in _nodes(node, "reviewRequests"):
        reviewer = _inner(request, "requestedReviewer")
        name = _line(reviewer, "login") or _line(reviewer, "combinedSlug")
        if name:
            yield name


def _checks(node: Mapping[str, Any], *, partial: bool = False) -> Checks:
    if "statusCheckRollup" not in node:
        return Checks.UNKNOWN
    rollup = node["statusCheckRollup"]
    if rollup is None:
        return Checks.UNKNOWN if partial else Checks.NONE
    return (_chosen(_CHECKS, rollup.get("state")) if isinstance(rollup, dict) else None) or Checks.UNKNOWN


def _failing(node: Mapping[str, Any]) -> Iterator[str]:
    for context in _nodes(_inner(node, "statusCheckRollup"), "contexts"):
        ended = context.get("conclusion") or context.get("state")
        if isinstance(ended, str) and ended in _BAD:
            name = _line(context, "name") or _line(context, "context")
            if name:
                yield name


def _queued(node: Mapping[str, Any]) -> int | None:
    if node.get("isInMergeQueue") is not True:
        return None
    return _count(_inner(node, "mergeQueueEntry"), "position")


def _native(node: Mapping[str, Any]) -> NativeStack | None:
    stack, position = _inner(node, "stack"), _count(_inner(node, "stackEntry"), "position")
    id = _line(stack, "id") or str(_count(stack, "number") or "")
    if not id or not position:
        return None
    return NativeStack(id, position, _count(stack, "size"), _line(stack, "baseRefName"))


def _comments(node: Mapping[str, Any]) -> list[str]:
    bodies = (_text(comment.get("body")) for comment in _nodes(node, "comments"))
    telling = (body for body in bodies if _tells(body.lower()))
    return [_long(body, _COMMENT) for body in islice(telling, _COMMENTS)]


def _tells(small: str) -> bool:
    return any(word in small for word in _TELLS)


# One value


def _inner(node: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = node.get(key)
    return value if isinstance(value, dict) else {}


def _nodes(node: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    nodes = _inner(node, key).get("nodes")
    return [item for item in nodes if isinstance(item, dict)] if isinstance(nodes, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _long(value: Any, limit: int) -> str:
    return clean(_whole(value), limit) if isinstance(value, str) and value else ""


def _whole(value: str) -> str:
    """JSON can spell half a character, which no file and no terminal takes."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


def _branch(node: Mapping[str, Any], key: str) -> str | None:
    """A name with characters that cannot be shown is spelled out, so that it equals no other branch's.

    A backslash stands in no branch name.
    """
    value, shown = node.get(key), _line(node, key)
    if shown is None or shown == value:
        return shown
    assert isinstance(value, str)  # noqa: S101 - it has a line
    return "".join(c if c.isascii() and c.isprintable() else repr(c)[1:-1] for c in value)[:_NAME] + "\\"


def _line(node: Mapping[str, Any], key: str, limit: int = _NAME) -> str | None:
    value = node.get(key)
    if not isinstance(value, str):
        return None
    if len(value) <= limit and value.isprintable() and "  " not in value:
        return value.strip() or None
    return one_line(_whole(value), limit) or None


def _count(node: Mapping[str, Any], key: str) -> int:
    value = node.get(key)
    return value if type(value) is int and 0 <= value < _MOST else 0


def _chosen(table: Mapping[str, _T], value: Any) -> _T | None:
    return table.get(value) if isinstance(value, str) else None


def _commit(value: Any) -> str | None:
    return value if isinstance(value, str) and _COMMIT.fullmatch(value) else None


def _time(value: Any) -> str | None:
    return value if isinstance(value, str) and _TIME.fullmatch(value) else None


def _url(value: Any) -> str:
    """An address that a browser may be given: no other scheme, nothing that a terminal would act on."""
    plain = isinstance(value, str) and len(value) <= 2000 and value.isprintable() and " " not in value
    return value if plain and value.startswith(("https://", "http://")) else ""
