"""What are a repository's pull requests now? Asked sparingly, and what was known is kept where it fails."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from cockpit.domain.pull import PullRequest, PullState
from cockpit.edges.clock import Clock
from cockpit.edges.http import Http
from cockpit.errors import Problem
from cockpit.stacks.github import query, troubles
from cockpit.stacks.github.again import again
from cockpit.stacks.github.host import Host
from cockpit.stacks.github.paging import RESERVE, Got, Sleep, pages
from cockpit.stacks.github.talking import LONGEST_WAIT_S, GithubError, Talk
from cockpit.stacks.pulls import Pulls

FULL_S = 120.0
_KEPT_CLOSED = 200
_MENTIONED = re.compile(r"#([0-9]{1,9})\b")


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
        return _failed(known, troubles.no_token(host))
    now = clock.epoch()
    wait = max(known.wait_until, _reserved_until(known))
    if now < wait:
        return replace(_failed(known, troubles.waiting(host, wait - now)), wait_until=wait)
    talk = Talk(http, host, token, clock)
    try:
        etag, fresh = await _look(talk, known, now, full_s)
        if fresh:
            kept = replace(known, at=now, etag=etag, stale=False, wait_until=0.0)
            if (renewed := await again(talk, host, kept, frozenset(branches))) is not None:
                return renewed
        everything = await _everything(talk, host, known, frozenset(branches), sleep)
        whole = not any(problem.code == troubles.PARTIAL for problem in everything.problems)
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


async def _everything(talk: Talk, host: Host, known: Pulls, branches: frozenset[str], sleep: Sleep) -> Pulls:
    native, lacks = known.native, known.lacks
    if native is None:
        native, lacks = await _abilities(talk)
    got = await pages(talk, host, query.document(native=native, lacks=lacks), sleep)
    opened = (*got.found.values(), *_missed(got, known))
    ended = _ended(opened, got, known, branches)
    problems = []
    if got.errors and got.forbidden:
        problems.append(troubles.closed(host, got))
    elif got.errors or got.lost:
        problems.append(troubles.partial(host, got))
    if got.more:
        problems.append(troubles.too_many(host, len(opened)))
    return Pulls(
        repository=host.full_name,
        host=host.name,
        trunk=got.trunk,
        pulls=(*opened, *ended),
        problems=tuple(problems),
        rate=got.rate,
        native=native,
        lacks=lacks,
    )


def _missed(got: Got, known: Pulls) -> list[PullRequest]:
    """What was open before and may be among those that did not come: nobody said that it ended."""
    if not got.lost:
        return []
    said = {*got.found, *(pull.number for pull in got.recent)}
    return [pull for pull in known.pulls if pull.state is PullState.OPEN and pull.number not in said]


def _ended(
    opened: tuple[PullRequest, ...], got: Got, known: Pulls, branches: frozenset[str]
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


async def _abilities(talk: Talk) -> tuple[bool, tuple[str, ...]]:
    """Whether the server knows stacks, and which newer fields it does not have."""
    said = await talk.ask(query.PROBE)
    kind = said.data.get("__type")
    fields = kind.get("fields") if isinstance(kind, Mapping) else None
    names = {f.get("name") for f in fields if isinstance(f, Mapping)} if isinstance(fields, list) else set()
    lacks = tuple(name for name in query.LATER if names and name not in names)
    return {"stack", "stackEntry"} <= names, lacks


def _reserved_until(known: Pulls) -> float:
    """People's own tools use the same limit: the last of it is left to them, an hour at most."""
    rate = known.rate
    spent = rate is not None and rate.remaining < min(RESERVE, rate.limit)
    return min(rate.reset_at, known.at + LONGEST_WAIT_S) if spent and rate is not None else 0.0


def _failed(known: Pulls, problem: Problem) -> Pulls:
    return replace(known, stale=True, problems=(problem,))
