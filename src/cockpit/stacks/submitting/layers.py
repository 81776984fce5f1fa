"""What of a stack is submitted? Its slices with their commits, titles and reviewers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cockpit.domain.stack import Stack
from cockpit.domain.text import clean, one_line
from cockpit.edges.git import Git
from cockpit.errors import GitError, UsageError
from cockpit.stacks.submitting.body import plain

_TITLE, _TEXT, _MOST = 250, 40_000, 200


@dataclass(frozen=True, slots=True)
class Layer:
    """One slice: its branch over `parent`, the commit `tip` here (None where no such branch is here).

    `title` and `text` are for a new pull request, `reviewers` are handles and "org/team" names. `forward`
    is True where the remote's tip is contained in `tip`, so that nothing of it is lost by a push. `stands`
    is False where the parent's commit is not contained in it; `carries` is True where that is contained, and
    the trunk does not have it: after a squash it is to be taken out (None: what the trunk has is not known
    here). `landed` is True where the trunk has it.
    """

    branch: str
    parent: str
    tip: str | None
    title: str = ""
    text: str = ""
    reviewers: tuple[str, ...] = ()
    forward: bool = False
    stands: bool = True
    carries: bool | None = False
    landed: bool = False
    tracked: bool = False


def of(
    git: Git,
    stack: Stack,
    trunk: str,
    tips: Mapping[str, str],
    reviewers: Mapping[str, tuple[str, ...]],
    preface: Callable[[str, str | None], str] = lambda branch, tip: "",
) -> tuple[Layer, ...]:
    """Return the layers of `stack`, parents before children. `tips` are those of the remote.

    `preface` gives what the text of a branch at its commit begins with.

    Raises GitError, and UsageError for a stack over a branch that is not the trunk or with too many slices.
    """
    if len(stack.slices) > _MOST:
        raise UsageError(
            f"the stack {one_line(stack.id, 100)} has {len(stack.slices)} slices",
            do=f"submit stacks of at most {_MOST}",
            code="stack-large",
        )
    names = {part.branch for part in stack.slices}
    here = {part.branch: _tip(git, part.branch) for part in stack.slices}
    base = tips.get(trunk)
    base = base if base and contains(git, base, base) else None
    found = []
    for part in stack.slices:
        parent = part.parent if part.parent in names else trunk
        tip, below = here[part.branch], here.get(parent)
        title, text = _words(git, part.branch, tip, below or tips.get(parent))
        remote = tips.get(part.branch)
        stands = not (tip and below) or contains(git, tip, below)
        found.append(
            Layer(
                part.branch,
                parent,
                tip,
                title,
                "\n\n".join(words for words in (preface(part.branch, tip), text) if words),
                reviewers.get(part.branch, ()),
                forward=bool(tip and remote and contains(git, tip, remote)),
                stands=stands,
                carries=_carries(git, base, below) if tip and below and stands else False,
                landed=part.state == "merged" and part.pull is None,
                tracked=any(one.source == "graphite" and one.parent is None for one in part.evidence),
            )
        )
    return tuple(found)


def _carries(git: Git, trunk: str | None, below: str) -> bool | None:
    return None if trunk is None else not contains(git, trunk, below)


def contains(git: Git, tip: str, other: str) -> bool:
    """True where `other` is known here and `tip` contains it."""
    try:
        git.run("merge-base", "--is-ancestor", other, tip)
    except GitError:
        return False
    return True


def _tip(git: Git, branch: str) -> str | None:
    try:
        return git.run("rev-parse", "--verify", "-q", f"refs/heads/{branch}^{{commit}}").strip() or None
    except GitError:
        return None


def _words(git: Git, branch: str, tip: str | None, below: str | None) -> tuple[str, str]:
    """Return title and text: of the one commit, else of the first with the subjects of all."""
    if tip is None:
        return one_line(branch, _TITLE), ""
    without = (f"^{below}",) if below is not None and contains(git, tip, below) else ("--max-count=1",)
    said = git.run("log", "--reverse", "--format=%s%x00%b%x00", tip, *without, "--")
    fields = said.split("\0")
    commits = [(fields[at].strip(), fields[at + 1].strip()) for at in range(0, len(fields) - 2, 2)]
    if not commits:
        return one_line(branch, _TITLE), ""
    title = one_line(commits[0][0], _TITLE) or one_line(branch, _TITLE)
    if len(commits) == 1:
        return title, clean(plain(commits[0][1]), _TEXT)
    return title, clean("\n".join(f"- {one_line(subject, _TITLE)}" for subject, _ in commits), _TEXT)
