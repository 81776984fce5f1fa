"""What does the header say? Pure: a snapshot in, spans of exactly one line out."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.handoff import Snapshot
from cockpit.errors import Problem
from cockpit.tui.moments import span
from cockpit.tui.spans import Spans, fit, safe, width_of


def problem_spans(problems: Sequence[Problem], width: int) -> Spans:
    """Return the line under the header: the workspace's first problem, where, what to do, how many more."""
    first, more = problems[0], len(problems) - 1
    where: Spans = ((f"{safe(first.where, 120)}  ", "accent"),) if first.where else ()
    rest: Spans = ((f"  and {more} more: cockpit status ", "quiet"),) if more else ()
    said = (
        (" × ", "bad"),
        *where,
        (safe(first.message), ""),
        (f"  → {safe(first.do)}", "quiet"),
    )
    room = width - width_of(rest)
    return (*fit(said, room), *rest) if room > width // 2 else fit(said, width)


def header_spans(snapshot: Snapshot | None, width: int, running: int = 0) -> Spans:
    """Return workspace, branch, environment, live or stale on the left; the counts on the right.

    Where room runs out the branch goes first, then the workspace, then the words of the counts.
    """
    if snapshot is None:
        return fit(((" cockpit ", "accent"), (" reading the workspace …", "quiet")), width)
    counts = snapshot.counts
    env: Spans = ((" env: ", "quiet"), (safe(snapshot.env, 40), "strong"))
    age: Spans = (("  live", "good"),)
    if snapshot.stale_s is not None:
        age = ((f"  stale {span(snapshot.stale_s)}", "warn"),)
    busy: Spans = ((f"  ◇ {running} running", "busy"),) if running else ()
    place: Spans = ((f" {safe(snapshot.root, 60)} ", ""),)
    branch: Spans = ((f" {safe(snapshot.branch, 60)} ", "quiet"),) if snapshot.branch else ()
    long: Spans = (
        (f"{counts.needs_me} need you", "accent" if counts.needs_me else "quiet"),
        ("   ", ""),
        (f"{counts.down} down", "bad" if counts.down else "quiet"),
        ("   ", ""),
        (f"{counts.ok} ok ", "good" if counts.ok else "quiet"),
    )
    short: Spans = (
        (f"•{counts.needs_me}", "accent" if counts.needs_me else "quiet"),
        (f" ×{counts.down}", "bad" if counts.down else "quiet"),
        (f" ✓{counts.ok} ", "good" if counts.ok else "quiet"),
    )
    name: Spans = ((" cockpit ", "accent"),)
    for left, right in (
        ((*name, *place, *branch, *env, *age, *busy), long),
        ((*name, *place, *env, *age, *busy), long),
        ((*name, *env, *age, *busy), long),
        ((*env, *age, *busy), long),
        ((*env, *age, *busy), short),
    ):
        gap = width - width_of(left) - width_of(right)
        if gap >= 1:
            return (*left, (" " * gap, ""), *right)
    return fit((*env, *age), width)
