"""How does a workspace get a history? Real commits by several people, spread over the last weeks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

_HOST = "demo.invalid"  # RFC 2606: an address that can never be somebody's


class History:
    """A new git repository in `folder`; `now` is the end of the story."""

    def __init__(self, folder: Path, now: datetime, me: str) -> None:
        from git import Repo

        self._folder, self._now = folder, now
        self._repo = Repo.init(folder, initial_branch="main")
        with self._repo.config_writer() as config:
            config.set_value("user", "name", me)
            config.set_value("user", "email", email(me))
            # A signing or hook set-up of the person's own must not ask questions in a demo.
            config.set_value("commit", "gpgsign", "false")

    def commit(self, who: str, days_ago: float, message: str) -> None:
        """Commit everything as `who`, so many days before now."""
        from git import Actor

        self._repo.git.add("--all")
        actor = Actor(who, email(who))
        when = (self._now - timedelta(days=days_ago)).astimezone(UTC).replace(microsecond=0)
        self._repo.index.commit(
            message, author=actor, committer=actor, author_date=when, commit_date=when, skip_hooks=True
        )

    def branch(self, name: str, onto: str | None = None) -> None:
        """Begin a branch at `onto` (where HEAD is for None) and stand on it."""
        if onto is not None:
            self._repo.git.checkout("--quiet", onto)
        self._repo.git.checkout("--quiet", "-b", name)

    def back(self) -> None:
        """Stand on main again."""
        self._repo.git.checkout("--quiet", "main")

    def close(self) -> None:
        """Let go of git's helper processes."""
        self._repo.close()


def email(handle: str) -> str:
    """Return the address of a handle."""
    return f"{handle}@{_HOST}"


Edit = Callable[[str], str]


def rewrite(path: Path, edit: Edit) -> None:
    """Replace the text of a file; the story is broken, loudly, if that changes nothing."""
    before = path.read_text(encoding="utf-8")
    after = edit(before)
    if after == before:
        raise ValueError(f"{path.name} is not as the demo expects it")
    path.write_text(after, encoding="utf-8")
