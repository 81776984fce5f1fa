"""What does one source say of one branch? That it stands on another."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.text import one_line

MOST_NAME = 200


@dataclass(frozen=True, slots=True)
class Edge:
    """`child` stands on `parent`, says `source` in the words `detail`; `pr` is the child's, where known.

    Both are branch names as pull requests and refs have them. Sources are named as their users name them:
    "native", "base", "graphite", "ghstack", "mergify", "git-machete" and so on.
    """

    child: str
    parent: str
    source: str
    detail: str
    pr: int | None = None


def edge(child: str, parent: str, source: str, detail: str, pr: int | None = None) -> Edge | None:
    """Return the edge with names that are safe to show; None where it says nothing."""
    child, parent = one_line(child, MOST_NAME), one_line(parent, MOST_NAME)
    if not child or not parent or child == parent:
        return None
    return Edge(child, parent, source, one_line(detail, 300), pr)
