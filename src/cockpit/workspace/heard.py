"""What did the server of this workspace's pull requests say last? Asks nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.domain.pull import Server
from cockpit.stacks.pulls import Pulls

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace


def last(workspace: Workspace) -> Pulls | None:
    """Return what was read last, None where nothing ever was or the remote is no GitHub."""
    if not workspace.store.query("SELECT 1 FROM cache WHERE kind = 'pulls' LIMIT 1"):
        return None
    # Only now: it brings asyncio along, which is most of what a command costs.
    from cockpit.workspace import pulls

    return pulls.known(workspace)


def server_of(pulls: Pulls | None) -> Server | None:
    """Return who said so, as of when, and why there is nothing newer."""
    if pulls is None:
        return None
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
