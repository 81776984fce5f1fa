"""What does the mock remember? Pull requests, reviews, checks and stacks over a real bare repository."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

_ENV = {
    "GIT_AUTHOR_NAME": "GitHub",
    "GIT_AUTHOR_EMAIL": "noreply@example.org",
    "GIT_COMMITTER_NAME": "GitHub",
    "GIT_COMMITTER_EMAIL": "noreply@example.org",
}


class Refused(Exception):
    """GitHub would refuse it with `status` and these words."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


@dataclass
class Review:
    """One submitted review of a head."""

    id: int
    by: str
    state: str
    commit: str
    body: str = ""


@dataclass
class Comment:
    """One comment on a pull request."""

    id: int
    by: str
    body: str
    pull: int


@dataclass
class Pull:
    """One pull request. `head_commit` is fixed for forks, and for ended ones."""

    number: int
    title: str
    head: str
    base: str
    body: str = ""
    author: str = "ada"
    draft: bool = False
    state: str = "OPEN"
    head_repository: str | None = None
    head_commit: str | None = None
    created: str = ""
    updated: str = ""
    merged_at: str | None = None
    merge_commit: str | None = None
    labels: list[str] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    asked_teams: list[str] = field(default_factory=list)
    assigned: list[str] = field(default_factory=list)
    unresolved: int = 0
    queued: int | None = None
    auto_merge: bool = False


@dataclass
class Stack:
    """One native stack, its pull requests bottom to top."""

    number: int
    base: str
    pulls: list[int]
    created: str


class Github:
    """One repository as GitHub would keep it; `path` is a bare repository that people push to."""

    def __init__(self, path: Path, owner: str = "acme", name: str = "research", trunk: str = "main") -> None:
        self.path, self.owner, self.name, self.trunk = path, owner, name, trunk
        self.native = True
        self.required = True
        self.login = "ada"
        # Who may be asked to review, None for anybody.
        self.collaborators: set[str] | None = None
        self.pulls: dict[int, Pull] = {}
        self.comments: dict[int, Comment] = {}
        self.statuses: dict[str, dict[str, str]] = {}
        self.runs: dict[str, dict[str, str | None]] = {}
        self.former: set[str] = set()
        self.lacks: frozenset[str] = frozenset()
        self.stacks: dict[int, Stack] = {}
        self.merges: dict[str, dict[str, object]] = {}
        self.lock = threading.RLock()
        self._next = {"issue": 0, "id": 1000, "stack": 0}
        self._computed: set[tuple[str, str]] = set()
        self._diffs: dict[tuple[str, str], list[tuple[int, int, str]]] = {}

    def reset(self) -> None:
        """Forget every pull request, comment and stack; branches stay."""
        with self.lock:
            self.pulls.clear()
            self.comments.clear()
            self.stacks.clear()
            self._next = {"issue": 0, "id": 1000, "stack": 0}

    @property
    def full_name(self) -> str:
        """Return "owner/name"."""
        return f"{self.owner}/{self.name}"

    def git(self, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run git in the bare repository."""
        env = os.environ | _ENV
        argv = ["git", *args]
        return subprocess.run(argv, cwd=self.path, env=env, capture_output=True, text=True, check=check)

    def new_id(self, kind: str = "id") -> int:
        """Return the next number of a kind."""
        self._next[kind] += 1
        return self._next[kind]

    def pull(self, number: int) -> Pull:
        """Return a pull request. Raises Refused (404)."""
        if number not in self.pulls:
            raise Refused(404, "Not Found")
        return self.pulls[number]

    # What is computed from git

    def tip(self, branch: str) -> str | None:
        """Return the commit of a branch, None where there is none."""
        done = self.git("rev-parse", "--verify", "-q", f"refs/heads/{branch}", check=False)
        return done.stdout.strip() or None

    def head_of(self, pull: Pull) -> str:
        """Return the head commit."""
        return pull.head_commit or self.tip(pull.head) or "0" * 40

    def base_of(self, pull: Pull) -> str:
        """Return the commit that the base points at."""
        return self.tip(pull.base) or "0" * 40

    def files(self, pull: Pull) -> list[tuple[int, int, str]]:
        """Return (added, deleted, path) of each changed file, as GitHub counts: from the merge base."""
        key = (pull.base if pull.state == "OPEN" else "", self.head_of(pull))
        if pull.state != "OPEN" and pull.merge_commit:
            key = (f"{pull.merge_commit}^1", pull.merge_commit)
        spec = f"{key[0]}...{key[1]}" if pull.state == "OPEN" else f"{key[0]}..{key[1]}"
        known = (self.base_of(pull) if pull.state == "OPEN" else key[0], key[1])
        if known not in self._diffs:
            done = self.git("diff", "--numstat", "--no-renames", spec, check=False)
            rows = [line.split("\t", 2) for line in done.stdout.splitlines()]
            self._diffs[known] = [
                (int(a) if a.isdigit() else 0, int(d) if d.isdigit() else 0, path) for a, d, path in rows
            ]
        return self._diffs[known]

    def mergeable(self, pull: Pull) -> str:
        """Return MergeableState: unknown when first asked of a pair of commits, as GitHub's is."""
        pair = (self.base_of(pull), self.head_of(pull))
        if pull.state != "OPEN":
            return "UNKNOWN"
        if pair not in self._computed:
            self._computed.add(pair)
            return "UNKNOWN"
        return "MERGEABLE" if self._merged_tree(pull) else "CONFLICTING"

    def _merged_tree(self, pull: Pull) -> str | None:
        done = self.git("merge-tree", "--write-tree", self.base_of(pull), self.head_of(pull), check=False)
        return done.stdout.splitlines()[0] if done.returncode == 0 else None

    def decision(self, pull: Pull) -> str | None:
        """Return PullRequestReviewDecision, None where no review is required and none was given."""
        last = {r.by: r.state for r in pull.reviews if r.state in ("APPROVED", "CHANGES_REQUESTED")}
        if "CHANGES_REQUESTED" in last.values():
            return "CHANGES_REQUESTED"
        if "APPROVED" in last.values():
            return "APPROVED"
        return "REVIEW_REQUIRED" if self.required else None

    def stack_of(self, number: int) -> Stack | None:
        """Return the stack that a pull request is in."""
        return next((stack for stack in self.stacks.values() if number in stack.pulls), None)

    # What people do

    def open(self, head: str, base: str | None = None, title: str | None = None, **rest: object) -> Pull:
        """Open a pull request. Raises Refused (422) as GitHub does."""
        with self.lock:
            base = base or self.trunk
            self._fits({"title": title, "body": rest.get("body")})
            foreign = rest.get("head_repository") not in (None, self.full_name)
            if not foreign and self.tip(head) is None:
                raise Refused(422, f"Validation Failed: head {head} does not exist")
            if self.tip(base) is None:
                raise Refused(422, f"Validation Failed: base {base} does not exist")
            for other in self.pulls.values():
                if (other.head, other.base, other.state) == (head, base, "OPEN") and not foreign:
                    raise Refused(422, f"A pull request already exists for {self.owner}:{head}.")
            if not foreign and self.git("rev-list", "-n1", f"{base}..{head}").stdout == "":
                raise Refused(422, f"No commits between {base} and {head}")
            now = _now()
            pull = Pull(self.new_id("issue"), title or head, head, base, created=now, updated=now, **rest)  # type: ignore[arg-type]
            pull.head_repository = pull.head_repository or self.full_name
            self.pulls[pull.number] = pull
            return pull

    def patch(self, number: int, changes: dict[str, object]) -> Pull:
        """Change title, body, base or state. Raises Refused."""
        with self.lock:
            pull = self.pull(number)
            self._fits(changes)
            stacked = self.native and self.stack_of(number) is not None
            if "title" in changes:
                pull.title = str(changes["title"])
            if "body" in changes:
                pull.body = str(changes["body"] or "")
            pull.updated = _now()
            if "base" in changes and stacked:
                raise Refused(422, "Cannot change the base branch of a pull request in a stack")
            if "base" in changes:
                if self.tip(str(changes["base"])) is None:
                    raise Refused(422, "Validation Failed: base does not exist")
                pull.base = str(changes["base"])
            if changes.get("state") == "closed" and pull.state == "OPEN":
                self._end(pull, "CLOSED")
            elif changes.get("state") == "open" and pull.state == "CLOSED":
                pull.state, pull.head_commit = "OPEN", None
            return pull

    def _fits(self, given: Mapping[str, object]) -> None:
        for key, most in (("title", 256), ("body", 65_536)):
            if len(str(given.get(key) or "")) > most:
                raise Refused(422, f"{key} is too long (maximum is {most} characters)")

    def review(self, number: int, by: str, state: str = "APPROVED", body: str = "") -> Review:
        """Submit a review of the head as it is now."""
        with self.lock:
            pull = self.pull(number)
            review = Review(self.new_id(), by, state, self.head_of(pull), body)
            pull.reviews.append(review)
            pull.asked = [name for name in pull.asked if name != by]
            pull.updated = _now()
            return review

    def comment(self, number: int, body: str, by: str = "ada") -> Comment:
        """Comment on a pull request."""
        with self.lock:
            comment = Comment(self.new_id(), by, body, self.pull(number).number)
            self.comments[comment.id] = comment
            self.pulls[number].updated = _now()
            return comment

    def check(self, number: int, name: str = "tests", state: str = "SUCCESS") -> None:
        """Set a check of the head: SUCCESS, FAILURE, ERROR or PENDING. The list's tag stays as it is."""
        with self.lock:
            self.statuses.setdefault(self.head_of(self.pull(number)), {})[name] = state

    def run(self, number: int, name: str = "tests", conclusion: str | None = None) -> None:
        """Set a check run of the head: SUCCESS, FAILURE, TIMED_OUT, …; None while it goes on."""
        with self.lock:
            self.runs.setdefault(self.head_of(self.pull(number)), {})[name] = conclusion

    def rename(self, name: str) -> None:
        """Rename the repository: GitHub sends who asks for the old name on to the new one."""
        with self.lock:
            before, self.name = self.full_name, name
            self.former.add(before)
            for pull in self.pulls.values():
                if pull.head_repository == before:
                    pull.head_repository = self.full_name

    def rename_trunk(self, name: str) -> None:
        """Rename the default branch, and set the base of what goes into it."""
        with self.lock:
            self.git("branch", "-m", self.trunk, name)
            for pull in self.pulls.values():
                if pull.base == self.trunk and pull.state == "OPEN":
                    pull.base = name
            self.trunk = name

    def merge(self, number: int, method: str = "squash") -> str:
        """Merge into the base in the bare repository, and everything below it in a native stack.

        Returns the commit. Raises Refused (405) where it cannot be merged.
        """
        with self.lock:
            stack = self.stack_of(number)
            below = stack.pulls[: stack.pulls.index(number)] if stack is not None else []
            for lower in below:
                if self.pulls[lower].state == "OPEN":
                    self._merge(self.pulls[lower], method)
            return self._merge(self.pull(number), method)

    def _merge(self, pull: Pull, method: str) -> str:
        if pull.state != "OPEN":
            raise Refused(405, "Pull Request is not mergeable")
        if pull.draft:
            raise Refused(405, "Pull Request is still a draft")
        tree, base, head = self._merged_tree(pull), self.base_of(pull), self.head_of(pull)
        if tree is None:
            raise Refused(405, "Pull Request has merge conflicts")
        if method == "rebase":
            commit = self._rebased(base, head)
        else:
            parents = ["-p", base] + (["-p", head] if method == "merge" else [])
            message = f"{pull.title} (#{pull.number})"
            commit = self.git("commit-tree", tree, *parents, "-m", message).stdout.strip()
        self.git("update-ref", f"refs/heads/{pull.base}", commit, base)
        pull.merge_commit = commit
        self._end(pull, "MERGED")
        stack = self.stack_of(pull.number)
        if stack is not None:
            for number in stack.pulls[stack.pulls.index(pull.number) + 1 :][:1]:
                self.pulls[number].base = pull.base
        return commit

    def _rebased(self, base: str, head: str) -> str:
        """Put the commits of `head` on `base` one by one, each with a new id, and return the last."""
        for commit in self.git("rev-list", "--reverse", "--no-merges", f"{base}..{head}").stdout.split():
            tree = self._picked(commit, base)
            message = self.git("log", "-1", "--format=%B", commit).stdout.strip()
            if tree != self.git("rev-parse", f"{base}^{{tree}}").stdout.strip():
                base = self.git("commit-tree", tree, "-p", base, "-m", message).stdout.strip()
        return base

    def _picked(self, commit: str, onto: str) -> str:
        """The tree of `onto` with what `commit` changed: a merge whose base is the commit's parent."""
        below = self.git("commit-tree", f"{commit}^^{{tree}}", "-m", "below").stdout.strip()
        sides = [
            self.git("commit-tree", f"{side}^{{tree}}", "-p", below, "-m", "side").stdout.strip()
            for side in (onto, commit)
        ]
        done = self.git("merge-tree", "--write-tree", *sides, check=False)
        if done.returncode != 0:
            raise Refused(405, "This branch can't be rebased due to conflicts")
        return done.stdout.split()[0]

    def _end(self, pull: Pull, state: str) -> None:
        pull.head_commit = self.head_of(pull)
        pull.state, pull.updated = state, _now()
        pull.merged_at = pull.updated if state == "MERGED" else None

    def delete_branch(self, branch: str) -> None:
        """Delete a branch: what stands on it is retargeted if it was merged, and closed if not."""
        with self.lock:
            merged = next((p for p in self.pulls.values() if p.head == branch and p.state == "MERGED"), None)
            for pull in self.pulls.values():
                if pull.state == "OPEN" and pull.head == branch and pull.head_repository == self.full_name:
                    self._end(pull, "CLOSED")
                elif pull.state == "OPEN" and pull.base == branch and merged is not None:
                    pull.base = merged.base
                elif pull.state == "OPEN" and pull.base == branch:
                    self._end(pull, "CLOSED")
            self.git("update-ref", "-d", f"refs/heads/{branch}")

    # Stacks

    def stack(self, numbers: Sequence[int]) -> Stack:
        """Make a native stack, bottom to top. Raises Refused (404, 422)."""
        with self.lock:
            if not self.native:
                raise Refused(404, "Not Found")
            if not 2 <= len(numbers) <= 100:
                raise Refused(422, "A stack has 2 to 100 pull requests")
            self._chain(list(numbers))
            if any(self.stack_of(number) for number in numbers):
                raise Refused(422, "A pull request is already in a stack")
            base = self.pull(numbers[0]).base
            made = Stack(self.new_id("stack"), base, list(numbers), _now())
            self.stacks[made.number] = made
            return made

    def add(self, number: int, further: Sequence[int]) -> Stack:
        """Put pull requests on top of a stack. Raises Refused (404, 422)."""
        with self.lock:
            stack = self.found_stack(number)
            self._chain([stack.pulls[-1], *further])
            if any(self.stack_of(pull) for pull in further):
                raise Refused(422, "A pull request is already in a stack")
            stack.pulls += further
            return stack

    def unstack(self, number: int) -> Stack | None:
        """Take the unmerged pull requests out of a stack; None where none is left."""
        with self.lock:
            stack = self.found_stack(number)
            stack.pulls = [n for n in stack.pulls if self.pulls[n].state == "MERGED"]
            if not stack.pulls:
                del self.stacks[number]
                return None
            return stack

    def found_stack(self, number: int) -> Stack:
        """Return a stack. Raises Refused (404)."""
        if not self.native or number not in self.stacks:
            raise Refused(404, "Not Found")
        return self.stacks[number]

    def _chain(self, numbers: list[int]) -> None:
        pulls = [self.pull(number) for number in numbers]
        for lower, upper in pairwise(pulls):
            foreign = upper.head_repository != self.full_name
            if upper.base != lower.head or upper.state != "OPEN" or foreign:
                raise Refused(422, f"#{upper.number} does not stand on #{lower.number}")


_last = [0.0]


def _now() -> str:
    """A second later each time, so that what is newer is told from what is older."""
    _last[0] = max(_last[0] + 1.0, time.time())
    return datetime.fromtimestamp(_last[0], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
