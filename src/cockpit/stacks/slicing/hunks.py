"""How is one file's change cut into pieces, and what is the file with only some of them?"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cockpit.stacks.slicing.imports import Source


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines `start`:`stop` of the old file (from 0) that `lines` take the place of.

    `first` is the number of the first new line in the new file, from 0.
    """

    start: int
    stop: int
    lines: tuple[bytes, ...]
    first: int

    @property
    def begins(self) -> str:
        """The first line that says something, as people know the hunk: "+def plan():" or "-old"."""
        for sign, line in (("+", one) for one in self.lines):
            if line.strip():
                return sign + line.decode("utf-8", "replace").strip()[:80]
        return f"-{self.start + 1}"

    @property
    def size(self) -> int:
        """Changed lines."""
        return len(self.lines) + self.stop - self.start


def split(old: bytes, new: bytes, source: Source | None) -> tuple[Hunk, ...]:
    """Return the hunks from `old` to `new`.

    Added Python is cut again where statements of the module begin, so that what was added in one go can
    land in several slices.
    """
    before, after = _lines(old), _lines(new)
    found: list[Hunk] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        cuts = [j1]
        if tag == "insert" and source is not None:
            cuts += _cuts(after, source, j1, j2)
        cuts.append(j2)
        for at, (low, high) in enumerate(pairwise(cuts)):
            found.append(Hunk(i1, i2 if at == 0 else i1, tuple(after[low:high]), low))
    return tuple(found)


def _cuts(after: Sequence[bytes], source: Source, low: int, high: int) -> list[int]:
    """Return where statements of the module begin within the added lines; comments above stay with theirs."""
    cuts: list[int] = []
    for start in source.starts:
        at = start - 1
        while at > low and after[at - 1].lstrip().startswith(b"#"):
            at -= 1
        # Empty lines alone are no piece: they belong to the statement below.
        if low < at < high and any(line.strip() for line in after[max([low, *cuts]) : at]):
            cuts.append(at)
    return cuts


def apply(old: bytes, hunks: Sequence[Hunk]) -> bytes:
    """Return `old` with `hunks`, a part of what `split` returned, in their order."""
    before = _lines(old)
    parts: list[bytes] = []
    at = 0
    for hunk in hunks:
        parts += before[at : hunk.start]
        parts += hunk.lines
        at = hunk.stop
    return b"".join(parts + before[at:])


def _lines(data: bytes) -> list[bytes]:
    """Return the lines with their ends, cut at line feeds alone: a carriage return belongs to its line."""
    parts = data.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
