"""How is one file's change cut into pieces, and what is the file with only some of them?"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cockpit.stacks.slicing.imports import Source

_WORD = re.compile(r"[^\W\d]\w*")


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


def levels(
    hunks: Sequence[Hunk], source: Source | None, layer_of: Callable[[int], dict[str, int]], lowest: int
) -> list[int]:
    """Return the lowest layer that each hunk may land in.

    `layer_of(line)` gives the layers of the names that the import at that line (from 1) binds. A hunk that
    uses such a name, or one that a higher hunk defines, is at least as high.
    """
    found = [lowest] * len(hunks)
    if source is None:
        return found
    bound: dict[str, int] = {}
    for one in source.imports:
        bound |= layer_of(one.line)
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


_DEFINES = re.compile(rb"^(?:async\s+def|def|class)\s+(\w+)|^(\w+)\s*(?::[^=]+)?=(?!=)", re.MULTILINE)


def _definitions(hunk: Hunk, source: Source) -> set[str]:
    text = b"".join(hunk.lines)
    names = {(one or two).decode("utf-8", "replace") for one, two in _DEFINES.findall(text)}
    return names & source.defined


def _lines(data: bytes) -> list[bytes]:
    """Return the lines with their ends, cut at line feeds alone: a carriage return belongs to its line."""
    parts = data.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
