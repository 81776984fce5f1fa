"""In one word, how does a slice of a stack stand by itself, and who has to act on it?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum

from cockpit.domain.pull import Checks, Decision, Merging, PullRequest, PullState
from cockpit.domain.stack import Cause, Slice, Stack


class SliceState(StrEnum):
    """How a slice stands, the slices below left aside. The order is worst first."""

    CONFLICT = "conflict"
    FAILING = "checks-failing"
    CHANGES = "changes-requested"
    UNKNOWN = "unknown"
    DRAFT = "draft"
    OPEN = "open"
    QUEUED = "queued"
    APPROVED = "approved"
    CLOSED = "closed"
    MERGED = "merged"


_RANK = {state: rank for rank, state in enumerate(SliceState)}


def state_of(part: Slice) -> SliceState:
    """Return the state. A branch without a pull request is open as far as git can tell."""
    if part.state in ("merged", "closed"):
        return SliceState(part.state)
    pull = part.pull
    if pull is None or pull.state is not PullState.OPEN:
        return SliceState.OPEN if part.state == "open" else SliceState.UNKNOWN
    if pull.merging is Merging.CONFLICT:
        return SliceState.CONFLICT
    if pull.checks is Checks.FAILING:
        return SliceState.FAILING
    if pull.draft:
        return SliceState.DRAFT
    if pull.queued is not None:
        return SliceState.QUEUED
    return _reviewed(part, pull)


def _reviewed(part: Slice, pull: PullRequest) -> SliceState:
    said = {pull.decision, *(verdict.decision for verdict in pull.verdicts)}
    # Whether a review is of this head was judged already, where the slice was: a review that is missing
    # or old is what blocks it.
    held = part.blocked is not None and part.blocked.cause in (Cause.REVIEW, Cause.THREADS)
    if Decision.CHANGES_REQUESTED in said and part.blocked is not None and held:
        author_acts = pull.author is not None and pull.author in part.blocked.who
        return SliceState.CHANGES if author_acts else SliceState.OPEN
    return SliceState.APPROVED if Decision.APPROVED in said and not held else SliceState.OPEN


def left(stacks: Iterable[Stack]) -> tuple[Slice, ...]:
    """Return the slices that are still to be merged, parents first; of one commit once."""
    found: dict[str, Slice] = {}
    for part in (part for stack in stacks for part in stack.slices):
        is_open = part.pull is not None and part.pull.state is PullState.OPEN
        if is_open or (part.state not in ("merged", "closed") and part.commits > 0):
            found.setdefault(part.commit or part.branch, part)
    return tuple(found.values())


def worst(stack: Stack) -> int:
    """Return a rank for sorting: the stack with the worst slice has the lowest."""
    return min((_RANK[state_of(part)] for part in stack.slices), default=len(_RANK))


def acting(part: Slice) -> tuple[str, ...]:
    """Return who has to act on this very slice; nobody where a lower one or a machine comes first."""
    pull = part.pull
    if part.blocked is not None:
        return () if part.blocked.cause is Cause.LOWER_SLICE else part.blocked.who
    if pull is None or pull.state is not PullState.OPEN or pull.auto_merge or pull.author is None:
        return ()
    return (pull.author,)


def waits_for(part: Slice, names: Collection[str]) -> bool:
    """True if one of `names` has to act; without names anybody's turn counts."""
    who = acting(part)
    known = {name.casefold() for name in names}
    return any(one.casefold() in known for one in who) if known else bool(who)
