"""How does the mock answer GraphQL? It executes GitHub's own schema over what is remembered."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from typing import Any

from graphql import graphql_sync

from support.github.published import graphql_schema
from support.github.state import Github, Pull


def execute(github: Github, body: dict[str, Any], rate: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to a query; `rate` is what `rateLimit` tells."""
    errors: list[dict[str, Any]] = []

    def repository(_info: Any, owner: str, name: str, **_: Any) -> Any:
        # GitHub follows a rename here, and answers under the new name.
        if f"{owner}/{name}".casefold() in {n.casefold() for n in (github.full_name, *github.former)}:
            return _repository(github)
        message = f"Could not resolve to a Repository with the name '{owner}/{name}'."
        errors.append({"type": "NOT_FOUND", "path": ["repository"], "message": message})
        return None

    root = {
        "viewer": {"login": github.login},
        "rateLimit": rate,
        "repository": repository,
        "node": lambda _info, id: {"__typename": "Repository", "id": id},
    }
    done = graphql_sync(
        graphql_schema(native=github.native, lacks=github.lacks),
        body.get("query", ""),
        root,
        variable_values=body.get("variables"),
        operation_name=body.get("operationName"),
    )
    said: dict[str, Any] = {}
    errors += [_error(error.formatted) for error in done.errors or ()]
    if done.data is not None or not done.errors:
        said["data"] = done.data
    if errors:
        said["errors"] = errors
    return said


def cost(body: dict[str, Any]) -> int:
    """Return about as many points as GitHub counts for a page of pull requests."""
    first = (body.get("variables") or {}).get("first")
    return max(1, math.ceil((1 + first * 6) / 100)) if isinstance(first, int) else 1


def _error(formatted: Any) -> dict[str, Any]:
    code = "undefinedField" if "Cannot query field" in formatted["message"] else "executionFailed"
    return {**formatted, "extensions": {"code": code}}


def _repository(github: Github) -> dict[str, Any]:
    def pulls(_info: Any, first: int = 100, after: str | None = None, **args: Any) -> Any:
        chosen = [p for p in github.pulls.values() if args.get("states") is None or p.state in args["states"]]
        order = args.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
        newest = order["direction"] == "DESC"
        by = (lambda p: (p.updated, p.number)) if order["field"] == "UPDATED_AT" else (lambda p: p.number)
        return _connection(github, sorted(chosen, key=by, reverse=newest), first, after)

    tip = github.tip(github.trunk)
    return {
        "__typename": "Repository",
        "id": "R_1",
        "isFork": False,
        "name": github.name,
        "nameWithOwner": github.full_name,
        "owner": {"__typename": "Organization", "login": github.owner},
        "defaultBranchRef": {"name": github.trunk, "target": {"__typename": "Commit", "oid": tip}},
        "pullRequests": pulls,
        "pullRequest": lambda _info, number: (
            _pull(github, github.pulls[number]) if number in github.pulls else None
        ),
        "ref": lambda _info, qualifiedName: {"id": f"REF_{qualifiedName}", "name": qualifiedName},
    }


def _connection(github: Github, pulls: Sequence[Pull], first: int, after: str | None) -> dict[str, Any]:
    begin = int(base64.b64decode(after)) if after else 0
    page = pulls[begin : begin + first]
    end = begin + len(page)
    return {
        "totalCount": len(pulls),
        "pageInfo": {
            "hasNextPage": end < len(pulls),
            "hasPreviousPage": begin > 0,
            "endCursor": base64.b64encode(str(end).encode()).decode() if page else None,
        },
        "nodes": [_pull(github, pull) for pull in page],
    }


def _some(items: Sequence[Any]) -> Any:
    return lambda _info, first=None, **_: {"totalCount": len(items), "nodes": list(items)[:first]}


def _pull(github: Github, pull: Pull) -> dict[str, Any]:
    head = github.head_of(pull)
    last = {r.by: r for r in pull.reviews if r.state in ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")}
    stack = github.stack_of(pull.number)
    comments = [c for c in github.comments.values() if c.pull == pull.number]
    asked = [{"requestedReviewer": {"__typename": "User", "login": name}} for name in pull.asked]
    asked += [
        {"requestedReviewer": {"__typename": "Team", "combinedSlug": f"{github.owner}/{team}"}}
        for team in pull.asked_teams
    ]
    return {
        "__typename": "PullRequest",
        "id": f"PR_{pull.number}",
        "number": pull.number,
        "title": pull.title,
        "url": f"https://github.com/{github.full_name}/pull/{pull.number}",
        "body": pull.body,
        "state": pull.state,
        "closed": pull.state != "OPEN",
        "isDraft": pull.draft,
        "createdAt": pull.created,
        "updatedAt": pull.updated,
        "mergedAt": pull.merged_at,
        "author": {"__typename": "User", "login": pull.author},
        "headRefName": pull.head,
        "headRefOid": head,
        "baseRefName": pull.base,
        "baseRefOid": lambda _info: github.base_of(pull),
        "isCrossRepository": pull.head_repository != github.full_name,
        "headRepository": {"nameWithOwner": pull.head_repository} if pull.head_repository else None,
        "additions": lambda _info: sum(a for a, _, _ in github.files(pull)),
        "deletions": lambda _info: sum(d for _, d, _ in github.files(pull)),
        "changedFiles": lambda _info: len(github.files(pull)),
        "files": lambda _info, first: {"nodes": [{"path": p} for _, _, p in github.files(pull)[:first]]},
        "mergeable": lambda _info: github.mergeable(pull),
        "reviewDecision": github.decision(pull),
        "isInMergeQueue": pull.queued is not None,
        "mergeQueueEntry": None if pull.queued is None else {"position": pull.queued},
        "autoMergeRequest": {"enabledAt": pull.updated} if pull.auto_merge else None,
        "labels": _some([{"name": label} for label in pull.labels]),
        "reviewRequests": _some(asked),
        "latestOpinionatedReviews": _some(
            [{"state": r.state, "author": _user(by), "commit": {"oid": r.commit}} for by, r in last.items()]
        ),
        "reviewThreads": _some([{"isResolved": False}] * pull.unresolved),
        "comments": _some([{"body": c.body} for c in comments]),
        "statusCheckRollup": _rollup(github, head),
        "stack": None if stack is None else _stack(stack.number, len(stack.pulls), stack.base),
        "stackEntry": None if stack is None else {"position": stack.pulls.index(pull.number) + 1},
    }


def _user(login: str) -> dict[str, str]:
    return {"__typename": "User", "login": login}


def _stack(number: int, size: int, base: str) -> dict[str, Any]:
    return {"id": f"S_{number}", "number": number, "size": size, "baseRefName": base}


_GOOD = ("SUCCESS", "NEUTRAL", "SKIPPED")


def _rollup(github: Github, head: str) -> dict[str, Any] | None:
    statuses, runs = github.statuses.get(head, {}), github.runs.get(head, {})
    if not statuses and not runs:
        return None
    said = set(statuses.values())
    said |= {"PENDING" if end is None else "SUCCESS" if end in _GOOD else "FAILURE" for end in runs.values()}
    worst = next((state for state in ("FAILURE", "ERROR", "PENDING") if state in said), "SUCCESS")
    contexts: list[dict[str, Any]] = [
        {
            "__typename": "CheckRun",
            "name": name,
            "status": "IN_PROGRESS" if end is None else "COMPLETED",
            "conclusion": end,
        }
        for name, end in runs.items()
    ]
    contexts += [
        {"__typename": "StatusContext", "context": name, "state": state} for name, state in statuses.items()
    ]
    return {"state": worst, "contexts": _some(contexts)}
