"""How long do 1,000 open pull requests take to be parsed and placed, and what does a poll of GitHub cost?

    uv run python benchmarks/pulls.py [PULLS]

Prints medians of wall and processor time (git's own is not in the latter); nothing is asserted. The bytes
are pages of 50 as GitHub's GraphQL answers them, the repository has a branch for each pull request. Beside
it, over the same bytes: `json.loads` alone, which cockpit needs too, plain dicts of the same fields without
any cleaning or judgement, and pydantic's models of them. The budget is 100 ms for parsing and placing.
"""

# ruff: noqa: N815 - fields are called as GitHub calls them
from __future__ import annotations

import hashlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from cockpit.domain.pull import PullRequest
from cockpit.stacks.github import Host, parsing, query
from cockpit.stacks.pulls import Pulls
from cockpit.workspace.workspace import Workspace
from stacks import DEPTH, build, place

NAME = "acme/research"
HOST = Host("github.com", "acme", "research", "https://api.github.com", "https://api.github.com/graphql")
TIMES = 9


class Login(BaseModel):
    login: str


class Reviewed(BaseModel):
    state: str
    author: Login
    commit: dict[str, str]


class Reviews(BaseModel):
    nodes: list[Reviewed]


class Context(BaseModel):
    name: str | None = None
    conclusion: str | None = None
    context: str | None = None
    state: str | None = None


class Contexts(BaseModel):
    nodes: list[Context]


class Rollup(BaseModel):
    state: str
    contexts: Contexts


class Nodes(BaseModel):
    nodes: list[dict[str, Any]]


class Pull(BaseModel):
    """The fields of a pull request that are asked for, as GitHub's schema types them."""

    number: int
    title: str
    url: str
    body: str
    state: str
    isDraft: bool
    createdAt: str
    updatedAt: str
    author: Login | None
    headRefName: str
    headRefOid: str
    baseRefName: str
    baseRefOid: str
    isCrossRepository: bool
    headRepository: dict[str, str] | None
    additions: int
    deletions: int
    changedFiles: int
    mergeable: str
    reviewDecision: str | None
    isInMergeQueue: bool
    labels: Nodes
    files: Nodes
    reviewRequests: Nodes
    latestOpinionatedReviews: Reviews
    reviewThreads: Nodes
    comments: Nodes
    statusCheckRollup: Rollup | None


def node(at: int) -> dict[str, Any]:
    """Return the pull request of branch `at` as GitHub tells it."""
    stack, layer = divmod(at, DEPTH)
    commit = hashlib.sha1(b"%d" % at, usedforsecurity=False).hexdigest()
    listed = "\n".join(f"* #{stack * DEPTH + one + 1}" for one in reversed(range(DEPTH)))
    checks = [{"__typename": "CheckRun", "name": f"tests ({n})", "conclusion": "SUCCESS"} for n in range(6)]
    checks.append({"__typename": "StatusContext", "context": "deploy/preview", "state": "SUCCESS"})
    return {
        "number": at + 1,
        "title": f"RPT-{stack:04d}: part {layer} – what it is about",
        "url": f"https://github.com/{NAME}/pull/{at + 1}",
        "body": f"Stacked PRs:\n{listed}\n\n--- --- ---\n\n" + "What this is about. " * 50,
        "state": "OPEN",
        "isDraft": at % 7 == 0,
        "createdAt": "2026-11-20T08:00:00Z",
        "updatedAt": f"2026-11-24T08:00:{at % 60:02d}Z",
        "mergedAt": None,
        "author": {"login": "ada"},
        "headRefName": f"stack-{stack:04d}/{layer}",
        "headRefOid": commit,
        "baseRefName": f"stack-{stack:04d}/{layer - 1}" if layer else "main",
        "baseRefOid": commit,
        "isCrossRepository": False,
        "headRepository": {"nameWithOwner": NAME},
        "additions": 120,
        "deletions": 30,
        "changedFiles": 8,
        "mergeable": "MERGEABLE",
        "reviewDecision": "REVIEW_REQUIRED",
        "isInMergeQueue": False,
        "mergeQueueEntry": None,
        "autoMergeRequest": None,
        "labels": {"nodes": [{"name": "stack"}]},
        "files": {"nodes": [{"path": f"services/svc-{stack}/src/part{layer}_{n}.py"} for n in range(8)]},
        "reviewRequests": {"nodes": [{"requestedReviewer": {"__typename": "User", "login": "bob"}}]},
        "latestOpinionatedReviews": {
            "nodes": [{"state": "APPROVED", "author": {"login": "eve"}, "commit": {"oid": commit}}]
        },
        "reviewThreads": {"nodes": [{"isResolved": True}, {"isResolved": False}]},
        "comments": {"nodes": [{"body": "Looks good to me. " * 10}, {"body": "Thank you."}]},
        "statusCheckRollup": {"state": "SUCCESS", "contexts": {"nodes": checks}},
        "stack": None,
        "stackEntry": None,
    }


def pages(number: int) -> list[bytes]:
    """Return the answers of the server."""
    nodes = [node(at) for at in range(number)]
    return [
        json.dumps(
            {"data": {"repository": {"pullRequests": {"nodes": nodes[at : at + query.PAGE]}}}},
            ensure_ascii=False,
        ).encode()
        for at in range(0, number, query.PAGE)
    ]


def inside(page: bytes) -> list[Any]:
    """Return the nodes of an answer."""
    found: list[Any] = json.loads(page)["data"]["repository"]["pullRequests"]["nodes"]
    return found


def parsed(answers: list[bytes]) -> tuple[PullRequest, ...]:
    """Return the pull requests as cockpit reads them."""
    return tuple(
        pull for page in answers for one in inside(page) if (pull := parsing.pull(one, NAME)) is not None
    )


def by_pydantic(answers: list[bytes]) -> list[Pull]:
    """Return models of the same fields."""
    return [Pull.model_validate(one) for page in answers for one in inside(page)]


def plain(answers: list[bytes]) -> list[dict[str, Any]]:
    """Return dicts of the same fields, taken as they come."""
    names = tuple(Pull.model_fields)
    return [{name: one[name] for name in names} for page in answers for one in inside(page)]


def placed(answers: list[bytes]) -> object:
    """Parse and place, what the budget is about."""
    return place(Pulls(NAME, HOST.name, "main", parsed(answers), at=1.0))


def timed(run: Callable[[], object]) -> str:
    """Return the medians of wall and processor time of `run` in milliseconds."""
    walls, cpus = [], []
    for _ in range(TIMES):
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    return f"{statistics.median(walls):8.1f} {statistics.median(cpus):8.1f}"


def print_parsing(answers: list[bytes], number: int) -> None:
    """Measure what is done with the bytes alone."""
    size = sum(len(page) for page in answers) / 1e6
    heading = f"{number} pull requests, {len(answers)} pages, {size:.1f} MB"
    print(f"{heading:36} {'wall':>8} {'cpu':>8}  ms")
    for name, run in (
        ("json.loads alone", lambda: [json.loads(page) for page in answers]),
        ("plain dicts, uncleaned", lambda: plain(answers)),
        ("pydantic", lambda: by_pydantic(answers)),
        ("cockpit, parsed", lambda: parsed(answers)),
        ("cockpit, parsed and placed", lambda: placed(answers)),
    ):
        print(f"  {name:34} {timed(run)}")


def print_poll(answers: list[bytes], number: int) -> None:
    """Measure what a poll costs beside the board, in a repository with as many branches."""
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as folder:
        root = Path(folder) / "repo"
        build(root, number)
        (root / "rpts").mkdir()
        argv = ["git", "remote", "add", "origin", f"https://github.com/{NAME}.git"]
        subprocess.run(argv, cwd=root, check=True)
        workspace = Workspace.open(root)
        some = parsed(answers)
        kept = workspace.kept_pulls
        turn = iter(range(1, 10_000))

        def quiet() -> None:
            kept.save(HOST, Pulls(NAME, HOST.name, "main", some, at=float(next(turn))))

        def changed() -> None:
            at = next(turn)
            other = (*some[1:], some[0]) if at % 2 else some
            kept.save(HOST, Pulls(NAME, HOST.name, "main", other, at=float(at)))

        quiet()
        gathered = workspace.gather()
        now = workspace.clock.epoch()
        heading = f"a poll, {number} branches, {len(gathered.found.stacks)} stacks"
        print(f"{heading:36} {'wall':>8} {'cpu':>8}  ms")
        for name, run in (
            ("nothing new: its time is kept", quiet),
            ("something new: the list is kept", changed),
            ("the stacks alone read again", lambda: workspace.with_stacks(gathered)),
            ("everything gathered", lambda: workspace.gather()),
            ("the snapshot of it", lambda: gathered.snapshot(now)),
        ):
            print(f"  {name:34} {timed(run)}")
        workspace.close()


def main() -> None:
    """Make the bytes, measure, print."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    answers = pages(number)
    print_parsing(answers, number)
    print_poll(answers, number)


if __name__ == "__main__":
    main()
