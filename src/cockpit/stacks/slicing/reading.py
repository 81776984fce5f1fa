"""What does planning need to know? Everything of the repository, read with a handful of calls of git."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from cockpit.edges.git import RealGit
from cockpit.stacks.slicing import changes, counting, landing, owners
from cockpit.stacks.slicing.changes import Prototype
from cockpit.stacks.slicing.owners import Owners


@dataclass(frozen=True, slots=True)
class Material:
    """What a plan is made from: the prototype, its texts by blob id, the paths of both trees, who owns what.

    `people` maps a role ("engineer") to a handle as reviewers are asked ("@name"). `records` are what
    scaffolds wrote down in services of which other files are changed, by path.
    """

    prototype: Prototype
    blobs: Mapping[str, bytes]
    tree: Collection[str]
    base_tree: Collection[str]
    owners: Owners
    people: Mapping[str, str]
    records: Mapping[str, bytes] = field(default_factory=dict)


def material(
    git: RealGit, branch: str, trunk: str, people: Mapping[str, str], base: str | None = None
) -> Material:
    """Return what a plan for `branch` is made from, the base's CODEOWNERS too.

    `base` is what the slices are built on where some of them have landed, None for where the branch left the
    trunk. Raises as `changes.read` and `landing.over`.
    """
    prototype = changes.read(git, branch, trunk)
    if base is not None:
        prototype = landing.over(git, prototype, base)
    texts = [c for c in prototype.changes if c.added is not None]
    blobs = changes.contents(git, [blob for c in texts for blob in (c.old, c.new)])
    base_tree = changes.tree_paths(git, prototype.base)
    place = next((path for path in owners.PLACES if path in base_tree), None)
    rules = Owners()
    if place is not None:
        rules = owners.parse(git.raw("cat-file", "blob", f"{prototype.base}:{place}"))
    tree = changes.tree_paths(git, prototype.tree)
    return Material(prototype, blobs, tree, base_tree, rules, people, _records(git, prototype, tree))


def _records(git: RealGit, prototype: Prototype, tree: Collection[str]) -> dict[str, bytes]:
    changed = {change.path for change in prototype.changes}
    folders = {folder for path in changed for folder in counting.folders(path)}
    found = {f"{folder}{counting.SCAFFOLD}" for folder in folders} & set(tree) - changed
    named = {f"{prototype.tree}:{path}": path for path in found if "\n" not in path}
    return {named[name]: data for name, data in changes.contents(git, named).items()}
