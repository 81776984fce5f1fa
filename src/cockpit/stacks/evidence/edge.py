"""What does one source say of one branch? That it stands on another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cockpit.domain.pull import PullRequest, PullState
from cockpit.domain.text import one_line

MOST_NAME = 200


@dataclass(frozen=True, slots=True)
class Edge:
    """`child` stands on `parent`, says `source` in the words `detail`; `pr` is the child's, where known.

    Both are branch names as pull requests and refs have them. Sources are named as their users name them:
    "native", "base", "graphite", "ghstack", "mergify", "git-machete" and so on. Where `same` is True the
    child does not stand on the parent: it is that branch, under a name that only this clone has.
    """

    child: str
    parent: str
    source: str
    detail: str
    pr: int | None = None
    same: bool = False


def edge(child: str, parent: str, source: str, detail: str, pr: int | None = None) -> Edge | None:
    """Return the edge with names that are safe to show; None where it says nothing."""
    child, parent = one_line(child, MOST_NAME), one_line(parent, MOST_NAME)
    if not child or not parent or child == parent:
        return None
    return Edge(child, parent, source, one_line(detail, 300), pr)


def name_of(pull: PullRequest) -> str:
    """Return the branch of a pull request; one of a fork is "owner:branch", as no branch is called here."""
    if not pull.foreign:
        return one_line(pull.head, MOST_NAME)
    owner = (pull.head_repository or f"deleted-fork-{pull.number}").partition("/")[0]
    return one_line(f"{owner}:{pull.head}", MOST_NAME)


def preferred(pulls: Iterable[PullRequest]) -> dict[str, PullRequest]:
    """Return branch → its pull request: an open one before others, then the newest."""
    found: dict[str, PullRequest] = {}
    for pull in sorted(pulls, key=lambda one: (one.state is PullState.OPEN, one.number)):
        found[name_of(pull)] = pull
    return found


def names_by_number(pulls: Iterable[PullRequest]) -> dict[int, str]:
    """Return the number of each pull request → its branch."""
    return {pull.number: name_of(pull) for pull in pulls}
