"""Where does this clone keep what tools wrote? In its common folder, and in refs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cockpit.edges.files import read_bounded
from cockpit.edges.git import Git
from cockpit.errors import EdgeError, GitError, Problem

MOST_BYTES = 4_000_000
MOST_REFS = 10_000
# What a tool keeps of one branch, and of all of them.
MOST_OF_ONE, MOST_OF_ALL = 65_536, 16_000_000
_DO = "check that the program it belongs to still reads it"
_HEAD = re.compile(r"^([0-9a-f]{40,64}) blob \d+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Clone:
    """A clone as the readers of local files need it.

    `common` is git's common folder, the same one from every worktree. `heads` is local branch → commit,
    `trunk` the trunk's name and `trunk_commit` where that branch is here, None where it is not. What is
    there and cannot be read is noted in `failed`.
    """

    git: Git
    common: Path
    heads: dict[str, str]
    trunk: str | None = None
    trunk_commit: str | None = None
    failed: list[Problem] = field(default_factory=list)

    def commit_of(self, branch: str) -> str | None:
        """Return where the branch points, None where it is not here."""
        return self.trunk_commit if branch == self.trunk else self.heads.get(branch)

    def text(self, name: str) -> str | None:
        """Return the text of a file in the common folder, None where there is none or it cannot be read."""
        path, shown = self.common / name, f".git/{name}"
        try:
            return (
                read_bounded(path, MOST_BYTES, shown).decode("utf-8", "replace") if path.is_file() else None
            )
        except EdgeError as error:
            self.failed.append(error.problem)
        except OSError as error:
            said = f"{shown} cannot be read: {error.strerror or error}"
            self.failed.append(Problem("unreadable", said, _DO, shown))
        return None

    def json(self, name: str) -> Any:
        """Return the JSON of a file in the common folder, None where there is none."""
        text = self.text(name)
        if text is None or not text.strip():
            return None
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            self.failed.append(Problem("unreadable", f".git/{name} is not JSON", _DO, f".git/{name}"))
            return None

    def blobs(self, sized: Iterable[tuple[str, int]], what: str) -> dict[str, str]:
        """Return id → text of the blobs (id, bytes) that are small enough; `what` names the others."""
        chosen, left = [], MOST_OF_ALL
        too_large = False
        for name, size in sized:
            if size <= min(left, MOST_OF_ONE):
                chosen.append(name)
                left -= size
            else:
                too_large = True
        if too_large:
            self.failed.append(
                Problem("too-large", f"a part of what {what} keeps is too large to be read", _DO)
            )
        if not chosen:
            return {}
        try:
            said = self.git.run("cat-file", "--batch", stdin="\n".join(dict.fromkeys(chosen)) + "\n")
        except GitError:
            return {}
        # A text with such a line in it is cut there, and is no JSON then.
        parts = _HEAD.split(said)
        return dict(zip(parts[1::2], (text.strip("\n") for text in parts[2::2]), strict=True))

    def refs(self, *patterns: str, fields: str) -> list[list[str]]:
        """Return the `fields` (of for-each-ref, divided by NUL) of every ref that matches."""
        try:
            said = self.git.run("for-each-ref", f"--count={MOST_REFS}", f"--format={fields}%00%00", *patterns)
        except GitError:
            return []
        return [record.lstrip("\n").split("\0") for record in said.split("\0\0\n") if record]


def parsed(text: str | None) -> Any:
    """Return what JSON text holds, None where it is none."""
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
