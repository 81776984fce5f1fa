"""What of a stack is left to submit, into which branches, and what should people know of it?"""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

from cockpit.errors import UsageError
from cockpit.stacks.submitting.layers import Layer
from cockpit.stacks.submitting.there import There

NATIVE_LEAST, NATIVE_MOST = 2, 100


class Remaining:
    """The layers that are left, each with what its pull request goes into."""

    def __init__(self, layers: Sequence[Layer], there: There, trunk: str) -> None:
        self.there, self.trunk, self.layers = there, trunk, tuple(layers)
        self.by_branch = {layer.branch: layer for layer in layers}
        self.merged = {layer.branch for layer in layers if self._is_merged(layer)}
        self.left = tuple(
            layer
            for layer in layers
            if layer.branch not in self.merged and (layer.tip or there.open(layer.branch) is not None)
        )

    def _is_merged(self, layer: Layer) -> bool:
        merged = self.there.merged(layer.branch)
        if merged is not None:
            return layer.tip is None or layer.tip == merged.head
        return layer.landed and self.there.open(layer.branch) is None

    def target(self, layer: Layer) -> str:
        """Return the branch that the layer goes into: the nearest one left below, or the trunk."""
        names = {one.branch for one in self.left}
        parent = layer.parent
        while parent in self.by_branch and parent not in names:
            parent = self.by_branch[parent].parent
        return parent if parent in names else self.trunk

    def native_problem(self) -> UsageError | None:
        """Return why this cannot be a native stack."""
        targets = [self.target(layer) for layer in self.left]
        instead = "submit it with --as base"
        if not self.there.native:
            return UsageError(
                "this repository has no native stacks: the server answers 404", do=instead, code="native-off"
            )
        if targets != [self.trunk, *(layer.branch for layer in self.left[:-1])]:
            return UsageError(
                "a native stack is a line, and this stack is a tree", do=instead, code="native-tree"
            )
        if not NATIVE_LEAST <= len(self.left) <= NATIVE_MOST:
            return UsageError(
                f"a native stack has {NATIVE_LEAST} to {NATIVE_MOST} pull requests, not {len(self.left)}",
                do=instead,
                code="native-size",
            )
        return None


def _top(stack: Remaining, name: str) -> str:
    """Return the branch over `name` that nothing stands on, the first of several."""
    above = next((one.branch for one in stack.left if one.parent == name), None)
    return name if above is None else _top(stack, above)


def stack_notes(stack: Remaining, remote: str) -> tuple[str, ...]:
    """Return what needs a restack, is not here, or was merged with another commit."""
    notes = []
    for layer in stack.left:
        name, target = layer.branch, stack.target(layer)
        if layer.tip is None:
            notes.append(f"{name} is no branch of this clone: it is not pushed")
        elif target != layer.parent and (below := stack.by_branch.get(layer.parent)) and below.tip:
            onto = f"{remote}/{target}" if target == stack.trunk else target
            if layer.carries is None:
                notes.append(
                    f"{name} stands on {layer.parent}, which was merged: git fetch {remote}, and submit "
                    "again to see whether it needs a restack"
                )
            elif layer.carries:
                notes.append(
                    f"{name} stands on {layer.parent}, which was merged as other commits: it needs a restack "
                    "(if cockpit sliced it, stack slice does it, else git rebase --update-refs --onto "
                    f"{quote(onto)} {below.tip[:12]} {quote(_top(stack, name))})"
                )
        elif not layer.stands:
            notes.append(
                f"{name} does not contain what {target} is now: it needs a restack "
                f"(git rebase {quote(target)} {quote(name)})"
            )
    for layer in stack.layers:
        merged = stack.there.merged(layer.branch)
        if merged is not None and layer.branch not in stack.merged:
            notes.append(
                f"#{merged.number} was merged with another commit than {layer.branch} has now: "
                "another pull request is opened for what it has"
            )
    return tuple(notes)
