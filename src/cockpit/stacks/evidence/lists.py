"""Which list of pull requests did a tool write into a text? One row of a table for each tool."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

MOST_TEXT, MOST_LINES = 65_536, 400


class Order(Enum):
    """Which of the pull requests in a list stands on which."""

    NEWEST_FIRST = "newest first"
    OLDEST_FIRST = "oldest first"
    INDENTED = "indented"


@dataclass(frozen=True, slots=True)
class Listing:
    """How a tool writes its list: what is there in small letters, what begins and ends it, its order.

    `title_first` is True where an item names the pull request before its number, so that "Fix #77 #3" is #3.
    """

    source: str
    marks: tuple[str, ...]
    begin: re.Pattern[str]
    order: Order
    end: re.Pattern[str] | None = None
    title_first: bool = False


def _row(
    source: str,
    mark: str | tuple[str, ...],
    begin: str,
    order: Order,
    end: str | None = None,
    *,
    title_first: bool = False,
) -> Listing:
    marks = (mark,) if isinstance(mark, str) else mark
    ends = re.compile(end, re.IGNORECASE) if end else None
    return Listing(source, marks, re.compile(begin, re.IGNORECASE), order, ends, title_first)


IN_BODIES = (
    _row("ghstack", "stack from", r"^\s*Stack from \[?ghstack\b", Order.NEWEST_FIRST),
    _row("sapling", "sapling footer", r"BEGIN SAPLING FOOTER", Order.NEWEST_FIRST),
    # Before it had a footer.
    _row(
        "sapling", "stack created with [sapling]", r"^\s*Stack created with \[Sapling\]", Order.NEWEST_FIRST
    ),
    _row("stack-pr", "stacked prs:", r"^\s*Stacked PRs:", Order.NEWEST_FIRST, r"^\s*--- --- ---"),
    _row("spr", "**stack**:", r"^\s*\*\*Stack\*\*:", Order.NEWEST_FIRST, title_first=True),
    _row(
        "git-machete",
        "<!-- start git-machete",
        r"<!-- start git-machete generated",
        Order.INDENTED,
        r"<!-- end git-machete",
    ),
    # The last of the three marks is that of its GitHub action.
    _row(
        "git-town",
        "<!-- branch-stack",
        r"<!-- branch-stack(-start|-region-start)? -->",
        Order.INDENTED,
        r"<!-- branch-stack(-region)?-end",
    ),
    _row(
        "cockpit",
        "<!-- cockpit-stack-start",
        r"<!-- cockpit-stack-start -->",
        Order.INDENTED,
        r"<!-- cockpit-stack-end",
    ),
)
# The marks of these end their comments: a list of numbers alone is nobody's.
IN_COMMENTS = (
    *IN_BODIES,
    _row(
        "git-spice",
        "<!-- gs:navigation",
        r"^\s*This change is part of the following stack",
        Order.INDENTED,
        r"<!-- gs:navigation",
    ),
    _row(
        "graphite",
        ("this stack of pull requests is managed by", "graphite"),
        r"^\s*[-*] \*\*#\d+",
        Order.NEWEST_FIRST,
        r"^This stack of pull requests is managed by",
    ),
    _row(
        "jj-ryu",
        ("this stack of pull requests is managed by", "[jj-ryu]"),
        r"^\s*\* .*#\d",
        Order.NEWEST_FIRST,
        r"^This stack of pull requests is managed by",
        title_first=True,
    ),
)
_ITEM = re.compile(r"^([ \t]*)(?:[-*+]|\d{1,3}\.)[ \t]")
_NUMBER = re.compile(r"(?:#|/pull/)(\d{1,9})\b")


def below(text: str, number: int, formats: tuple[Listing, ...]) -> Iterator[tuple[str, int]]:
    """Yield (source, number of the pull request below) of each list that names `number`.

    A list speaks of nobody but the pull request that carries it: others may have moved since.
    """
    text = text[:MOST_TEXT]
    small = text.lower()
    for one in formats:
        if not all(mark in small for mark in one.marks):
            continue
        items = _items(text.splitlines(), one)
        lower = _lower(items, number, one.order)
        if lower is not None and lower != number:
            yield one.source, lower


def _items(lines: list[str], one: Listing) -> list[tuple[int, int]]:
    """Return (indentation, number) of every item of the list."""
    start = next((at for at, line in enumerate(lines) if one.begin.search(line[:500])), None)
    if start is None:
        return []
    # The first item may itself be what begins the list.
    first = start if _ITEM.match(lines[start]) else start + 1
    items: list[tuple[int, int]] = []
    for line in lines[first : first + MOST_LINES]:
        if one.end is not None and one.end.search(line[:500]):
            break
        item = _ITEM.match(line[:500])
        if item is None:
            # Without a mark of its own a list ends at the first text that is no item.
            if one.end is None and items and line.strip():
                break
            continue
        numbers = _NUMBER.findall(line[:500])
        if numbers:
            number = int(numbers[-1 if one.title_first else 0])
            items.append((len(item[1].expandtabs(4)), number))
    return items


def _lower(items: list[tuple[int, int]], number: int, order: Order) -> int | None:
    at = next((place for place, (_, found) in enumerate(items) if found == number), None)
    if at is None:
        return None
    if order is Order.NEWEST_FIRST:
        return items[at + 1][1] if at + 1 < len(items) else None
    if order is Order.OLDEST_FIRST:
        return items[at - 1][1] if at else None
    deep = items[at][0]
    return next((found for indent, found in reversed(items[:at]) if indent < deep), None)
