"""What was done to this handoff, and how did it end?"""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.action import Run
from cockpit.domain.signs import RUN
from cockpit.tui.moments import exact, span
from cockpit.tui.page import Page, Target
from cockpit.tui.spans import safe


def runs(journal: Sequence[Run], width: int, now: float) -> Page:
    """Return the runs, newest first; each line opens its log."""
    page = Page(width)
    if not journal:
        page.line(("No run yet.", "quiet"))
        page.blank()
        page.line(
            ("t ", "accent"),
            ("runs its tests   ", ""),
            ("d ", "accent"),
            ("deploys it   ", ""),
            ("s ", "accent"),
            ("scaffolds it", ""),
        )
        return page
    for run in journal:
        sign = RUN[run.state]
        lasted = exact((run.ended_at if run.ended_at is not None else now) - run.started_at)
        page.aim(Target(run=run))
        page.line(
            (f"{sign.glyph} {sign.word:<11}", sign.tone),
            (f" {safe(run.action, 20):<9}", "strong"),
            (f" {safe(run.env, 30):<10}", "quiet"),
            (f" {span(now - run.started_at):>4} ago", ""),
            (f"  {lasted:>11}", "quiet"),
            (f"  {safe(run.summary)}", ""),
        )
    return page
