"""What does `stack list` tell? All stacks with their RPTs, as one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cockpit.domain.pull import Server
from cockpit.domain.slice_state import acting
from cockpit.domain.stack import Slice, Stack
from cockpit.domain.text import one_line
from cockpit.edges.clock import iso
from cockpit.stacks import standing
from cockpit.stacks.gitread import Reading


def document(
    reading: Reading, stacks: Sequence[Stack], server: Server | None = None, now: float = 0.0
) -> dict[str, Any]:
    """Return `cockpit.stacks/v1`; `stacks` are those of `reading` with their RPTs, `now` in epoch seconds."""
    return {
        "schema": "cockpit.stacks/v1",
        "branch": reading.branch,
        "trunk": reading.trunk,
        "server": told(server, now),
        "stacks": [
            {
                "id": stack.id,
                "rpt": stack.rpt,
                "trunk": stack.trunk,
                **_outlook(stack, now),
                "slices": [_slice(part) for part in stack.slices],
            }
            for stack in stacks
        ],
        "errors": [problem.to_json() for problem in reading.problems],
    }


def told(server: Server | None, now: float) -> dict[str, Any] | None:
    """Return what was last heard of the server, None where the remote is no GitHub."""
    if server is None:
        return None
    problem, rate = None, None
    if server.problem is not None:
        problem = {"code": server.code, "message": one_line(server.problem, 500), "do": server.do}
    if server.rate is not None:
        rate = {
            "remaining": server.rate.remaining,
            "limit": server.rate.limit,
            "reset_at": iso(server.rate.reset_at),
        }
    return {
        "host": server.host,
        "repository": server.repository,
        "at": iso(server.at) if server.at else None,
        "age_s": round(max(0.0, now - server.at), 1) if server.at else None,
        "stale": server.stale,
        "wait_until": iso(server.wait_until) if server.wait_until > now else None,
        "problem": problem,
        "rate": rate,
    }


def depths(stack: Stack) -> list[int]:
    """Return how deep each slice lies over the trunk, 0 for the lowest."""
    found: dict[str, int] = {}
    for part in stack.slices:
        found[part.branch] = found.get(part.parent, -1) + 1
    return [found[part.branch] for part in stack.slices]


def _outlook(stack: Stack, now: float) -> dict[str, Any]:
    seen = standing.outlook(stack, now)
    coming = None
    if seen.next is not None:
        coming = {
            "branch": seen.next.branch,
            "text": seen.text,
            "who": list(seen.who),
            "since": seen.since,
            "wait_s": round(seen.wait_s, 1) if seen.wait_s is not None else None,
        }
    return {"merged": seen.merged, "total": seen.total, "next": coming}


def _slice(part: Slice) -> dict[str, Any]:
    held = part.blocked
    return {
        "branch": part.branch,
        "parent": part.parent,
        "pr": part.pr,
        "state": part.state,
        "commit": part.commit,
        "commits": part.commits,
        "added": part.added,
        "deleted": part.deleted,
        "files": len(part.paths),
        "updated_at": part.updated_at,
        "author": part.author,
        "subject": part.subject,
        "counted": part.counted,
        **_pull(part),
        "blocked": {"cause": held.cause, "text": held.text} if held is not None else None,
        "waiting_for": list(held.who if held is not None else acting(part)),
        "evidence": [
            {"source": said.source, "detail": said.detail, "parent": said.parent} for said in part.evidence
        ],
    }


def _pull(part: Slice) -> dict[str, Any]:
    """Return what the pull request tells; every key is there, null where there is none."""
    pull = part.pull
    if pull is None:
        return dict.fromkeys(("title", "url", "draft", "review", "checks"))
    review = {
        "decision": pull.decision,
        "asked": list(pull.asked),
        "unresolved": pull.unresolved,
        "verdicts": [{"by": one.by, "decision": one.decision, "commit": one.commit} for one in pull.verdicts],
    }
    title, url = one_line(pull.title, 300), one_line(pull.url, 500)
    return {"title": title, "url": url, "draft": pull.draft, "review": review, "checks": pull.checks}
