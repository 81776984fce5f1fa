"""Where in a path does a pattern of wildcards end? In time that grows with pattern times path, never worse.

A regular expression tries every way to share a path out among its wildcards: five of them in a document, and
a path of two hundred letters, would hold everything up for a minute.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum


class Wild(Enum):
    """A wildcard: one character, any number within a folder, any number at all, or any number of folders."""

    ONE = "?"
    WITHIN = "*"
    THROUGH = "**"
    FOLDERS = "**/"


# A text stands for itself, an expression for one character.
Part = str | Wild | re.Pattern[str]


def beginnings(path: str) -> set[int]:
    """Return where a name begins in `path`: at its start and after each slash."""
    return {0, *(at + 1 for at, character in enumerate(path) if character == "/")}


def ends(parts: Sequence[Part], path: str, starts: Iterable[int]) -> set[int]:
    """Return every place in `path` where `parts`, one after the other, can end if they begin at `starts`."""
    found = set(starts)
    for part in parts:
        if not found:
            break
        match part:
            case str():
                found = {at + len(part) for at in found if path.startswith(part, at)}
            case Wild.ONE:
                found = {at + 1 for at in found if at < len(path) and path[at] != "/"}
            case Wild.WITHIN:
                found = _within(path, found)
            case Wild.THROUGH:
                found = set(range(min(found), len(path) + 1))
            case Wild.FOLDERS:
                found = _folders(path, found)
            case _:
                found = {at + 1 for at in found if part.match(path, at)}
    return found


def _within(path: str, starts: set[int]) -> set[int]:
    found: set[int] = set()
    for at in sorted(starts):
        if at not in found:
            stop = path.find("/", at)
            found.update(range(at, (len(path) if stop < 0 else stop) + 1))
    return found


def _folders(path: str, starts: set[int]) -> set[int]:
    found = set(starts)
    for start in starts:
        at = start
        while (slash := path.find("/", at)) > at:
            at = slash + 1
            if at in found:
                break  # It is gone on from there as well.
            found.add(at)
    return found
