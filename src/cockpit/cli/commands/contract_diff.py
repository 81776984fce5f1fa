"""`cockpit contract diff CONTRACT SERVICE`: does a service keep its contract? Each violation with a value."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cockpit.cli import output
from cockpit.cli.common import add_json, workspace
from cockpit.domain.conformance import Report, Severity
from cockpit.domain.words import Conformance
from cockpit.errors import ExitCode, ServiceError, UsageError

if TYPE_CHECKING:
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
    from cockpit.workspace.openapi_source import STDIN, is_outside

    if options.contract == options.service == STDIN:
        raise UsageError(
            "standard input can be read once", do="give one of the two as a file", code="stdin-twice"
        )
    with ExitStack() as stack:
        inside = not (is_outside(options.contract) and is_outside(options.service))
        here = stack.enter_context(workspace()) if inside else None
        report, rpt = _compared(options, here)
    if options.json:
        output.emit_json({"schema": "cockpit.diff/v1", **report.to_json()})
    else:
        _print(report, options.contract, options.service, rpt)
    return _CODES[report.verdict]


def _compared(options: argparse.Namespace, here: Workspace | None) -> tuple[Report, str]:
    """The report, and the RPT whose contract it is, "" for another one.

    The policy and the silences of cockpit.yaml count for contracts of RPTs alone.
    """
    from cockpit.workspace import comparing, conformance_places, conformance_rules
    from cockpit.workspace.openapi_source import is_outside, outside

    rules = conformance_rules.DEFAULT
    if is_outside(options.contract):
        read = outside(options.contract)
        contract = comparing.Contract(read.value, read.place)
    else:
        here = _open(here)
        contract = comparing.contract_of(here, here.resolve(options.contract, here.snapshot()).rpt)
        rules = comparing.rules_of(here)
    if options.strict:
        rules = replace(rules, policy=replace(rules.policy, strict=True))
    if is_outside(options.service):
        service = outside(options.service)
        report = comparing.compared(contract, service.value, rules, overridden=False)
        report = conformance_places.placed(report, contract.place, service.place)
        return (comparing.silenced(report, contract.rpt, rules, here) if here else report), contract.rpt
    try:
        return comparing.with_code(
            _open(here), contract, _slug(options.service, _open(here)), rules
        ), contract.rpt
    except ServiceError as error:
        output.report(error, as_json=False)
        return Report(reason=error.problem.message), contract.rpt


def _slug(given: str, here: Workspace) -> str:
    """The service that is meant: by its name, or by its RPT."""
    if (here.root / "services" / given).is_dir():
        return given
    return here.resolve(given, here.snapshot()).rpt.service or given


def _open(here: Workspace | None) -> Workspace:
    assert here is not None  # noqa: S101 - it is opened wherever one side is named by it
    return here


def _print(report: Report, contract: str, service: str, rpt: str) -> None:
    from cockpit.cli.finding_lines import write_finding, write_undecided

    for finding in report.findings:
        write_finding(finding, rpt=rpt or None, silencing=bool(rpt))
        output.say()
    for part in report.undecided:
        write_undecided(part)
        output.say()
    output.write_styled(
        output.styled(f"{service} {_verb(report.verdict)} {rpt or contract}", _TONES[report.verdict]),
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
