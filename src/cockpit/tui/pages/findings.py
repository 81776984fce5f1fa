"""How does a page show findings? In the words of every face, wrapped, each with the two places to open."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from cockpit.domain.conformance import Finding, Undecided
from cockpit.domain.words import Level
from cockpit.tui.page import Page, Target
from cockpit.tui.spans import Spans, width_of
from cockpit.workspace.finding_text import (
    LABEL,
    FindingLine,
    lines,
    place_of,
    plain,
    request_command,
    undecided_lines,
)

_INDENT = 2


def show_finding(page: Page, finding: Finding, rpt: str, levels: tuple[Level, ...], url: str | None) -> None:
    """Add a finding: its headline opens the code, its contract line the contract, `y` copies all of it."""
    copied = partial(as_text, finding, rpt, url)
    service, contract = place_of(finding.service_at), place_of(finding.contract_at)
    first = service or contract
    page.blank()
    page.aim(Target(first.path if first else None, first.line if first else None, copy=copied))
    said = lines(finding, width=page.width - _INDENT - LABEL, silencing=False)
    _head(page, said[0], levels)
    for line in said[1:]:
        if line.label == "contract" and contract is not None and service is not None:
            page.aim(Target(contract.path, contract.line, copy=copied))
        _line(page, line)


def show_undecided(page: Page, part: Undecided, levels: tuple[Level, ...], target: Target) -> None:
    """Add a part that nobody could decide, and why."""
    page.blank()
    page.aim(target)
    head, *rest = undecided_lines(part)
    _head(page, head, levels)
    for line in rest:
        _line(page, line)


def as_text(finding: Finding, rpt: str, url: str | None) -> str:
    """Return a finding as plain lines for the clipboard, with its silence and the request that shows it."""
    said = plain(lines(finding, width=200, rpt=rpt))
    command = request_command(finding, url) if url else None
    return "\n".join([*said, f"  {'try':<{LABEL}}{command}"] if command else said)


def _head(page: Page, line: FindingLine, levels: Iterable[Level]) -> None:
    """The headline on one line, or on two where it does not fit."""
    seen = " ".join(level.value for level in levels)
    spans: Spans = (*line.parts, (f"  {seen}", "quiet")) if seen else line.parts
    if width_of(spans) <= page.width:
        page.line(*spans)
        return
    where, token = line.parts[-1]
    page.line(*line.parts[:-1], (f"  {seen}", "quiet"))
    page.say(where, token, _INDENT)


def _line(page: Page, line: FindingLine) -> None:
    if line.label is None:
        page.say(line.text, line.parts[0][1], _INDENT)
        return
    label = (" " * _INDENT + line.label.ljust(LABEL), "quiet")
    if line.wraps:
        page.say(line.text, line.parts[0][1], _INDENT + LABEL, (label,))
    else:
        page.line(label, *line.parts)
