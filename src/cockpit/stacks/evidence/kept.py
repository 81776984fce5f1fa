"""What do git-spice and git-town keep in git itself? A tree under a ref, and settings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from cockpit.errors import GitError
from cockpit.stacks.evidence.clone import Clone, parsed
from cockpit.stacks.evidence.edge import Edge, edge

_SPICE = "refs/spice/data"
_TOWN, _PARENT = "git-town-branch.", ".parent"


def spice(clone: Clone) -> Iterator[Edge | None]:
    """Yield what git-spice wrote in `branches/` of its ref, a JSON file for each branch."""
    if not clone.refs(_SPICE, fields="%(refname)"):
        return
    try:
        # Every line of every file, each after its path: one call for all of them.
        said = clone.git.run("grep", "-I", "-z", "--full-name", "-e", "", _SPICE, "--", ":/branches")
    except GitError:
        return
    files: dict[str, list[str]] = defaultdict(list)
    for line in said.splitlines():
        path, mark, text = line.partition("\0")
        if mark:
            files[path.removeprefix(f"{_SPICE}:branches/")].append(text)
    for name, lines in files.items():
        told = parsed("\n".join(lines))
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
