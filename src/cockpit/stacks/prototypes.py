"""Which branch is a prototype, was it sliced, did it or a slice change since, and what is to be done?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cockpit.domain.signs import Tone
from cockpit.domain.stack import Slice, Slicing, Stack, slice_branch
from cockpit.domain.text import one_line
from cockpit.stacks.slicing.counting import STOP

_PROVED = {
    "pass": "each slice proved",
    "fail": "not every slice passed",
    "unknown": "not all could be proved",
}


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


def told(slicing: Slicing) -> tuple[tuple[str, Tone], ...]:
    """Return in words what was sliced and proved, then what has to be done again and by which command."""
    proved = _PROVED.get(slicing.verdict, slicing.verdict)
    tone = Tone.QUIET if slicing.verdict == "pass" else Tone.WARN
    said = [(f"sliced from {_name(slicing.branch)}, {proved}", tone)]
    if slicing.moved:
        again = f"cockpit stack slice {slicing.rpt} --from {_name(slicing.branch)}"
        said.append((f"{_name(slicing.branch)} changed since it was sliced: {again}", Tone.WARN))
    if slicing.stale:
        changed = ", ".join(_name(branch) for branch in slicing.stale[:3])
        more = f" and {len(slicing.stale) - 3} more" if len(slicing.stale) > 3 else ""
        said.append((f"{changed}{more} changed since: cockpit stack verify {slicing.rpt}", Tone.WARN))
    return tuple(said)


def unsliced(stack: Stack) -> str | None:
    """Return how to slice a branch that is too large to be read in one piece, None for any other stack."""
    if len(stack.slices) != 1 or stack.rpt is None:
        return None
    part = stack.slices[0]
    lines = part.counted if part.counted is not None else part.added + part.deleted
    is_slice = part.branch.startswith(slice_branch(stack.rpt, ""))
    if part.pull is not None or part.state != "open" or is_slice or lines <= STOP:
        return None
    return f"{lines} lines to read in one piece: cockpit stack slice {stack.rpt} --from {_name(part.branch)}"


def _name(branch: str) -> str:
    return one_line(branch, 200)
