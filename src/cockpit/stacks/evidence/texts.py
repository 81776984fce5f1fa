"""What do bodies and comments of pull requests say? The tables of formats, applied to each."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cockpit.domain.pull import PullRequest
from cockpit.stacks.evidence import lists, machine
from cockpit.stacks.evidence.edge import Edge, edge, name_of, names_by_number
from cockpit.stacks.evidence.lists import Listing
from cockpit.stacks.pulls import Pulls

# Which of the words below a source says something in, from the most trusted on.
JSON, LIST, COMMENT = "says so in its body", "lists it in its body", "lists it in a comment"


def bodies(pulls: Pulls) -> tuple[Edge, ...]:
    """Return what the bodies say, what is written for machines before lists."""
    names = names_by_number(pulls.pulls)
    found: list[Edge] = []
    for pull in pulls.pulls:
        if pull.body:
            found += _said(pull, pull.body, names, JSON, None)
            found += _said(pull, pull.body, names, LIST, lists.IN_BODIES)
    return tuple(dict.fromkeys(found))


def comments(pulls: Pulls, placed: Collection[int] = ()) -> tuple[Edge, ...]:
    """Return what comments say of the pull requests that are not `placed` by better evidence."""
    names = names_by_number(pulls.pulls)
    found: list[Edge] = []
    for pull in pulls.pulls:
        if pull.number not in placed:
            for text in pull.comments:
                found += _said(pull, text, names, COMMENT, None)
                found += _said(pull, text, names, COMMENT, lists.IN_COMMENTS)
    return tuple(dict.fromkeys(found))


def _said(
    pull: PullRequest, text: str, names: dict[int, str], where: str, formats: tuple[Listing, ...] | None
) -> Iterator[Edge]:
    told = machine.below(text, pull.number) if formats is None else lists.below(text, pull.number, formats)
    for source, lower in told:
        # One that was not read has no name; its number is kept as what the tool said.
        parent = lower if isinstance(lower, str) else names.get(lower, f"#{lower}")
        shown = lower if isinstance(lower, str) else f"#{lower}"
        said = edge(name_of(pull), parent, source, f"stands on {shown}: {source} {where}", pull.number)
        if said is not None:
            yield said
