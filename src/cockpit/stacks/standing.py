"""What holds a slice up, who has to act, and what comes next in its stack?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from cockpit.domain.pull import Checks, Decision, Merging, PullRequest, PullState, Verdict
from cockpit.domain.stack import Blocker, Cause, Slice, Stack
from cockpit.domain.text import one_line
from cockpit.stacks.pulls import Pulls
from cockpit.stacks.words import names, short

DONE = ("merged", "closed")


@dataclass(frozen=True, slots=True)
class Outlook:
    """A stack as a whole: how far it is, what comes next, and since when it waits for whom.

    `next` is the lowest slice that can move, None where all is merged. `since` is ISO 8601: when anything
    last happened to that slice; `wait_s` the seconds from then, None where it is not known.
    """

    merged: int
    total: int
    next: Slice | None
    text: str
    who: tuple[str, ...] = ()
    since: str | None = None
    wait_s: float | None = None


def judged(stacks: Iterable[Stack], pulls: Pulls | None) -> tuple[Stack, ...]:
    """Return the stacks with the one cause that holds up each slice; "unknown" where no server was read."""
    return tuple(_judged(stack, asked=pulls is not None) for stack in stacks)


def _judged(stack: Stack, *, asked: bool) -> Stack:
    done: dict[str, Slice] = {}
    for part in stack.slices:
        done[part.branch] = replace(part, blocked=_blocker(part, done.get(part.parent), asked=asked))
    return replace(stack, slices=tuple(done.values()))


def outlook(stack: Stack, now: float) -> Outlook:
    """Return what comes next in a stack whose slices are judged; `now` in epoch seconds."""
    left = [part for part in stack.slices if part.state not in DONE]
    merged = sum(part.state == "merged" for part in stack.slices)
    total = merged + len(left)
    can_move = [part for part in left if part.blocked is None or part.blocked.cause is not Cause.LOWER_SLICE]
    if not can_move:
        return Outlook(merged, total, None, "everything is merged" if merged else "nothing is open")
    # One that is ready before one that waits; of several, the lowest.
    part = next((one for one in can_move if one.blocked is None), can_move[0])
    since = (part.pull.updated_at if part.pull is not None else None) or part.updated_at
    wait = max(0.0, now - datetime.fromisoformat(since).timestamp()) if _is_time(since) and since else None
    if part.blocked is not None:
        text = f"{part.branch}: {part.blocked.text}"
        return Outlook(merged, total, part, text, part.blocked.who, since, wait)
    pull = part.pull
    if pull is not None and pull.auto_merge:
        return Outlook(merged, total, part, f"#{pull.number} merges itself", (), since, wait)
    who = (pull.author,) if pull is not None and pull.author else ()
    return Outlook(merged, total, part, f"merge {_called(part)}", who, since, wait)


def holding(stack: Stack) -> tuple[str, Blocker] | None:
    """Return the lowest slice that is held up by a known cause, and the cause; None where nothing is."""
    for part in stack.slices:
        if part.state not in DONE and part.blocked is not None and part.blocked.cause is not Cause.UNKNOWN:
            return part.branch, part.blocked
    return None


def is_of_earlier_head(verdict: Verdict, pull: PullRequest) -> bool:
    """True where the review says which head it was of, and that is not the head any more."""
    return None not in (verdict.commit, pull.head_commit) and verdict.commit != pull.head_commit


def _blocker(part: Slice, lower: Slice | None, *, asked: bool) -> Blocker | None:
    pull = part.pull
    if part.state in DONE:
        return None
    if not asked:
        return Blocker(Cause.UNKNOWN, "pull requests were not read, so nobody knows what holds it up")
    if pull is None:
        who = (part.author,) if part.author else ()
        return Blocker(Cause.NOT_SUBMITTED, "no pull request carries it yet", who)
    author = (pull.author,) if pull.author else ()
    if pull.state is PullState.CLOSED:
        return Blocker(Cause.NOT_SUBMITTED, f"#{pull.number} was closed without being merged", author)
    if pull.state is PullState.MERGED:
        text = f"#{pull.number} was merged without the newest commits of this branch"
        return Blocker(Cause.NOT_SUBMITTED, text, author)
    own = _own(pull, author)
    if own is not None:
        return own
    if lower is not None and lower.state not in DONE:
        return _below(lower)
    if pull.checks is Checks.PENDING:
        return Blocker(Cause.CHECKS, "its checks are running")
    if pull.checks is Checks.UNKNOWN:
        return Blocker(Cause.UNKNOWN, "the state of its checks is not known")
    if pull.merging is Merging.COMPUTING:
        return Blocker(Cause.UNKNOWN, "GitHub is still computing whether it can be merged")
    if pull.merging is Merging.UNKNOWN:
        return Blocker(Cause.UNKNOWN, "whether it can be merged is not known")
    return None


def _own(pull: PullRequest, author: tuple[str, ...]) -> Blocker | None:
    """Return what holds a pull request up by itself, what its author has to do before what others have."""
    if pull.queued is not None:
        return Blocker(Cause.QUEUE, f"number {pull.queued} in the merge queue")
    if pull.merging is Merging.CONFLICT:
        return Blocker(Cause.CONFLICT, f"it conflicts with {one_line(pull.base, 100)}", author)
    if pull.checks is Checks.FAILING:
        named = f": {names(pull.failing, len(pull.failing))}" if pull.failing else ""
        return Blocker(Cause.CHECKS, f"checks fail{named}", author)
    if pull.draft:
        return Blocker(Cause.DRAFT, "it is a draft", author)
    refused = [verdict for verdict in pull.verdicts if verdict.decision is Decision.CHANGES_REQUESTED]
    answered = [verdict.by for verdict in refused if is_of_earlier_head(verdict, pull)]
    if refused and len(answered) < len(refused):
        open_ones = tuple(verdict.by for verdict in refused if verdict.by not in answered)
        return Blocker(Cause.REVIEW, f"{_people(open_ones)} asked for changes", author)
    if pull.unresolved:
        threads = f"{pull.unresolved} review thread{'s' * (pull.unresolved != 1)}"
        return Blocker(Cause.THREADS, f"{threads} not resolved", author)
    if refused:
        text = f"{_people(answered)} asked for changes on an earlier head; review the new one"
        return Blocker(Cause.REVIEW, text, tuple(answered))
    if pull.decision is Decision.CHANGES_REQUESTED:
        return Blocker(Cause.REVIEW, "changes were asked for", author)
    return _review(pull, author)


def _review(pull: PullRequest, author: tuple[str, ...]) -> Blocker | None:
    """Return whose review is missing. An approval of an earlier head is none of this one."""
    approved = [verdict for verdict in pull.verdicts if verdict.decision is Decision.APPROVED]
    stale = tuple(verdict.by for verdict in approved if is_of_earlier_head(verdict, pull))
    if approved and len(stale) == len(approved):
        text = f"{_people(stale)} approved an earlier head; it is {short(pull.head_commit)} now"
        return Blocker(Cause.REVIEW, text, tuple(dict.fromkeys((*pull.asked, *stale))))
    if pull.decision is Decision.APPROVED or (approved and pull.decision is Decision.NONE):
        return None
    if pull.asked:
        verb = "was" if len(pull.asked) == 1 else "were"
        return Blocker(Cause.REVIEW, f"{_people(pull.asked)} {verb} asked for a review", pull.asked)
    if pull.decision is Decision.REVIEW_REQUIRED:
        return Blocker(Cause.REVIEW, "a review is required, and nobody is asked for one", author)
    return None


def _below(lower: Slice) -> Blocker:
    """Return that a lower slice comes first, and what holds that one up at the root of it."""
    held = lower.blocked
    if held is None:
        who = (lower.pull.author,) if lower.pull is not None and lower.pull.author else ()
        return Blocker(Cause.LOWER_SLICE, f"{_called(lower)} is merged first", who)
    if held.cause is Cause.LOWER_SLICE:
        return held
    return Blocker(Cause.LOWER_SLICE, f"{_called(lower)} comes first: {held.text}", held.who)


def _called(part: Slice) -> str:
    return f"{part.branch} (#{part.pr})" if part.pr is not None else part.branch


def _people(handles: Iterable[str]) -> str:
    some = tuple(handles)
    return names(some, len(some))


def _is_time(text: str | None) -> bool:
    try:
        return text is not None and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
