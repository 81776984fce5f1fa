"""Which pull request goes into the branch of another one? The base chain."""

from __future__ import annotations

import re

from cockpit.stacks.evidence.edge import Edge, edge, name_of
from cockpit.stacks.pulls import Pulls

SOURCE = "base"
# ghstack gives each pull request a base of its own, which is no other one's head.
SYNTHETIC = re.compile(r"^gh/[^/]+/\d+/base$")


def edges(pulls: Pulls) -> tuple[Edge, ...]:
    """Return for each pull request the branch of the repository that it goes into.

    Whether that is another one's head, the trunk or neither is for the join to see. The head of a fork is
    never a base: "x" of a fork and "x" of the repository are two branches.
    """
    found = []
    for pull in pulls.pulls:
        if SYNTHETIC.match(pull.base):
            continue
        said = edge(
            name_of(pull),
            pull.base,
            SOURCE,
            f"pull request #{pull.number} goes into {pull.base}",
            pull.number,
        )
        if said is not None:
            found.append(said)
    return tuple(found)
