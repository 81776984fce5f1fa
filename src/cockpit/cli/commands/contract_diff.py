"""`cockpit contract diff CONTRACT SERVICE`: does a service keep its contract? Each violation with a value."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, Any

from cockpit.cli import output
from cockpit.cli.common import add_json, workspace
from cockpit.domain.conformance import Report, Rule, Severity
from cockpit.domain.words import Conformance
from cockpit.errors import ExitCode

if TYPE_CHECKING:
    from cockpit.contracts.conformance import Policy, Silence
    from cockpit.workspace.openapi_source import Source
    from cockpit.workspace.workspace import Workspace

_CODES = {
    Conformance.CONFORMS: ExitCode.OK,
    Conformance.VIOLATES: ExitCode.NOT_GOOD,
    Conformance.UNKNOWN: ExitCode.UNDECIDED,
}
_TONES = {Conformance.CONFORMS: "good", Conformance.VIOLATES: "bad", Conformance.UNKNOWN: "warn"}


def add(verbs: Any) -> None:
    """Declare the subcommand among `verbs`, argparse's subparsers."""
    parser = verbs.add_parser("diff", help="does a service keep its contract? each violation with a value")
    parser.add_argument("contract", metavar="CONTRACT", help="an RPT, an OpenAPI file, or a URL")
    parser.add_argument("service", metavar="SERVICE", help="a service's name, an OpenAPI file, or a URL")
    parser.add_argument(
        "--strict", action="store_true", help="assume nothing about undeclared keys of open objects"
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compare, and print what was found."""
    with ExitStack() as stack:
        contract, service, here = _sources(options, stack)
        report = _report(contract, service, here, strict=options.strict)
    if options.json:
        output.emit_json({"schema": "cockpit.diff/v1", **report.to_json()})
    else:
        _print(report, contract, service)
    return _CODES[report.verdict]


def _sources(options: argparse.Namespace, stack: ExitStack) -> tuple[Source, Source, Workspace | None]:
    """Both documents; the workspace is opened only where one of them is named by it."""
    from cockpit.workspace import openapi_source as sources

    if sources.is_outside(options.contract) and sources.is_outside(options.service):
        return sources.outside(options.contract), sources.outside(options.service), None
    here = stack.enter_context(workspace())
    given, served = options.contract, options.service
    contract = sources.outside(given) if sources.is_outside(given) else sources.contract(given, here)
    service = sources.outside(served) if sources.is_outside(served) else sources.service(served, here)
    return contract, service, here


def _report(contract: Source, service: Source, here: Workspace | None, *, strict: bool) -> Report:
    """Compare; the policy and the silences of cockpit.yaml count where the contract is an RPT's."""
    from cockpit.contracts.conformance import Policy, compare, silence
    from cockpit.workspace.conformance_places import placed

    policy = Policy(strict=strict)
    silences: tuple[Silence, ...] = ()
    if here is not None and contract.rpt is not None:
        policy, silences = _decided(here, strict=strict)
    report = compare(contract.value, service.value, policy, overridden=service.overridden)
    if contract.rpt is not None:
        report = silence(report, silences, date.today(), rpt=contract.rpt.id).report
    return placed(report, contract.place, service.place)


def _decided(here: Workspace, *, strict: bool) -> tuple[Policy, tuple[Silence, ...]]:
    from cockpit.contracts.conformance import Policy, Silence

    config = here.config
    severities = {Rule(rule): Severity(weight) for rule, weight in config.policy.severities.items()}
    silences = tuple(
        Silence(
            one.reason,
            date.fromisoformat(one.until),
            rule=one.rule,
            operation=one.operation,
            location=one.location,
            pointer=one.pointer,
            rpt=one.rpt,
        )
        for one in config.silences
    )
    return Policy(strict=strict or config.policy.strict, severities=severities), silences


def _print(report: Report, contract: Source, service: Source) -> None:
    from cockpit.cli.finding_lines import write_finding, write_undecided

    rpt = contract.rpt.id if contract.rpt else None
    for finding in report.findings:
        write_finding(finding, rpt=rpt, silencing=contract.rpt is not None)
        output.say()
    for part in report.undecided:
        write_undecided(part)
        output.say()
    output.write_styled(
        output.styled(f"{service.name} {_verb(report.verdict)} {contract.name}", _TONES[report.verdict]),
        f" {_counts(report)}",
    )
    if report.reason is not None:
        output.say(report.reason)
    for assumption in report.assumptions:
        output.say(f"assuming that {assumption}")


def _verb(verdict: Conformance) -> str:
    if verdict is Conformance.UNKNOWN:
        return "may or may not conform to"
    return "conforms to" if verdict is Conformance.CONFORMS else "violates"


def _counts(report: Report) -> str:
    said = []
    for severity in Severity:
        number = sum(f.severity is severity and f.silenced is None for f in report.findings)
        if number:
            said.append(f"{number} {severity}{'s' if number > 1 else ''}")
    silenced = sum(f.silenced is not None for f in report.findings)
    if silenced:
        said.append(f"{silenced} silenced")
    if report.undecided:
        said.append(f"{len(report.undecided)} undecided")
    return f"({', '.join(said)})" if said else ""
