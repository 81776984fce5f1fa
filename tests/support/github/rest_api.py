"""How does the mock answer REST? Each route by GitHub's published description, over what is remembered."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from support.github.published import request_fault, response_fault
from support.github.state import Comment, Github, Pull, Refused, Review, Stack

_REPO = "/repos/{owner}/{repo}"
_PULL = f"{_REPO}/pulls/{{pull_number}}"
_STACK = f"{_REPO}/stacks/{{stack_number}}"


class Call(NamedTuple):
    """One request: the repository, the numbers and names in its path, its query and its body."""

    github: Github
    path: dict[str, str]
    query: dict[str, str]
    body: dict[str, Any]

    @property
    def number(self) -> int:
        """The pull request that the path names."""
        return int(self.path.get("pull_number") or self.path["issue_number"])


class Reply(NamedTuple):
    """Status and body."""

    status: int
    body: Any = None


def answer(
    github: Github, method: str, path: str, query: dict[str, str], body: dict[str, Any], base: str
) -> Reply:
    """Return the answer to a request. What GitHub's description does not allow is an AssertionError."""
    for operation, (pattern, route) in _COMPILED.items():
        found = pattern.fullmatch(path) if operation.startswith(f"{method} ") else None
        if found is None:
            continue
        names = found.groupdict()
        here = (names.get("owner", github.owner).casefold(), names.get("repo", github.name).casefold())
        if here != (github.owner.casefold(), github.name.casefold()):
            return Reply(404, {"message": "Not Found"})
        fault = request_fault(operation, body) if method != "GET" and body else None
        if fault is not None:
            return Reply(422, {"message": "Invalid request.", "errors": [fault]})
        try:
            with github.lock:
                reply = route(Call(github, names, query, body))
        except Refused as refused:
            return Reply(refused.status, {"message": refused.message})
        wrong = response_fault(operation, reply.status, reply.body)
        assert wrong is None, wrong
        return reply
    return Reply(404, {"message": "Not Found", "documentation_url": f"{base}/rest"})


# What is told of one thing


def _user(login: str) -> dict[str, Any]:
    return {"login": login, "id": sum(login.encode()), "type": "User", "site_admin": False}


def _pull(github: Github, pull: Pull) -> dict[str, Any]:
    owner = (pull.head_repository or "").partition("/")[0]
    head = {
        "label": f"{owner}:{pull.head}",
        "ref": pull.head,
        "sha": github.head_of(pull),
        "repo": _head_repository(github, pull),
        "user": _user(owner or "ghost"),
    }
    base = {
        "label": f"{github.owner}:{pull.base}",
        "ref": pull.base,
        "sha": github.base_of(pull),
        "repo": _repository(github),
        "user": _user(github.owner),
    }
    told = {
        "id": 100_000 + pull.number,
        "node_id": f"PR_{pull.number}",
        "url": f"https://api.github.com/repos/{github.full_name}/pulls/{pull.number}",
        "html_url": f"https://github.com/{github.full_name}/pull/{pull.number}",
        "number": pull.number,
        "state": "open" if pull.state == "OPEN" else "closed",
        "locked": False,
        "title": pull.title,
        "body": pull.body,
        "user": _user(pull.author),
        "labels": [{"name": name} for name in pull.labels],
        "draft": pull.draft,
        "created_at": pull.created,
        "updated_at": pull.updated,
        "closed_at": None if pull.state == "OPEN" else pull.updated,
        "merged_at": pull.merged_at,
        "merge_commit_sha": pull.merge_commit,
        "requested_reviewers": [_user(name) for name in pull.asked],
        "assignees": [_user(name) for name in pull.assigned],
        "requested_teams": [{"slug": team, "name": team} for team in pull.asked_teams],
        "head": head,
        "base": base,
    }
    stack = github.stack_of(pull.number) if github.native else None
    if stack is not None:
        told["stack"] = {
            "id": stack.number,
            "number": stack.number,
            "size": len(stack.pulls),
            "position": stack.pulls.index(pull.number) + 1,
            "base": {"ref": stack.base, "sha": github.tip(stack.base) or ""},
        }
    return told


def _head_repository(github: Github, pull: Pull) -> dict[str, Any] | None:
    if pull.head_repository == github.full_name:
        return _repository(github)
    if pull.head_repository is None:
        return None
    return {"id": 2, "name": github.name, "full_name": pull.head_repository, "fork": True}


def _whole_pull(github: Github, pull: Pull) -> dict[str, Any]:
    state = github.mergeable(pull)
    files = github.files(pull)
    return _pull(github, pull) | {
        "merged": pull.state == "MERGED",
        "mergeable": {"MERGEABLE": True, "CONFLICTING": False}.get(state),
        "mergeable_state": {"MERGEABLE": "clean", "CONFLICTING": "dirty"}.get(state, "unknown"),
        "additions": sum(a for a, _, _ in files),
        "deletions": sum(d for _, d, _ in files),
        "changed_files": len(files),
        "commits": 1,
    }


def _repository(github: Github) -> dict[str, Any]:
    return {
        "id": 1,
        "node_id": "R_1",
        "name": github.name,
        "full_name": github.full_name,
        "owner": _user(github.owner),
        "fork": False,
        "default_branch": github.trunk,
        "url": f"https://api.github.com/repos/{github.full_name}",
        "html_url": f"https://github.com/{github.full_name}",
    }


def _comment(comment: Comment) -> dict[str, Any]:
    return {"id": comment.id, "node_id": f"IC_{comment.id}", "body": comment.body, "user": _user(comment.by)}


def _review(review: Review) -> dict[str, Any]:
    told = {"id": review.id, "user": _user(review.by), "body": review.body, "state": review.state}
    return told | {"commit_id": review.commit, "node_id": f"PRR_{review.id}"}


def _stack(github: Github, stack: Stack) -> dict[str, Any]:
    return {
        "id": stack.number,
        "number": stack.number,
        "node_id": f"S_{stack.number}",
        "url": f"https://api.github.com/repos/{github.full_name}/stacks/{stack.number}",
        "base": {"ref": stack.base},
        "open": any(github.pulls[n].state == "OPEN" for n in stack.pulls),
        "created_at": stack.created,
        "pull_requests": [
            {
                key: value
                for key, value in _pull(github, github.pulls[n]).items()
                if key
                in ("id", "node_id", "number", "title", "state", "draft", "merged_at", "html_url", "head")
            }
            for n in stack.pulls
        ],
    }


# Routes


def _list_pulls(call: Call) -> Reply:
    state, query = call.query.get("state", "open"), call.query
    pulls = [
        p for p in call.github.pulls.values() if state == "all" or (p.state == "OPEN") == (state == "open")
    ]
    if "head" in query:
        owner, _, branch = query["head"].rpartition(":")
        pulls = [p for p in pulls if p.head == branch and (p.head_repository or "").startswith(owner)]
    if "base" in query:
        pulls = [p for p in pulls if p.base == query["base"]]
    newest = query.get("direction", "desc") == "desc"
    by: Callable[[Pull], Any] = lambda p: p.updated if query.get("sort") == "updated" else p.number  # noqa: E731
    pulls = sorted(pulls, key=by, reverse=newest)
    size, page = min(100, int(query.get("per_page", 30))), int(query.get("page", 1))
    return Reply(200, [_pull(call.github, p) for p in pulls[(page - 1) * size : page * size]])


def _create_pull(call: Call) -> Reply:
    body = call.body
    owner, _, head = body["head"].rpartition(":")
    if owner not in ("", call.github.owner):
        raise Refused(422, "Validation Failed: head is of another repository")
    pull = call.github.open(
        head,
        body["base"],
        body.get("title"),
        body=body.get("body") or "",
        draft=bool(body.get("draft")),
        author=call.github.login,
    )
    return Reply(201, _whole_pull(call.github, pull))


def _merge(call: Call) -> Reply:
    commit = call.github.merge(call.number, call.body.get("merge_method", "merge"))
    return Reply(200, {"sha": commit, "merged": True, "message": "Pull Request successfully merged"})


def _merge_async(call: Call) -> Reply:
    github, pull = call.github, call.github.pull(call.number)
    if pull.state == "MERGED":
        return Reply(200, {"status": "merged", "details": {"message": "merged", "sha": pull.merge_commit}})
    uuid = f"00000000-0000-4000-8000-{github.new_id():012d}"
    method = call.body.get("merge_method", "merge")
    try:
        details = {"message": "Pull request was merged.", "sha": github.merge(call.number, method)}
        github.merges[uuid] = {"status": "merged", "details": details}
    except Refused as refused:
        github.merges[uuid] = {"status": "failed", "details": {"message": refused.message}}
    pending = {"message": "Merge request is in progress.", "uuid": uuid, "merge_method": method}
    details = pending | {"merge_action": "default", "expected_head_sha": github.head_of(pull)}
    return Reply(202, {"status": "pending", "details": details})


def _merge_result(call: Call) -> Reply:
    found = call.github.merges.get(call.path["uuid"])
    return Reply(404, {"message": "Not Found"}) if found is None else Reply(200, found)


def _ask_reviewers(call: Call) -> Reply:
    pull = call.github.pull(call.number)
    asked, teams = call.body.get("reviewers", []), call.body.get("team_reviewers", [])
    if pull.author in asked:
        raise Refused(422, "Review cannot be requested from pull request author.")
    known = call.github.collaborators
    if known is not None and not {*asked, *teams} <= known:
        raise Refused(
            422,
            "Reviews may only be requested from collaborators. One or more of the users or teams you "
            f"specified is not a collaborator of the {call.github.full_name} repository.",
        )
    pull.asked += [name for name in asked if name not in pull.asked]
    pull.asked_teams += [team for team in teams if team not in pull.asked_teams]
    return Reply(201, _pull(call.github, pull))


def _submit_review(call: Call) -> Reply:
    states = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}
    state = states.get(call.body.get("event", ""), "PENDING")
    review = call.github.review(call.number, call.github.login, state, call.body.get("body") or "")
    return Reply(200, _review(review))


def _assign(call: Call) -> Reply:
    pull = call.github.pull(call.number)
    pull.assigned += [name for name in call.body.get("assignees") or [] if name not in pull.assigned]
    kept = ("id", "node_id", "number", "title", "body", "state", "user", "assignees", "html_url")
    return Reply(201, {key: value for key, value in _pull(call.github, pull).items() if key in kept})


def _one_comment(call: Call) -> Comment:
    comment = call.github.comments.get(int(call.path["comment_id"]))
    if comment is None:
        raise Refused(404, "Not Found")
    return comment


def _edit_comment(call: Call) -> Reply:
    comment = _one_comment(call)
    comment.body = call.body["body"]
    return Reply(200, _comment(comment))


def _set_status(call: Call) -> Reply:
    state, context = call.body["state"].upper(), call.body.get("context", "default")
    call.github.statuses.setdefault(call.path["sha"], {})[context] = state
    return Reply(201, {"state": state.lower(), "context": context, "id": call.github.new_id()})


def _set_check(call: Call) -> Reply:
    name, ended = call.body["name"], call.body.get("conclusion")
    call.github.runs.setdefault(call.body["head_sha"], {})[name] = ended.upper() if ended else None
    return Reply(201, {"id": call.github.new_id(), "name": name, "head_sha": call.body["head_sha"]})


def _refs(call: Call) -> Reply:
    wanted = f"refs/{call.path['ref']}"
    said = call.github.git("for-each-ref", "--format=%(refname) %(objectname)").stdout
    rows = [line.split() for line in said.splitlines() if line.startswith(wanted)]
    told = [
        {"ref": name, "node_id": name, "url": "", "object": {"sha": sha, "type": "commit", "url": ""}}
        for name, sha in rows
    ]
    return Reply(200, told)


def _list_stacks(call: Call) -> Reply:
    if not call.github.native:
        raise Refused(404, "Not Found")
    wanted = call.query.get("pull_request")
    stacks = [s for s in call.github.stacks.values() if wanted is None or int(wanted) in s.pulls]
    return Reply(200, [_stack(call.github, stack) for stack in stacks])


def _unstack(call: Call) -> Reply:
    left = call.github.unstack(int(call.path["stack_number"]))
    return Reply(204) if left is None else Reply(200, _stack(call.github, left))


def _files(call: Call) -> Reply:
    files = call.github.files(call.github.pull(call.number))
    return Reply(
        200, [{"filename": p, "additions": a, "deletions": d, "changes": a + d} for a, d, p in files]
    )


def _comments(call: Call) -> Reply:
    found = [c for c in call.github.comments.values() if c.pull == call.github.pull(call.number).number]
    return Reply(200, [_comment(comment) for comment in found])


_ROUTES: dict[str, Callable[[Call], Reply]] = {
    "GET /user": lambda c: Reply(200, _user(c.github.login) | {"two_factor_authentication": True}),
    f"GET {_REPO}": lambda c: Reply(200, _repository(c.github)),
    f"GET {_REPO}/pulls": _list_pulls,
    f"POST {_REPO}/pulls": _create_pull,
    f"GET {_PULL}": lambda c: Reply(200, _whole_pull(c.github, c.github.pull(c.number))),
    f"PATCH {_PULL}": lambda c: Reply(200, _whole_pull(c.github, c.github.patch(c.number, c.body))),
    f"GET {_PULL}/files": _files,
    f"PUT {_PULL}/merge": _merge,
    f"PUT {_PULL}/merge-async": _merge_async,
    f"GET {_PULL}/merge-async/{{uuid}}": _merge_result,
    f"POST {_PULL}/requested_reviewers": _ask_reviewers,
    f"GET {_PULL}/reviews": lambda c: Reply(200, [_review(r) for r in c.github.pull(c.number).reviews]),
    f"POST {_PULL}/reviews": _submit_review,
    f"POST {_REPO}/issues/{{issue_number}}/assignees": _assign,
    f"GET {_REPO}/issues/{{issue_number}}/comments": _comments,
    f"POST {_REPO}/issues/{{issue_number}}/comments": lambda c: Reply(
        201, _comment(c.github.comment(c.number, c.body["body"], c.github.login))
    ),
    f"GET {_REPO}/issues/comments/{{comment_id}}": lambda c: Reply(200, _comment(_one_comment(c))),
    f"PATCH {_REPO}/issues/comments/{{comment_id}}": _edit_comment,
    f"GET {_REPO}/git/matching-refs/{{ref}}": _refs,
    f"POST {_REPO}/statuses/{{sha}}": _set_status,
    f"POST {_REPO}/check-runs": _set_check,
    f"GET {_REPO}/stacks": _list_stacks,
    f"POST {_REPO}/stacks": lambda c: Reply(201, _stack(c.github, c.github.stack(c.body["pull_requests"]))),
    f"GET {_STACK}": lambda c: Reply(
        200, _stack(c.github, c.github.found_stack(int(c.path["stack_number"])))
    ),
    f"POST {_STACK}/add": lambda c: Reply(
        200, _stack(c.github, c.github.add(int(c.path["stack_number"]), c.body["pull_requests"]))
    ),
    f"POST {_STACK}/unstack": _unstack,
}


def _pattern(operation: str) -> re.Pattern[str]:
    def named(found: re.Match[str]) -> str:
        name = found[1]
        what = ".+" if name == "ref" else "[0-9]+" if name.endswith(("number", "_id")) else "[^/]+"
        return f"(?P<{name}>{what})"

    return re.compile(re.sub(r"\{(\w+)\}", named, operation.split(" ", 1)[1]))


_COMPILED = {operation: (_pattern(operation), route) for operation, route in _ROUTES.items()}
