"""What do the reports on code and endpoint decide? Pure: what was last found in, gates and words out."""

from __future__ import annotations

from cockpit.domain import gates as g
from cockpit.domain.conformance import Direction, Finding, LevelReport, Rule
from cockpit.domain.gates import Gate
from cockpit.domain.rpt import RptFacts
from cockpit.domain.service import ServiceFacts
from cockpit.domain.text import one_line
from cockpit.domain.words import Conformance
from cockpit.errors import Problem

_MOST = 60  # problems of one gate; more would only bury the first


def code(rpt: RptFacts, service: ServiceFacts | None, found: LevelReport | None, *, holds: bool) -> Gate:
    """The code conforms to the contract (L1); `holds` says whether `found` is of the code as it is now."""
    gate = "contract.code"
    if service is None:
        return g.undecided(gate, Problem("waits", "there is no service yet", "scaffold it first", rpt.path))
    if rpt.contract_digest is None:
        return g.undecided(gate, _unread(rpt))
    if found is None:
        said = "its code was never compared with the contract"
        return g.undecided(gate, Problem("not-validated", said, "validate (v)", service.path))
    if not holds:
        said = "code, contract or checker changed since it was validated"
        return g.undecided(gate, Problem("validated-before", said, "validate (v)", service.path))
    return _judged(gate, found, service.path)


def endpoint(rpt: RptFacts, env: str, url: str | None, found: LevelReport | None, *, holds: bool) -> Gate:
    """The endpoint conforms to the contract (L2); `holds` says whether `found` is of what serves now."""
    gate = "contract.live"
    if url is None:
        return g.undecided(gate, Problem("waits", f"not deployed in {env}", "deploy (d)", rpt.path))
    if rpt.contract_digest is None:
        return g.undecided(gate, _unread(rpt))
    if found is None:
        said = f"the endpoint in {env} was never compared with the contract"
        return g.undecided(gate, Problem("not-validated", said, "validate (v)", rpt.path))
    if not holds:
        said = f"the endpoint in {env}, the contract or the checker changed since it was validated"
        return g.undecided(gate, Problem("validated-before", said, "validate (v)", rpt.path))
    return _judged(gate, found, rpt.path)


def problem_of(finding: Finding, fallback: str) -> Problem:
    """Return a finding as the problem that a gate shows, at the code, else at the contract."""
    path, line, column = _place(finding.service_at or finding.contract_at, fallback)
    return Problem(finding.rule, f"{finding.operation}: {finding.message}", finding.do, path, line, column)


def fix(finding: Finding) -> str:
    """Return what is to be done about a finding, in the few words that the board has room for."""
    if finding.rule is Rule.OPERATION_MISSING:
        return f"write {one_line(finding.operation, 60)}"
    if finding.rule is Rule.STATUS_UNDECLARED:
        return f"declare or drop {one_line(finding.location, 40)}"
    part = one_line(finding.pointer, 60)
    if finding.rule in (Rule.REQUEST_NARROWED, Rule.RESPONSE_WIDENED) and part:
        where = (
            "" if finding.location.startswith("body") or finding.direction is Direction.RESPONSE else " in"
        )
        named = f" {one_line(finding.location, 40)}{where}" if where else ""
        return f"fix {finding.direction}{named} {part}"
    return f"fix {finding.direction} {one_line(finding.location, 40)}"


def _judged(gate: str, found: LevelReport, fallback: str) -> Gate:
    report = found.report
    if report.verdict is Conformance.CONFORMS:
        return g.passed(gate)
    if report.verdict is Conformance.VIOLATES:
        broken = [problem_of(finding, fallback) for finding in report.findings if finding.breaks]
        return g.failed(gate, *broken[:_MOST])
    reasons = []
    if report.reason is not None:
        do = "validate again (v)" if found.env else "mend it, then validate again (v)"
        reasons.append(Problem("conformance-unknown", one_line(report.reason, 400), do, fallback))
    reasons += [
        Problem(
            "conformance-unknown",
            f"{part.operation}: {part.location}{' at ' + part.pointer if part.pointer else ''} cannot be"
            f" decided: {one_line(part.reason, 300)}",
            "write this part in plainer keywords",
            fallback,
        )
        for part in report.undecided
    ]
    return g.undecided(gate, *reasons[:_MOST])


def _unread(rpt: RptFacts) -> Problem:
    return Problem("waits", "the contract does not read", "mend the Type Contract first", rpt.path)


def _place(at: str | None, fallback: str) -> tuple[str, int | None, int | None]:
    """The parts of "path:line:column" or "path:line"."""
    if at is None:
        return fallback, None, None
    head, _, last = at.rpartition(":")
    path, _, line = head.rpartition(":")
    if path and line.isdigit() and last.isdigit():
        return path, int(line), int(last)
    return (head, int(last), None) if head and last.isdigit() else (at, None, None)
