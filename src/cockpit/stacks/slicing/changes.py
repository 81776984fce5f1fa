"""What did the prototype change? Every file against the base; what cannot be sliced is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cockpit.domain.text import one_line
from cockpit.edges.git import RealGit
from cockpit.errors import GitError, UsageError

SUBMODULE, LINK = "160000", "120000"
MOST_FILES = 20_000
MOST_BYTES = 512_000_000
_TIMEOUT_S = 60.0


class Kind(StrEnum):
    """What happened to a file; a rename is a deletion and an addition."""

    ADDED = "added"
    MODIFIED = "modified"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Change:
    """One changed file; `path` is from the repository's top, undecodable bytes as surrogates.

    Modes and blob ids are git's; zeros where there is no file. `added` and `deleted` are
    lines, None for a binary file.
    """

    path: str
    old_mode: str
    new_mode: str
    old: str
    new: str
    added: int | None = 0
    deleted: int | None = 0

    @property
    def kind(self) -> Kind:
        """Whether the file is added, modified or deleted."""
        if not self.old.strip("0"):
            return Kind.ADDED
        return Kind.MODIFIED if self.new.strip("0") else Kind.DELETED

    @property
    def is_text(self) -> bool:
        """True for a regular file that git shows line by line."""
        modes = {self.old_mode, self.new_mode} - {"000000"}
        return self.added is not None and LINK not in modes


@dataclass(frozen=True, slots=True)
class Prototype:
    """A branch to be sliced: its name, tip and tree, the base it left the trunk at, what it changed.

    `prefix` is the way from the repository's top to the workspace ("research/"), "" at the top itself.
    """

    branch: str
    trunk: str
    tip: str
    tree: str
    base: str
    prefix: str
    changes: tuple[Change, ...]

    def shown(self, path: str) -> str:
        """Return `path` as plans name it: from the workspace, or ":/path" from the repository's top."""
        inside = path.startswith(self.prefix)
        text = path[len(self.prefix) :] if inside else f":/{path}"
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def read(git: RealGit, branch: str, trunk: str) -> Prototype:
    """Return what `branch` changed since it left `trunk`.

    Raises UsageError for a branch that is not there or changes nothing, or changes a submodule; GitError
    where the history does not reach back to the base (a shallow clone).
    """
    tip = commit_of(git, branch)
    base = _base(git, tip, branch, trunk)
    prefix = _decode(git.raw("rev-parse", "--show-prefix").rstrip(b"\n"))
    tree = git.raw("rev-parse", f"{tip}^{{tree}}").decode().strip()
    changes = between(git, base, tip)
    if not changes:
        raise UsageError(
            f"{one_line(branch, 80)} changes nothing that {one_line(trunk, 80)} does not have",
            do="name the branch that holds the prototype with --from",
            code="nothing-to-slice",
        )
    for change in changes:
        if SUBMODULE in (change.old_mode, change.new_mode):
            raise UsageError(
                f"{one_line(change.path, 200)} is a submodule, which cannot be sliced",
                do="change the submodule in a pull request of its own first, then slice the rest",
                code="submodule",
            )
    if len(changes) > MOST_FILES:
        raise UsageError(
            f"{len(changes):,} files changed, more than {MOST_FILES:,}",
            do="take what is generated or vendored out of the branch",
            code="too-many-files",
        )
    return Prototype(branch, trunk, tip, tree, base, prefix, changes)


def between(git: RealGit, old: str, new: str) -> tuple[Change, ...]:
    """Return what changed between two commits, a rename as a deletion and an addition. Raises GitError."""
    options = (
        "-r",
        "-z",
        "--no-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--ignore-submodules=none",
        old,
        new,
    )
    raw = git.raw("diff-tree", "--raw", "--no-abbrev", *options, timeout_s=_TIMEOUT_S)
    counts = git.raw("diff-tree", "--numstat", *options, timeout_s=_TIMEOUT_S)
    return _parse(raw, _numbers(counts))


def commit_of(git: RealGit, name: str) -> str:
    """Return the commit that a branch, a remote's branch or an id names. Raises UsageError without one."""
    if not name.startswith("-"):
        for candidate in (f"refs/heads/{name}", f"refs/remotes/origin/{name}", name):
            try:
                said = git.raw(
                    "rev-parse", "--verify", "--quiet", "--end-of-options", f"{candidate}^{{commit}}"
                )
            except GitError:
                continue
            return said.decode().split()[-1]
    raise UsageError(
        f"there is no branch {one_line(name, 80)!r} here",
        do="see `git branch --all`; fetch it if it is only on the remote",
        code="no-branch",
    )


def contents(git: RealGit, blobs: Iterable[str]) -> dict[str, bytes]:
    """Return blob id → its bytes, read by one `cat-file --batch`.

    Raises GitError for one that is missing, UsageError if all of them are too large to be held at once.
    """
    wanted = [blob for blob in dict.fromkeys(blobs) if blob.strip("0")]
    if not wanted:
        return {}
    asked = "".join(f"{b}\n" for b in wanted).encode("utf-8", "surrogateescape")
    sizes = git.raw("cat-file", "--batch-check=%(objectsize)", stdin=asked, timeout_s=_TIMEOUT_S)
    size = sum(int(line) for line in sizes.split(b"\n") if line.isdigit())
    if size > MOST_BYTES:
        raise UsageError(
            f"{size:,} bytes of text changed, more than {MOST_BYTES:,}",
            do="take what is generated or stored out of the branch, or mark it as binary in .gitattributes",
            code="too-many-bytes",
        )
    said = git.raw("cat-file", "--batch", stdin=asked, timeout_s=_TIMEOUT_S)
    found: dict[str, bytes] = {}
    at = 0
    for blob in wanted:
        end = said.index(b"\n", at)
        header = said[at:end].split()
        if len(header) != 3:
            raise GitError(
                f"the content of {blob[:12]} is not in this clone",
                do="fetch it: `git fetch --refetch`, or clone without --filter",
                code="blob-missing",
            )
        size = int(header[2])
        found[blob] = said[end + 1 : end + 1 + size]
        at = end + 2 + size
    return found


def tree_paths(git: RealGit, commit: str) -> frozenset[str]:
    """Return the path of every file of `commit`."""
    said = git.raw("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, timeout_s=_TIMEOUT_S)
    return frozenset(_decode(path) for path in said.split(b"\0") if path)


def trunk_tip(git: RealGit, trunk: str) -> str:
    """Return the newest commit of the trunk: origin's where the local branch only has to catch up with it."""
    here = commit_of(git, trunk)
    try:
        there = git.run("rev-parse", "--verify", "--quiet", f"refs/remotes/origin/{trunk}^{{commit}}").strip()
        return there if git.run("merge-base", here, there).strip() == here else here
    except GitError:
        return here


def _base(git: RealGit, tip: str, branch: str, trunk: str) -> str:
    """Return where the branch left the trunk: the local one or origin's, whichever it left later."""
    commit_of(git, trunk)
    found = []
    for place in (f"refs/heads/{trunk}", f"refs/remotes/origin/{trunk}", trunk):
        try:
            base = git.run("merge-base", place, tip).strip()
            found.append((int(git.run("rev-list", "--count", f"{base}..{tip}")), base))
        except GitError:
            continue
    if found:
        return min(found)[1]
    said = f"{one_line(branch, 80)} and {one_line(trunk, 80)} have no common commit"
    if git.run("rev-parse", "--is-shallow-repository").strip() == "true":
        raise GitError(f"{said} in this shallow clone", do="git fetch --unshallow", code="shallow")
    raise GitError(said, do="rebase the prototype onto the trunk", code="no-merge-base")


def _parse(raw: bytes, counts: Mapping[str, tuple[int | None, int | None]]) -> tuple[Change, ...]:
    """Return what `diff-tree --raw -z` says: ":modes ids letter" NUL path NUL."""
    parts = raw.split(b"\0")
    found = []
    for header, path in zip(parts[::2], parts[1::2], strict=False):
        old_mode, new_mode, old, new, _ = header.decode().lstrip(":").split(" ")
        name = _decode(path)
        found.append(Change(name, old_mode, new_mode, old, new, *counts.get(name, (0, 0))))
    return tuple(found)


def _numbers(raw: bytes) -> dict[str, tuple[int | None, int | None]]:
    found: dict[str, tuple[int | None, int | None]] = {}
    for part in raw.split(b"\0"):
        numbers = part.split(b"\t", 2)
        if len(numbers) == 3:
            added, deleted = (int(n) if n.isdigit() else None for n in numbers[:2])
            found[_decode(numbers[2])] = (added, deleted)
    return found


def _decode(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
