"""Which refs are there, and where in the repository is the workspace? A few cheap calls of git."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cockpit.domain.text import one_line
from cockpit.edges.git import Git
from cockpit.errors import GitError

HEADS, REMOTES = "refs/heads/", "refs/remotes/"


@dataclass(frozen=True, slots=True)
class Ref:
    """One ref: its full name, the commit it points at, and the ref it stands for if it is symbolic."""

    name: str
    commit: str
    symbolic: str | None = None
    current: bool = False


def list_refs(git: Git, trunk_names: Iterable[str], most: int) -> str:
    """Return at most `most` lines: all branches, what remotes call their HEAD, and their `trunk_names`.

    Raises GitError.
    """
    return git.run(
        "for-each-ref",
        f"--count={most}",
        "--format=%(HEAD)%00%(objectname)%00%(refname)%00%(symref)",
        "refs/heads",
        "refs/remotes/*/HEAD",
        *(f"refs/remotes/*/{name}" for name in dict.fromkeys(trunk_names)),
    )


def parsed(listed: str) -> list[Ref]:
    """Return what `list_refs` listed."""
    found = []
    for line in listed.split("\n"):
        fields = line.split("\0")
        if len(fields) == 4:
            head, commit, name, symbolic = fields
            found.append(Ref(name, commit, symbolic or None, current=head == "*"))
    return found


def branches(refs: Iterable[Ref]) -> dict[str, str]:
    """Return local branch → commit; a name that only stands for another branch is none."""
    return {
        ref.name.removeprefix(HEADS): ref.commit
        for ref in refs
        if ref.name.startswith(HEADS) and ref.symbolic is None
    }


def surroundings(git: Git) -> tuple[bool, str]:
    """Return whether the clone is shallow, and the way from the repository's top to the workspace."""
    shallow, _, rest = git.run("rev-parse", "--is-shallow-repository", "--show-prefix").partition("\n")
    return shallow.strip() == "true", rest.removesuffix("\n")


def unborn(git: Git) -> str | None:
    """Return the branch that has no commit yet, None where HEAD is detached."""
    try:
        return one_line(git.run("symbolic-ref", "--quiet", "--short", "HEAD"), 200)
    except GitError:
        return None
