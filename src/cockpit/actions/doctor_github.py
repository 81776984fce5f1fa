"""Does this workspace's GitHub open, with which token, and what was heard of it last?"""

from __future__ import annotations

from cockpit.actions.doctor import Finding, Outcome
from cockpit.errors import ConfigError
from cockpit.stacks import telling
from cockpit.workspace import asking, heard, pulls
from cockpit.workspace.workspace import Workspace


def examine(workspace: Workspace) -> Finding:
    """Return one line. It asks for the repository itself: nobody else can tell whether a token opens it."""
    try:
        there = pulls.host(workspace.git)
        _, server = heard.last(workspace)
    except ConfigError as error:
        return _advice(error.problem.message, error.problem.do)
    if there is None or server is None:
        return Finding("github", Outcome.GOOD, "no remote on GitHub: stacks are read from git alone")
    name = f"{there.name} {there.full_name}"
    token = pulls.found_token(there)
    if token is None:
        missing = "GH_TOKEN" if there.public else "GH_ENTERPRISE_TOKEN"
        login = "gh auth login" if there.public else f"gh auth login --hostname {there.name}"
        return _advice(f"{name}: no token, pull requests are not read", f"set {missing}, or run {login}")
    problem = asking.whether_it_opens(workspace, there, token)
    if problem is not None:
        return _advice(f"{name}, token from {token.source}: {problem.message}", problem.do)
    left = f", {server.rate.remaining:,} of {server.rate.limit:,} points left" if server.rate else ""
    last, _ = telling.heard(server, workspace.clock.epoch())
    return Finding("github", Outcome.GOOD, f"{name}, opened by the token from {token.source}{left}; {last}")


def _advice(found: str, do: str) -> Finding:
    return Finding("github", Outcome.ADVICE, found, do)
