"""What does git say? One quiet call at a time, bounded in time; arguments are lists, never a shell string."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from cockpit.domain.text import without_logins
from cockpit.errors import GitError

# No prompts, no lock files taken by a reader, no translated output, no pager.
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", "GIT_PAGER": "cat"}
# Variables that would point git at another repository than the workspace's.
_FOREIGN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX")


class Git(Protocol):
    """Runs git in one repository."""

    def run(self, *args: str, stdin: str | None = None, timeout_s: float = 30.0) -> str:
        """Return the standard output of `git *args`. Raises GitError if it fails."""
        ...


class RealGit:
    """The git on PATH, in the folder `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def run(self, *args: str, stdin: str | None = None, timeout_s: float = 30.0) -> str:
        """Return the standard output of `git *args`, undecodable bytes replaced."""
        data = None if stdin is None else stdin.encode("utf-8", "surrogateescape")
        said = self.raw(*args, stdin=data, timeout_s=timeout_s).decode("utf-8", "replace")
        return said.replace("\r\n", "\n").replace("\r", "\n")

    def raw(
        self,
        *args: str,
        stdin: bytes | None = None,
        extra: Mapping[str, str] | None = None,
        timeout_s: float = 30.0,
    ) -> bytes:
        """Return the standard output of `git *args` as it is; `extra` is laid over the environment.

        An index of one's own (GIT_INDEX_FILE) is given there. Raises GitError if git fails.
        """
        env = {k: v for k, v in os.environ.items() if k not in _FOREIGN} | _QUIET | dict(extra or {})
        try:
            done = subprocess.run(
                ["git", *args],
                cwd=self._root,
                env=env,
                input=stdin,
                stdin=subprocess.DEVNULL if stdin is None else None,
                capture_output=True,
                timeout=timeout_s,
                check=False,
                # Without a terminal ssh cannot ask for a passphrase in the middle of the board, nor does
                # ctrl+c, which is for cockpit, end git half-way.
                start_new_session=True,
            )
        except OSError as error:
            raise self._unstarted(args[0], error) from error
        except subprocess.TimeoutExpired as error:
            raise GitError(
                f"git {args[0]} did not answer within {timeout_s:g} s",
                do="try the same command by hand; a large repository may need `git maintenance run`",
            ) from error
        if done.returncode != 0:
            reason = without_logins(done.stderr.decode("utf-8", "replace")).strip().splitlines()
            raise GitError(
                f"git {args[0]} failed: {reason[-1][:300] if reason else f'exit {done.returncode}'}",
                do="run the same git command in the workspace to see more",
            )
        return done.stdout

    def _unstarted(self, command: str, error: OSError) -> GitError:
        if not self._root.is_dir():
            return GitError(f"the folder {self._root.name}/ is gone", do="make it again, or refresh")
        if isinstance(error, FileNotFoundError):
            return GitError("git is not installed", do="install git and put it on PATH")
        return GitError(
            f"git {command} cannot be started: {error.strerror or error}",
            do="run the same git command in the workspace to see more",
        )


class FakeGit:
    """Answers from a table of argument tuples; an unknown call fails like git would."""

    def __init__(self, answers: dict[tuple[str, ...], str]) -> None:
        self._answers = answers

    def run(self, *args: str, stdin: str | None = None, timeout_s: float = 30.0) -> str:
        """Return the canned answer to `args`."""
        try:
            return self._answers[args]
        except KeyError:
            raise GitError(f"git {args[0]} failed: no answer", do="give FakeGit an answer") from None
