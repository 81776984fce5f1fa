"""How do what people edited and what the template changed become one file? Three ways, by git merge-file."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cockpit.edges import proc
from cockpit.errors import ServiceError

_MARKER = re.compile(rb"^(?:<{7}|\|{7}|>{7})(?: .*)?\r?$", re.MULTILINE)
# git merge-file says the number of conflicts, at most 127; what is above is a failure.
_MOST_CONFLICTS = 127


@dataclass(frozen=True, slots=True)
class Labels:
    """What the three sides are called in the markers of a conflict."""

    yours: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The outcome: `data` is the content (None: no file). In a conflict it holds markers at `lines`."""

    data: bytes | None
    lines: tuple[int, ...] = ()

    @property
    def clean(self) -> bool:
        """True if nobody has to decide anything."""
        return not self.lines


def merge(base: bytes | None, mine: bytes | None, new: bytes | None, labels: Labels) -> Merged:
    """Merge `mine` and `new`, which both come from `base`; None stands for a file that is not there.

    Raises ServiceError if git cannot be asked.
    """
    if new in (mine, base):
        return Merged(mine)
    if mine == base:
        return Merged(new)
    if not all(_is_text(side) for side in (base, mine, new)):
        return _side_by_side(new or b"", labels)
    merged = _merge_file(base or b"", mine or b"", new or b"", labels)
    if mine is not None and new is not None:
        return merged
    # One side took the file away while the other changed it: that is a conflict, whatever the lines say.
    return merged if merged.lines else _side_by_side(new or b"", labels)


def marker_lines(data: bytes) -> tuple[int, ...]:
    """Return the lines, from 1, on which conflicts begin or end in `data`."""
    return tuple(data.count(b"\n", 0, found.start()) + 1 for found in _MARKER.finditer(data))


def _is_text(data: bytes | None) -> bool:
    if data is None:
        return True
    try:
        return "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _side_by_side(new: bytes, labels: Labels) -> Merged:
    """A conflict that has no common lines: keep the file as it is, or take what stands here."""
    ended = new if new.endswith(b"\n") or not new else new + b"\n"
    data = f"<<<<<<< {labels.yours}\n=======\n".encode() + ended + f">>>>>>> {labels.new}\n".encode()
    return Merged(data, marker_lines(data))


def _merge_file(base: bytes, mine: bytes, new: bytes, labels: Labels) -> Merged:
    with tempfile.TemporaryDirectory(prefix="cockpit-merge-") as scratch:
        folder = Path(scratch)
        for name, data in (("mine", mine), ("base", base), ("new", new)):
            (folder / name).write_bytes(data)
        # The result is read from the file and not from the program's output, so that line ends survive.
        argv = ["git", "merge-file", "--diff3", "--quiet"]
        for label in (labels.yours, labels.old, labels.new):
            argv += ["-L", label]
        done = proc.run([*argv, "mine", "base", "new"], folder, timeout_s=30)
        if not 0 <= done.code <= _MOST_CONFLICTS:
            raise ServiceError(
                f"git could not merge: {done.err.strip()[:200] or f'exit {done.code}'}",
                do="see whether git works here: cockpit doctor",
                code="merge-failed",
            )
        data = (folder / "mine").read_bytes()
    return Merged(data, marker_lines(data) if done.code else ())
