"""Which branch is a prototype that was sliced already, and did it or a slice change since?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cockpit.domain.stack import Slice, Slicing, Stack


def apart(
    stacks: Sequence[Stack], slicings: Iterable[Slicing]
) -> tuple[tuple[Stack, ...], tuple[Slicing, ...]]:
    """Return the stacks without the prototypes that were sliced, and what has become of those.

    A prototype is nothing to merge once its slices are. One that others stand on stays where it is.
    """
    slicings = tuple(slicings)
    parts = {part.branch: part for stack in stacks for part in stack.slices}
    names = {one.branch for one in slicings} - {part.parent for part in parts.values()}
    left = (replace(stack, slices=_without(stack, names)) for stack in stacks)
    return tuple(stack for stack in left if stack.slices), tuple(_compared(one, parts) for one in slicings)


def _without(stack: Stack, names: set[str]) -> tuple[Slice, ...]:
    return tuple(part for part in stack.slices if part.branch not in names or part.pull is not None)


def _compared(slicing: Slicing, parts: dict[str, Slice]) -> Slicing:
    here = parts.get(slicing.branch)
    stale = [
        branch
        for branch, commit in slicing.commits
        if (part := parts.get(branch)) is not None
        and part.state != "merged"
        and part.commit not in (None, commit)
    ]
    moved = here.commit != slicing.prototype if here is not None and here.commit is not None else None
    return replace(slicing, moved=moved, stale=tuple(stale))
