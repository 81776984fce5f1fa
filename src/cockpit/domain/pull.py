"""What is known of a pull request, whoever told it?"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class PullState(StrEnum):
    """How far a pull request is."""

    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"


class Decision(StrEnum):
    """What a reviewer, or all of them together, said."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes-requested"
    REVIEW_REQUIRED = "review-required"
    NONE = "none"


class Checks(StrEnum):
    """The state of all checks of the head commit together; none is not green."""

    PASSING = "passing"
    FAILING = "failing"
    PENDING = "pending"
    NONE = "none"
    UNKNOWN = "unknown"


class Merging(StrEnum):
    """Whether the pull request can be merged into its base; GitHub computes that only when asked."""

    CLEAN = "clean"
    CONFLICT = "conflict"
    COMPUTING = "computing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The last review of one person that decided something. `commit` is the head that was reviewed."""

    by: str
    decision: Decision
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class NativeStack:
    """GitHub's own stack that a pull request is in; `position` counts from 1, the lowest first."""

    id: str
    position: int
    size: int
    base: str | None = None


@dataclass(frozen=True, slots=True)
class PullRequest:
    """One pull request. Every text is foreign and bounded by whoever read it.

    `head` and `base` are branch names, `head_commit` and `base_commit` ids. `head_repository` is
    "owner/name", None where the fork was deleted; `foreign` is true where it is another repository than
    the base's, so that equal branch names mean nothing. `asked` are handles and "org/team" names whose
    review is requested and not given. `failing` names the failing checks. `unresolved` counts review
    threads. `updated_at` and `created_at` are ISO 8601 UTC; `queued` is the position in a merge queue.
    """

    number: int
    title: str
    head: str
    base: str
    url: str = ""
    body: str = ""
    state: PullState = PullState.OPEN
    draft: bool = False
    author: str | None = None
    head_commit: str | None = None
    base_commit: str | None = None
    head_repository: str | None = None
    foreign: bool = False
    additions: int = 0
    deletions: int = 0
    changed_files: int = 0
    paths: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    decision: Decision = Decision.NONE
    verdicts: tuple[Verdict, ...] = ()
    asked: tuple[str, ...] = ()
    unresolved: int = 0
    checks: Checks = Checks.UNKNOWN
    failing: tuple[str, ...] = ()
    merging: Merging = Merging.UNKNOWN
    auto_merge: bool = False
    queued: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    merged_at: str | None = None
    native: NativeStack | None = None
    comments: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Rate:
    """What is left of a server's limit: points remaining of `limit`, whole again at `reset_at` (epoch)."""

    remaining: int
    limit: int
    reset_at: float


@dataclass(frozen=True, slots=True)
class Server:
    """What was last heard of the server that holds a repository's pull requests.

    `at` is the time of the last answer (epoch seconds, 0 where there was none), `stale` is True where a newer
    one was asked for and did not come, for the reason `problem`; `do` is the remedy, `code` names the kind
    ("github-offline", "github-no-token", "github-token-refused", …). A problem without `stale` is one of an
    answer that came and lacks something. Before `wait_until` it wants to be left alone. `rate` is None where
    it was never told. `host` and `repository` ("owner/name") are safe in a URL.
    """

    host: str
    repository: str
    at: float = 0.0
    stale: bool = False
    wait_until: float = 0.0
    problem: str | None = None
    code: str | None = None
    do: str | None = None
    rate: Rate | None = None
