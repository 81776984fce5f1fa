"""What is known of a repository's pull requests, and as of when?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.domain.pull import PullRequest, PullState, Rate
from cockpit.errors import Problem


@dataclass(frozen=True, slots=True)
class Pulls:
    """One reading of a server: open pull requests, and the merged and closed ones of known stacks.

    `repository` is "owner/name" at `host`; `trunk` its default branch. `at` is the time of the reading
    (epoch seconds); `stale` is True where a newer reading was tried and failed, which `problems` explains.
    `native` tells whether the server knows stacks itself, None where it was not asked, `lacks` which fields
    of newer servers it does not have. `full_at` is when everything was asked for; in between `etag` tells
    whether the list is another one. Before `wait_until` the server wants to be left alone.
    """

    repository: str
    host: str
    trunk: str | None = None
    pulls: tuple[PullRequest, ...] = ()
    at: float = 0.0
    problems: tuple[Problem, ...] = ()
    rate: Rate | None = None
    native: bool | None = None
    lacks: tuple[str, ...] = ()
    stale: bool = False
    etag: str | None = None
    full_at: float = 0.0
    wait_until: float = 0.0

    def merged_as(self, tips: Mapping[str, str]) -> frozenset[str]:
        """Return which branches were merged with the very commits that `tips` has for them."""
        return frozenset(
            pull.head
            for pull in self.pulls
            if pull.state is PullState.MERGED and not pull.foreign and tips.get(pull.head) == pull.head_commit
        )
