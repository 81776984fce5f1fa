"""What do all pages of open pull requests hold? Asked in smaller ones where GitHub cannot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cockpit.domain.pull import PullRequest, Rate
from cockpit.domain.text import one_line
from cockpit.stacks.github import parsing, query
from cockpit.stacks.github.host import Host
from cockpit.stacks.github.talking import GithubError, Said, Talk

RESERVE = 50
_SMALLEST = 5
_MOST_PAGES = 100
_MOST = 2_000
_BETWEEN_TRIES_S = 0.5

Sleep = Callable[[float], Awaitable[object]]


@dataclass(slots=True)
class Got:
    """What the pages held; `errors` are GitHub's words, `lost` counts what did not come."""

    trunk: str | None
    rate: Rate | None
    found: dict[int, PullRequest]
    recent: list[PullRequest]
    errors: list[str]
    forbidden: bool = True
    lost: int = 0
    more: bool = False


async def pages(talk: Talk, host: Host, document: str, sleep: Sleep) -> Got:
    """Return everything; `sleep` waits between tries. Raises GithubError where the smallest page fails."""
    got = Got(None, None, {}, [], [])
    first, after, tries = query.PAGE, None, 0
    for _ in range(_MOST_PAGES):
        variables = {
            "owner": host.owner,
            "name": host.repository,
            "first": first,
            "after": after,
            "closed": min(query.CLOSED, first),
            "begin": after is None,
        }
        try:
            said = await talk.ask(document, variables)
            after = _take(said, host, got)
        except GithubError as error:
            if not error.heavy or first <= _SMALLEST:
                raise
            tries += 1
            first = max(_SMALLEST, first // 2)
            await sleep(_BETWEEN_TRIES_S * 2**tries)
            continue
        if after is None:
            return got
        if len(got.found) >= _MOST or (got.rate is not None and got.rate.remaining < RESERVE):
            break
    got.more = True
    return got


def _take(said: Said, host: Host, got: Got) -> str | None:
    """Add one page to what was got, and return where the next one begins."""
    repository = said.data.get("repository")
    page = repository.get("pullRequests") if isinstance(repository, Mapping) else None
    nodes = page.get("nodes") if isinstance(page, Mapping) else None
    if not isinstance(repository, Mapping) or not isinstance(page, Mapping) or not isinstance(nodes, list):
        raise GithubError(
            f"{host.name} left the pull requests out: {'; '.join(said.errors) or 'no reason given'}",
            do="less is asked for at once; if it stays so, look at the server's status page",
            code="github-failed",
            heavy=True,
        )
    # A renamed repository answers under its new name.
    name = repository.get("nameWithOwner")
    name = name if isinstance(name, str) and name else host.full_name
    got.trunk = trunk(repository) or got.trunk
    got.rate = rate(said.data.get("rateLimit")) or got.rate
    got.errors += [words for words in said.errors if words not in got.errors]
    got.forbidden = got.forbidden and (said.forbidden or not said.errors)
    for node in nodes:
        pull = parsing.pull(node, name, partial=bool(said.errors))
        if pull is None:
            got.lost += 1
        else:
            got.found[pull.number] = pull
    recent = repository.get("recent")
    ended = recent.get("nodes") if isinstance(recent, Mapping) else None
    if isinstance(ended, list):
        got.recent += [pull for node in ended if (pull := parsing.pull(node, name)) is not None]
    info = page.get("pageInfo")
    if not isinstance(info, Mapping) or info.get("hasNextPage") is not True:
        return None
    cursor = info.get("endCursor")
    return cursor if isinstance(cursor, str) and 0 < len(cursor) < 1000 else None


def trunk(repository: Mapping[str, Any]) -> str | None:
    """Return the name of the default branch."""
    branch = repository.get("defaultBranchRef")
    name = branch.get("name") if isinstance(branch, Mapping) else None
    return one_line(name, 255) if isinstance(name, str) and name else None


def rate(value: Any) -> Rate | None:
    """Return what `rateLimit` tells, None where it tells nothing sensible."""
    if not isinstance(value, Mapping):
        return None
    remaining, limit, reset = value.get("remaining"), value.get("limit"), value.get("resetAt")
    if type(remaining) is not int or type(limit) is not int or not isinstance(reset, str):
        return None
    try:
        at = datetime.fromisoformat(reset)
    except ValueError:
        return None
    sane = at.tzinfo is not None and 2000 < at.year < 3000
    return Rate(remaining, limit, at.timestamp()) if sane else None
