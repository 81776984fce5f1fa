"""Which findings were silenced, by whom with which reason, and until when?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from cockpit.domain.conformance import Finding, Report

ANY = "*"


@dataclass(frozen=True, slots=True)
class Silence:
    """Findings that do not count until the day `until` is over; "*" fits everything."""

    reason: str
    until: date
    rule: str = ANY
    operation: str = ANY
    location: str = ANY
    pointer: str = ANY
    rpt: str = ANY

    def fits(self, finding: Finding, rpt: str) -> bool:
        """True if it speaks of `finding` in the comparison of `rpt` ("RPT-0007")."""
        return (
            self.rule in (ANY, finding.rule.value)
            and self.operation in (ANY, finding.operation)
            and self.location in (ANY, finding.location)
            and self.pointer in (ANY, finding.pointer)
            and self.rpt in (ANY, rpt)
        )


@dataclass(frozen=True, slots=True)
class Silenced:
    """A report with its silences, and those that are over and would still silence something."""

    report: Report
    expired: tuple[Silence, ...] = ()


def silence(report: Report, silences: Sequence[Silence], today: date, *, rpt: str = "") -> Silenced:
    """Return `report` with every finding that a silence fits marked with its reason.

    `rpt` is whose comparison it is; without it only silences for every RPT fit.
    """
    expired: dict[int, Silence] = {}
    findings = []
    for finding in report.findings:
        reason = None
        for number, one in enumerate(silences):
            if one.fits(finding, rpt):
                if today > one.until:
                    expired[number] = one
                elif reason is None:
                    reason = one.reason
        findings.append(finding if reason is None else replace(finding, silenced=reason))
    return Silenced(replace(report, findings=tuple(findings)), tuple(expired.values()))
