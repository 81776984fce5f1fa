"""Which branch is the trunk? What cockpit.yaml says, else what the remote says, else main or master."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cockpit.domain.text import one_line
from cockpit.errors import Problem
from cockpit.stacks.refs import HEADS, REMOTES, Ref

USUAL = ("main", "master")


@dataclass(frozen=True, slots=True)
class Trunk:
    """The trunk's short name, and the commits that its local and remote branches point at."""

    name: str
    tips: tuple[str, ...]


def find(refs: Iterable[Ref], configured: str | None) -> Trunk | Problem:
    """Return the trunk, or the problem that there is none."""
    refs = tuple(refs)
    if configured is not None:
        found = _named(refs, configured)
        return found or Problem(
            "trunk-missing",
            f"the trunk {one_line(configured, 80)!r} of cockpit.yaml is no branch here or on a remote",
            "name the branch that slices are merged into in `trunk:`, or fetch it",
            "cockpit.yaml",
        )
    for name in (*_remote_heads(refs), *USUAL):
        found = _named(refs, name)
        if found is not None:
            return found
    return Problem(
        "trunk-unknown",
        "no trunk is known: there is no origin/HEAD and no branch main or master",
        "write `trunk: BRANCH` in cockpit.yaml, or run `git remote set-head origin --auto`",
    )


def _remote_heads(refs: tuple[Ref, ...]) -> list[str]:
    """Return the branches that remotes call their own, origin's first; several others decide nothing."""
    found = {}
    for ref in refs:
        if ref.symbolic and ref.name.startswith(REMOTES) and ref.name.endswith("/HEAD"):
            remote = ref.name.removeprefix(REMOTES).removesuffix("/HEAD")
            found[remote] = ref.symbolic.removeprefix(f"{REMOTES}{remote}/")
    if "origin" in found:
        return [found["origin"]]
    return list(found.values()) if len(set(found.values())) == 1 else []


def _named(refs: tuple[Ref, ...], name: str) -> Trunk | None:
    """Return the trunk `name`. What only the remote has of it is merged as well as what only is here."""
    tips = []
    for ref in refs:
        local = ref.name == HEADS + name
        remote = ref.name.startswith(REMOTES) and ref.name.split("/", 3)[3:] == [name]
        if (local or remote) and ref.commit not in tips:
            tips.append(ref.commit)
    return Trunk(name, tuple(tips)) if tips else None
