"""What did the server of this workspace's pull requests say last? Asks nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.domain.pull import Server
from cockpit.stacks.pulls import Pulls

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace


def last(workspace: Workspace) -> tuple[Pulls | None, Server | None]:
    """Return what was read last and who said so; (None, None) where the remote is no GitHub.

    The reading is None as well where no answer ever came. Raises ConfigError if COCKPIT_GITHUB_URL is no URL.
    """
    from cockpit.workspace.remote import host

    there = host(workspace.git)
    if there is None:
        return None, None
    kept = workspace.kept_pulls.load(there) or Pulls(there.full_name, there.name)
    return (kept if kept.at else None), server_of(kept)


def server_of(pulls: Pulls) -> Server:
    """Return who said so, as of when, and why there is nothing newer."""
    problem = next(iter(pulls.problems), None)
    return Server(
        host=pulls.host,
        repository=pulls.repository,
        at=pulls.at,
        stale=pulls.stale,
        wait_until=pulls.wait_until,
        problem=problem.message if problem is not None else None,
        code=problem.code if problem is not None else None,
        do=problem.do if problem is not None else None,
        rate=pulls.rate,
    )
