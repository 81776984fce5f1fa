"""Which small pull requests carry the handoff, what holds each of them up, and what comes next?"""

from __future__ import annotations

from functools import partial

from cockpit.domain.handoff import Handoff
from cockpit.domain.pull import Server
from cockpit.domain.rpt import RptFacts
from cockpit.domain.signs import SLICE, STACK
from cockpit.domain.slice_state import SliceState, state_of
from cockpit.domain.stack import Slice, Stack
from cockpit.domain.words import StackState
from cockpit.stacks import belonging, links, prototypes, standing, telling
from cockpit.tui.page import Page, Target
from cockpit.tui.slices import size_spans, turn_spans
from cockpit.tui.spans import Spans, crop, fit, safe, width_of

_DONE = (SliceState.MERGED, SliceState.CLOSED)
_MOST = 100  # slices of one stack that a page tells in full; it is made anew whenever one changes
_WIDEST = 100  # what belongs together stays in one look on a wide screen


def stack(row: Handoff, width: int, now: float, server: Server | None = None) -> Page:
    """Return the stacks of one handoff with their evidence, and the slices of the Merge Plan."""
    page = Page(width)
    _summary(page, row, now, server)
    for one in row.stacks:
        over = f"over {safe(one.trunk, 100)}, lowest first"
        page.heading(crop(safe(one.id, 200), page.width), over if page.width > 60 else "")
        _next(page, one, now)
        if large := prototypes.unsliced(one):
            page.say(large, "warn", 4, (("  → ", "accent"),))
        drawn = list(zip(one.slices, telling.leads(one), strict=True))
        if len(drawn) > _MOST:
            drawn = [(part, lead) for part, lead in drawn if state_of(part) not in _DONE][:_MOST]
        for part, lead in drawn:
            _slice(page, part, one, lead, now, server)
        if len(drawn) < len(one.slices):
            page.say(f"{len(one.slices) - len(drawn)} more slices: S lists all of them", "quiet", 4)
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
    words, tone = telling.heard(server, now)
    if not row.stacks:
        page.line(("No branch carries this handoff yet.", "strong"), (f"  {safe(words)}", tone.value))
        page.blank()
        command = f"cockpit stack slice {row.id} --from BRANCH"
        page.aim(Target(note=f"type it in a shell: {command}", copy=lambda: command))
        page.say(command, "accent", 4, (("  → ", "accent"),))
        how = "as the Merge Plan below says" if row.rpt.slices else "by layers, because it has no Merge Plan"
        page.say(f"makes a stack of small branches of your prototype, {how}", "quiet", 4)
        return
    summary, sign = row.stack, STACK[row.stack.state]
    said = f"{summary.merged} of {summary.total} merged" if summary.total else sign.word
    page.line((f"{sign.glyph} {said}", sign.tone.value), (f"  {safe(words)}", tone.value))
    for text, token in prototypes.told(row.slicing) if row.slicing is not None else ():
        page.bullet(text, token)


def _next(page: Page, one: Stack, now: float) -> None:
    """What moves the stack on, whose turn it is, and for how long it has waited."""
    seen = standing.outlook(one, now)
    turn = telling.coming(seen)
    if not str(turn) or seen.next is None:
        return
    waits = telling.waits(seen)
    line: Spans = (("  → ", "accent"), *turn_spans(turn, ""), (f"  {waits}" if waits else "", "quiet"))
    if width_of(line) <= page.width:
        page.line(*line)
    else:
        page.say(f"{turn} · {waits}" if waits else turn, "", 4, (("  → ", "accent"),))


def _slice(page: Page, part: Slice, one: Stack, lead: str, now: float, server: Server | None) -> None:
    sign = SLICE[state_of(part)]
    done = state_of(part) in _DONE
    indent = 6 + len(lead)
    number: Spans = ((f"  #{part.pr}", "accent"),) if part.pr is not None else ()
    page.aim(target_of(part, one, server))
    _with_tail(
        page,
        (
            (f"  {lead}", "quiet"),
            (f"{sign.glyph} ", sign.tone.value),
            (safe(part.branch, 200), "quiet" if done else "strong"),
            *number,
            (f"  {sign.word}", sign.tone.value),
        ),
        _figures(part, now),
        indent,
    )
    title = telling.title(part)
    if title:
        author = telling.author(part) or "unknown author"
        page.say(f"{safe(title, 160)} · {author}", "quiet" if done else "", indent)
    if done:
        return
    turn = telling.turn(part)
    if str(turn):
        tone = "warn" if turn.who else "quiet"
        page.say(turn, tone, indent + 2, ((" " * indent + "▸ ", tone),))
    _pull(page, part, indent)
    _evidence(page, part, indent)


def _figures(part: Slice, now: float) -> Spans:
    """Size, how much of it is to be read, commits and age."""
    counted = telling.counted(part)
    commits = f"  {part.commits} commit{'s' * (part.commits != 1)}" if part.commits else ""
    return (
        *size_spans(part),
        (f" ({counted})" if counted else "", "quiet"),
        (commits, "quiet"),
        (f"  {telling.age(part, now)}", "quiet"),
    )


def _with_tail(page: Page, head: Spans, tail: Spans, indent: int) -> None:
    """Add a line with its figures at the right, or below it where they do not fit."""
    room = min(page.width, _WIDEST) - width_of(head) - width_of(tail)
    if room >= 2:
        page.line(*head, (" " * room, ""), *tail)
    else:
        page.line(*_cropped(head, page.width))
        page.line(*_cropped(((" " * indent, ""), *tail), page.width))


def _cropped(spans: Spans, width: int) -> Spans:
    return spans if width_of(spans) <= width else fit(spans, width)


def _pull(page: Page, part: Slice, indent: int) -> None:
    """Review, checks and threads: beside each other where they fit, else each on its own."""
    pull = part.pull
    if pull is None:
        return
    review, (glyph, words, tone) = safe(telling.review(pull)), telling.checks(pull)
    threads = telling.threads(pull)
    line: Spans = (
        (" " * indent + "review ", "quiet"),
        (review, ""),
        ("   checks ", "quiet"),
        (f"{glyph} {safe(words)}", tone.value),
        (f"   {threads}" if threads else "", "warn"),
    )
    if width_of(line) <= min(page.width, _WIDEST):
        page.line(*line)
        return
    page.say(review, "", indent + 7, ((" " * indent + "review ", "quiet"),))
    page.say(f"{glyph} {words}", tone.value, indent + 7, ((" " * indent + "checks ", "quiet"),))
    if threads:
        page.say(threads, "warn", indent)


def _evidence(page: Page, part: Slice, indent: int) -> None:
    """Who says that it stands where it stands, then who says otherwise."""
    agreed = [one for one in part.evidence if one.parent is None]
    if agreed:
        page.say("; ".join(f"{one.source}: {one.detail}" for one in agreed), "quiet", indent)
    for other in part.evidence:
        if other.parent is not None:
            page.say(telling.disagreement(part, other), "warn", indent + 2, ((" " * indent + "? ", "warn"),))


def _planned(page: Page, row: Handoff) -> None:
    """The slices of the Merge Plan, each with what carries it."""
    if not row.rpt.slices:
        return
    page.heading("Merge Plan")
    carried = _carried(row.stacks, row.rpt)
    for planned in row.rpt.slices:
        part = carried.get(planned.id)
        sign = SLICE[state_of(part)] if part is not None else None
        glyph, tone = (sign.glyph, sign.tone.value) if sign is not None else (_UNBEGUN.glyph, "quiet")
        limit = f" · at most {planned.max_lines} lines" if planned.max_lines else ""
        after = f" · after {', '.join(planned.depends_on)}" if planned.depends_on else ""
        told = f"{planned.id}: {planned.title}{after}{limit}"
        if part is not None:
            told += f" · carried by {part.branch}"
        page.say(told, "", 4, ((f"  {glyph} ", tone),))
        if part is None and planned.paths:
            page.say(", ".join(planned.paths), "quiet", 6)


_UNBEGUN = STACK[StackState.NONE]


def _carried(stacks: tuple[Stack, ...], rpt: RptFacts) -> dict[str, Slice]:
    """Return planned id → the slice that carries it; one that is left before one that was merged."""
    found: dict[str, Slice] = {}
    for part in (part for stack in stacks for part in stack.slices):
        name = belonging.planned(part, rpt)
        if name is not None and (name not in found or state_of(found[name]) in _DONE):
            found[name] = part
    return found
