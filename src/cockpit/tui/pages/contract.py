"""What was agreed, who signed it, and what does each level of validation say?"""

from __future__ import annotations

from cockpit.domain.conformance import LevelReport, Severity, Undecided
from cockpit.domain.detail import Detail
from cockpit.domain.handoff import Handoff
from cockpit.domain.signs import CONFORMANCE, GATE
from cockpit.domain.words import Conformance, GateVerdict, Level, Section
from cockpit.tui.moments import day, since_iso
from cockpit.tui.page import Page, Target
from cockpit.tui.pages.findings import show_finding, show_undecided
from cockpit.tui.spans import Spans, safe, width_of
from cockpit.workspace.levels import GATE_OF, Seen, current, gate_of, holds, merged

LEVELS: dict[Level, str] = {
    Level.L0: "the document",
    Level.L1: "the code",
    Level.L2: "the endpoint",
    Level.L3: "the behaviour",
}
_ROOM = 20  # cells of a level's glyph, name and meaning
_MOST = 30  # findings on the page; `cockpit check` has them all


def contract(row: Handoff, detail: Detail | None, width: int, now: float) -> Page:
    """Return the levels, every finding with its value and places, what fails, the signature, sign-offs."""
    page = Page(width)
    for level in Level:
        _level(page, row, level, now)
    reports = current(row)
    _findings(page, row, merged(reports))
    agreed = Target(path=row.rpt.path, line=detail.lines.get("contract") if detail else None)
    _undecided(page, reports, agreed)
    _open_gates(page, row)
    assumed = dict.fromkeys(text for known in reports for text in known.report.assumptions)
    if assumed:
        page.heading("Assumed", "the verdicts hold under this")
        for text in assumed:
            page.bullet(text, "quiet")
    _operations(page, row, detail, agreed)
    _signoffs(page, row)
    return page


def _level(page: Page, row: Handoff, level: Level, now: float) -> None:
    """One level: its verdict with numbers and age, or why there is none and which key brings one."""
    verdict = row.contract.levels.get(level, Conformance.UNKNOWN)
    sign, known = CONFORMANCE[verdict], row.report(level)
    head: Spans = ((f"{sign.glyph} {level.value} ", sign.tone), (f"{LEVELS[level]:<{_ROOM - 5}}", ""))
    if level is Level.L0:
        said = sign.word if verdict is not Conformance.UNKNOWN else "nothing to check yet"
        page.say(said, sign.tone, _ROOM, head)
    elif known is not None and holds(row, known):
        said, age = f"{sign.word}{_numbers(known)}", safe(_age(row, known, now))
        whole: Spans = (*head, (said, sign.tone), (f"  {age}", "quiet"))
        if width_of(whole) <= page.width:
            page.line(*whole)
        else:
            page.say(said, sign.tone, _ROOM, head)
            page.say(age, "quiet", _ROOM)
    else:
        page.say(_missing(row, level), "quiet", _ROOM, head)
        if known is not None:
            before = CONFORMANCE[known.report.verdict].word
            page.say(f"{before} {since_iso(known.at, now)} ago, before that change", "quiet", _ROOM)


def _numbers(known: LevelReport) -> str:
    """How many findings of each severity count, and how many parts are open."""
    counted = [finding for finding in known.report.findings if finding.silenced is None]
    parts = [
        _count(sum(f.severity is Severity.ERROR for f in counted), "violation"),
        _count(sum(f.severity is Severity.WARNING for f in counted), "warning"),
        _count(len(known.report.findings) - len(counted), "", "silenced"),
        _count(len(known.report.undecided), "", "undecided"),
    ]
    said = ", ".join(part for part in parts if part)
    return f": {said}" if said else ""


def _count(number: int, noun: str, adjective: str = "") -> str:
    if not number:
        return ""
    return f"{number} {adjective or noun + ('s' if number > 1 else '')}"


def _age(row: Handoff, known: LevelReport, now: float) -> str:
    parts = [f"for {since_iso(known.since, now)}"]
    deployed = next((one for one in row.deployments if one.id == known.deploy), None)
    if deployed is not None:
        parts.append(f"since the deploy of {(deployed.commit or deployed.digest)[:9]}")
    elif known.deploy is not None:
        parts.append(f"since deployment {known.deploy}")
    return " · ".join([*parts, f"checked {since_iso(known.at, now)} ago"])


def _missing(row: Handoff, level: Level) -> str:
    """Why a level says nothing, and what brings an answer."""
    gate = gate_of(row, level)
    if gate is not None and gate.problems:
        problem = gate.problems[0]
        return f"{problem.message} → {problem.do}"
    return f"not run yet → cockpit test {row.id} --level L3" if level is Level.L3 else "not checked yet"


def _findings(page: Page, row: Handoff, found: tuple[Seen, ...]) -> None:
    if not found:
        return
    broken = sum(seen.finding.breaks for seen in found)
    page.heading(_count(broken, "violation") or "Findings", "" if broken else "none of them is a violation")
    page.say("o opens the code; j, then o, the contract; y copies it and how to silence it", "quiet")
    for seen in found[:_MOST]:
        show_finding(page, seen.finding, row.id, seen.levels, row.health.url)
    if len(found) > _MOST:
        page.blank()
        page.line((f"  and {len(found) - _MOST} more: `cockpit check {safe(row.id, 40)}`", "quiet"))


def _undecided(page: Page, reports: tuple[LevelReport, ...], target: Target) -> None:
    parts: dict[Undecided, list[Level]] = {}
    for known in reports:
        for part in known.report.undecided:
            parts.setdefault(part, []).append(known.level)
    reasons = [(known.level, known.report.reason) for known in reports if known.report.reason is not None]
    if not parts and not reasons:
        return
    page.heading("Undecided", "nothing is proved here")
    for level, reason in reasons:
        page.say(f"{level.value}: {reason}", "", 2, (("? ", "warn"),))
    for part, levels in list(parts.items())[:_MOST]:
        show_undecided(page, part, tuple(levels), target)
    if len(parts) > _MOST:
        page.line((f"  and {len(parts) - _MOST} more", "quiet"))


def _open_gates(page: Page, row: Handoff) -> None:
    """What else the contract lacks: the gates of the levels are told above."""
    open_gates = [
        gate
        for gate in row.gates
        if gate.spec.section is Section.CONTRACT
        and gate.spec.id not in GATE_OF.values()
        and gate.verdict is not GateVerdict.PASS
        and gate.problems
    ]
    if not open_gates:
        return
    page.heading("Open")
    for gate in open_gates:
        sign = GATE[gate.verdict]
        for problem in gate.problems:
            page.aim(Target(path=problem.path or row.rpt.path, line=problem.line))
            page.say(f"{gate.spec.promise}: {problem.message}", "", 2, ((f"{sign.glyph} ", sign.tone),))
            if problem.where:
                page.say(problem.where, "accent", 2, limit=300)
            page.say(problem.do, "quiet", 4, (("  → ", "quiet"),))


def _operations(page: Page, row: Handoff, detail: Detail | None, target: Target) -> None:
    page.heading("Operations")
    lines = detail.signature if detail is not None and detail.signature else row.rpt.operations
    if not lines:
        page.say(
            "No operation yet. `o` opens the document: write the Type Contract as OpenAPI 3.1.", "quiet", 2
        )
        return
    page.aim(target)
    for text in lines:
        page.say(text, "", 2 + len(text) - len(text.lstrip(" ")), limit=500)


def _signoffs(page: Page, row: Handoff) -> None:
    page.heading("Sign-offs", f"revision {row.rpt.revision}")
    for signoff in row.rpt.signoffs:
        current_one = row.rpt.digest is not None and signoff.digest == row.rpt.digest
        state = ("✓ ", "good") if current_one else ("× ", "bad")
        note = "" if current_one else "  void: contract, persistence or anatomy changed since"
        page.line(
            ("  ", ""),
            state,
            (safe(signoff.by, 60), "strong"),
            (
                f"  {safe(signoff.role, 40)} · {safe(day(signoff.at), 30)} · revision {signoff.revision}",
                "quiet",
            ),
            (note, "bad"),
        )
    signed = {signoff.by for signoff in row.rpt.signoffs}
    for name in row.rpt.approvers:
        if name not in signed:
            page.line(("  □ ", "quiet"), (safe(name, 60), ""), ("  has not signed", "quiet"))
    if not row.rpt.signoffs and not row.rpt.approvers:
        page.say(
            f"Nobody has signed. `cockpit sign {safe(row.id, 40)}` signs the contract as it stands.",
            "quiet",
            2,
        )
    if row.rpt.digest:
        page.pair("  digest", row.rpt.digest, "quiet")
