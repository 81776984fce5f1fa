"""What does planning need to know? Everything of the repository, read with a handful of calls of git."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.edges.git import RealGit
from cockpit.stacks.slicing import changes, owners
from cockpit.stacks.slicing.planning import Material


def material(git: RealGit, branch: str, trunk: str, people: Mapping[str, str]) -> Material:
    """Return what a plan for `branch` is made from, the base's CODEOWNERS too. Raises as `changes.read`."""
    prototype = changes.read(git, branch, trunk)
    blobs = changes.contents(git, [b for c in prototype.changes for b in (c.old, c.new)])
    base_tree = changes.tree_paths(git, prototype.base)
    place = next((path for path in owners.PLACES if path in base_tree), None)
    rules = owners.Owners()
    if place is not None:
        rules = owners.parse(git.raw("cat-file", "blob", f"{prototype.base}:{place}"))
    tree = changes.tree_paths(git, prototype.tip)
    return Material(prototype, blobs, tree, base_tree, rules, people)
