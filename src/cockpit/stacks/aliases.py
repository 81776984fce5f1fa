"""Which branch of this clone is a pull request's branch, under another name?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cockpit.domain.pull import PullRequest, PullState
from cockpit.domain.stack import Slice
from cockpit.stacks import words
from cockpit.stacks.evidence.edge import Edge


def of(
    local: Mapping[str, Slice], found: Mapping[str, PullRequest], edges: Iterable[Edge]
) -> dict[str, Edge]:
    """Return local branch → the edge to the pull request's branch that it is, under a name of this clone.

    Tools that make a pull request of each commit push to branches of their own, and somebody works on
    another one that ends in the commit of the topmost. It is no slice besides those.
    """
    heads = {
        pull.head_commit: name
        for name, pull in found.items()
        if pull.head_commit and not pull.foreign and pull.state is not PullState.CLOSED and name not in local
    }
    same: dict[str, Edge] = {}
    told = set()
    for one in edges:
        if not one.same:
            told.add(one.child)
        elif one.child in local and one.parent in heads.values():
            same[one.child] = one
    for name, part in local.items():
        if part.commit in heads and name not in found:
            detail = f"{name} in this clone has its commit {words.short(part.commit)}"
            same.setdefault(name, Edge(name, heads[part.commit], words.SOURCE, detail, same=True))
    # Of what a tool of this clone says something it is a slice.
    return {name: one for name, one in same.items() if name not in told}
