"""What do git-spice and git-town keep in git itself? A tree under a ref, and settings."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.errors import GitError
from cockpit.stacks.evidence.clone import MOST_REFS, Clone, parsed
from cockpit.stacks.evidence.edge import Edge, edge

_SPICE, _BRANCHES = "refs/spice/data", "branches/"
_TOWN, _PARENT = "git-town-branch.", ".parent"


def spice(clone: Clone) -> Iterator[Edge | None]:
    """Yield what git-spice wrote in `branches/` of its ref, a JSON file for each branch."""
    try:
        said = clone.git.run("ls-tree", "-r", "-l", "-z", "--full-tree", _SPICE, _BRANCHES)
    except GitError:
        # There is no such ref.
        return
    files: dict[str, tuple[str, int]] = {}
    for entry in said.split("\0")[:MOST_REFS]:
        about, _, path = entry.partition("\t")
        fields = about.split()
        if len(fields) == 4 and fields[1] == "blob":
            files[path.removeprefix(_BRANCHES)] = (fields[2], int(fields[3]))
    texts = clone.blobs(files.values(), "git-spice in its ref")
    for name, (blob, _) in files.items():
        told = parsed(texts.get(blob))
        base = told.get("base") if isinstance(told, dict) else None
        over = base.get("name") if isinstance(base, dict) else None
        if isinstance(over, str):
            yield edge(name, over, "git-spice", f"its base in {_SPICE} is {over}")


def town(clone: Clone) -> Iterator[Edge | None]:
    """Yield git-town's parents, which are settings of the repository."""
    try:
        said = clone.git.run("config", "-z", "--local", "--get-regexp", r"^git-town-branch\..*\.parent$")
    except GitError:
        # git fails where no setting matches.
        return
    for entry in said.split("\0"):
        key, _, over = entry.partition("\n")
        name = key.removeprefix(_TOWN).removesuffix(_PARENT)
        if over:
            yield edge(name, over, "git-town", f"its parent in git-town's settings is {over}")
