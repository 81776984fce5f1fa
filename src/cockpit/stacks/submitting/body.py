"""What does the body of a pull request say of its stack? A list of cockpit's own, for it and for people."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Marks of its own: a list of git-town's in the same body is git-town's, and stays as it is.
BEGIN, END = "<!-- cockpit-stack-start -->", "<!-- cockpit-stack-end -->"
MOST_TEXT = 65_536  # what GitHub takes, in characters
# A beginning alone is somebody's words: the list is what is between the last one and its end.
_BLOCK = re.compile(f"{BEGIN}(?:(?!{BEGIN}).)*?{END}", re.DOTALL)
_MARK = re.compile(r"<!-- cockpit submission [0-9a-z]* -->")
_HERE = " :point_left:"


def block(trunk: str, entries: Sequence[tuple[int, str]], here: str) -> str:
    """Return the list for the pull request called `here`; entries are (depth from 1, how it is called)."""
    lines = [f"{'  ' * depth}- {name}{_HERE if name == here else ''}" for depth, name in entries]
    return "\n".join((BEGIN, "", f"- {trunk}", *lines, "", END))


def with_block(text: str, listed: str) -> str:
    """Return `text` with the list in it: in place of the one that is there, else at its end."""
    if _BLOCK.search(text):
        return _BLOCK.sub(lambda _: listed, text, count=1)
    return f"{text.rstrip()}\n\n{listed}" if text.strip() else listed


def plain(text: str) -> str:
    """Return `text` without lists and marks of cockpit: those that a squash wrote into a commit are old."""
    return _MARK.sub("", _BLOCK.sub("", text)).replace(BEGIN, "").replace(END, "").strip()


def marked(text: str, mark: str) -> str:
    """Return `text` with the mark of a submission, by which a pull request is found whose number got lost."""
    return f"{text.rstrip()}\n\n{_mark(mark)}" if text.strip() else _mark(mark)


def has_mark(text: str, mark: str) -> bool:
    """True for a body that `marked` made with `mark`."""
    return _mark(mark) in text


def _mark(mark: str) -> str:
    return f"<!-- cockpit submission {mark} -->"
