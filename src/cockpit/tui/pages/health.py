"""Is the endpoint well, since when, and after which deployment?"""

from __future__ import annotations

from cockpit.domain.handoff import Handoff
from cockpit.domain.signs import HEALTH, Tone, sparkline
from cockpit.domain.words import HealthState
from cockpit.tui.moments import milliseconds, since, since_iso
from cockpit.tui.page import Page, Target
from cockpit.tui.spans import safe

_DEPLOYMENT = {
    "live": ("●", Tone.GOOD),
    "deploying": ("◇", Tone.BUSY),
    "failed": ("×", Tone.BAD),
    "replaced": ("–", Tone.QUIET),
    "stopped": ("■", Tone.QUIET),
}


def health(row: Handoff, width: int, now: float) -> Page:
    """Return the state, the recent latencies, and the deployments, newest first."""
    page = Page(width)
    state, sign = row.health, HEALTH[row.health.state]
    page.line((f"{sign.glyph} {sign.word}", sign.tone), (f"  in {safe(row.env, 60)}", "quiet"))
    if state.state is HealthState.NOT_DEPLOYED:
        page.blank()
        page.line(("d ", "accent"), ("deploys it to ", ""), (safe(row.env, 60), "strong"))
        page.say("The confirm dialog shows first what would be done.", "quiet")
    if state.url:
        page.aim(Target(url=f"{state.url}/docs"))
        page.pair("endpoint", state.url, "accent")
    page.pair("since", None if state.since is None else f"{since(state.since, now)} ago")
    checked = None if state.checked_at is None else f"{since(state.checked_at, now)} ago"
    page.pair("checked", checked or ("never; p probes it now" if state.url else None))
    page.pair("latency", milliseconds(state.latency_ms))
    page.pair("p95 budget", milliseconds(row.rpt.p95_ms))
    if state.failures_in_a_row:
        page.pair("failures", f"{state.failures_in_a_row} in a row", "bad")
    page.pair("error", state.error, "bad")
    if state.recent:
        page.blank()
        known = [value for value in state.recent if value is not None]
        page.line((sparkline(state.recent, width), sign.tone))
        if known:
            low, high = milliseconds(min(known)), milliseconds(max(known))
            page.line((f"last {len(state.recent)} probes, {low} to {high}; × is a failed one", "quiet"))
    page.heading("Deployments", "newest first")
    if not row.deployments:
        page.say("never deployed to this environment", "quiet", 2)
    for one in sorted(row.deployments, key=lambda d: -d.id):
        glyph, tone = _DEPLOYMENT.get(one.state, ("?", Tone.WARN))
        page.line(
            ("  ", ""),
            (f"{glyph} {safe(one.state, 20):<10}", tone),
            (f" {since_iso(one.at, now):>4} ago  ", ""),
            (safe(one.commit or "no commit", 60)[:18], "strong"),
            (f"  {safe(one.env, 40)} on {safe(one.target, 40)}", "quiet"),
        )
        if one.error:
            page.say(one.error, "bad", 4)
    return page
