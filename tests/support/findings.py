"""Findings, reports and a board that has them, for the tests of what shows them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cockpit.domain.conformance import (
    Direction,
    Finding,
    LevelReport,
    Replay,
    Report,
    Rule,
    Severity,
    Undecided,
    Witness,
)
from cockpit.domain.gates import failed, passed, undecided
from cockpit.domain.handoff import ContractState, Handoff
from cockpit.domain.progress import next_status, readiness_of
from cockpit.domain.words import Conformance, Level
from cockpit.errors import Problem
from support.board import handoff

FINDING = Finding(
    rule=Rule.REQUEST_NARROWED,
    severity=Severity.ERROR,
    operation="POST /v1/plan",
    direction=Direction.REQUEST,
    location="body application/json",
    pointer="/rooms/0/height",
    message="the contract lets a client send a height up to 128, the service rejects more than 64",
    do="raise `le=64` to 128 in Room.height",
    witness=Witness({"scan": "x", "rooms": [{"height": 65, "name": "間取"}]}),
    keyword="maximum: 128 against maximum: 64",
    contract_at="rpts/RPT-0001.openapi.yaml:41:9",
    service_at="services/scan-to-plan/src/scan_to_plan/models.py:14",
    replay=Replay.CONFIRMED,
    replayed="422 Input should be less than or equal to 64",
)
WARNING = Finding(
    rule=Rule.STATUS_UNDECLARED,
    severity=Severity.WARNING,
    operation="POST /v1/plan",
    direction=Direction.RESPONSE,
    location="422",
    pointer="",
    message="the service may answer 422, which the contract does not name",
    do="name 422 in the Type Contract",
    contract_at="rpts/RPT-0001.openapi.yaml:30:5",
)
SILENCED = replace(FINDING, pointer="/scan", silenced="the old app sends no scan until June")
OPEN_PART = Undecided(
    "GET /v1/plan/{id}", Direction.REQUEST, "path id", "", "the pattern has a lookahead, which is not handled"
)


def level_report(
    *findings: Finding, level: Level = Level.L1, open_parts: tuple[Undecided, ...] = (), **changes: Any
) -> LevelReport:
    """A report of one level, made ten minutes before `support.board.NOW`."""
    report = Report(findings, open_parts, ("an undeclared key of an open object bears no declared name",))
    env = "" if level is Level.L1 else "local"
    found = LevelReport(level, env, "key", "2027-01-15T07:50:00Z", "2027-01-12T08:00:00Z", report)
    return replace(found, **changes)


def compared(*reports: LevelReport, number: int = 1) -> Handoff:
    """A handoff whose levels and gates say what the reports say."""
    row = handoff(number)
    gates = {gate.spec.id: gate for gate in row.gates}
    levels = {**row.contract.levels, Level.L0: Conformance.CONFORMS}
    for known in reports:
        verdict = known.report.verdict
        levels[known.level] = verdict
        gate = {Level.L1: "contract.code", Level.L2: "contract.live"}.get(known.level)
        if gate is None:
            continue
        problem = Problem("not-conforming", f"the {known.level} report says {verdict}", "validate (v)")
        make = {Conformance.CONFORMS: passed, Conformance.VIOLATES: failed, Conformance.UNKNOWN: undecided}
        gates[gate] = make[verdict](gate, *(() if verdict is Conformance.CONFORMS else (problem,)))
    broken = len({f.fingerprint for known in reports for f in known.report.findings if f.breaks})
    verdict = Conformance.VIOLATES if broken else Conformance.UNKNOWN
    return replace(
        row,
        gates=tuple(gates.values()),
        readiness=readiness_of(next_status(row.rpt.status, row.stage), tuple(gates.values())),
        contract=ContractState(verdict, levels, broken or None),
        reports=reports,
    )
