"""Which commit carries which pull request? Tools that make one of each commit mark it in the message."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping

from cockpit.domain.pull import PullRequest
from cockpit.errors import GitError
from cockpit.stacks.evidence.clone import Clone
from cockpit.stacks.evidence.edge import Edge, edge, name_of
from cockpit.stacks.gitread import Cache

MOST_COMMITS = 5_000
_TIMEOUT_S = 10.0
_FORMAT, _KIND = "1", "stack-trailers"
GHSTACK_HEAD = re.compile(r"^gh/[^/]+/\d+/head$")
# What is in a message, as git's own grep reads it, and which pull request that is.
_MARKED = r"^(ghstack-source-id|Pull-Request|Pull Request resolved|Change-Id|commit-id|stack-info): ?"
# The lines that are kept of a message.
_LINE = re.compile(
    r"^(?:Pull-Request|Pull Request resolved|Change-Id|commit-id|stack-info): ?[^\n]{1,700}$", re.MULTILINE
)
_PULL = re.compile(r"^(?:Pull-Request|Pull Request resolved): \S{1,300}/pull/(\d{1,9})\s*$", re.MULTILINE)
_CHANGE = re.compile(r"^Change-Id: I([0-9a-f]{40})\s*$", re.MULTILINE)
_SPR = re.compile(r"^commit-id:([0-9a-f]{8})\s*$", re.MULTILINE)
_STACK_PR = re.compile(r"^stack-info: PR: \S{1,300}, branch: (\S{1,200})\s*$", re.MULTILINE)


def edges(clone: Clone, pulls: Mapping[str, PullRequest], cache: Cache | None) -> Iterator[Edge | None]:
    """Yield the pull request of each marked commit over that of its first parent.

    `pulls` is branch → pull request. ghstack's are looked for in its remote branches as well, which are
    there even where nobody has the commits checked out. A branch whose own commit is marked is the branch
    of that pull request. `cache` keeps what is in the commits of branches until one of them moves.
    """
    marked = _Marks(pulls)
    carried: dict[str, tuple[str, str]] = {}
    parents: dict[str, str] = {}
    for commit, parent, message in (*_kept(clone, cache), *_ghstack_refs(clone)):
        found = marked.of(message)
        if found is not None:
            carried[commit], parents[commit] = found, parent
    for commit, (name, source) in carried.items():
        below = carried.get(parents[commit])
        if below is not None and below[1] == source:
            pull = pulls.get(name)
            said = f"its commit {commit[:10]} stands on that of {below[0]}"
            yield edge(name, below[0], source, said, pull.number if pull is not None else None)
    for branch, commit in clone.heads.items():
        if commit in carried and branch not in pulls:
            name, source = carried[commit]
            yield Edge(branch, name, source, f"{branch} in this clone has it at {commit[:10]}", same=True)


class _Marks:
    """Which branch of a pull request a commit's message names."""

    def __init__(self, pulls: Mapping[str, PullRequest]) -> None:
        own = {name: pull for name, pull in pulls.items() if not pull.foreign}
        self._by_number = {pull.number: name_of(pull) for pull in own.values()}
        self._by_change = {name.rpartition("--")[2]: name for name in own if "--" in name}
        self._by_id = {name.rpartition("/")[2]: name for name in own if "/" in name}

    def of(self, message: str) -> tuple[str, str] | None:
        """Return (branch, tool), None where the message names none that is known."""
        found = _STACK_PR.search(message)
        if found is not None:
            return found[1], "stack-pr"
        pull = _PULL.search(message)
        if pull is not None:
            name = self._by_number.get(int(pull[1]))
            return (name, "ghstack") if name is not None and GHSTACK_HEAD.match(name) else None
        change, spr = _CHANGE.search(message), _SPR.search(message)
        if change is not None:
            name = self._by_change.get(change[1][:8])
            return (name, "mergify") if name is not None else None
        name = self._by_id.get(spr[1]) if spr is not None else None
        return (name, "spr") if name is not None else None


def _kept(clone: Clone, cache: Cache | None) -> list[tuple[str, str, str]]:
    if cache is None:
        return list(_messages(clone))
    heads = "\0".join(f"{name} {commit}" for name, commit in sorted(clone.heads.items()))
    stamp = hashlib.sha256(f"{_FORMAT}\0{clone.trunk_commit}\0{heads}".encode()).hexdigest()
    kept = cache.read(_KIND, "", stamp)
    if kept is None:
        kept = [(commit, parent, "\n".join(_LINE.findall(text))) for commit, parent, text in _messages(clone)]
        cache.write(_KIND, {"": (stamp, kept)})
    return [(commit, parent, text) for commit, parent, text in kept]


def _messages(clone: Clone) -> Iterator[tuple[str, str, str]]:
    """Yield (id, first parent, message) of the marked commits of local branches."""
    if not clone.heads or clone.trunk_commit is None:
        return
    try:
        said = clone.git.run(
            "log",
            "--branches",
            "-E",
            f"--grep={_MARKED}",
            f"--max-count={MOST_COMMITS}",
            "--format=%H%x00%P%x00%B%x00",
            f"^{clone.trunk_commit}",
            "--",
            timeout_s=_TIMEOUT_S,
        )
    except GitError:
        return
    fields = said.split("\0")
    for at in range(0, len(fields) - 3, 3):
        yield fields[at].strip(), fields[at + 1].partition(" ")[0], fields[at + 2][:65_536]


def _ghstack_refs(clone: Clone) -> Iterator[tuple[str, str, str]]:
    """Yield the same of ghstack's `orig` branches, as far as they were fetched."""
    fields = "%(refname)%00%(objectname)%00%(parent)%00%(contents)"
    for found in clone.refs("refs/remotes/*/gh/*/*/orig", fields=fields):
        if len(found) >= 4:
            yield found[1], found[2].partition(" ")[0], found[3][:65_536]
