"""What does planning need to know? Everything of the repository, read with a handful of calls of git."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cockpit.edges.git import RealGit
from cockpit.stacks.slicing import changes, owners
from cockpit.stacks.slicing.changes import Prototype
from cockpit.stacks.slicing.owners import Owners


@dataclass(frozen=True, slots=True)
class Material:
    """What a plan is made from: the prototype, its blobs by id, the paths of both trees, who owns what.

    `people` maps a role ("engineer") to a handle as reviewers are asked ("@name").
    """

    prototype: Prototype
    blobs: Mapping[str, bytes]
    tree: Collection[str]
    base_tree: Collection[str]
    owners: Owners
    people: Mapping[str, str]


def material(git: RealGit, branch: str, trunk: str, people: Mapping[str, str]) -> Material:
    """Return what a plan for `branch` is made from, the base's CODEOWNERS too. Raises as `changes.read`."""
    prototype = changes.read(git, branch, trunk)
    blobs = changes.contents(git, [b for c in prototype.changes for b in (c.old, c.new)])
    base_tree = changes.tree_paths(git, prototype.base)
    place = next((path for path in owners.PLACES if path in base_tree), None)
    rules = Owners()
    if place is not None:
        rules = owners.parse(git.raw("cat-file", "blob", f"{prototype.base}:{place}"))
    tree = changes.tree_paths(git, prototype.tip)
    return Material(prototype, blobs, tree, base_tree, rules, people)
