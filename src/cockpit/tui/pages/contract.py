"""What was agreed, who signed it, and what does each level of validation say?"""

from __future__ import annotations

from cockpit.domain.detail import Detail
from cockpit.domain.handoff import Handoff
from cockpit.domain.signs import CONFORMANCE, GATE
from cockpit.domain.words import Conformance, GateVerdict, Level, Section
from cockpit.tui.moments import day
from cockpit.tui.page import Page, Target
from cockpit.tui.spans import safe

LEVELS: dict[Level, str] = {
    Level.L0: "the document",
    Level.L1: "the code",
    Level.L2: "the endpoint",
    Level.L3: "the behaviour",
}


def contract(row: Handoff, detail: Detail | None, width: int) -> Page:
    """Return the levels, what fails, the signature, and the sign-offs."""
    page = Page(width)
    for level, meaning in LEVELS.items():
        sign = CONFORMANCE[row.contract.levels.get(level, Conformance.UNKNOWN)]
        said = "not checked yet" if sign is CONFORMANCE[Conformance.UNKNOWN] else sign.word
        page.line((f"{sign.glyph} {level.value} ", sign.tone), (f"{meaning:<14}", ""), (said, sign.tone))
    open_gates = [
        g
        for g in row.gates
        if g.spec.section is Section.CONTRACT and g.verdict is not GateVerdict.PASS and g.problems
    ]
    if open_gates:
        page.heading("Open")
        for gate in open_gates:
            sign = GATE[gate.verdict]
            for problem in gate.problems:
                page.aim(Target(path=problem.path or row.rpt.path, line=problem.line))
                page.say(f"{gate.spec.promise}: {problem.message}", "", 2, ((f"{sign.glyph} ", sign.tone),))
                if problem.where:
                    page.say(problem.where, "accent", 2, limit=300)
                page.say(problem.do, "quiet", 4, (("  → ", "quiet"),))
    page.heading("Operations")
    lines = detail.signature if detail is not None and detail.signature else row.rpt.operations
    if lines:
        page.aim(Target(path=row.rpt.path, line=detail.lines.get("contract") if detail else None))
        for text in lines:
            page.say(text, "", 2 + len(text) - len(text.lstrip(" ")), limit=500)
    else:
        page.say(
            "No operation yet. `o` opens the document: write the Type Contract as OpenAPI 3.1.", "quiet", 2
        )
    _signoffs(page, row)
    return page


def _signoffs(page: Page, row: Handoff) -> None:
    page.heading("Sign-offs", f"revision {row.rpt.revision}")
    for signoff in row.rpt.signoffs:
        current = row.rpt.digest is not None and signoff.digest == row.rpt.digest
        state = ("✓ ", "good") if current else ("× ", "bad")
        note = "" if current else "  void: contract, persistence or anatomy changed since"
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
