"""Gates, stage, readiness and the next action of a handoff, from what all rooms found."""

# ruff: noqa: E501 - tables, one case a row
from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cockpit.domain.conformance import Direction, Finding, LevelReport, Report, Rule, Severity, Undecided
from cockpit.domain.gates import GATES, Gate, failed, passed, undecided
from cockpit.domain.handoff import Snapshot
from cockpit.domain.health import Health
from cockpit.domain.rpt import Owners, RptFacts, SignOff
from cockpit.domain.service import Deployment, FailedTest, ServiceFacts, ServiceTests
from cockpit.domain.stack import Blocker, Cause, Slice, Stack
from cockpit.domain.words import (
    Conformance,
    GateVerdict,
    HealthState,
    Level,
    LockState,
    Role,
    Section,
    Status,
)
from cockpit.errors import Problem
from cockpit.workspace import conformance_keys
from cockpit.workspace.check import gates_to_check, verdict_of
from cockpit.workspace.conformance_rules import DEFAULT, Rules
from cockpit.workspace.join import Evidence, count, handoffs

PASS, FAIL, UNKNOWN = GateVerdict.PASS, GateVerdict.FAIL, GateVerdict.UNKNOWN
DIGEST, CONTRACT = f"sha256:{'a' * 64}", f"sha256:{'c' * 64}"
PATH = "rpts/RPT-0007-scan.md"
OF_DOCUMENT = [
    spec.id
    for spec in GATES
    if not spec.id.startswith(("service.", "tests."))
    and spec.id not in ("contract.code", "contract.live", "contract.author")
]
GREEN = ServiceTests("scan", "s1", 5, 0, 0, 0, 1.0, "2026-11-23T00:00:00Z")
SERVICE = ServiceFacts("scan", "services/scan", "scan", "s1", LockState.FRESH, CONTRACT)
UP = Health(HealthState.UP, "http://127.0.0.1:1", 12.0)
RPT = RptFacts(
    "RPT-0007",
    PATH,
    "Scan to plan",
    Status.DEPLOYED,
    service="scan",
    owners=Owners("mira", "jonas"),
    approvers=("mira", "zoe"),
    signoffs=tuple(SignOff(who, "approver", "2026-11-20", 1, DIGEST) for who in ("mira", "zoe")),
    digest=DIGEST,
    contract_digest=CONTRACT,
    p95_ms=300.0,
    gates=tuple(passed(gate) for gate in OF_DOCUMENT),
    places={"id": (3, 1), "service": (7, 1), "review_by": (12, 1)},
)
AT, URL = "2026-11-23T00:00:00Z", "http://127.0.0.1:1"


def reports(code=Report(), live=Report(), *, serving=None, url=URL):  # noqa: B008 - frozen
    """What was found of the code and of the endpoint, as it is in ALL."""
    keys = (
        conformance_keys.of_code(RPT, SERVICE, DEFAULT),
        conformance_keys.of_endpoint(RPT, url, serving, DEFAULT),
    )
    return {
        RPT.id: (
            LevelReport(Level.L1, "", keys[0], AT, AT, code),
            LevelReport(Level.L2, "local", keys[1], AT, AT, live),
        )
    }


ALL = Evidence(
    (RPT,),
    today=date(2026, 11, 24),
    services={"scan": SERVICE},
    tests={"scan": GREEN},
    health={"scan@local": UP},
    reports=reports(),
)


def one(evidence=ALL, **changes):
    (row,) = handoffs(replace(evidence, **changes))
    return row


def with_gate(*gates: Gate, **changes):
    """The row of an RPT of which some gates are otherwise."""
    others = {gate.spec.id: gate for gate in gates}
    rpt = replace(RPT, gates=tuple(others.get(gate.spec.id, gate) for gate in RPT.gates), **changes)
    return one(rpts=(rpt,))


def gate_of(row, name):
    return next(gate for gate in row.gates if gate.spec.id == name)


def wrong(do="mend it", line=12, path=PATH, code="wrong", message="it is wrong"):
    return Problem(code, message, do, path, line, 1)


def test_everything_passed_is_deployed_and_needs_nobody():
    row = one()
    assert (row.stage, row.readiness.percent, row.unsupported_status) == (Status.DEPLOYED, 100, False)
    assert (row.next.text, row.next.argv, row.needs_me) == ("nothing to do", (), False)
    assert row.contract.levels == {
        Level.L0: Conformance.CONFORMS,
        Level.L1: Conformance.CONFORMS,
        Level.L2: Conformance.CONFORMS,
        Level.L3: Conformance.UNKNOWN,
    }
    assert (row.contract.verdict, row.contract.violations) == (Conformance.UNKNOWN, None)
    assert set(row.readiness.sections) == set(Section)


# What was found; the gate; its verdict; the stage that is left; the next action's text, key and person.
LIVE = Deployment(1, "scan", "local", "local", "live", None, None, "d", "2026-11-22T00:00:00Z")

FOUND = {
    "no service": ({"services": {}}, "service.exists", FAIL, Status.AGREED, "scaffold (s)", "s"),
    "not alone": (
        {"services": {"scan": replace(SERVICE, problems=(wrong("drop the import of icons"),))}},
        "service.isolated", FAIL, Status.AGREED, "drop the import of icons", "o",
    ),
    "an older contract": (
        {"services": {"scan": replace(SERVICE, contract_digest="sha256:old")}},
        "service.current", FAIL, Status.AGREED, "update the service", None,
    ),
    "no contract in the service": (
        {"services": {"scan": replace(SERVICE, contract_digest=None)}},
        "service.current", FAIL, Status.AGREED, "update the service", None,
    ),
    "a stale lock": (
        {"services": {"scan": replace(SERVICE, lock=LockState.STALE)}},
        "service.locked", FAIL, Status.BUILDING, "lock again", None,
    ),
    "an unknown lock": (
        {"services": {"scan": replace(SERVICE, lock=LockState.UNKNOWN)}},
        "service.locked", UNKNOWN, Status.BUILDING, "lock again", None,
    ),
    "no lock at all": (
        {"services": {"scan": replace(SERVICE, lock=LockState.ABSENT)}},
        "service.locked", PASS, Status.DEPLOYED, "nothing to do", None,
    ),
    "never tested": ({"tests": {}}, "tests.green", UNKNOWN, Status.BUILDING, "test (t)", "t"),
    "tested before the last edit": (
        {"tests": {"scan": replace(GREEN, sources="s0")}},
        "tests.green", UNKNOWN, Status.BUILDING, "test (t)", "t",
    ),
    "red tests": (
        {"tests": {"scan": replace(GREEN, failed=2, todo=1, failures=(FailedTest("t", "boom", "a.py", 3),))}},
        "tests.green", FAIL, Status.BUILDING, "fix the tests (2 failed, 1 todo)", "t",
    ),
    "logic to write": (
        {"tests": {"scan": replace(GREEN, todo=3, failures=(FailedTest("t", "logic not written"),))}},
        "tests.green", FAIL, Status.BUILDING, "write the logic (3 to do)", "t",
    ),
    "no test ran": (
        {"tests": {"scan": replace(GREEN, passed=0)}},
        "tests.green", FAIL, Status.BUILDING, "fix the tests (no test ran)", "t",
    ),
    "not deployed": ({"health": {}}, "service.live", FAIL, Status.BUILDING, "deploy (d)", "d"),
    "down, and deployed here": (
        {"deployments": {"scan": (LIVE,)}, "health": {"scan@local": Health(HealthState.DOWN, error="connection refused")}},
        "service.live", FAIL, Status.BUILDING, "down: connection refused", "l",
    ),
    "down": (
        {"health": {"scan@local": Health(HealthState.DOWN, error="connection refused")}},
        "service.live", FAIL, Status.BUILDING, "down: connection refused", "p",
    ),
    "starting": (
        {"health": {"scan@local": Health(HealthState.STARTING)}},
        "service.live", UNKNOWN, Status.BUILDING, "probe (p)", "p",
    ),
    "never probed": (
        {"health": {"scan@local": Health(HealthState.UNKNOWN)}},
        "service.live", UNKNOWN, Status.BUILDING, "probe (p)", "p",
    ),
    "asleep": (
        {"health": {"scan@local": Health(HealthState.ASLEEP, URL)}},
        "service.live", PASS, Status.DEPLOYED, "nothing to do", None,
    ),
    "slow, and deployed here": (
        {"deployments": {"scan": (LIVE,)}, "reports": reports(serving=LIVE), "health": {"scan@local": Health(HealthState.DEGRADED, URL, 412.0)}},
        "service.live", PASS, Status.DEPLOYED, "p95 over 300 ms", "l",
    ),
    "slow": (
        {"health": {"scan@local": Health(HealthState.DEGRADED, URL, 412.0)}},
        "service.live", PASS, Status.DEPLOYED, "p95 over 300 ms", "p",
    ),
    "another environment": ({"env": "staging"}, "service.live", FAIL, Status.BUILDING, "deploy (d)", "d"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "gate", "verdict", "stage", "text", "key"), FOUND.values(), ids=FOUND)
def test_what_rooms_found_decides_gate_stage_and_next_action(changes, gate, verdict, stage, text, key):
    row = one(**changes)
    assert gate_of(row, gate).verdict is verdict
    assert (row.stage, row.next.text, row.next.key) == (stage, text, key)
    assert row.unsupported_status == (stage is not Status.DEPLOYED)
    if verdict is not PASS:
        assert gate_of(row, gate).problems


def test_slowness_is_told_since_the_last_deployment():
    slow = {"scan@local": Health(HealthState.DEGRADED, latency_ms=412.0)}
    gone = Deployment(2, "scan", "local", "local", "failed", None, "ffff00", "d", "2026-11-23T00:00:00Z")
    live = Deployment(1, "scan", "local", "local", "live", None, "a41f2c99", "d", "2026-11-22T00:00:00Z")
    row = one(health=slow, deployments={"scan": (gone, live)})
    assert row.next.text == "p95 over 300 ms since a41f2c"
    assert row.next.argv == ("cockpit", "logs", "RPT-0007", "--env", "local")


# A gate of the document that is not passed; the stage; the text of the next action; who has to act.
DOCUMENT = [
    (failed("header.valid", wrong('write "1.10"')), Status.DRAFT, 'line 12: write "1.10"', Role.RESEARCHER),
    (failed("header.owners", wrong("name the engineer: `owners: {}`")), Status.DRAFT, "name the engineer", Role.RESEARCHER),
    (failed("domain.valid", wrong("write Domain Context: a heading", code="section-missing")), Status.DRAFT, "write Domain Context", Role.RESEARCHER),
    (failed("contract.valid", wrong("mend the example, or the schema", path="rpts/RPT-0007.openapi.yaml")), Status.DRAFT, "openapi.yaml line 12: mend the example, or the schema", Role.RESEARCHER),
    (failed("anatomy.valid", wrong("take `y` out: known here are " + "x, " * 40, message="there is no field `y`")), Status.DRAFT, "line 12: take `y` out", Role.RESEARCHER),
    (failed("anatomy.valid", wrong("x " * 40, message="there is no field `y`")), Status.DRAFT, "line 12: there is no field `y`", Role.RESEARCHER),
    (failed("domain.evaluation", wrong("say the split of the evaluation: `split: …`")), Status.REVIEW, "say the split of the evaluation", Role.RESEARCHER),
    (failed("persistence.settled", wrong("say how long Scan is kept: `retention_days:` a number")), Status.REVIEW, "say how long Scan is kept", Role.RESEARCHER),
    (undecided("contract.examples", wrong("mend the example")), Status.REVIEW, "mend the example", Role.RESEARCHER),
    (failed("merge.valid", wrong("write Merge Plan: a heading", code="section-missing")), Status.AGREED, "write Merge Plan", Role.ENGINEER),
    (failed("goal.valid", wrong("did you mean `goal`?")), Status.AGREED, "line 12: did you mean `goal`?", Role.RESEARCHER),
]  # fmt: skip


@pytest.mark.parametrize(
    ("gate", "stage", "text", "who"), DOCUMENT, ids=[f"{d[0].spec.id}: {d[2][:20]}" for d in DOCUMENT]
)
def test_a_gate_of_the_document_holds_the_stage_and_says_what_to_do(gate, stage, text, who):
    row = with_gate(gate)
    assert (row.stage, row.next.text, row.next.who, row.next.key) == (stage, text, who, "o")
    assert row.next.argv == ("$EDITOR", "+12", gate.problems[0].path)
    assert row.readiness.percent < 100
    assert row.readiness.missing[0].spec.id == gate.spec.id


def signed(*by, digest=DIGEST):
    return tuple(SignOff(who, "approver", "2026-11-20", 1, digest) for who in by)


@pytest.mark.parametrize(
    ("signoffs", "me", "text", "needed"),
    [
        ((), None, "sign the contract: mira, zoe", True),
        (signed("zoe"), "mira", "sign the contract", True),
        (signed("zoe"), "zoe", "sign the contract: mira", False),
        (signed("mira", "zoe", digest="sha256:old"), "zoe", "sign again", True),
        (signed("mira", "zoe", digest="sha256:old"), "jonas", "sign again: mira, zoe", False),
        ((*signed("mira", digest="sha256:old"), *signed("mira")), "jonas", "sign the contract: zoe", False),
    ],
)
def test_signing_names_who_has_to(signoffs, me, text, needed):
    gate = failed("contract.signed", wrong("read it, then sign: `cockpit sign`"))
    rpt = replace(with_gate(gate).rpt, signoffs=signoffs)
    row = one(rpts=(rpt,), me=me)
    assert (row.next.text, row.needs_me) == (text, needed)
    assert row.next.argv == ("cockpit", "sign", "RPT-0007")


def test_without_approvers_the_researcher_has_to_name_them():
    gate = failed("contract.signed", wrong("name who signs: `approvers: [HANDLE, …]`", line=9))
    row = one(rpts=(replace(with_gate(gate).rpt, approvers=()),), me="mira")
    assert (row.next.text, row.next.key, row.next.who) == ("name who signs", "o", Role.RESEARCHER)
    assert (row.next.argv, row.needs_me) == (("$EDITOR", "+9", PATH), True)


def test_without_a_service_name_nothing_can_be_scaffolded():
    row = one(rpts=(replace(RPT, service=None, places={}),), me="mira")
    assert (row.next.text, row.next.argv, row.needs_me) == ("name the service", ("$EDITOR", "+1", PATH), True)


def landing(*parts):
    return {"RPT-0007": (Stack(parts[0].branch, "main", parts, "RPT-0007"),)}


@pytest.mark.parametrize(
    ("branch", "more", "text", "command", "key"),
    [
        ("rpt-0007/a", {"blocked": Blocker(Cause.UNKNOWN, "nobody asked")}, "land its stack", "list", "3"),
        ("rpt-0007/a", {"blocked": Blocker(Cause.REVIEW, "eve reviews", ("eve",))}, "rpt-0007/a: eve reviews",
         "list", "3"),
        ("rpt-0007/a", {"blocked": Blocker(Cause.NOT_SUBMITTED, "none")}, "submit its stack", "submit", None),
        ("rpt-0007/a", {"state": "merged"}, "scaffold (s)", None, "s"),
        ("prototype", {}, "scaffold (s)", None, "s"),
    ],
)  # fmt: skip
def test_a_service_that_a_stack_lands_is_not_scaffolded_again(branch, more, text, command, key):
    row = one(services={}, stacks=landing(Slice(branch, "main", commits=1, **more)))
    assert (row.next.text, row.next.key, row.next.gate) == (text, key, "service.exists")
    argv = ("cockpit", "stack", command, "RPT-0007") if command else ("cockpit", "scaffold", "RPT-0007")
    assert row.next.argv == argv


@pytest.mark.parametrize(
    ("me", "needed"), [(None, True), ("jonas", True), ("mira", False), ("nobody", False)]
)
def test_a_row_needs_the_person_who_has_to_act(me, needed):
    assert one(services={}, me=me).needs_me is needed


@pytest.mark.parametrize("status", [Status.RETIRED, Status.WITHDRAWN, Status.BLOCKED])
def test_a_status_outside_the_way_passes_through_and_asks_nothing(status):
    row = one(rpts=(replace(RPT, status=status),), services={}, tests={}, health={})
    assert (row.stage, row.readiness.percent, row.needs_me) == (status, 100, False)
    assert (row.next.text, row.next.argv) == (status.value, ())
    assert not row.unsupported_status


def test_a_blocked_service_that_is_down_is_still_told_and_a_retired_one_is_not():
    down = {"scan@local": Health(HealthState.DOWN)}
    assert one(rpts=(replace(RPT, status=Status.BLOCKED),), health=down).next.key == "p"
    assert one(rpts=(replace(RPT, status=Status.RETIRED),), health=down).next.key is None


def test_what_the_document_does_not_decide_is_unknown():
    row = one(rpts=(replace(RPT, gates=(passed("header.valid"),)),))
    assert gate_of(row, "domain.evaluation").verdict is UNKNOWN
    assert row.stage is Status.DRAFT


@pytest.mark.parametrize(
    ("gate", "verdict", "violations"),
    [
        (failed("contract.valid", wrong(), wrong(line=13)), Conformance.VIOLATES, 2),
        (failed("contract.valid", wrong(code="section-missing")), Conformance.UNKNOWN, None),
        (failed("contract.valid", wrong(code="block-missing")), Conformance.UNKNOWN, None),
    ],
)
def test_a_contract_that_is_not_written_violates_nothing(gate, verdict, violations):
    row = with_gate(gate)
    assert (row.contract.verdict, row.contract.violations) == (verdict, violations)
    assert row.contract.levels[Level.L0] is verdict


@pytest.mark.parametrize(
    ("review_by", "verdict", "said"),
    [
        (None, PASS, ""),
        ("2026-11-24", PASS, ""),
        ("2026-11-23", FAIL, "reviewed by 2026-11-23, 1 day ago"),
        ("2026-11-01", FAIL, "23 days ago"),
    ],
)
def test_facts_age_by_their_date_and_ask_for_no_status(review_by, verdict, said):
    row = one(rpts=(replace(RPT, review_by=review_by),))
    gate = gate_of(row, "header.fresh")
    assert (gate.verdict, row.stage) == (verdict, Status.DEPLOYED)
    if verdict is FAIL:
        (problem,) = gate.problems
        assert said in problem.message
        assert (problem.path, problem.line, problem.column) == (PATH, 12, 1)


def pair(**second):
    other = replace(RPT, id="RPT-0008", path="rpts/RPT-0008-x.md", service="other", places={"id": (2, 1)})
    return handoffs(replace(ALL, rpts=(RPT, replace(other, **second))))


def test_two_documents_with_one_id_name_each_other():
    rows = pair(id="RPT-0007")
    told = [gate_of(row, "header.unique").problems for row in rows]
    assert [(p.code, p.path, p.line) for (p,) in told] == [
        ("duplicate-id", PATH, 3),
        ("duplicate-id", "rpts/RPT-0008-x.md", 2),
    ]
    assert "rpts/RPT-0008-x.md" in told[0][0].message
    assert PATH in told[1][0].message
    assert [row.stage for row in rows] == [Status.DRAFT, Status.DRAFT]


def test_two_documents_for_one_service_name_each_other():
    rows = pair(service="scan", places={"service": (5, 1)})
    told = [gate_of(row, "header.unique").problems for row in rows]
    assert [(p.code, p.line) for (p,) in told] == [("duplicate-service", 7), ("duplicate-service", 5)]
    assert "RPT-0008" in told[0][0].message
    assert "RPT-0007" in told[1][0].message


@pytest.mark.parametrize("status", [Status.RETIRED, Status.WITHDRAWN])
def test_a_document_that_is_over_gives_its_service_up(status):
    for row in pair(service="scan", status=status):
        assert gate_of(row, "header.unique").verdict is PASS


def test_a_row_that_was_seen_needs_nobody_until_it_changes():
    from cockpit.workspace.join import fingerprint

    row = one(services={})
    seen = {"RPT-0007": fingerprint(row)}
    assert (one(services={}, seen=seen).seen, one(services={}, seen=seen).needs_me) == (True, False)
    assert (one(tests={}, seen=seen).seen, one(tests={}, seen=seen).needs_me) == (False, True)


def test_the_header_counts_each_row_once():
    rows = handoffs(
        replace(
            ALL,
            rpts=tuple(replace(RPT, id=f"RPT-{n}", path=f"p{n}", service=f"s{n}") for n in range(4)),
            services={f"s{n}": replace(SERVICE, slug=f"s{n}") for n in range(4)},
            tests={f"s{n}": GREEN for n in (0, 1, 2)},
            reports={f"RPT-{n}": found for n in range(4) for found in reports().values()},
            health={"s0@local": UP, "s1@local": Health(HealthState.DOWN), "s2@local": UP, "s3@local": UP},
        )
    )
    counts = count(rows)
    assert (counts.needs_me, counts.down, counts.ok) == (2, 1, 2)


def finding(
    rule=Rule.RESPONSE_WIDENED, pointer="/rooms/0/height", location="200 application/json", **changes
):
    direction = Direction.REQUEST if rule is Rule.REQUEST_NARROWED else Direction.RESPONSE
    found = Finding(
        rule, Severity.ERROR, "POST /v1/plan", direction, location, pointer, "a number against null", "drop None",
        contract_at=f"{PATH}:40:9", service_at="services/scan/src/scan/api/models.py:14",
    )  # fmt: skip
    return replace(found, **changes)


BROKEN = Report((finding(),))


def test_a_violation_of_the_code_is_mended_at_its_line():
    row = one(reports=reports(BROKEN))
    gate = gate_of(row, "contract.code")
    assert gate.verdict is FAIL
    (problem,) = gate.problems
    assert (problem.code, problem.where) == ("response-widened", "services/scan/src/scan/api/models.py:14")
    assert problem.message == "POST /v1/plan: a number against null"
    assert (row.next.text, row.next.key, row.next.who) == ("fix response /rooms/0/height", "o", Role.ENGINEER)
    assert row.next.argv == ("$EDITOR", "+14", "services/scan/src/scan/api/models.py")
    assert (row.stage, row.contract.verdict) == (Status.BUILDING, Conformance.VIOLATES)
    assert (row.contract.levels[Level.L1], row.contract.violations) == (Conformance.VIOLATES, 1)
    assert row.report(Level.L1).report is BROKEN


def test_what_code_and_endpoint_both_do_wrong_is_counted_once():
    other = finding(Rule.REQUEST_NARROWED, "/max", "query max")
    row = one(reports=reports(BROKEN, Report((finding(), other))))
    assert row.contract.violations == 2


@pytest.mark.parametrize(
    ("found", "text", "argv"),
    [
        (finding(Rule.REQUEST_NARROWED, location="body application/json"), "fix request /rooms/0/height", ("+14", "services/scan/src/scan/api/models.py")),
        (finding(Rule.REQUEST_NARROWED, "", "query limit"), "fix request query limit", ("+14", "services/scan/src/scan/api/models.py")),
        (finding(Rule.REQUEST_NARROWED, "/0", "query limit"), "fix request query limit in /0", ("+14", "services/scan/src/scan/api/models.py")),
        (finding(Rule.OPERATION_MISSING, "", "", service_at=None), "write POST /v1/plan", ("+40", PATH)),
        (finding(Rule.STATUS_UNDECLARED, "", "404", contract_at=None, service_at=None), "declare or drop 404", ("+1", PATH)),
    ],
)  # fmt: skip
def test_what_is_to_be_fixed_is_said_in_few_words(found, text, argv):
    row = one(reports=reports(live=Report((found,))))
    assert (row.next.text, row.next.argv[1:]) == (text, argv)


@pytest.mark.parametrize(
    ("changes", "gate", "said"),
    [
        ({"reports": {}}, "contract.code", "never compared"),
        ({"services": {"scan": replace(SERVICE, sources="s2")}, "tests": {"scan": replace(GREEN, sources="s2")}}, "contract.code", "changed since"),
        ({"reports": reports(Report(reason="the app does not import"))}, "contract.code", "does not import"),
        ({"reports": reports(Report(undecided=(Undecided("POST /v1/plan", Direction.REQUEST, "body", "/x", "a lookahead"),)))}, "contract.code", "a lookahead"),
        ({"deployments": {"scan": (LIVE,)}}, "contract.live", "changed since"),
        ({"reports": {RPT.id: reports()[RPT.id][:1]}}, "contract.live", "never compared"),
        ({"reports": reports(live=Report(reason="asleep"))}, "contract.live", "asleep"),
    ],
)  # fmt: skip
def test_what_is_not_known_of_code_or_endpoint_is_unknown_and_says_why(changes, gate, said):
    row = one(**changes)
    found = gate_of(row, gate)
    assert (found.verdict, row.stage) == (UNKNOWN, Status.BUILDING)
    assert said in found.problems[0].message
    assert (row.next.gate, row.next.key) == (gate, "v")
    assert row.next.argv[:3] == ("cockpit", "check", "RPT-0007")
    assert row.contract.levels[Level.L1 if gate == "contract.code" else Level.L2] is Conformance.UNKNOWN


def test_a_silence_makes_what_was_found_without_it_void():
    from cockpit.workspace.config import ConfiguredSilence

    silence = ConfiguredSilence("*", "RPT-0007", "*", "*", "*", "known", "2026-12-31", 1, 1)
    row = one(rules=Rules(silences=(silence,)))
    assert gate_of(row, "contract.code").verdict is UNKNOWN
    elsewhere = replace(silence, rpt="RPT-0008")
    assert gate_of(one(rules=Rules(silences=(elsewhere,))), "contract.code").verdict is PASS


def test_behaviour_counts_as_well():
    code, live = reports()[RPT.id]
    row = one(reports={RPT.id: (code, live, replace(live, level=Level.L3))})
    assert (row.contract.verdict, row.contract.violations) == (Conformance.CONFORMS, 0)
    assert set(row.contract.levels.values()) == {Conformance.CONFORMS}


@pytest.mark.parametrize(
    ("status", "found", "verdict"),
    [
        (Status.AGREED, "violates", PASS),
        (Status.BUILDING, "violates", FAIL),
        (Status.BUILDING, "unknown", PASS),
        (Status.DEPLOYED, "unknown", UNKNOWN),
        (Status.DEPLOYED, "violates", FAIL),
    ],
)
def test_check_refuses_drift_as_soon_as_a_service_is_built(status, found, verdict):
    drift = Finding(Rule.RESPONSE_WIDENED, Severity.ERROR, "GET /a", Direction.RESPONSE, "200", "", "m", "d")
    code = Report((drift,)) if found == "violates" else Report(reason="nobody looked")
    row = one(rpts=(replace(RPT, status=status),), reports=reports(code))
    snapshot = Snapshot("root", "local", AT, (row,))
    assert verdict_of(gates_to_check(snapshot, strict=False)) is verdict
