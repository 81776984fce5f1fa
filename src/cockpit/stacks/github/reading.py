"""What are a repository's pull requests now? Asked sparingly, and what was known is kept where it fails."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cockpit.domain.pull import Checks, Merging, PullRequest, PullState, Rate
from cockpit.domain.text import one_line
from cockpit.edges.clock import Clock
from cockpit.edges.http import Http
from cockpit.errors import Problem
from cockpit.stacks.github import parsing, query
from cockpit.stacks.github.host import Host
from cockpit.stacks.github.talking import LONGEST_WAIT_S, GithubError, Said, Talk
from cockpit.stacks.pulls import Pulls

FULL_S = 120.0
_SMALLEST = 5
_MOST_PAGES = 100
_MOST = 2_000
_RESERVE = 50
_KEPT_CLOSED = 200
_ASKED_AGAIN = 100
_BETWEEN_TRIES_S = 0.5
_PARTIAL = "github-partial"
_MENTIONED = re.compile(r"#([0-9]{1,9})\b")

Sleep = Callable[[float], Awaitable[object]]


async def read(
    http: Http,
    host: Host,
    token: str | None,
    before: Pulls | None,
    clock: Clock,
    *,
    branches: Collection[str] = (),
    full_s: float = FULL_S,
    sleep: Sleep = asyncio.sleep,
) -> Pulls:
    """Return the open pull requests of `host`'s repository and the ended ones of stacks that are known.

    An ended one is known by a name in `branches`, by `before`, or by an open one that stands on it or
    names it. Everything is asked for where the list changed or `full_s` seconds went by. What changes no list
    (checks, whether it can be merged) is asked for each time, of a hundred: those of `branches` first, then
    those that GitHub was still at work on. Nothing is raised: what fails is in `problems`, and what was known
    stays, marked as stale.
    """
    known = before if before is not None and before.repository == host.full_name else None
    known = known or Pulls(host.full_name, host.name)
    if token is None:
        return _failed(known, _no_token(host))
    now = clock.epoch()
    wait = max(known.wait_until, _reserved_until(known))
    if now < wait:
        return replace(_failed(known, _waiting(host, wait - now)), wait_until=wait)
    talk = Talk(http, host, token, clock)
    try:
        etag, fresh = await _look(talk, known, now, full_s)
        if fresh:
            kept = replace(known, at=now, etag=etag, stale=False, wait_until=0.0)
            if (again := await _again(talk, host, kept, frozenset(branches))) is not None:
                return again
        everything = await _everything(talk, host, known, frozenset(branches), sleep)
        whole = not any(problem.code == _PARTIAL for problem in everything.problems)
        return replace(everything, at=clock.epoch(), full_at=now if whole else 0.0, etag=etag)
    except GithubError as error:
        return replace(_failed(known, error.problem), wait_until=error.wait_until)


async def _look(talk: Talk, known: Pulls, now: float, full_s: float) -> tuple[str | None, bool]:
    """The list's tag, and whether what is known is as new as it."""
    recent = known.full_at > 0 and 0 <= now - known.full_at < full_s and not known.stale
    try:
        tag = await talk.changed(known.etag if recent else None)
    except GithubError as error:
        if error.heavy:
            return None, False
        raise
    return (known.etag, True) if tag is None else (tag or None, False)


# Everything


@dataclass(slots=True)
class _Read:
    trunk: str | None
    rate: Rate | None
    found: dict[int, PullRequest]
    recent: list[PullRequest]
    errors: list[str]
    forbidden: bool = True
    lost: int = 0
    more: bool = False


async def _everything(talk: Talk, host: Host, known: Pulls, branches: frozenset[str], sleep: Sleep) -> Pulls:
    native = await _knows_stacks(talk) if known.native is None else known.native
    got = await _pages(talk, host, query.document(native=native), sleep)
    opened = (*got.found.values(), *_missed(got, known))
    ended = _ended(opened, got, known, branches)
    problems = []
    if got.errors and got.forbidden:
        problems.append(_closed(host, got))
    elif got.errors or got.lost:
        problems.append(_partial(host, got))
    if got.more:
        problems.append(_too_many(host, len(opened)))
    return Pulls(
        repository=host.full_name,
        host=host.name,
        trunk=got.trunk,
        pulls=(*opened, *ended),
        problems=tuple(problems),
        rate=got.rate,
        native=native,
    )


def _missed(got: _Read, known: Pulls) -> list[PullRequest]:
    """What was open before and may be among those that did not come: nobody said that it ended."""
    if not got.lost:
        return []
    said = {*got.found, *(pull.number for pull in got.recent)}
    return [pull for pull in known.pulls if pull.state is PullState.OPEN and pull.number not in said]


async def _knows_stacks(talk: Talk) -> bool:
    said = await talk.ask(query.PROBE)
    kind = said.data.get("__type")
    fields = kind.get("fields") if isinstance(kind, Mapping) else None
    names = {f.get("name") for f in fields if isinstance(f, Mapping)} if isinstance(fields, list) else set()
    return {"stack", "stackEntry"} <= names


async def _pages(talk: Talk, host: Host, document: str, sleep: Sleep) -> _Read:
    got = _Read(None, None, {}, [], [])
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
        if len(got.found) >= _MOST or (got.rate is not None and got.rate.remaining < _RESERVE):
            break
    got.more = True
    return got


def _take(said: Said, host: Host, got: _Read) -> str | None:
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
    got.trunk = _trunk(repository) or got.trunk
    got.rate = _rate(said.data.get("rateLimit")) or got.rate
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


def _ended(
    opened: tuple[PullRequest, ...], got: _Read, known: Pulls, branches: frozenset[str]
) -> tuple[PullRequest, ...]:
    """The merged and closed ones that belong to something known, the newest first."""
    bases = {pull.base for pull in opened}
    stacks = {pull.native.id for pull in opened if pull.native is not None}
    named = {
        int(n) for pull in opened for text in (pull.body, *pull.comments) for n in _MENTIONED.findall(text)
    }
    seen = {pull.number for pull in known.pulls}
    now_open = {pull.number for pull in opened}
    recent = {
        pull.number: pull
        for pull in got.recent
        if pull.number in seen | named
        or (not pull.foreign and (pull.head in branches or pull.head in bases))
        or (pull.native is not None and pull.native.id in stacks)
    }
    kept = {p.number: p for p in known.pulls if p.state is not PullState.OPEN and p.number not in recent}
    ended = [pull for pull in (*recent.values(), *kept.values()) if pull.number not in now_open]
    return tuple(sorted(ended, key=lambda p: p.updated_at or "", reverse=True)[:_KEPT_CLOSED])


# What changes no list


async def _again(talk: Talk, host: Host, known: Pulls, branches: frozenset[str]) -> Pulls | None:
    """Ask again for what changes no list; None where GitHub cannot say so much at once."""

    def urgency(pull: PullRequest) -> tuple[bool, bool]:
        at_work = pull.merging is Merging.COMPUTING or pull.checks is Checks.PENDING
        return pull.foreign or pull.head not in branches, not at_work

    opened = sorted((pull for pull in known.pulls if pull.state is PullState.OPEN), key=urgency)
    document = query.again([pull.number for pull in opened[:_ASKED_AGAIN]])
    try:
        said = await talk.ask(document, {"owner": host.owner, "name": host.repository})
    except GithubError as error:
        if error.heavy:
            return None
        raise
    if said.errors and not said.forbidden:
        return None
    repository = said.data.get("repository")
    answers = repository if isinstance(repository, Mapping) else {}
    return replace(
        known,
        pulls=tuple(_renewed(pull, answers, partial=bool(said.errors)) for pull in known.pulls),
        trunk=_trunk(answers) or known.trunk,
        rate=_rate(said.data.get("rateLimit")) or known.rate,
    )


def _renewed(pull: PullRequest, answers: Mapping[str, Any], *, partial: bool) -> PullRequest:
    answer = answers.get(f"p{pull.number}")
    if not isinstance(answer, Mapping) or answer.get("headRefOid") != pull.head_commit:
        return pull
    return parsing.renewed(pull, answer, partial=partial)


def _trunk(repository: Mapping[str, Any]) -> str | None:
    branch = repository.get("defaultBranchRef")
    name = branch.get("name") if isinstance(branch, Mapping) else None
    return one_line(name, 255) if isinstance(name, str) and name else None


# Words


def _rate(value: Any) -> Rate | None:
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


def _reserved_until(known: Pulls) -> float:
    """People's own tools use the same limit: the last of it is left to them, an hour at most."""
    rate = known.rate
    spent = rate is not None and rate.remaining < min(_RESERVE, rate.limit)
    return min(rate.reset_at, known.at + LONGEST_WAIT_S) if spent and rate is not None else 0.0


def _failed(known: Pulls, problem: Problem) -> Pulls:
    return replace(known, stale=True, problems=(problem,))


def _no_token(host: Host) -> Problem:
    names = "GH_TOKEN" if host.public else "GH_ENTERPRISE_TOKEN"
    hostname = "" if host.public else f" --hostname {host.name}"
    return Problem(
        "github-no-token",
        f"there is no token for {host.name}: pull requests are not read",
        f"set {names}, or run gh auth login{hostname}",
    )


def _waiting(host: Host, seconds: float) -> Problem:
    return Problem(
        "github-limit",
        f"{host.name} is left alone: its limit is nearly used up, or it asked for a pause",
        f"nothing: it is asked again in {max(1, round(seconds / 60))} min",
    )


def _partial(host: Host, got: _Read) -> Problem:
    lost = f"{got.lost} pull requests did not come" if got.lost else "parts of the answer did not come"
    reason = f": {got.errors[0]}" if got.errors else ""
    return Problem(_PARTIAL, f"{host.name}: {lost}{reason}", "it is asked again; what is missing is unknown")


def _closed(host: Host, got: _Read) -> Problem:
    return Problem(
        "github-closed",
        f"{host.name}: parts are closed to the token: {got.errors[0]}",
        "log in with gh, or use a classic token: fine-grained ones cannot read check runs",
    )


def _too_many(host: Host, number: int) -> Problem:
    return Problem(
        "github-many",
        f"{host.full_name} has more open pull requests than the {number} that were read",
        "close old ones, or wait until the limit is whole again",
    )
