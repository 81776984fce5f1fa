"""What comes next for a handoff whose service is landing by a stack of slices?"""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.progress import NextAction
from cockpit.domain.rpt import RptFacts
from cockpit.domain.stack import Cause, Stack, slice_branch
from cockpit.domain.words import Role
from cockpit.stacks import standing

_TAB = "3"


def of(rpt: RptFacts, stacks: Sequence[Stack], gate: str) -> NextAction | None:
    """Return what moves the slices of `rpt` on, None where none is under way."""
    lead = slice_branch(rpt.id, "")
    for stack in stacks:
        left = [part for part in stack.slices if part.state not in standing.DONE]
        if not any(part.branch.startswith(lead) for part in left):
            continue
        seen = standing.outlook(stack, 0.0)
        held = seen.next.blocked if seen.next is not None else None
        if held is not None and held.cause is Cause.NOT_SUBMITTED:
            return NextAction(
                "submit its stack", ("cockpit", "stack", "submit", rpt.id), None, Role.ENGINEER, gate
            )
        unknown = seen.next is None or (held is not None and held.cause is Cause.UNKNOWN)
        text = "land its stack" if unknown else seen.text
        return NextAction(text, ("cockpit", "stack", "list", rpt.id), _TAB, Role.ENGINEER, gate)
    return None
