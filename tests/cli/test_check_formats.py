"""`check` for programs: SARIF, GitHub's annotations and JUnit, each held to its published schema or rules."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import jsonschema_rs
import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from cockpit.cli.formats import github, junit, sarif
from cockpit.cli.formats.results import Weight, results_of
from cockpit.domain.conformance import Finding, Rule, Witness
from cockpit.domain.gates import GATE, WORKSPACE_GATES, failed, passed, undecided
from cockpit.domain.rules import RULES
from cockpit.domain.words import Level
from cockpit.errors import ExitCode, Problem
from cockpit.workspace.check import Judged
from cockpit.workspace.status import check_document
from support.board import snapshot
from support.findings import FINDING, OPEN_PART, SILENCED, WARNING, compared, level_report

SCHEMAS = Path(__file__).parents[1] / "support" / "published"
SARIF = jsonschema_rs.Draft4Validator(
    json.loads(gzip.decompress((SCHEMAS / "sarif-2.1.0-errata01.json.gz").read_bytes())),
    validate_formats=True,
)
JUNIT = xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))
BROKEN = Problem(
    "field-unknown", "`environment` is no key", "did you mean `environments`?", "cockpit.yaml", 1, 1
)


def judged(row, *, counted=True):
    return [Judged(row.id, gate, counted, counted) for gate in row.gates]


def board(row, *, counted=True, problems=(), extra=()):
    facts = snapshot([row], problems=tuple(problems))
    gates = [*(Judged(None, passed(spec.id), True, True) for spec in WORKSPACE_GATES), *extra]
    gates += judged(row, counted=counted)
    return facts, gates, list(results_of(facts, gates))


def log(row, *, problems=(), code=ExitCode.NOT_GOOD, **options):
    facts, _, results = board(row, problems=problems, **options)
    document = sarif.render(results, facts.problems, env="local", code=code)
    document = json.loads(json.dumps(document))
    SARIF.validate(document)
    return document["runs"][0]


def violating():
    return compared(level_report(FINDING, WARNING, SILENCED, open_parts=(OPEN_PART,)))


def of_rule(run, rule):
    return [result for result in run["results"] if result["ruleId"] == rule]


def test_sarif_has_a_rule_for_everything_that_can_be_found():
    rules = {rule["id"]: rule for rule in log(violating())["tool"]["driver"]["rules"]}
    assert set(rules) == {*Rule, *GATE} == {*RULES, *GATE}
    for rule in rules.values():
        # What GitHub asks of a rule beyond the schema.
        assert all(rule[part]["text"] for part in ("shortDescription", "fullDescription", "help"))


def test_a_finding_in_sarif_has_both_places_its_witness_and_a_fingerprint():
    run = log(violating())
    (one, silenced) = of_rule(run, "request-narrowed")
    assert (one["kind"], one["level"]) == ("fail", "error")
    assert run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == "request-narrowed"
    physical = one["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "services/scan-to-plan/src/scan_to_plan/models.py"
    assert physical["region"] == {"startLine": 14}
    assert one["locations"][0]["logicalLocations"][0]["name"] == "POST /v1/plan"
    lines = [
        (place["physicalLocation"]["artifactLocation"]["uri"], place["physicalLocation"]["region"])
        for place in one["relatedLocations"]
    ]
    assert lines == [
        ("rpts/RPT-0001.openapi.yaml", {"startLine": 41, "startColumn": 9}),
        ("services/scan-to-plan/src/scan_to_plan/models.py", {"startLine": 14}),
    ]
    assert one["properties"]["witness"] == {"value": FINDING.witness.value}
    assert "For example 65 at /rooms/0/height." in one["message"]["text"]
    assert "suppressions" not in one
    (suppression,) = silenced["suppressions"]
    assert suppression["justification"] == SILENCED.silenced
    assert silenced["partialFingerprints"] != one["partialFingerprints"]


def test_every_result_of_a_document_has_a_file_and_a_line():
    bare = replace(FINDING, service_at=None, contract_at=None)
    row = compared(level_report(bare, WARNING, open_parts=(OPEN_PART,)))
    folder = Problem("not-tested", "its tests were never run", "test (t)", "services/scan-to-plan")
    gates = tuple(undecided(g.spec.id, folder) if g.spec.id == "tests.green" else g for g in row.gates)
    run = log(replace(row, gates=gates))
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert all(place["region"]["startLine"] >= 1 for place in places)
    (untested,) = of_rule(run, "tests.green")
    at = untested["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert at == row.rpt.path


def test_warnings_weigh_less_and_what_nobody_could_decide_is_open():
    run = log(violating())
    (warning,) = of_rule(run, "status-undeclared")
    assert warning["level"] == "warning"
    (part,) = of_rule(run, "contract.code")
    assert (part["kind"], part["level"]) == ("open", "none")
    assert "lookahead" in part["message"]["text"]


def test_a_fingerprint_stays_while_lines_move_and_differs_between_rpts():
    moved = replace(FINDING, service_at="services/other.py:900", contract_at="rpts/x.yaml:1:1")
    prints = [
        result["partialFingerprints"][sarif.FINGERPRINT]
        for row in (
            compared(level_report(FINDING)),
            compared(level_report(moved)),
            compared(level_report(FINDING), number=2),
            compared(level_report(FINDING, level=Level.L2)),
        )
        for result in of_rule(log(row), "request-narrowed")
    ]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 3


def test_what_the_written_status_does_not_require_is_a_note():
    run = log(violating(), counted=False)
    assert {result["level"] for result in run["results"]} == {"note"}
    assert {result["ruleId"] for result in run["results"]} == {"request-narrowed", "status-undeclared"}


def test_a_report_that_is_out_of_date_is_not_shown():
    row = violating()
    row = replace(row, contract=replace(row.contract, levels=dict.fromkeys(Level, "unknown")))
    assert of_rule(log(row), "request-narrowed") == []


def test_a_broken_configuration_is_a_notification_and_no_success():
    run = log(violating(), problems=[BROKEN], code=ExitCode.WRONG_USE)
    (invocation,) = run["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)
    (note,) = invocation["toolConfigurationNotifications"]
    assert note["descriptor"]["id"] == "field-unknown"
    assert log(violating())["invocations"][0]["executionSuccessful"] is True


HOSTILE = (
    "x\n::error::owned\r::stop-commands::t, a=b:c 100%0A {0} [go](http://e.org) \x1b[31m"
    "\u202e\u2028<&'\"]]>\ud800"
)


def hostile_row(text):
    finding = replace(
        FINDING,
        message=text,
        do=text,
        keyword=text,
        operation=f"POST /{text}",
        pointer=f"/{text}",
        location=f"body {text}",
        contract_at=f"rpts/{text}.md:3:4",
        service_at=f"services/{text}.py:5",
        witness=Witness({text: [text]}),
    )
    return compared(level_report(finding, replace(finding, silenced=text), replace(SILENCED, message=text)))


@given(st.text(max_size=40) | st.just(HOSTILE))
def test_no_text_breaks_the_schemas_or_begins_another_command(text):
    row = hostile_row(text)
    problem = Problem("odd", text, text, f"rpts/{text}.md", 1, 1)
    extra = [Judged(None, failed("prototype.documented", problem), True, True)]
    run = log(row, problems=[problem], extra=extra)
    assert len(of_rule(run, "request-narrowed")) == 3
    facts, gates, results = board(row, problems=[problem], extra=extra)
    for line in github.render(results, facts.problems, broken=True):
        assert len(line.splitlines()) == 1
        assert re.match(
            r"::(error|warning|notice) (file=[^,:]*,(line=\d+,)?(col=\d+,)?)?title=[^,:]*::", line
        )
    document = junit.render(gates, results, facts.problems, broken=True)
    assert document.isascii()
    JUNIT.validate(document)


def test_json_has_the_report_behind_a_gate():
    facts, gates, _ = board(violating())
    document = check_document(facts, gates)
    reports = {gate["id"]: gate["report"] for gate in document["gates"] if "report" in gate}
    assert set(reports) == {"contract.code"}
    assert reports["contract.code"]["verdict"] == "violates"
    assert Finding.from_json(reports["contract.code"]["findings"][0]) == FINDING


def test_github_gets_one_line_for_each_with_its_place_worst_first():
    facts, _, results = board(violating())
    lines = github.render(results, facts.problems, broken=True)
    assert next(line for line in lines if "request-narrowed" in line) == (
        "::error file=services/scan-to-plan/src/scan_to_plan/models.py,line=14,"
        "title=cockpit%3A RPT-0001 request-narrowed POST /v1/plan · body application/json · /rooms/0/height"
        "::the contract lets a client send a height up to 128, the service rejects more than 64"
        '%0Avalue: {"scan": "x", "rooms": [{"height": 65, "name": "間取"}]}'
        "%0Adecides: maximum: 128 against maximum: 64"
        "%0Acontract: rpts/RPT-0001.openapi.yaml:41:9"
        "%0Aservice: services/scan-to-plan/src/scan_to_plan/models.py:14"
        "%0A→ raise `le=64` to 128 in Room.height"
    )
    kinds = [line.split()[0] for line in lines]
    assert kinds == sorted(kinds)  # error before warning
    assert not any(SILENCED.silenced in line or SILENCED.pointer + "," in line for line in lines)
    assert any(line.startswith("::warning") and "undecided: the pattern" in line for line in lines)


def cases(document):
    root = ElementTree.fromstring(document)
    JUNIT.validate(document)
    return root, {(c.get("classname"), c.get("name")): c for c in root.iter("testcase")}


def test_junit_counts_a_suite_an_rpt_and_a_case_a_gate():
    row = violating()
    facts, gates, results = board(row, problems=[BROKEN])
    root, found = cases(junit.render(gates, results, facts.problems, broken=True))
    assert len(found) == len(gates) + 1
    failure = found["RPT-0001", "contract.code"].find("failure")
    assert failure.get("type") == "request-narrowed"
    assert "a height up to 128" in failure.get("message")
    assert 'value: {"scan": "x"' in failure.text and "silenced: the old app" in failure.text
    assert found["workspace", "configuration"].find("error") is not None
    assert found["workspace", "service.documented"].find("*") is None
    suites = {suite.get("name"): suite for suite in root}
    assert set(suites) == {"workspace", "RPT-0001"}
    for name in ("tests", "failures", "errors"):
        assert int(root.get(name)) == sum(int(suite.get(name)) for suite in root)
    assert int(root.get("tests")) == len(found)


def test_junit_tells_failed_from_undecided_from_not_yet_required():
    row = compared(level_report(open_parts=(OPEN_PART,)))
    facts, gates, results = board(row)
    _, found = cases(junit.render(gates, results, facts.problems, broken=True))
    assert "lookahead" in found["RPT-0001", "contract.code"].find("error").get("message")
    facts, gates, results = board(violating(), counted=False)
    root, found = cases(junit.render(gates, results, facts.problems, broken=True))
    skipped = found["RPT-0001", "contract.code"].find("skipped")
    assert "not required by the written status" in skipped.get("message")
    assert (root.get("failures"), root.get("errors")) == ("0", "0")


def test_a_passing_gate_keeps_its_warnings_in_sight():
    facts, gates, results = board(compared(level_report(WARNING)))
    _, found = cases(junit.render(gates, results, facts.problems, broken=True))
    case = found["RPT-0001", "contract.code"]
    assert "may answer 422" in case.find("system-out").text and case.find("failure") is None


@pytest.mark.parametrize(
    ("gate", "counted", "weight"),
    [
        (failed("contract.signed", BROKEN), True, Weight.ERROR),
        (undecided("tests.green", BROKEN), True, Weight.OPEN),
        (failed("header.fresh", BROKEN), False, Weight.NOTE),
        (failed("contract.signed", BROKEN), False, None),
        (undecided("tests.green", BROKEN), False, None),
    ],
)
def test_a_gate_weighs_what_it_means_for_the_exit_code(gate, counted, weight):
    results = list(results_of(snapshot([]), [Judged("RPT-0001", gate, counted, counted)]))
    assert [result.weight for result in results] == ([weight] if weight else [])


def test_what_is_wrong_with_the_workspace_weighs_as_the_exit_code_says():
    facts, gates, results = board(violating(), problems=[BROKEN])
    for broken, word in ((True, "error"), (False, "warning")):
        assert github.render(results, facts.problems, broken=broken)[0].startswith(
            f"::{word} file=cockpit.yaml"
        )
        _, found = cases(junit.render(gates, results, facts.problems, broken=broken))
        assert (found["workspace", "configuration"].find("error") is not None) is broken
        code = ExitCode.WRONG_USE if broken else ExitCode.NOT_GOOD
        (note,) = log(violating(), problems=[BROKEN], code=code)["invocations"][0][
            "toolConfigurationNotifications"
        ]
        assert note["level"] == word
