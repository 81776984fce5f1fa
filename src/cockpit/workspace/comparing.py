"""How is one contract compared with a service? Documents, findings placed, replayed and silenced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from cockpit.domain.conformance import Finding, Report, Rule, Severity
from cockpit.domain.rpt import RptFacts
from cockpit.edges.clock import today
from cockpit.errors import CockpitError
from cockpit.workspace import conformance_places, conformance_replay, conformance_rules, documents
from cockpit.workspace.cache import Cache
from cockpit.workspace.conformance_places import Place
from cockpit.workspace.conformance_rules import Rules

if TYPE_CHECKING:
    from cockpit.services.extraction import Extracted
    from cockpit.workspace.workspace import Workspace

Emit = Callable[[str], None]


def silent(line: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Contract:
    """The side of the contract: the document, what places its pointers, and whose it is ("RPT-0007")."""

    document: dict[str, Any]
    place: Place = conformance_places.nowhere
    rpt: str = ""


def contract_of(workspace: Workspace, rpt: RptFacts) -> Contract:
    """Return the contract of `rpt`. Raises DocumentError if it does not read."""
    whole, block, path = documents.placed_contract(workspace.root, rpt)
    return Contract(whole, conformance_places.of_block(block, path), rpt.id)


def rules_of(workspace: Workspace) -> Rules:
    """Return the policy and the silences that are in force today."""
    return conformance_rules.on(workspace.config, today(workspace.clock))


def with_code(
    workspace: Workspace, contract: Contract, slug: str, rules: Rules, emit: Emit = silent
) -> Report:
    """Compare `contract` with the code of services/`slug`: findings placed, replayed and silenced.

    Takes seconds where the app was not asked before. Raises NotFoundError without such a service,
    ExtractionError where its app does not say what it is.
    """
    from cockpit.services.extraction import extract

    emit(f"taking the OpenAPI document out of services/{slug}/")
    extracted = extract(workspace.root, slug, cache=workspace.cache)
    how = "remembered" if extracted.cached else f"{extracted.seconds:.1f} s"
    left_out = f", without loading {', '.join(extracted.stubbed[:6])}" if extracted.stubbed else ""
    emit(f"{len(extracted.routes)} routes ({how}{left_out})")
    for problem in extracted.problems:
        emit(f"note: {problem.where + ': ' if problem.where else ''}{problem.message}")
    emit("comparing")
    report = compared(
        contract, extracted.document, rules, overridden=extracted.overridden, cache=workspace.cache
    )
    report = conformance_places.placed(report, contract.place, lines_of(extracted))
    return silenced(_replayed(workspace, contract, slug, report, emit), contract.rpt, rules, workspace)


def lines_of(extracted: Extracted) -> Place:
    """Return what places pointers into the document of an app that was asked."""
    return conformance_places.of_code(extracted.routes, extracted.models, extracted.fields)


def compared(
    contract: Contract,
    service: dict[str, Any],
    rules: Rules,
    *,
    overridden: bool,
    cache: Cache | None = None,
) -> Report:
    """Compare two documents by the policy of `rules`; what `cache` knows is not compared again.

    Raises UsageError where one is no OpenAPI 3.
    """
    from cockpit.contracts.conformance import Policy, compare, compare_once

    severities = {Rule(rule): Severity(word) for rule, word in rules.policy.severities.items()}
    policy = Policy(strict=rules.policy.strict, severities=severities)
    if cache is None or overridden:
        return compare(contract.document, service, policy, overridden=overridden)
    return compare_once(contract.document, service, policy, cache)


def _replayed(workspace: Workspace, contract: Contract, slug: str, report: Report, emit: Emit) -> Report:
    """Send the witnesses of narrowed requests to the app; one that cannot be asked confirms nothing."""
    from cockpit.services.extraction import replay

    requests = {
        number: request
        for number, finding in enumerate(report.findings)
        if (request := conformance_replay.request_of(finding, contract.document)) is not None
    }
    if not requests:
        return report
    emit(f"replaying {len(requests)} request(s) in the app")
    try:
        answers = replay(workspace.root, slug, list(requests.values()), cache=workspace.cache)
    except CockpitError as error:
        emit(f"no replay: {error.problem.message}")
        return report
    findings: list[Finding] = list(report.findings)
    for number, answer in zip(requests, answers, strict=True):
        findings[number] = conformance_replay.judged(findings[number], answer)
        emit(f"{findings[number].operation} {findings[number].location}: {findings[number].replayed}")
    return replace(report, findings=tuple(findings))


def silenced(report: Report, rpt: str, rules: Rules, workspace: Workspace) -> Report:
    """Mark every finding that a silence in force fits with its reason; `rpt` is whose contract it is."""
    from cockpit.contracts.conformance import Silence, silence

    silences = [
        Silence(s.reason, date.fromisoformat(s.until), s.rule, s.operation, s.location, s.pointer, s.rpt)
        for s in rules.of(rpt)
    ]
    return silence(report, silences, today(workspace.clock), rpt=rpt).report
