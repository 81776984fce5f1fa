"""What is missing before the handoff is ready? The researcher's checklist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from cockpit.domain.gates import Gate
from cockpit.domain.handoff import Handoff
from cockpit.domain.progress import next_status
from cockpit.domain.signs import GATE
from cockpit.domain.words import GateVerdict
from cockpit.errors import Problem
from cockpit.tui.page import Page, Target
from cockpit.tui.spans import Spans, safe
from cockpit.workspace.finding_text import Place, place_of, where
from cockpit.workspace.levels import GATE_OF, current, merged

_SHOWN = 5  # problems of one gate before the rest is a count


def overview(row: Handoff, width: int) -> Page:
    """Return the checklist: what is next, what fails with its place and remedy, what passed."""
    page = Page(width)
    target = next_status(row.rpt.status, row.stage)
    _way(page, row, target.value)
    _next(page, row)
    missing = row.readiness.missing
    if missing:
        page.heading(f"Missing for {target.value}", f"{len(missing)} of {_required(row)}")
        for gate in missing:
            _gate(page, gate, row.rpt.path)
    shown = {gate.spec.id for gate in missing}
    if not shown.intersection(GATE_OF.values()):
        _violations(page, row)
    rest = [g for g in row.gates if g.verdict is not GateVerdict.PASS and g.spec.id not in shown]
    advice = [g for g in rest if g.spec.needed_for is None and g.verdict is GateVerdict.FAIL]
    if advice:
        page.heading("Advice", "required by no status")
        for gate in advice:
            _gate(page, gate, row.rpt.path)
    later = [g for g in rest if g not in advice]
    if later:
        page.heading("Later")
        for gate in later:
            page.line(*_gate_head(gate))
    _passed(page, row.gates)
    judged = {problem for gate in row.gates for problem in gate.problems}
    notes = [problem for problem in row.rpt.problems if problem not in judged]
    if notes:
        page.heading("Notes on the document")
        _problems(page, notes, row.rpt.path)
    return page


def _violations(page: Page, row: Handoff) -> None:
    """Where code or endpoint break the contract, though nothing asks for it yet."""
    broken = [seen.finding for seen in merged(current(row)) if seen.finding.breaks]
    if not broken:
        return
    page.heading("Against the contract", f"{len(broken)}; the tab Contract shows the values")
    for finding in broken[:_SHOWN]:
        at = place_of(finding.service_at) or place_of(finding.contract_at) or Place(row.rpt.path)
        page.aim(Target(path=at.path, line=at.line))
        page.say(where(finding), "strong", 2, (("× ", "bad"),))
        page.say(finding.service_at or finding.contract_at or row.rpt.path, "accent", 4, limit=300)
        page.say(finding.message, "", 4)
        page.say(finding.do, "quiet", 6, (("    → ", "quiet"),))
    if len(broken) > _SHOWN:
        page.line((f"    and {len(broken) - _SHOWN} more", "quiet"))


def _required(row: Handoff) -> int:
    return sum(part.required for part in row.readiness.sections.values())


def _way(page: Page, row: Handoff, target: str) -> None:
    percent = row.readiness.percent
    if row.stage.value == target:
        page.line((f"{row.stage.value}", "strong"), (f"  {percent}%", "good" if percent == 100 else ""))
    else:
        page.line((f"{row.stage.value} → {target}", "strong"), (f"  {percent}% ready", ""))
    if row.unsupported_status:
        page.say(
            f"The document says {row.rpt.status.value}; its gates support {row.stage.value} only.",
            "bad",
            2,
            (("× ", "bad"),),
        )
    bars: list[tuple[str, str]] = []
    used = 0
    for section, part in row.readiness.sections.items():
        text = f"{section.value} {part.passed}/{part.required}"
        if used and used + len(text) + 5 > page.width:
            page.line(*bars)
            bars, used = [], 0
        full = part.passed == part.required
        bars += [
            ("■ " if full else "□ ", "good" if full else "warn"),
            (text + "   ", "quiet" if full else ""),
        ]
        used += len(text) + 5
    if bars:
        page.line(*bars)


def _next(page: Page, row: Handoff) -> None:
    step = row.next
    if step.gate is None:
        page.blank()
        page.line(("✓ ", "good"), (safe(step.text), ""))
        return
    page.heading("Next", f"for the {step.who.value}" if step.who else "")
    named = step.key is None or f"({step.key})" in step.text
    page.say(step.text, "", 4, (("  → " if named else f"  {step.key} ", "accent"),))
    if step.argv:
        page.say(" ".join(step.argv), "quiet", 6, (("    $ ", "quiet"),))


def _gate(page: Page, gate: Gate, path: str) -> None:
    page.aim(_target(gate, path))
    page.line(*_gate_head(gate, "strong"))
    _problems(page, gate.problems, None)


def _target(gate: Gate, path: str) -> Target:
    """The first place that is wrong; where no line is at fault and a command helps, what that is."""
    first = gate.problems[0] if gate.problems else None
    if first is not None and first.line is None and gate.spec.command:
        return Target(note=f"nothing to open: {first.message}. {first.do[:1].upper()}{first.do[1:]}")
    return Target(path=(first.path if first else None) or path, line=first.line if first else None)


def _gate_head(gate: Gate, weight: str = "quiet") -> Spans:
    sign = GATE[gate.verdict]
    return (
        (f"{sign.glyph} ", sign.tone if weight == "strong" else "quiet"),
        (gate.spec.promise, weight),
        (f"  {gate.spec.id} · {gate.spec.who.value}", "quiet"),
    )


def _problems(page: Page, problems: Iterable[Problem], fallback: str | None) -> None:
    listed = list(problems)
    for number, problem in enumerate(listed[:_SHOWN]):
        if fallback is not None or (number and problem.line is not None):
            page.aim(Target(path=problem.path or fallback, line=problem.line))
        if problem.where:
            page.say(problem.where, "accent", 4, limit=300)
        page.say(problem.message, "", 4)
        page.say(problem.do, "quiet", 6, (("    → ", "quiet"),))
    if len(listed) > _SHOWN:
        page.line((f"    and {len(listed) - _SHOWN} more", "quiet"))


def _passed(page: Page, gates: Iterable[Gate]) -> None:
    counts = Counter(gate.spec.section.value for gate in gates if gate.verdict is GateVerdict.PASS)
    if counts:
        page.blank()
        parts = ", ".join(f"{section} {number}" for section, number in counts.items())
        page.say(f"{sum(counts.values())} passed: {parts}", "quiet", 2, (("✓ ", "good"),))
