"""Which slice does each hunk of a shared file go to? Never below what it uses, and all between parse."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cockpit.stacks.slicing import hunks as cutting
from cockpit.stacks.slicing import imports
from cockpit.stacks.slicing.hunks import Hunk
from cockpit.stacks.slicing.imports import Imported, Source

_WORD = re.compile(r"[^\W\d]\w*")
_DEFINES = re.compile(rb"^(?:async\s+def|def|class)\s+(\w+)|^(\w+)\s*(?::[^=\n]+)?=(?!=)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Needed:
    """What the change of one file needs, as slices by number.

    `of(import)` is the highest slice of what an import runs, None if that is not of this branch, and
    `is_new(import)` whether any of it is new in this branch. `else_` is the lowest slice that all else
    which the file needs allows.
    """

    of: Callable[[Imported], int | None]
    is_new: Callable[[Imported], bool]
    else_: int = 0


def spread(
    old: bytes,
    hunks: Sequence[Hunk],
    source: Source | None,
    claimed: Sequence[int],
    needed: Needed,
    asked: Mapping[str, Sequence[int]],
) -> list[int]:
    """Return each hunk's slice: the lowest of `claimed` that its needs allow, or what is `asked` of it.

    `asked` maps the line that a hunk begins with to slices, one for each hunk that begins so. `source` is
    the new file where it is Python.
    """
    lowest = max([claimed[0], needed.else_, *_standing(hunks, source, needed)])
    waiting = {begins: list(numbers) for begins, numbers in asked.items()}
    found = []
    for hunk, low in zip(hunks, _floor(hunks, source, needed, lowest), strict=True):
        own = waiting.get(hunk.begins)
        level = max(low, own.pop(0) if own else claimed[0])
        found.append(level if asked else next((n for n in claimed if n >= level), level))
    return found if source is None else _parsing(old, hunks, found)


def _within(hunks: Sequence[Hunk], one: Imported) -> int | None:
    return next((n for n, h in enumerate(hunks) if h.first < one.line <= h.first + len(h.lines)), None)


def _standing(hunks: Sequence[Hunk], source: Source | None, needed: Needed) -> list[int]:
    """Return the slices of what is new and run by imports that no hunk brings: they find it from there on."""
    every = source.imports if source is not None else ()
    levels = [needed.of(one) for one in every if _within(hunks, one) is None and needed.is_new(one)]
    return [level for level in levels if level is not None]


def _floor(hunks: Sequence[Hunk], source: Source | None, needed: Needed, lowest: int) -> list[int]:
    """Return the lowest slice that each hunk may land in.

    A hunk with an import, one that uses a name which an import binds, or which a higher hunk defines, is at
    least as high.
    """
    found = [lowest] * len(hunks)
    if source is None:
        return found
    bound: dict[str, int] = {}
    for one in source.imports:
        level = needed.of(one)
        if level is None:
            continue
        for name in one.bound:
            bound[name] = max(bound.get(name, lowest), level)
        at = _within(hunks, one)
        if at is not None:
            found[at] = max(found[at], level)
    words = [set(_WORD.findall(b"".join(h.lines).decode("utf-8", "replace"))) for h in hunks]
    defined = [_definitions(h, source) for h in hunks]
    for _ in range(len(hunks) + 1):
        names = dict(bound)
        for level, own in zip(found, defined, strict=True):
            for name in own:
                names[name] = max(names.get(name, lowest), level)
        now = [
            max([level, *(names[w] for w in said if w in names)])
            for level, said in zip(found, words, strict=True)
        ]
        if now == found:
            break
        found = now
    return found


def _definitions(hunk: Hunk, source: Source) -> set[str]:
    text = b"".join(hunk.lines)
    names = {(one or two).decode("utf-8", "replace") for one, two in _DEFINES.findall(text)}
    return names & source.defined


def _parsing(old: bytes, hunks: Sequence[Hunk], levels: list[int]) -> list[int]:
    """Return the levels with hunks moved up until the file parses after every slice."""
    for level in range(max(levels)):
        if level in levels:
            so_far = [h for h, own in zip(hunks, levels, strict=True) if own <= level]
            if imports.parse(cutting.apply(old, so_far)) is None:
                higher = min(own for own in levels if own > level)
                levels = [higher if own == level else own for own in levels]
    return levels
