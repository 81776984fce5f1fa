"""Where does this clone keep what tools wrote? In its common folder, and in refs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cockpit.edges.files import read_bounded
from cockpit.edges.git import Git
from cockpit.errors import EdgeError, GitError

MOST_BYTES = 4_000_000
MOST_REFS = 10_000


@dataclass(frozen=True, slots=True)
class Clone:
    """A clone as the readers of local files need it.

    `common` is git's common folder, the same one from every worktree. `heads` is local branch → commit,
    `trunk` the trunk's name and `trunk_commit` where that branch is here, None where it is not.
    """

    git: Git
    common: Path
    heads: dict[str, str]
    trunk: str | None = None
    trunk_commit: str | None = None

    def commit_of(self, branch: str) -> str | None:
        """Return where the branch points, None where it is not here."""
        return self.trunk_commit if branch == self.trunk else self.heads.get(branch)

    def text(self, name: str) -> str | None:
        """Return the text of a file in the common folder, None where there is none or it cannot be read."""
        path = self.common / name
        try:
            return read_bounded(path, MOST_BYTES).decode("utf-8", "replace") if path.is_file() else None
        except (EdgeError, OSError):
            return None

    def json(self, name: str) -> Any:
        """Return the JSON of a file in the common folder, None where there is none."""
        return parsed(self.text(name))

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
