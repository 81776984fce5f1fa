"""A real repository for tests of stacks: quiet, dated, with a git that counts its calls."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from cockpit.edges.git import RealGit

_ENV = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


class Repo:
    """A folder with a repository; each commit is a minute after the one before."""

    def __init__(self, root: Path, trunk: str = "main") -> None:
        self.root = root
        self.clock = 1_790_000_000
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", trunk)

    def git(self, *args: str, check: bool = True) -> str:
        """Run git and return what it said."""
        date = f"{self.clock} +0000"
        env = os.environ | _ENV | {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        done = subprocess.run(
            ["git", *args], cwd=self.root, env=env, capture_output=True, text=True, check=check
        )
        return done.stdout.strip()

    def commit(self, subject: str = "change", path: str | None = None, text: str = "1\n") -> str:
        """Commit `text` in `path` (a new file for None) and return the id."""
        self.clock += 60
        file = self.root / (path or f"f{self.clock}.txt")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject)
        return self.git("rev-parse", "HEAD")

    def branch(self, name: str, start: str | None = None, *, commits: int = 1) -> str:
        """Make a branch with some commits and return its tip."""
        self.git("switch", "-q", "-c", name, *([start] if start else []))
        for number in range(commits):
            self.commit(f"{name} {number}")
        return self.git("rev-parse", "HEAD")

    def merge(self, name: str, *args: str) -> str:
        """Merge into what is checked out."""
        self.clock += 60
        self.git("merge", "-q", "--no-ff", "-m", f"Merge {name}", *args, name)
        return self.git("rev-parse", "HEAD")


class CountingGit:
    """The real git, noting what it was asked."""

    def __init__(self, root: Path) -> None:
        self._git = RealGit(root)
        self.asked: list[str] = []

    def run(self, *args: str, stdin: str | None = None, timeout_s: float = 30.0) -> str:
        self.asked.append(args[0])
        return self._git.run(*args, stdin=stdin, timeout_s=timeout_s)
