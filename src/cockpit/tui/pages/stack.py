"""Which small pull requests carry the handoff, and what is planned?"""

from __future__ import annotations

from cockpit.domain.handoff import Handoff
from cockpit.domain.signs import STACK
from cockpit.domain.stack import Slice, Stack
from cockpit.tui.moments import since_iso
from cockpit.tui.page import Page
from cockpit.tui.spans import Spans, safe

GLYPH = {"merged": ("■", "good"), "open": ("□", "busy")}


def depths(stack: Stack) -> dict[str, int]:
    """Return how deep each branch lies over the trunk, 0 for the lowest. Parents come before children."""
    found: dict[str, int] = {}
    for part in stack.slices:
        found[part.branch] = found.get(part.parent, -1) + 1
    return found


def slice_spans(part: Slice, depth: int) -> Spans:
    """Return a branch with its glyph, indented as it is stacked."""
    glyph, tone = GLYPH.get(part.state, ("?", "warn"))
    lead = "  " * (depth - 1) + "└ " if depth else ""
    return ((lead, "quiet"), (f"{glyph} ", tone), (safe(part.branch, 200), "strong"))


def size_spans(part: Slice) -> Spans:
    """Return the added and deleted lines."""
    return ((f"+{part.added} ", "good"), (f"-{part.deleted}", "bad" if part.deleted else "quiet"))


def stack(row: Handoff, width: int, now: float) -> Page:
    """Return the stacks of one handoff with their evidence, and the slices of the Merge Plan."""
    page = Page(width)
    summary, sign = row.stack, STACK[row.stack.state]
    if row.stacks:
        said = f"{summary.merged} of {summary.total} merged" if summary.total else sign.word
        page.line((f"{sign.glyph} {said}", sign.tone))
        if summary.blocking:
            page.say(f"held up by {summary.blocking}", "bad", 2)
    else:
        page.say("No branch is stacked for this handoff yet.", "quiet")
        if row.rpt.slices:
            page.say(
                f"The Merge Plan has {len(row.rpt.slices)} slices; `git switch -c` one of them.", "quiet"
            )
    for one in row.stacks:
        page.heading(safe(one.id, 200), f"over {safe(one.trunk, 100)}")
        depth = depths(one)
        for part in one.slices:
            pull = f"  #{part.pr}" if part.pr is not None else ""
            page.line(
                ("  ", ""),
                *slice_spans(part, depth[part.branch]),
                (pull, "accent"),
                (f"  {part.commits} commits  ", "quiet"),
                *size_spans(part),
                (f"  {since_iso(part.updated_at, now)}", "quiet"),
            )
            indent = 6 + 2 * depth[part.branch]
            if part.subject:
                page.say(f"{part.subject} · {part.author or 'unknown author'}", "", indent)
            for evidence in part.evidence:
                page.say(f"{evidence.source}: {evidence.detail}", "quiet", indent)
    if row.rpt.slices:
        page.heading("Planned", "Merge Plan")
        for planned in row.rpt.slices:
            limit = f" · at most {planned.max_lines} lines" if planned.max_lines else ""
            after = f" · after {', '.join(planned.depends_on)}" if planned.depends_on else ""
            page.say(f"{planned.id}  {planned.title}{after}{limit}", "", 4, (("  • ", "quiet"),))
            if planned.paths:
                page.say(", ".join(planned.paths), "quiet", 6)
    return page
