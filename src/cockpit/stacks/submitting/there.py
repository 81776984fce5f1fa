"""What stands on the server already? The branches, pull requests and native stacks of what is submitted."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from cockpit.domain.pull import PullState
from cockpit.stacks.github.host import Host
from cockpit.stacks.github.talking import GithubError, Talk

_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Known:
    """One pull request of a branch of this repository.

    `body` is whole, `stack` a native one's number, `asked` the people and teams (by slug) whose review is
    waited for.
    """

    number: int
    base: str
    state: PullState = PullState.OPEN
    body: str = ""
    author: str | None = None
    head: str | None = None
    url: str = ""
    stack: int | None = None
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class There:
    """The server as it is now.

    `tips` are branch → commit on the remote; `pulls` branch → its pull requests, the newest first; `stacks`
    number of a native stack → its pull requests, bottom to top. `native` tells whether the server has
    stacks. `login` is whose token it is, None where that is not told. `onto` maps a branch to the other
    branches whose pull requests go into it.
    """

    tips: Mapping[str, str] = field(default_factory=dict)
    pulls: Mapping[str, tuple[Known, ...]] = field(default_factory=dict)
    stacks: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    native: bool = False
    login: str | None = None
    onto: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def open(self, branch: str) -> Known | None:
        """Return the open pull request of a branch, the newest of several."""
        return next((one for one in self.pulls.get(branch, ()) if one.state is PullState.OPEN), None)

    def merged(self, branch: str) -> Known | None:
        """Return the pull request of a branch that was merged, None where one is open again."""
        if self.open(branch) is not None:
            return None
        return next((one for one in self.pulls.get(branch, ()) if one.state is PullState.MERGED), None)


async def look(talk: Talk, host: Host, branches: Sequence[str], tips: Mapping[str, str]) -> There:
    """Return what the server says of `branches`. Raises GithubError."""
    repo = f"/repos/{host.full_name}"
    login = await _login(talk)
    pulls: dict[str, tuple[Known, ...]] = {}
    onto: dict[str, tuple[str, ...]] = {}

    async def read(branch: str) -> None:
        head = quote(f"{host.owner}:{branch}", safe="")
        said = await _asked(talk, f"{repo}/pulls?state=all&head={head}&per_page=100")
        found = [one for item in said if (one := _known(item, host, branch)) is not None]
        pulls[branch] = tuple(sorted(found, key=lambda one: -one.number))
        said = await _asked(talk, f"{repo}/pulls?state=open&base={quote(branch, safe='')}&per_page=100")
        onto[branch] = tuple(_text(_part(item, "head").get("ref")) or "?" for item in said)

    for at in range(0, len(branches), _AT_ONCE):
        await asyncio.gather(*(read(branch) for branch in branches[at : at + _AT_ONCE]))
    status, _ = await talk.call("GET", f"{repo}/stacks?per_page=1")
    native = status == 200
    stacks = {}
    for number in {one.stack for known in pulls.values() for one in known if one.stack is not None}:
        status, said = await talk.call("GET", f"{repo}/stacks/{number}")
        listed = said.get("pull_requests") if status == 200 and isinstance(said, dict) else None
        if isinstance(listed, list):
            stacks[number] = tuple(n for item in listed if (n := _number(item)) is not None)
    return There(tips, pulls, stacks, native, login, onto)


async def _login(talk: Talk) -> str | None:
    try:
        status, said = await talk.call("GET", "/user")
    except GithubError as error:
        # The token of an app is nobody's.
        if error.problem.code == "github-forbidden":
            return None
        raise
    return _text(said.get("login")) if status == 200 and isinstance(said, dict) else None


async def _asked(talk: Talk, path: str) -> list[Any]:
    status, said = await talk.call("GET", path)
    if status != 200 or not isinstance(said, list):
        raise GithubError(
            f"the pull requests of this repository cannot be read ({status})",
            do="check the remote's URL, and that the token may read this repository",
            code="github-repository",
        )
    return said


def _known(item: Any, host: Host, branch: str) -> Known | None:
    head, base = _part(item, "head"), _part(item, "base")
    number, name = _number(item), _text(_part(head, "repo").get("full_name"))
    # A fork's branch of the same name is another branch.
    if number is None or head.get("ref") != branch or (name or "").lower() != host.full_name.lower():
        return None
    merged = item.get("merged_at") is not None
    state = (
        PullState.MERGED if merged else PullState.OPEN if item.get("state") == "open" else PullState.CLOSED
    )
    return Known(
        number,
        _text(base.get("ref")) or "",
        state,
        _text(item.get("body")) or "",
        _text(_part(item, "user").get("login")),
        _text(head.get("sha")),
        _text(item.get("html_url")) or "",
        _number(_part(item, "stack")),
        frozenset(_names(item, "requested_reviewers", "login") + _names(item, "requested_teams", "slug")),
    )


def _names(item: dict[str, Any], key: str, name: str) -> list[str]:
    listed = item.get(key)
    found = (
        (_text(one.get(name)) for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()
    )
    return [one for one in found if one is not None]


def _part(item: Any, key: str) -> dict[str, Any]:
    found = item.get(key) if isinstance(item, dict) else None
    return found if isinstance(found, dict) else {}


def _number(item: Any) -> int | None:
    found = item.get("number") if isinstance(item, dict) else None
    return found if type(found) is int else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
