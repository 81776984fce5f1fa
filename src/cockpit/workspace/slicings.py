"""Which prototypes were sliced in this clone, and what was proved of the slices?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cockpit.domain.stack import Slicing
from cockpit.edges import files
from cockpit.errors import CockpitError, Problem

if TYPE_CHECKING:
    from cockpit.stacks.slicing.receipt import Receipt
    from cockpit.workspace.workspace import Workspace

_FORMAT, _KIND = "1", "slicings"


def known(workspace: Workspace) -> tuple[tuple[Slicing, ...], tuple[Problem, ...]]:
    """Return what every receipt says, and what is wrong with those that do not read."""
    from cockpit.stacks.slicing import receipt

    found, problems = [], []
    for rpt in receipt.kept(workspace.root):
        stamp = files.stamp(receipt.place(workspace.root, rpt))
        if stamp is None:
            continue
        holds = f"{_FORMAT}.{stamp.key()}"
        kept = workspace.cache.read(_KIND, rpt, holds)
        if kept is None:
            try:
                read = receipt.read(workspace.root, rpt)
            except CockpitError as error:
                problems.append(error.problem)
                continue
            if read is None:
                continue
            kept = asdict(_slicing(read))
            workspace.cache.write(_KIND, {rpt: (holds, kept)})
        found.append(_decoded(kept))
    return tuple(found), tuple(problems)


def _slicing(read: Receipt) -> Slicing:
    commits = tuple((one.branch, one.commit) for one in read.slices)
    return Slicing(read.rpt, read.branch, read.prototype, read.at, str(read.verdict), commits)


def _decoded(kept: dict[str, Any]) -> Slicing:
    rpt, branch, prototype, at, verdict = (
        str(kept[name]) for name in ("rpt", "branch", "prototype", "at", "verdict")
    )
    commits = tuple((str(branch), str(commit)) for branch, commit in kept["commits"])
    return Slicing(rpt, branch, prototype, at, verdict, commits)
