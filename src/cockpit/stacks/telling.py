"""In which words is told what is known of a slice? The board and `stack list` share them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cockpit.domain.pull import Checks, Decision, PullRequest, Server, Verdict
from cockpit.domain.signs import SLICE, Tone
from cockpit.domain.slice_state import SliceState, acting, state_of
from cockpit.domain.stack import Cause, Evidence, Slice, Stack
from cockpit.domain.text import one_line
from cockpit.stacks.standing import Outlook, is_of_earlier_head
from cockpit.stacks.words import names

_DECIDED = {Decision.APPROVED: "approved by", Decision.CHANGES_REQUESTED: "changes requested by"}
_CHECKS: dict[Checks, tuple[str, str, Tone]] = {
    Checks.PASSING: ("✓", "passing", Tone.GOOD),
    Checks.FAILING: ("×", "failing", Tone.BAD),
    Checks.PENDING: ("◇", "running", Tone.BUSY),
    Checks.NONE: ("–", "none", Tone.QUIET),
    Checks.UNKNOWN: ("?", "unknown", Tone.WARN),
}
_MOST_CHECKS = 6
_DEEPEST = 12  # cells that a tree may take; the names need the room
_ASKED = "◇"
OFFLINE = "github-offline"


def title(part: Slice) -> str:
    """Return the pull request's title, else the newest commit's; one clean line."""
    return one_line((part.pull.title if part.pull is not None else None) or part.subject or "", 300)


def leads(stack: Stack) -> list[str]:
    """Return what is drawn before each slice: nothing for a line, branches where several stand on one.

    Where slice is drawn under slice without any, each stands on the one above it.
    """
    children: dict[str, list[str]] = {}
    for part in stack.slices:
        children.setdefault(part.parent, []).append(part.branch)
    own: dict[str, str] = {}
    below: dict[str, str] = {}
    for part in stack.slices:
        siblings, before = children[part.parent], below.get(part.parent, "")
        if len(siblings) == 1 or part.parent not in below:
            own[part.branch] = below[part.branch] = before
            continue
        last = siblings[-1] == part.branch
        own[part.branch] = before + ("└ " if last else "├ ")
        below[part.branch] = before + ("  " if last else "│ ")
    return [_deep(own[part.branch]) for part in stack.slices]


def _deep(lead: str) -> str:
    return lead if len(lead) <= _DEEPEST else f"…{lead[1 - _DEEPEST :]}"


def verdicts(pull: PullRequest) -> tuple[tuple[str, str, Tone], ...]:
    """Return (glyph, who, tone) for everybody who decided or is asked; of an earlier head it is quiet."""
    signs = {Decision.APPROVED: SliceState.APPROVED, Decision.CHANGES_REQUESTED: SliceState.CHANGES}
    found = []
    for verdict in pull.verdicts:
        if verdict.decision in signs:
            sign = SLICE[signs[verdict.decision]]
            old = is_of_earlier_head(verdict, pull)
            name = one_line(verdict.by, 80) + (" (earlier head)" if old else "")
            found.append((sign.glyph, name, Tone.QUIET if old else sign.tone))
    asked = ((_ASKED, one_line(name, 80), Tone.BUSY) for name in pull.asked)
    return (*found, *asked)


def age(part: Slice, now: float) -> str:
    """Return how long ago a push, a review or a comment changed a slice: "3d", "–" if that is not known."""
    changed = (part.pull.updated_at if part.pull is not None else None) or part.updated_at
    try:
        moment = datetime.fromisoformat(changed or "")
    except ValueError:
        return "–"
    return _span(now - (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp())


def waits(seen: Outlook) -> str:
    """Return how long a stack has waited for what comes next: "waits 3d", "" below a minute or unknown."""
    return f"waits {_span(seen.wait_s)}" if seen.wait_s is not None and seen.wait_s >= 60 else ""


def author(part: Slice) -> str:
    """Return who made a slice."""
    return one_line((part.pull.author if part.pull is not None else None) or part.author or "", 100)


def review(pull: PullRequest) -> str:
    """Return who decided what, whose review is of an earlier head, and who is still asked."""
    said = []
    for decision, verb in _DECIDED.items():
        some = [_by(verdict, pull) for verdict in pull.verdicts if verdict.decision is decision]
        if some:
            said.append(f"{verb} {_several(some)}")
    if pull.asked:
        said.append(f"waits for {_several(pull.asked)}")
    if not said:
        decided = pull.decision in (Decision.APPROVED, Decision.CHANGES_REQUESTED)
        word = pull.decision.value.replace("-", " ")
        return word if decided else "required, nobody is asked" if "required" in word else "nobody is asked"
    return ", ".join(said)


def _by(verdict: Verdict, pull: PullRequest) -> str:
    return f"{verdict.by} (earlier head)" if is_of_earlier_head(verdict, pull) else verdict.by


def _several(some: Sequence[str]) -> str:
    return names(tuple(some), len(some))


def checks(pull: PullRequest) -> tuple[str, str, Tone]:
    """Return glyph, words and tone of the checks; those that fail by name."""
    glyph, word, tone = _CHECKS[pull.checks]
    if pull.checks is not Checks.FAILING or not pull.failing:
        return glyph, word, tone
    shown = [one_line(name, 60) for name in pull.failing[:_MOST_CHECKS]]
    more = f" and {len(pull.failing) - _MOST_CHECKS} more" if len(pull.failing) > _MOST_CHECKS else ""
    return glyph, f"{word}: {', '.join(shown)}{more}", tone


def threads(pull: PullRequest) -> str:
    """Return how many review threads are open, "" where none is."""
    if not pull.unresolved:
        return ""
    return f"{pull.unresolved} review thread{'s' * (pull.unresolved != 1)} not resolved"


def counted(part: Slice) -> str:
    """Return how many of the changed lines are to be read, "" where all are or nobody counted."""
    total = part.added + part.deleted
    return f"{part.counted} of {total} to read" if part.counted not in (None, total) else ""


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, "" where a machine works or nobody knows, and what is to be done, in words.

    `about` is the slice that a stack waits for, "" where that is said in `what` or is the slice itself.
    All is "" where nothing is known.
    """

    who: str = ""
    joint: str = ""
    what: str = ""
    about: str = ""

    def __str__(self) -> str:
        """Return it in one: "mira was asked for a review", "ivo: checks fail: lint · roof/low"."""
        return f"{self.who}{self.joint}{self.what}{f' · {self.about}' if self.about else ''}"


def turn(part: Slice) -> Turn:
    """Return what comes next for a slice, and who does it."""
    state = state_of(part)
    if state in (SliceState.MERGED, SliceState.CLOSED):
        return Turn(what=SLICE[state].word)
    if _unread(part):
        return Turn()
    if part.blocked is not None:
        # What a lower slice holds up waits for nobody of its own.
        who = () if part.blocked.cause is Cause.LOWER_SLICE else part.blocked.who
        return _whose(who, one_line(part.blocked.text, 300))
    if part.pull is not None and part.pull.auto_merge:
        return Turn(what="it merges itself")
    return _whose(acting(part), "merge it")


def coming(seen: Outlook) -> Turn:
    """Return what comes next in a stack, and who does it."""
    part = seen.next
    if part is None:
        return Turn(what=seen.text)
    if _unread(part):
        return Turn()
    if part.blocked is None:
        return _whose(seen.who, one_line(seen.text, 300))
    return replace(turn(part), about=one_line(part.branch, 200))


def _unread(part: Slice) -> bool:
    """True for a branch of which git alone was asked."""
    return part.pull is None and (part.blocked is None or part.blocked.cause is Cause.UNKNOWN)


def _whose(handles: Sequence[str], text: str) -> Turn:
    if not handles:
        return Turn(what=text)
    who = _several(handles)
    named = text.startswith(f"{who} ")  # nobody is named twice
    return Turn(who, " " if named else ": ", text.removeprefix(f"{who} ") if named else text)


def disagreement(part: Slice, evidence: Evidence) -> str:
    """Return what a source says against where a slice is shown."""
    why = f"; {evidence.detail}" if evidence.detail else ""
    return f"{evidence.source} disagrees: over {evidence.parent}, shown over {part.parent}{why}"


def heard(server: Server | None, now: float) -> tuple[str, Tone]:
    """Return how old what the server said is, and why there is nothing newer: "github 3m ago"."""
    if server is None:
        return "git alone: no remote is on GitHub", Tone.QUIET
    name = "github" if server.host == "github.com" else server.host
    age = f"{name} {_span(now - server.at)} ago" if server.at else f"{name} not read yet"
    if server.wait_until > now:
        return f"{age}, rate limited until {datetime.fromtimestamp(server.wait_until):%H:%M}", Tone.WARN
    if server.code == "github-no-token" and server.do is not None:
        return f"{age}, no token: {one_line(server.do, 200)}", Tone.WARN
    if server.problem is not None:
        away = "offline: " if server.stale and server.code in (None, OFFLINE) else ""
        # Its name stands before the age already.
        said = server.problem.removeprefix(f"{server.host}: ").removeprefix(f"{server.host} ")
        return f"{age}, {away}{one_line(said, 200)}", Tone.WARN
    if server.stale:
        return f"{age}, offline", Tone.WARN
    return age, Tone.QUIET if server.at else Tone.WARN


def _span(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return f"{max(0, int(seconds))}s"
