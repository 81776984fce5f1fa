"""Which disagreements of the evidence does merging explain?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cockpit.domain.stack import Slice


def explained(part: Slice, slices: Mapping[str, Slice]) -> Slice:
    """Return the slice without disagreements that merging explains: what it stood on has become part of it.

    A server that merges the lowest slice lets the next one go into the trunk; tools in the clone, and the
    order on the server, name the merged one still. Both are right.
    """
    if all(said.parent is None for said in part.evidence):
        return part
    passed: set[str] = set()
    below = slices.get(part.parent)
    while below is not None and below.state == "merged" and below.parent not in passed:
        passed.add(below.parent)
        below = slices.get(below.parent)
    evidence = (
        replace(said, parent=None, detail=f"{said.detail}; what it stood on was merged")
        if said.parent in passed
        else said
        for said in part.evidence
    )
    return replace(part, evidence=tuple(evidence))
