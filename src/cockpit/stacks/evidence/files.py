"""Which files of the clone say what stands on what? git-machete's, av's and gh stack's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cockpit.stacks.evidence.clone import Clone
from cockpit.stacks.evidence.edge import Edge, edge

_MOST, _MOST_WORKTREES = 5_000, 200


def machete(clone: Clone) -> Iterator[Edge | None]:
    """Yield what `.git/machete` says, an indented tree; what follows a name is an annotation."""
    above: list[tuple[int, str]] = []
    for line in (clone.text("machete") or "").splitlines()[:_MOST]:
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        name = line.split()[0]
        while above and above[-1][0] >= indent:
            above.pop()
        if above:
            yield edge(name, above[-1][1], "git-machete", f"lies below {above[-1][1]} in .git/machete")
        above.append((indent, name))


def av(clone: Clone) -> Iterator[Edge | None]:
    """Yield the parents in av's database, a JSON file."""
    branches = _get(clone.json("av/av.db"), "branches")
    for name, said in _items(branches):
        parent = _get(said, "parent")
        # A name alone in files of older versions.
        over = parent if isinstance(parent, str) else _get(parent, "name")
        if isinstance(over, str):
            number = _get(_get(said, "pullRequest"), "number")
            yield edge(name, over, "av", f"its parent in .git/av/av.db is {over}", _number(number))


def gh_stack(clone: Clone) -> Iterator[Edge | None]:
    """Yield the chains in `gh stack`'s file, the lowest branch first; merged ones are in it as well.

    Older versions wrote one for each linked worktree.
    """
    found = sorted((clone.common / "worktrees").glob("*/gh-stack"))[:_MOST_WORKTREES]
    for name in ("gh-stack", *(str(path.relative_to(clone.common)) for path in found)):
        stacks = _get(clone.json(name), "stacks")
        for stack in stacks[:_MOST] if isinstance(stacks, list) else ():
            yield from _chain(stack, f".git/{name}")


def _chain(stack: Any, file: str) -> Iterator[Edge | None]:
    trunk = _get(stack, "trunk")
    below = trunk if isinstance(trunk, str) else _get(trunk, "branch")
    branches = _get(stack, "branches")
    for one in branches[:_MOST] if isinstance(branches, list) else ():
        name = _get(one, "branch")
        if not isinstance(name, str):
            continue
        if isinstance(below, str):
            number = _get(_get(one, "pullRequest"), "number")
            yield edge(name, below, "gh-stack", f"lies on {below} in {file}", _number(number))
        below = name


def _get(said: Any, key: str) -> Any:
    return said.get(key) if isinstance(said, dict) else None


def _items(said: Any) -> list[tuple[str, Any]]:
    return list(said.items())[:_MOST] if isinstance(said, dict) else []


def _number(said: Any) -> int | None:
    return said if isinstance(said, int) and not isinstance(said, bool) and said > 0 else None
