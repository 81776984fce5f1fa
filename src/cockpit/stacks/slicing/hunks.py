"""How is one file's change cut into pieces, and what is the file with only some of them?"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cockpit.stacks.slicing.imports import Source

_EXACT = 3_000


@dataclass(frozen=True, slots=True)
class Hunk:
    """`lines` that take the place of the lines `gone`, which begin at `start` in the old file (from 0).

    `first` is the number of the first new line in the new file, from 0.
    """

    start: int
    gone: tuple[bytes, ...]
    lines: tuple[bytes, ...]
    first: int

    @property
    def stop(self) -> int:
        """Where the old file goes on."""
        return self.start + len(self.gone)

    @property
    def begins(self) -> str:
        """The first line that says something, as people know the hunk: "+def plan():" or "-old".

        Of empty lines alone it is the sign.
        """
        for sign, lines in (("+", self.lines), ("-", self.gone)):
            for line in lines:
                if line.strip():
                    return sign + line.decode("utf-8", "replace").strip()[:80]
        return "+" if self.lines else "-"

    @property
    def size(self) -> int:
        """Changed lines."""
        return len(self.lines) + len(self.gone)


def split(old: bytes, new: bytes, source: Source | None) -> tuple[Hunk, ...]:
    """Return the hunks from `old` to `new`.

    Added Python is cut again where statements of the module begin, so that what was added in one go can
    land in several slices.
    """
    before, after = _lines(old), _lines(new)
    found: list[Hunk] = []
    # Exact where it is quick: with few different lines the time grows with the square of their number.
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=len(before) + len(after) > _EXACT)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        cuts = [j1]
        if tag == "insert" and source is not None:
            cuts += _cuts(after, source, j1, j2)
        cuts.append(j2)
        for at, (low, high) in enumerate(pairwise(cuts)):
            found.append(Hunk(i1, tuple(before[i1:i2]) if at == 0 else (), tuple(after[low:high]), low))
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
