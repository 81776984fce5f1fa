"""What is the whole proof of a stack? Every check of every slice, lowest first, with progress."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from cockpit.edges.clock import Clock, iso
from cockpit.edges.git import RealGit
from cockpit.errors import CancelledError
from cockpit.stacks.slicing import changes, projects, proving, scratch
from cockpit.stacks.slicing.building import Built
from cockpit.stacks.slicing.changes import Prototype
from cockpit.stacks.slicing.receipt import Check, Proved, Receipt, Verdict, worst
from cockpit.stacks.slicing.trying import Bench

_SIGNS = {Verdict.PASS: "✓", Verdict.FAIL: "×", Verdict.UNKNOWN: "?", Verdict.NONE: "–"}


def prove(
    git: RealGit,
    rpt: str,
    built: Sequence[Built],
    prototype: Prototype,
    state: Path,
    clock: Clock,
    emit: Callable[[str], None],
    cancelled: Callable[[], bool],
) -> Receipt:
    """Return the proof of `built`. `state` is a folder for environments, which are taken away again.

    Runs the projects' own code and tests. Raises CancelledError when asked to stop, GitError, EdgeError.
    """
    began = time.monotonic()
    found = proving.layers(git, built)
    whole = proving.whole(git, found, prototype)
    for check in whole:
        emit(line(check))
    tree = changes.tree_paths(git, prototype.tree)
    blobs = changes.contents(git, [c.new for layer in found for c in layer.changes if c.path.endswith(".py")])
    stack = [change.path for change in prototype.changes]
    proved: list[Proved] = []
    with scratch.folder(state) as place:
        bench = Bench(git, place, emit, cancelled)
        for number, layer in enumerate(found, 1):
            if cancelled():
                raise CancelledError("the proof was stopped", do="start it again: what was built stays")
            one = layer.built
            emit(f"[{number}/{len(found)}] {one.id} {one.commit[:12]}")
            checks = list(proving.alone(layer, prototype, tree, blobs))
            if worst(checks) is Verdict.PASS:
                within = projects.touched(git, one.commit, prototype.base, layer.paths, stack)
                checks += bench.checks(one.commit, within)
            for check in checks:
                emit(f"  {line(check)}")
            proved.append(Proved(one.id, one.branch, one.commit, one.parent, one.tree, tuple(checks)))
    return Receipt(
        rpt, iso(clock.epoch()), prototype.branch, prototype.trunk, prototype.base, prototype.tip, whole,
        tuple(proved), round(time.monotonic() - began, 3),
    )  # fmt: skip


def line(check: Check) -> str:
    """Return a check as people read it: "✓ tests services/shop: 12 passed"."""
    return f"{_SIGNS[check.verdict]} {check.name} {check.detail}".rstrip()
