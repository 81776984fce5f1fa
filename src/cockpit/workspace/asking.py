"""How does a command ask GitHub once, without making anybody wait for long?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.errors import CockpitError, GitError, Problem
from cockpit.stacks.github import Host, Token
from cockpit.stacks.pulls import Pulls
from cockpit.workspace.remote import host

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace

_PATIENCE_S = 10.0
_SILENT_S = 1.0
_OPENING_S = 5.0


def once(workspace: Workspace, tell: Callable[[str], None]) -> None:
    """Ask for the pull requests and keep them; `tell` says so where it takes longer than a second.

    After ten seconds what was known stays. Nothing is raised for it, nor without a GitHub: what is kept tells
    how it went. Raises StateError if nothing can be kept.
    """
    try:
        there = host(workspace.git)
    except CockpitError:
        return
    if there is None:
        return
    # Only now: it brings asyncio along, which is most of what a command costs.
    from cockpit.edges.http import run_loop

    run_loop(_bounded(workspace, there, tell))


def whether_it_opens(workspace: Workspace, there: Host, token: Token) -> Problem | None:
    """Return why `token` does not open the repository, None where it does. Takes five seconds at most."""
    from cockpit.edges.http import HttpxHttp, run_loop
    from cockpit.stacks.github.talking import GithubError, Talk

    async def ask() -> Problem | None:
        async with HttpxHttp(workspace.clock) as http:
            try:
                talk = Talk(http, there, token.secret, workspace.clock)
                await asyncio.wait_for(talk.seen(), _OPENING_S)
            except GithubError as error:
                return error.problem
            except TimeoutError:
                return _slow(there, _OPENING_S)
        return None

    return run_loop(ask())


async def _bounded(workspace: Workspace, there: Host, tell: Callable[[str], None]) -> None:
    from cockpit.workspace import pulls

    asked = asyncio.ensure_future(pulls.refresh(workspace, _branches(workspace)))
    done, _ = await asyncio.wait({asked}, timeout=_SILENT_S)
    if not done:
        tell(f"asking {there.name} for the pull requests of {there.full_name} …")
        done, _ = await asyncio.wait({asked}, timeout=_PATIENCE_S - _SILENT_S)
    if done:
        asked.result()
        return
    asked.cancel()
    before = workspace.kept_pulls.load(there) or Pulls(there.full_name, there.name)
    workspace.kept_pulls.save(there, replace(before, stale=True, problems=(_slow(there, _PATIENCE_S),)))


def _branches(workspace: Workspace) -> list[str]:
    try:
        said = workspace.git.run("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads")
    except GitError:
        return []
    return said.splitlines()


def _slow(there: Host, seconds: float) -> Problem:
    return Problem(
        "github-slow",
        f"{there.name} did not answer in full within {seconds:g} s",
        "check the network; the board waits longer, and --offline shows what is kept",
    )
