"""Which small pull requests carry the handoff, what holds each of them up, and what comes next?"""

from __future__ import annotations

from functools import partial

from cockpit.domain.handoff import Handoff
from cockpit.domain.pull import Server
from cockpit.domain.signs import STACK
from cockpit.domain.slice_state import SliceState, state_of
from cockpit.domain.stack import Cause, Evidence, Slice, Stack
from cockpit.stacks import links, listing, prototypes, standing, telling
from cockpit.tui.moments import since_iso, span
from cockpit.tui.page import Page, Target
from cockpit.tui.slices import name_spans, size_spans, state_spans
from cockpit.tui.spans import safe

_DONE = (SliceState.MERGED, SliceState.CLOSED)
_DEEPEST = 6  # deeper slices are not indented further: the text needs the room


def stack(row: Handoff, width: int, now: float, server: Server | None = None) -> Page:
    """Return the stacks of one handoff with their evidence, and the slices of the Merge Plan."""
    page = Page(width)
    _summary(page, row, now, server)
    for one in row.stacks:
        page.heading(safe(one.id, 200), f"over {safe(one.trunk, 100)}")
        for part, depth in zip(one.slices, listing.depths(one), strict=True):
            _slice(page, part, one, depth, now, server)
    _planned(page, row)
    return page


def target_of(part: Slice, stack: Stack, server: Server | None) -> Target:
    """Return what the keys do on a slice: `o` opens its page, `c` checks it out, `y` copies links."""
    url = links.url_of(part, server)
    note = (
        None if url else f"{part.branch} is on no page that is known here: push it, and open a pull request"
    )
    return Target(url=url, note=note, branch=part.branch, copy=partial(links.markdown, stack, server))


def _summary(page: Page, row: Handoff, now: float, server: Server | None) -> None:
    summary, sign = row.stack, STACK[row.stack.state]
    if not row.stacks:
        page.say("No branch is stacked for this handoff yet.", "quiet")
        if row.rpt.slices:
            page.say(f"The Merge Plan below has {len(row.rpt.slices)} slices.", "quiet")
        page.say(f"Where a prototype is on a branch: cockpit stack slice {row.id} --from BRANCH", "quiet")
        return
    said = f"{summary.merged} of {summary.total} merged" if summary.total else sign.word
    age: tuple[tuple[str, str], ...] = (("  from git alone", "quiet"),)
    if server is not None:
        words, tone = telling.heard(server, now)
        age = ((f"  {safe(words)}", tone),)
    page.line((f"{sign.glyph} {said}", sign.tone), *age)
    for words, tone in prototypes.told(row.slicing) if row.slicing is not None else ():
        page.say(words, tone, 4, (("  ✂ ", tone),))
    for one in row.stacks:
        _next(page, one, now)
        if large := prototypes.unsliced(one):
            page.say(large, "warn", 4, (("  → ", "accent"),))


def _next(page: Page, one: Stack, now: float) -> None:
    """What moves the stack on, whose turn it is, and for how long it has waited."""
    seen = standing.outlook(one, now)
    if seen.next is None:
        return
    if seen.next.blocked is not None and telling.held(seen.next) is None:
        return  # git alone tells nothing of what comes next
    who = telling.who(seen.who)
    wait = f" · for {span(seen.wait_s)}" if seen.wait_s is not None else ""
    page.say(f"{seen.text}{f' · {who} acts' if who else ''}{wait}", "", 4, (("  → ", "accent"),))


def _slice(page: Page, part: Slice, one: Stack, depth: int, now: float, server: Server | None) -> None:
    indent = 6 + 2 * min(depth, _DEEPEST)
    page.aim(target_of(part, one, server))
    number = ((f"  #{part.pr}", "accent"),) if part.pr is not None else ()
    page.line(("  ", ""), *name_spans(part, min(depth, _DEEPEST)), *number, ("  ", ""), *state_spans(part))
    if telling.title(part):
        page.say(f"{telling.title(part)} · {part.author or 'unknown author'}", "", indent)
    _held(page, part, indent)
    commits = f"{part.commits} commit{'s' * (part.commits != 1)}  " if part.commits else ""
    counted = telling.counted(part)
    page.line(
        (" " * indent + commits, "quiet"),
        *size_spans(part),
        (f"  {counted}" if counted else "", "quiet"),
        (f"  {since_iso(part.updated_at, now)}", "quiet"),
    )
    _pull(page, part, indent)
    for evidence in part.evidence:
        _evidence(page, part, evidence, indent)


def _held(page: Page, part: Slice, indent: int) -> None:
    """The one cause that holds it up, and who acts."""
    held = telling.held(part)
    if held is None:
        return
    lower = held.cause is Cause.LOWER_SLICE
    who = telling.who(held.who)
    page.say(
        f"{held.text}{f' · {who} acts' if who else ''}",
        "quiet" if lower else "warn",
        indent + 2,
        ((" " * indent + "▲ ", "quiet" if lower else "warn"),),
    )


def _pull(page: Page, part: Slice, indent: int) -> None:
    pull = part.pull
    if pull is None or state_of(part) in _DONE:
        return
    page.say(f"review  {telling.review(pull)}", "quiet", indent)
    glyph, words, tone = telling.checks(pull)
    page.say(f"checks  {glyph} {words}", tone, indent)
    if telling.threads(pull):
        page.say(f"threads {telling.threads(pull)}", "warn", indent)


def _evidence(page: Page, part: Slice, evidence: Evidence, indent: int) -> None:
    if evidence.parent is None:
        page.say(f"{evidence.source}: {evidence.detail}", "quiet", indent)
        return
    page.say(
        f"{evidence.source} disagrees: over {evidence.parent}, shown over {part.parent}; {evidence.detail}",
        "warn",
        indent + 2,
        ((" " * indent + "? ", "warn"),),
    )


def _planned(page: Page, row: Handoff) -> None:
    if not row.rpt.slices:
        return
    page.heading("Planned", "Merge Plan")
    for planned in row.rpt.slices:
        limit = f" · at most {planned.max_lines} lines" if planned.max_lines else ""
        after = f" · after {', '.join(planned.depends_on)}" if planned.depends_on else ""
        page.say(f"{planned.id}  {planned.title}{after}{limit}", "", 4, (("  • ", "quiet"),))
        if planned.paths:
            page.say(", ".join(planned.paths), "quiet", 6)
