"""What is a stack, and what is known of each of its slices?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cockpit.domain.pull import PullRequest


class Cause(StrEnum):
    """What alone keeps a slice from being merged now."""

    DRAFT = "draft"
    CONFLICT = "conflict"
    CHECKS = "checks"
    REVIEW = "review"
    THREADS = "threads"
    LOWER_SLICE = "lower-slice"
    NOT_SUBMITTED = "not-submitted"
    QUEUE = "queue"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Blocker:
    """The one cause that holds a slice up, in words, and who has to act; nobody where a machine works."""

    cause: Cause
    text: str
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a slice stands on its parent: which source says so ("ancestry", …) and in which words.

    `parent` is what the source takes for the parent where that is another one than the slice's: the two
    disagree, and both are shown.
    """

    source: str
    detail: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """One branch of a stack.

    `state` is "open", "merged", "closed" or "unknown"; `added`/`deleted` are lines against its parent,
    `updated_at` ISO 8601 of its newest commit. `paths` are the files that it touches, at most 500.
    `commit` is the id that the branch points at, None where git was not asked. `pull` is the pull request
    that was found for it, and `blocked` what keeps it from being merged, None where nothing does or where
    it is merged. `counted` are the changed lines without generated files and locks. `here` is what the branch
    is called in this clone, where that is another name.
    """

    branch: str
    parent: str
    state: str = "open"
    pr: int | None = None
    commits: int = 0
    added: int = 0
    deleted: int = 0
    updated_at: str | None = None
    author: str | None = None
    subject: str | None = None
    paths: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    commit: str | None = None
    pull: PullRequest | None = None
    blocked: Blocker | None = None
    counted: int | None = None
    here: str | None = None


@dataclass(frozen=True, slots=True)
class Stack:
    """A chain or tree of slices over `trunk`, parents before children. `id` is its lowest branch."""

    id: str
    trunk: str
    slices: tuple[Slice, ...]
    rpt: str | None = None


@dataclass(frozen=True, slots=True)
class Slicing:
    """What a prototype was taken apart into, and how that was proved.

    `branch` is the prototype's, `prototype` the commit of it that was sliced, `at` when (ISO 8601 UTC).
    `verdict` is "pass", "fail" or "unknown"; `commits` are the slices' branches with what was proved of each.
    `moved` says whether the branch points elsewhere by now, None where this clone does not have it.
    `stale` are the slices whose branch is not what was proved.
    """

    rpt: str
    branch: str
    prototype: str
    at: str
    verdict: str
    commits: tuple[tuple[str, str], ...] = ()
    moved: bool | None = None
    stale: tuple[str, ...] = ()


def slice_branch(rpt: str, identity: str) -> str:
    """Return the branch of the slice `identity` of `rpt`: "rpt-0007/contract"."""
    return f"{rpt.lower()}/{identity}"
