"""Which commits lie between the branches and the trunk? One walk of git over all of them."""

from __future__ import annotations

from collections.abc import Iterable

from cockpit.edges.git import Git
from cockpit.stacks.graph import Commit

MOST_COMMITS = 20_000
_TIMEOUT_S = 15.0


def ahead(git: Git, tips: Iterable[str], trunk: Iterable[str]) -> tuple[dict[str, Commit], dict[str, int]]:
    """Return the commits ahead of the trunk, children before parents, and those where they leave it.

    The latter with their times. At most MOST_COMMITS: then git calls the first ones beyond it boundary as
    well, though they are not the trunk's. Raises GitError.
    """
    asked = [*dict.fromkeys(tips), *(f"^{tip}" for tip in trunk)]
    # Records end in NUL, which no commit can contain: subjects are text of anybody's.
    said = git.run(
        "rev-list",
        "--stdin",
        "--topo-order",
        "--boundary",
        "--no-commit-header",
        f"--max-count={MOST_COMMITS}",
        "--format=%m%H%x00%P%x00%ct%x00%an%x00%s%x00",
        stdin="".join(f"{one}\n" for one in asked),
        timeout_s=_TIMEOUT_S,
    )
    commits: dict[str, Commit] = {}
    boundary: dict[str, int] = {}
    fields = said.split("\0")
    for at in range(0, len(fields) - 4, 5):
        mark_and_id = fields[at].lstrip("\n")
        mark, commit = mark_and_id[:1], mark_and_id[1:]
        time = int(fields[at + 2]) if fields[at + 2].isdecimal() else 0
        if mark == "-":
            boundary[commit] = time
        else:
            commits[commit] = Commit(tuple(fields[at + 1].split()), time, fields[at + 3], fields[at + 4])
    return commits, boundary


def first_parents(git: Git, trunk: Iterable[str]) -> list[str]:
    """Return the trunk's own line of commits, at most MOST_COMMITS. Raises GitError."""
    limit = f"--max-count={MOST_COMMITS}"
    return git.run("rev-list", "--first-parent", limit, *trunk, timeout_s=_TIMEOUT_S).split()
