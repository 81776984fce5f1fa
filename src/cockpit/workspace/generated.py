"""What does a contract say that the code generated from it does not hold?

The contract is compared with the app the other way round: what the app takes although the contract does not
let a client send it, and what the contract lets the app answer although its models cannot write it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cockpit.domain.conformance import Finding, Rule
from cockpit.domain.rpt import RptFacts
from cockpit.domain.text import one_line
from cockpit.errors import CockpitError
from cockpit.workspace import comparing
from cockpit.workspace.comparing import Contract, Emit, silent
from cockpit.workspace.conformance_rules import Rules

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace

_MOST = 20  # notes; more would only bury the first
_SAID = {
    Rule.REQUEST_NARROWED: "the code takes {value}, which the contract does not let a client send",
    Rule.RESPONSE_WIDENED: "the contract lets it answer {value}, which its models cannot write",
}


def losses(workspace: Workspace, rpt: RptFacts, slug: str, emit: Emit = silent) -> list[str]:
    """Return one line for each thing that the app of services/`slug` does not hold as its contract says.

    First what breaks the contract, then what the contract says more narrowly than the code. Empty where
    both say the same. An app that cannot be asked, or that cannot be decided, is said in a line as well.
    """
    from cockpit.services.extraction import extract

    emit("comparing the generated code with the contract, both ways")
    rules = Rules(workspace.config.policy)
    try:
        contract = comparing.contract_of(workspace, rpt)
        extracted = extract(workspace.root, slug, cache=workspace.cache)
        there = comparing.compared(contract, extracted.document, rules, overridden=extracted.overridden)
        back = comparing.compared(Contract(extracted.document), contract.document, rules, overridden=False)
    except CockpitError as error:
        return [f"whether the code holds what the contract says is unknown: {error.problem.message}"]
    found = [f"{finding.operation}: {finding.message}" for finding in there.findings if finding.breaks]
    found += [_line(finding) for finding in back.findings if finding.rule in _SAID and finding.breaks]
    # What is undecided one way is so the other way round, too.
    open_parts = {(p.operation, p.location, p.pointer): p.reason for p in (*there.undecided, *back.undecided)}
    found += [
        f"{' '.join(part for part in place if part)}: whether the code holds it is not decided: {reason}"
        for place, reason in open_parts.items()
    ]
    return [one_line(line, 500) for line in dict.fromkeys(found)][:_MOST]


def _line(finding: Finding) -> str:
    value = (
        json.dumps(finding.witness.value, ensure_ascii=False) if finding.witness is not None else "a value"
    )
    said = _SAID[finding.rule].format(value=one_line(value, 120))
    part = f" at {finding.pointer}" if finding.pointer else ""
    decides = f" ({finding.keyword})" if finding.keyword else ""
    remedy = "; check it in logic" if finding.rule is Rule.REQUEST_NARROWED else ""
    return f"{finding.operation} {finding.location}{part}: {said}{decides}{remedy}"
