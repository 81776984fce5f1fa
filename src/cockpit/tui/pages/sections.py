"""What do the sections System Anatomy and Persistence Mapping of the document say?"""

from __future__ import annotations

from typing import Any

from cockpit.domain.detail import Detail
from cockpit.domain.handoff import Handoff
from cockpit.tui.page import Page, Target
from cockpit.tui.pages.values import mapping, records, words
from cockpit.tui.spans import safe

_STEP = {"model": "◆", "llm": "◆", "rule": "□", "io": "↔"}


def anatomy(row: Handoff, detail: Detail, width: int) -> Page:
    """Return the steps in their order, the weights, the external calls and what it runs on."""
    page = Page(width)
    facts = detail.anatomy
    if not facts:
        return _absent(
            page, row, detail, "anatomy", "System Anatomy", "its steps, weights and external calls"
        )
    page.aim(Target(path=row.rpt.path, line=detail.lines.get("anatomy")))
    page.heading("Steps")
    for step in records(facts.get("steps")):
        kind = words(step.get("kind"))
        after = words(step.get("after"))
        tail = " · ".join(
            part for part in (kind, words(step.get("calls")), after and f"after {after}") if part
        )
        page.line(
            (f"  {_STEP.get(kind, '•')} ", "busy"),
            (safe(words(step.get("id")) or words(step.get("name")) or "?", 80), "strong"),
            (f"  {safe(tail)}", "quiet"),
        )
    _list(page, "Weights", facts.get("weights"), ("name",))
    _list(page, "External calls", facts.get("external"), ("provider", "model"))
    compute = mapping(facts.get("compute"))
    if compute:
        page.heading("Compute")
        for key, value in compute.items():
            page.pair(f"  {key}"[:24], words(value), room=18)
    _list(page, "Environment variables", facts.get("env"), ("name",))
    return page


def persistence(row: Handoff, detail: Detail, width: int) -> Page:
    """Return each entity with its keeper, its life time and what is open."""
    page = Page(width)
    facts = detail.persistence
    if not facts:
        return _absent(
            page, row, detail, "persistence", "Persistence Mapping", "which data is kept, where, how long"
        )
    page.aim(Target(path=row.rpt.path, line=detail.lines.get("persistence")))
    if facts.get("none"):
        page.heading("Stateless")
        page.say(words(facts["none"]), "", 2)
    for entity in records(facts.get("entities")):
        page.blank()
        page.line(
            ("■ ", "busy"),
            (safe(words(entity.get("name")) or "?", 80), "strong"),
            (f"  {safe(words(entity.get('kind')))}", "quiet"),
        )
        for key, value in entity.items():
            if key in ("name", "kind"):
                continue
            risky = key == "open_questions" or (key == "pii" and value not in ("none", None))
            label = f"  {key.replace('_', ' ')}"
            page.pair(label[:18], words(value), "warn" if risky else "", room=18)
    return page


def _list(page: Page, title: str, value: Any, named: tuple[str, ...]) -> None:
    items = records(value)
    if not items:
        return
    page.heading(title)
    for item in items:
        name = " ".join(text for text in (words(item.get(key)) for key in named) if text) or "?"
        rest = words({key: part for key, part in item.items() if key not in named})
        page.say(name, "strong", 4, (("  • ", "quiet"),))
        if rest:
            page.say(rest, "quiet", 6)


def _absent(page: Page, row: Handoff, detail: Detail, section: str, title: str, holds: str) -> Page:
    page.aim(Target(path=row.rpt.path, line=detail.lines.get(section)))
    page.line(("□ ", "warn"), (f"{title} is missing or does not read", ""))
    page.say(f"It says {holds}.", "quiet", 2)
    page.blank()
    page.line(
        ("o ", "accent"), ("opens the document there; ", ""), ("1 ", "accent"), ("lists what is wrong", "")
    )
    return page
