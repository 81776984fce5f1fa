"""What does the board say of one slice, cell by cell? Pure; the Stack tab and the screen `S` share it."""

from __future__ import annotations

from cockpit.domain.signs import SLICE
from cockpit.domain.slice_state import SliceState, state_of
from cockpit.domain.stack import Cause, Slice
from cockpit.stacks import telling
from cockpit.tui.spans import Spans, safe

_DONE = {SliceState.MERGED, SliceState.CLOSED}


def name_spans(part: Slice, depth: int) -> Spans:
    """Return a branch with the glyph of its state, indented as it is stacked."""
    sign = SLICE[state_of(part)]
    lead = "  " * (depth - 1) + "└ " if depth else ""
    return ((lead, "quiet"), (f"{sign.glyph} ", sign.tone), (safe(part.branch, 200), "strong"))


def state_spans(part: Slice) -> Spans:
    """Return the state in words."""
    sign = SLICE[state_of(part)]
    return ((sign.word, sign.tone),)


def size_spans(part: Slice) -> Spans:
    """Return the added and deleted lines."""
    return ((f"+{part.added} ", "good"), (f"-{part.deleted}", "bad" if part.deleted else "quiet"))


def pull_spans(part: Slice) -> Spans:
    """Return the number of the pull request."""
    return ((f"#{part.pr}", "accent"),) if part.pr is not None else (("–", "quiet"),)


def review_spans(part: Slice) -> Spans:
    """Return who decided and who is asked."""
    if part.pull is None:
        return (("–", "quiet"),)
    return ((safe(telling.review(part.pull)), "quiet" if state_of(part) in _DONE else ""),)


def checks_spans(part: Slice) -> Spans:
    """Return the glyph and the words of the checks."""
    if part.pull is None:
        return (("–", "quiet"),)
    glyph, words, tone = telling.checks(part.pull)
    return ((f"{glyph} {safe(words)}", tone),)


def held_spans(part: Slice) -> Spans:
    """Return who has to act and what holds the slice up; what a lower slice holds up is quiet."""
    held = telling.held(part)
    if held is None:
        return (("", ""),)
    lower = held.cause is Cause.LOWER_SLICE
    who = telling.who(held.who)
    lead: Spans = ((f"{safe(who, 80)}: ", "quiet" if lower else "accent"),) if who else ()
    return (*lead, (safe(held.text), "quiet" if lower else ""))
