"""Which slices are in the trunk by now, and what do the others stand on from then on?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cockpit.domain.text import one_line
from cockpit.edges.git import RealGit
from cockpit.errors import GitError, UsageError
from cockpit.stacks.slicing import changes
from cockpit.stacks.slicing.changes import Prototype


@dataclass(frozen=True, slots=True)
class Landed:
    """The branches of the slices that are in the trunk, lowest first, and the commit the others stand on."""

    branches: tuple[str, ...]
    base: str


def unseen(git: RealGit, made: Mapping[str, str], trunk: str, merged: Collection[str]) -> tuple[str, ...]:
    """Return the branches that the server merged into a trunk that this clone has not fetched yet.

    Such a trunk has no commit of its own on any file of the slice; one that was reverted or deleted has two.
    """
    return tuple(branch for branch, tip in made.items() if branch in merged and not _seen(git, tip, trunk))


def of(
    git: RealGit, made: Mapping[str, str], names: Sequence[str], trunk: str, merged: Collection[str] = ()
) -> Landed | None:
    """Return what has landed in the commit `trunk` of the slices `names`, None for nothing.

    `made` are the slices' commits as they were made, by branch, and `merged` the branches of which the server
    says that they were merged, but for those that are `unseen` here. Else a slice has landed if the trunk has
    every file as it left it: merged, squashed and rebased alike. What lies below a slice that has landed has
    landed too.

    The others go on standing where they do if the trunk has that commit, and else on the trunk itself.
    """
    gone: list[str] = []
    below: list[str] = []
    for chain in _chains(git, {branch: tip for branch, tip in made.items() if branch in names}):
        count = 0
        for number, (branch, parent, tip) in enumerate(chain, 1):
            if branch in merged or _is_in(git, parent, tip, trunk):
                count = number
        gone += [branch for branch, _, _ in chain[:count]]
        below += [parent for _, parent, _ in chain[count : count + 1]]
    return Landed(tuple(gone), _newest_in(git, below, trunk) or trunk) if gone else None


def _newest_in(git: RealGit, commits: Sequence[str], trunk: str) -> str | None:
    """Return the one nearest to the tip of the trunk; None if it lacks one of them."""
    if any(git.run("merge-base", commit, trunk).strip() != commit for commit in commits):
        return None
    return min(commits, key=lambda one: int(git.run("rev-list", "--count", f"{one}..{trunk}")), default=None)


def over(git: RealGit, prototype: Prototype, base: str) -> Prototype:
    """Return what is left of a prototype over `base`: the changes that merging the two leaves.

    Raises UsageError if they do not merge by themselves, or if nothing is left.
    """
    branch, trunk = one_line(prototype.branch, 80), one_line(prototype.trunk, 80)
    try:
        tree = git.run("merge-tree", "--write-tree", base, prototype.tip).split("\n", 1)[0].strip()
    except GitError as error:
        raise UsageError(
            f"{branch} does not merge with {trunk}, where slices of it have landed",
            do=f"merge them by hand: git switch {branch} && git merge {trunk}; then slice again",
            code="prototype-conflicts",
        ) from error
    left = changes.between(git, base, tree)
    if not left:
        raise UsageError(
            f"every slice of {branch} is in {trunk}: nothing is left to slice",
            do="delete the slices' branches and the prototype's",
            code="all-landed",
        )
    return replace(prototype, base=base, tree=tree, changes=left)


def _chains(git: RealGit, made: Mapping[str, str]) -> Iterator[list[tuple[str, str, str]]]:
    """Yield branch, parent and commit of the slices that stand on each other, lowest first.

    What landed before the others were built anew is a chain of its own.
    """
    if not made:
        return
    said = git.run("rev-list", "--no-walk", "--parents", *made.values()).splitlines()
    parents = dict(line.split(" ")[:2] for line in said if " " in line)
    above = {parents[tip]: (branch, tip) for branch, tip in made.items() if tip in parents}
    for root in [parent for parent in above if parent not in parents]:
        chain, here = [], root
        while here in above:
            branch, tip = above[here]
            chain.append((branch, here, tip))
            here = tip
        yield chain


def _seen(git: RealGit, tip: str, trunk: str) -> bool:
    paths = [change.path for change in changes.between(git, f"{tip}^", tip)]
    argv = ("rev-list", "--full-history", "--max-count=1", f"{tip}^..{trunk}", "--")
    return not paths or bool(git.run(*argv, *(f":(top,literal){path}" for path in paths)).strip())


def _is_in(git: RealGit, parent: str, tip: str, trunk: str) -> bool:
    own = {change.path for change in changes.between(git, parent, tip)}
    return bool(own) and own.isdisjoint(change.path for change in changes.between(git, tip, trunk))
