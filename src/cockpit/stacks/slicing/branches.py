"""May the slices' branches be moved, and how? All at once, never over somebody else's work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cockpit.edges.git import RealGit
from cockpit.errors import GitError, Problem, UsageError
from cockpit.stacks.slicing.building import Built

HEADS = "refs/heads/"
# Where the tip that was made last is remembered: a branch that stands elsewhere was moved by somebody.
MADE = "refs/cockpit/slices/"


@dataclass(frozen=True, slots=True)
class Standing:
    """The branches of an RPT's slices now, the tips that were made, and branches checked out somewhere."""

    tips: dict[str, str]
    made: dict[str, str]
    checked_out: frozenset[str]


def standing(git: RealGit, rpt: str) -> Standing:
    """Return what stands in this clone for `rpt`. Raises GitError."""
    lead = rpt.lower()
    form = "--format=%(refname) %(objectname)"
    said = git.run("for-each-ref", form, f"{HEADS}{lead}", f"{MADE}{lead}").splitlines()
    found = dict(line.split(" ", 1) for line in said)
    trees = git.run("worktree", "list", "--porcelain", "-z").split("\0")
    return Standing(
        {ref.removeprefix(HEADS): tip for ref, tip in found.items() if ref.startswith(HEADS)},
        {ref.removeprefix(MADE): tip for ref, tip in found.items() if ref.startswith(MADE)},
        frozenset(line.removeprefix(f"branch {HEADS}") for line in trees if line.startswith("branch ")),
    )


def refusals(now: Standing, rpt: str, names: Sequence[str]) -> list[Problem]:
    """Return why branches with these names cannot be written: they are somebody's own, or checked out."""
    found = []
    lead = rpt.lower()
    if lead in now.tips:
        found.append(
            Problem(
                "branch-in-the-way",
                f"the branch {lead} leaves no room for {lead}/…",
                f"rename it: git branch -m {lead} {lead}-prototype",
            )
        )
    for name in names:
        tip = now.tips.get(name)
        if tip is None or tip == now.made.get(name):
            continue
        found.append(
            Problem(
                "branch-not-ours",
                f"the branch {name} stands at {tip[:12]}, which cockpit did not make",
                f"keep it under another name: git branch -m {name} {name}-kept; bring what it adds to the "
                "prototype, then slice again",
            )
        )
    return found


def moving(rpt: str, built: Sequence[Built], now: Standing) -> tuple[str, ...]:
    """Return the branches that have to move. Raises UsageError where one is somebody's own or checked out."""
    for problem in refusals(now, rpt, [one.branch for one in built]):
        raise UsageError(problem.message, do=problem.do, code=problem.code)
    moved = [one for one in built if now.tips.get(one.branch) != one.commit]
    for one in moved:
        if one.branch in now.checked_out:
            raise UsageError(
                f"{one.branch} is checked out: moving it would leave its work tree behind",
                do="switch that work tree to another branch (git switch --detach), then slice again",
                code="branch-checked-out",
            )
    return tuple(one.branch for one in moved)


def write(git: RealGit, rpt: str, built: Sequence[Built], seen: Standing) -> tuple[str, ...]:
    """Point every slice's branch at its commit, all or none, and return the branches that moved.

    `seen` is what stood there when the slices were planned. Raises UsageError where a branch is somebody's
    own or is checked out by now, GitError where one moved in between.
    """
    now = replace(seen, checked_out=standing(git, rpt).checked_out)
    moved = moving(rpt, built, now)
    lines = []
    for one in built:
        for lead, known in ((HEADS, now.tips), (MADE, now.made)):
            old = known.get(one.branch, "0" * len(one.commit))
            if old != one.commit:
                lines.append(f"update {lead}{one.branch}\0{one.commit}\0{old}\0")
    if lines:
        stdin = "".join(["start\0", *lines, "prepare\0", "commit\0"])
        try:
            git.raw(
                "update-ref",
                "--no-deref",
                "-m",
                f"cockpit: slice {rpt}",
                "-z",
                "--stdin",
                stdin=stdin.encode(),
            )
        except GitError as error:
            raise GitError(
                f"no branch was moved: {error.problem.message}",
                do="somebody moved one of them at the same moment: slice again",
                code="branches-moved",
            ) from error
    return moved


def left_over(now: Standing, names: Sequence[str]) -> tuple[str, ...]:
    """Return the branches that were made for slices that the plan has no longer."""
    return tuple(sorted(name for name in now.made.keys() & now.tips.keys() if name not in names))
