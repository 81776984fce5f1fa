"""How much does each kind of finding weigh, and what is assumed?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cockpit.domain.conformance import Rule, Severity
from cockpit.domain.rules import RULES

_ORDER = (Severity.NOTE, Severity.WARNING, Severity.ERROR)

ASSUMPTION = (
    "an undeclared key of an open object never bears a name that the other side newly declares"
    " (`--strict` assumes nothing)"
)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a workspace decided for its comparisons.

    `strict` assumes nothing about undeclared keys. `severities` replaces the usual severity of a rule.
    `seconds` bounds a whole comparison; what is left by then is undecided.
    """

    strict: bool = False
    severities: Mapping[Rule, Severity] = field(default_factory=dict)
    seconds: float = 60.0

    def severity(self, rule: Rule, *, at_most: Severity = Severity.ERROR) -> Severity:
        """Return what a finding of `rule` weighs; `at_most` bounds one that is milder by its nature."""
        wanted = self.severities.get(rule, RULES[rule].severity)
        return min(wanted, at_most, key=_ORDER.index)
