"""What does the screen of all stacks show? Its rows and their cells; pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cockpit.domain.handoff import Snapshot
from cockpit.domain.signs import SLICE, STACK
from cockpit.domain.slice_state import SliceState, state_of, waits_for, worst
from cockpit.domain.stack import Slice, Stack
from cockpit.domain.words import StackState
from cockpit.stacks import standing, telling
from cockpit.tui.columns import Column
from cockpit.tui.spans import Spans, safe

_DONE = (SliceState.MERGED, SliceState.CLOSED)
_QUIET: Spans = (("–", "quiet"),)


@dataclass(frozen=True, slots=True)
class StackLine:
    """A row: a stack as a whole where `part` is None, else one slice of it.

    `lead` draws the tree before a slice, `title` is the handoff's, `mine` whether it waits for this person.
    """

    stack: Stack
    part: Slice | None = None
    lead: str = ""
    title: str = ""
    mine: bool = False

    @property
    def key(self) -> str:
        """What tells the row from all others; no branch has a newline in its name."""
        return f"{self.stack.id}\n" if self.part is None else self.part.branch


def stack_lines(snapshot: Snapshot, *, mine: bool = False, words: Sequence[str] = ()) -> list[StackLine]:
    """Return every stack with its slices, lowest first; what waits for this person on top, then the worst.

    With `mine` only the stacks in which something waits for this person, with `words` only those with a
    slice that has all of them; each whole. A single branch of no handoff is one row.
    """
    titles = {row.id: row.rpt.title for row in snapshot.handoffs}
    trees = []
    for stack in snapshot.stacks:
        title = titles.get(stack.rpt or "", "")
        parts = [
            StackLine(
                stack, part, lead, title, bool(snapshot.me_names) and waits_for(part, snapshot.me_names)
            )
            for part, lead in zip(stack.slices, telling.leads(stack), strict=True)
        ]
        waits = any(line.mine for line in parts)
        if (mine and not waits) or not any(all(word in _haystack(line) for word in words) for line in parts):
            continue
        rank = (not waits, worst(stack), standing.outlook(stack, 0.0).since or "~", stack.id)
        whole = stack.rpt is not None or len(parts) > 1
        trees.append((rank, [StackLine(stack, title=title, mine=waits), *parts] if whole else parts))
    return [line for _, tree in sorted(trees, key=lambda one: one[0]) for line in tree]


def _haystack(line: StackLine) -> str:
    part = line.part
    if part is None:
        return ""
    texts = (
        line.stack.rpt,
        line.title,
        part.branch,
        f"#{part.pr}" if part.pr is not None else None,
        SLICE[state_of(part)].word,
        telling.title(part),
        telling.author(part),
        str(telling.turn(part)),
    )
    return "\n".join(text for text in texts if text).casefold()


def stack_columns(now: Callable[[], float]) -> tuple[Column[StackLine], ...]:
    """Return the columns; `now` gives seconds since the epoch."""
    return (
        Column("branch", "Stack", 21, 30, 100, lambda line, w: branch_cell(line)),
        Column("pr", "PR", 5, 6, 85, lambda line, w: pull_cell(line, now()), align="right"),
        Column("turn", "What comes next", 21, 30, 95, lambda line, w: turn_cell(line, now()), weight=5),
        Column("age", "Age", 4, 4, 80, lambda line, w: age_cell(line, now()), align="right"),
        Column("checks", "Checks", 9, 9, 70, lambda line, w: checks_cell(line)),
        Column("review", "Review", 10, 14, 65, lambda line, w: review_cell(line), weight=2),
        Column("size", "Lines", 10, 11, 50, lambda line, w: size_cell(line)),
        Column("title", "Title", 70, 80, 20, lambda line, w: title_cell(line), weight=3),
    )


def mark(line: StackLine) -> Spans:
    """Return the cell before a row: "•" where it waits for this person."""
    return (("•", "accent"),) if line.mine else ((" ", ""),)


def branch_cell(line: StackLine) -> Spans:
    """The handoff of a stack; of a slice its place in the tree, the glyph of its state and its branch."""
    if line.part is None:
        if line.stack.rpt is None:
            return (("no RPT", "quiet"),)
        return ((f"{safe(line.stack.rpt, 40)} ", "accent"), (safe(line.title, 200), "strong"))
    sign = SLICE[state_of(line.part)]
    tone = "quiet" if state_of(line.part) in _DONE else ""
    return (
        (f" {line.lead}", "quiet"),
        (f"{sign.glyph} ", sign.tone.value),
        (safe(line.part.branch, 200), tone),
    )


def pull_cell(line: StackLine, now: float) -> Spans:
    """The number of the pull request; of a stack how many of its slices are merged."""
    if line.part is None:
        seen = standing.outlook(line.stack, now)
        merged = bool(seen.total) and seen.merged == seen.total
        return ((f"{seen.merged}/{seen.total}", STACK[StackState.MERGED].tone.value if merged else ""),)
    return ((f"#{line.part.pr}", "accent"),) if line.part.pr is not None else _QUIET


def turn_cell(line: StackLine, now: float) -> Spans:
    """Whose turn it is and what is to be done; what waits for a lower slice or is done is quiet."""
    if line.part is None:
        return turn_spans(telling.coming(standing.outlook(line.stack, now)), "")
    turn = telling.turn(line.part)
    return turn_spans(turn, "" if turn.who else "quiet") if str(turn) else _QUIET


def turn_spans(turn: telling.Turn, tone: str) -> Spans:
    """Return a turn with the name of who acts standing out."""
    about: Spans = ((f" · {safe(turn.about, 120)}", "quiet"),) if turn.about else ()
    return ((safe(turn.who, 120), "accent"), (f"{turn.joint}{safe(turn.what)}", tone), *about)


def age_cell(line: StackLine, now: float) -> Spans:
    """Since when nothing happened to a slice; of a stack how long it has waited for what comes next."""
    if line.part is None:
        seen = standing.outlook(line.stack, now)
        waits = telling.waits(seen) if str(telling.coming(seen)) else ""
        return ((waits.removeprefix("waits "), ""),) if waits else _QUIET
    return ((telling.age(line.part, now), "quiet"),)


def checks_cell(line: StackLine) -> Spans:
    """The glyph and the word of the checks."""
    if line.part is None:
        return ()
    if line.part.pull is None or state_of(line.part) in _DONE:
        return _QUIET
    glyph, words, tone = telling.checks(line.part.pull)
    return ((f"{glyph} {safe(words.partition(':')[0])}", tone.value),)


def review_cell(line: StackLine) -> Spans:
    """Who decided and who is asked, each with a glyph."""
    if line.part is None:
        return ()
    found = telling.verdicts(line.part.pull) if line.part.pull is not None else ()
    if not found or state_of(line.part) in _DONE:
        return _QUIET
    spans: Spans = ()
    for glyph, who, tone in found:
        spans = (*spans, (f"{' ' if spans else ''}{glyph} {safe(who, 80)}", tone.value))
    return spans


def size_cell(line: StackLine) -> Spans:
    """The added and deleted lines."""
    return size_spans(line.part) if line.part is not None else ()


def size_spans(part: Slice) -> Spans:
    """Return the added and deleted lines of a slice."""
    return ((f"+{part.added} ", ""), (f"-{part.deleted}", "quiet"))  # no state: no tone of one


def title_cell(line: StackLine) -> Spans:
    """The title of the pull request, or of the newest commit."""
    return ((safe(telling.title(line.part)), ""),) if line.part is not None else ()


def whole_spans(line: StackLine, now: float) -> Spans:
    """Return what a row says, in full: its state in a word, whose turn it is, its title and author."""
    if line.part is None:
        seen = standing.outlook(line.stack, now)
        coming = telling.coming(seen)
        waits = telling.waits(seen) if str(coming) else ""
        merged = f" {seen.merged} of {seen.total} merged"
        return (
            (merged, ""),
            *(((" · ", "quiet"), *turn_spans(coming, "")) if str(coming) else ()),
            (f" · {waits}" if waits else "", "quiet"),
        )
    sign, turn = SLICE[state_of(line.part)], telling.turn(line.part)
    told = str(turn) and state_of(line.part) not in _DONE
    title, author = telling.title(line.part), telling.author(line.part)
    return (
        (f" {sign.glyph} {sign.word}", sign.tone.value),
        *(((" · ", "quiet"), *turn_spans(turn, "")) if told else ()),
        (f" · {title}" if title else "", ""),
        (f" · {author}" if author else "", "quiet"),
    )
