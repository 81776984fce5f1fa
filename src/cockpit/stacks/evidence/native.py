"""Which stacks does the server itself know? GitHub's native ones, by position."""

from __future__ import annotations

from collections import defaultdict

from cockpit.domain.pull import NativeStack, PullRequest
from cockpit.stacks.evidence.edge import Edge, edge, name_of
from cockpit.stacks.pulls import Pulls

SOURCE = "native"


def edges(pulls: Pulls) -> tuple[Edge, ...]:
    """Return every pull request of a native stack over the one below it, the lowest over the stack's base."""
    stacks: dict[str, list[tuple[NativeStack, PullRequest]]] = defaultdict(list)
    for pull in pulls.pulls:
        if pull.native is not None and not pull.foreign:
            stacks[pull.native.id].append((pull.native, pull))
    found = []
    for entries in stacks.values():
        entries.sort(key=lambda entry: (entry[0].position, entry[1].number))
        below: tuple[NativeStack, PullRequest] | None = None
        for native, pull in entries:
            detail = f"number {native.position} of {native.size} in GitHub's stack {native.id}"
            parent = (native.base or pulls.trunk or "") if native.position <= 1 else ""
            if below is not None and below[0].position < native.position:
                parent = name_of(below[1])
                if below[0].position + 1 < native.position:
                    detail += f"; what lies between it and number {below[0].position} was not read"
            said = edge(name_of(pull), parent, SOURCE, detail, pull.number)
            if said is not None:
                found.append(said)
            below = (native, pull)
    return tuple(found)
