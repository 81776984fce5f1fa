"""In which words is told what is known of a slice? The board and `stack list` share them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cockpit.domain.pull import Checks, Decision, PullRequest, Server, Verdict
from cockpit.domain.signs import Tone
from cockpit.domain.stack import Blocker, Cause, Slice
from cockpit.domain.text import one_line
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
OFFLINE = "github-offline"


def title(part: Slice) -> str:
    """Return the pull request's title, else the newest commit's; one clean line."""
    return one_line((part.pull.title if part.pull is not None else None) or part.subject or "", 300)


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
    old = None not in (verdict.commit, pull.head_commit) and verdict.commit != pull.head_commit
    return f"{verdict.by} (earlier head)" if old else verdict.by


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


def held(part: Slice) -> Blocker | None:
    """Return what holds the slice up; None for a branch of which git alone was asked."""
    if part.blocked is not None and part.blocked.cause is Cause.UNKNOWN and part.pull is None:
        return None
    return part.blocked


def who(handles: Sequence[str]) -> str:
    """Return who has to act, "" where nobody has."""
    return _several(handles) if handles else ""


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
        return f"{age}, {away}{one_line(server.problem, 200)}", Tone.WARN
    if server.stale:
        return f"{age}, offline", Tone.WARN
    return age, Tone.QUIET if server.at else Tone.WARN


def _span(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return f"{max(0, int(seconds))}s"
