"""How do code scanners read what `check` found? As SARIF 2.1.0 (OASIS), one result each.

An error is what makes `check` fail, a result of the kind "open" is what nobody could decide. A silenced
finding is there with its suppression. Fingerprints depend on no line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from cockpit import __version__
from cockpit.cli.formats.results import Result, Weight
from cockpit.domain.conformance import Finding
from cockpit.domain.gates import GATE, GateSpec
from cockpit.domain.rules import RULES, RuleSpec
from cockpit.domain.text import clean, one_line
from cockpit.errors import ExitCode, Problem
from cockpit.workspace.finding_text import Place, decides, place_of, silence
from cockpit.workspace.witness_text import marked

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "cockpitResult/v1"
_ROOT = "SRCROOT"
_VALUE = 200  # characters of a value in a message; the whole value is in the result's properties


def render(
    results: Iterable[Result], problems: Sequence[Problem], *, env: str, code: ExitCode
) -> dict[str, Any]:
    """Return the log; `problems` are the workspace's own, `code` is what the command exits with."""
    broken = code is ExitCode.WRONG_USE
    rules = [*(_of_rule(spec) for spec in RULES.values()), *(_of_gate(spec) for spec in GATE.values())]
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "cockpit",
                "semanticVersion": __version__,
                "shortDescription": {"text": "Holds services to the contracts that research agreed to."},
                "rules": rules,
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The workspace's folder."}}},
        "automationDetails": {"id": f"cockpit/check/{quote(env, safe='')}/"},
        "invocations": [
            {
                "executionSuccessful": not broken,
                "exitCode": int(code),
                "toolConfigurationNotifications": [
                    _notification(problem, "error" if broken else "warning") for problem in problems
                ],
            }
        ],
        "results": [_result(result, index[result.rule]) for result in results],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _of_rule(spec: RuleSpec) -> dict[str, Any]:
    return {
        "id": spec.rule.value,
        "shortDescription": {"text": _text(_sentence(spec.means))},
        "fullDescription": {"text": _text(f"{_sentence(spec.means)} {_sentence(spec.help)}")},
        "help": {"text": _text(spec.help)},
        "defaultConfiguration": {"level": spec.severity.value},
        "properties": {"tags": ["contract", "conformance"]},
    }


def _of_gate(spec: GateSpec) -> dict[str, Any]:
    if spec.command:
        names = {"rpt": "RPT", "service": "SERVICE", "env": "ENV"}
        help_text = f"Run `{' '.join(part.format(**names) for part in spec.command)}`."
    else:
        help_text = "Edit the place that the result names, as it says."
    needed = f"Required from {spec.needed_for.value} on." if spec.needed_for else "Required by no status."
    return {
        "id": spec.id,
        "shortDescription": {"text": _text(_sentence(spec.promise))},
        "fullDescription": {"text": _text(f"{_sentence(spec.promise)} {needed}")},
        "help": {"text": _text(help_text)},
        "defaultConfiguration": {"level": "error" if spec.needed_for else "note"},
        "properties": {"tags": ["gate", spec.section.value, spec.who.value]},
    }


def _result(result: Result, rule_index: int) -> dict[str, Any]:
    finding, is_open = result.finding, result.weight is Weight.OPEN
    item: dict[str, Any] = {
        "ruleId": result.rule,
        "ruleIndex": rule_index,
        "kind": "open" if is_open else "fail",
        "level": "none" if is_open else result.weight.value,
        "message": {"text": _text(_message(result))},
        "locations": [_location(result.place, _logical(result))],
        "partialFingerprints": {FINGERPRINT: result.fingerprint},
        "properties": {
            "rpt": result.rpt,
            "gate": result.gate,
            "do": result.do,
            **({"code": result.code} if result.code else {}),
            **({"env": result.env} if result.env else {}),
        },
    }
    if finding is not None:
        item["properties"] |= {
            "severity": finding.severity.value,
            "operation": finding.operation,
            "direction": finding.direction.value,
            "location": finding.location,
            "pointer": finding.pointer,
            "keyword": finding.keyword,
            "replay": finding.replay.value,
            "silence": silence(finding, result.rpt),
        }
        if finding.witness is not None:
            item["properties"]["witness"] = {"value": finding.witness.value}
        related = _related(finding)
        if related:
            item["relatedLocations"] = related
        if finding.silenced is not None:
            item["suppressions"] = [
                {"kind": "external", "status": "accepted", "justification": clean(finding.silenced, 1_000)}
            ]
    return item


def _message(result: Result) -> str:
    said = [_sentence(result.message)]
    finding = result.finding
    if finding is not None and finding.witness is not None:
        shown = marked(finding.witness.value, finding.pointer, _VALUE)
        at = f" at {finding.pointer}" if finding.pointer and not shown.missing else ""
        said.append(f"For example {shown.part}{at}.")
    if finding is not None and decides(finding):
        said.append(_sentence(finding.keyword))
    if result.do:
        said.append(f"To do: {_sentence(result.do)}")
    return " ".join(said)


def _location(place: Place | None, logical: dict[str, Any] | None = None) -> dict[str, Any]:
    item: dict[str, Any] = {}
    if place is not None:
        physical: dict[str, Any] = {
            "artifactLocation": {"uri": quote(place.path, errors="replace"), "uriBaseId": _ROOT}
        }
        # GitHub drops what has no region.
        physical["region"] = {"startLine": place.line or 1}
        if place.line is not None and place.column is not None:
            physical["region"]["startColumn"] = place.column
        item["physicalLocation"] = physical
    if logical is not None:
        item["logicalLocations"] = [logical]
    return item


def _logical(result: Result) -> dict[str, Any]:
    """The RPT for a gate; for a finding the operation in it and the part of that."""
    rpt, finding = result.rpt or "workspace", result.finding
    if finding is None:
        return {"name": rpt, "fullyQualifiedName": f"{rpt}::{result.gate}", "kind": "module"}
    parts = (rpt, finding.operation, finding.location, finding.pointer)
    return {
        "name": one_line(finding.operation, 300),
        "fullyQualifiedName": one_line("::".join(part for part in parts if part), 1_000),
        "kind": "resource",
    }


def _related(finding: Finding) -> list[dict[str, Any]]:
    sides = (
        ("what the contract promises", place_of(finding.contract_at)),
        ("what the service does", place_of(finding.service_at)),
    )
    return [
        {"id": number, "message": {"text": said}} | _location(place)
        for number, (said, place) in enumerate(sides, 1)
        if place is not None
    ]


def _notification(problem: Problem, level: str) -> dict[str, Any]:
    place = None if problem.path is None else Place(problem.path, problem.line, problem.column)
    return {
        "descriptor": {"id": problem.code},
        "level": level,
        "message": {"text": _text(f"{_sentence(problem.message)} To do: {_sentence(problem.do)}")},
        **({"locations": [_location(place)]} if place is not None else {}),
    }


def _text(text: str) -> str:
    """Write plain text as a SARIF message: nothing in it reads as a link (3.11.6).

    Section 3.11.5 would have braces doubled, but GitHub and the editors show a text without arguments as it
    stands, and would show them twice.
    """
    return clean(text, 10_000).replace("](", "] (")


def _sentence(text: str) -> str:
    text = one_line(text, 4_000)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".")
