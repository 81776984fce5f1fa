"""How do slices become commits? In an index of their own: HEAD, index and work tree stay as they are."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cockpit.edges.git import RealGit
from cockpit.errors import CancelledError, GitError
from cockpit.stacks.slicing import hunks as cutting
from cockpit.stacks.slicing import imports
from cockpit.stacks.slicing.changes import Change, Kind
from cockpit.stacks.slicing.plan import Part, PlannedPart, SlicePlan
from cockpit.stacks.slicing.reading import Material

TRAILER = "Cockpit-Slice"
_CRUD = "".join(map(chr, range(33))) + ".,:;<>\"\\'"


@dataclass(frozen=True, slots=True)
class Built:
    """One slice as a commit; `parent` is the commit below."""

    id: str
    branch: str
    commit: str
    parent: str
    tree: str


@dataclass(frozen=True, slots=True)
class _Signature:
    """Who made a commit of the prototype, and when: author and committer as git's environment wants them."""

    at: int
    author: dict[str, str]


def build(
    git: RealGit, plan: SlicePlan, material: Material, cancelled: Callable[[], bool] = lambda: False
) -> tuple[Built, ...]:
    """Write the commits of all slices and return them, lowest first. No ref is touched.

    The same plan over the same prototype gives the same commits: each is signed and dated as the newest
    commit of the prototype that touched one of its files. Raises GitError if the last tree is not the
    prototype's, CancelledError when asked to stop.
    """
    signatures = _signatures(git, plan)
    changes = {change.path: change for change in material.prototype.changes}
    done: dict[str, set[int]] = {}
    built: list[Built] = []
    with tempfile.TemporaryDirectory(prefix="cockpit-slices-") as scratch:
        index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
        git.raw("read-tree", plan.base, extra=index)
        parent = plan.base
        for part in plan.slices:
            if cancelled():
                raise CancelledError("stopped; no branch was changed", do=f"cockpit stack slice {plan.rpt}")
            # What is taken away goes first, so that a folder can take the place of a file.
            ordered = sorted(part.parts, key=lambda one: changes[one.path].kind is not Kind.DELETED)
            entries = b"".join(_entry(git, one, changes[one.path], material, done) for one in ordered)
            git.raw("update-index", "-z", "--index-info", stdin=entries, extra=index)
            tree = git.raw("write-tree", extra=index).decode().strip()
            commit = _commit(git, plan, part, tree, parent, _newest(part, signatures, plan))
            built.append(Built(part.id, plan.ref(part), commit, parent, tree))
            parent = commit
    if not built or built[-1].tree != plan.tree:
        raise GitError(
            "the slices together are not the prototype; no branch was changed",
            do="this is a fault of cockpit: report it with the plan file",
            code="slices-differ",
        )
    return tuple(built)


def _entry(git: RealGit, part: Part, change: Change, material: Material, done: dict[str, set[int]]) -> bytes:
    """Return the line of `update-index -z --index-info` for one part; mode 0 takes a file away."""
    path = part.path.encode("utf-8", "surrogateescape")
    if change.kind is Kind.DELETED:
        return b"0 " + b"0" * len(change.old) + b"\t" + path + b"\0"
    blob = change.new
    if part.hunks is not None:
        applied = done.setdefault(part.path, set())
        applied.update(part.hunks)
        old, new = material.blobs.get(change.old, b""), material.blobs[change.new]
        source = imports.parse(new) if part.path.endswith(".py") else None
        every = cutting.split(old, new, source)
        if len(applied) < len(every):
            chosen = [hunk for number, hunk in enumerate(every) if number in applied]
            data = cutting.apply(old, chosen)
            blob = git.raw("hash-object", "-w", "--no-filters", "--stdin", stdin=data).decode().strip()
    return f"{change.new_mode} {blob}\t".encode() + path + b"\0"


def _commit(
    git: RealGit, plan: SlicePlan, part: PlannedPart, tree: str, parent: str, signature: _Signature
) -> str:
    title = " ".join(part.title.split()) or part.id
    message = f"{title}\n\n{TRAILER}: {plan.rpt}/{part.id}\n"
    said = git.raw(
        "-c", "i18n.commitEncoding=UTF-8", "commit-tree", "--no-gpg-sign", tree, "-p", parent,
        stdin=message.encode("utf-8", "replace"), extra=signature.author,
    )  # fmt: skip
    return said.decode().strip()


def _newest(part: PlannedPart, signatures: dict[str, _Signature], plan: SlicePlan) -> _Signature:
    own = [signatures[one.path] for one in part.parts if one.path in signatures]
    return max(own, key=lambda one: one.at, default=signatures[""])


def _signatures(git: RealGit, plan: SlicePlan) -> dict[str, _Signature]:
    """Return path → who changed it last on the prototype; "" is the tip, for what only a merge changed."""
    form = "%x01%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00"
    # Whatever people set for their own `git log` must not change the commits: all of it is said here.
    options = (
        "-z", "--name-only", "--no-renames", "--no-relative", "--no-ext-diff", "--ignore-submodules=none",
        "--no-show-signature", "--diff-merges=combined", "--encoding=UTF-8", "-O/dev/null",
        f"--format={form}",
    )  # fmt: skip
    said = git.raw("log", *options, f"{plan.base}..{plan.tip}", "--", timeout_s=60.0)
    found: dict[str, _Signature] = {}
    for block in said.split(b"\x01")[1:]:
        name, email, at, by, by_email, by_at, *paths = block.split(b"\0")
        texts = [part.decode("utf-8", "surrogateescape") for part in (name, email, by, by_email)]
        signature = _Signature(
            int(by_at),
            {
                "GIT_AUTHOR_NAME": _name(texts[0]),
                "GIT_AUTHOR_EMAIL": texts[1],
                "GIT_AUTHOR_DATE": f"@{at.decode()} +0000",
                "GIT_COMMITTER_NAME": _name(texts[2]),
                "GIT_COMMITTER_EMAIL": texts[3],
                "GIT_COMMITTER_DATE": f"@{by_at.decode()} +0000",
            },
        )
        found.setdefault("", signature)
        for path in paths:
            known = path.lstrip(b"\n").decode("utf-8", "surrogateescape")
            if known:
                found.setdefault(known, signature)
    return found


def _name(text: str) -> str:
    """Return a name that git takes: one of nothing but these marks and spaces is none to it."""
    return text if text.strip(_CRUD) else "unknown"
