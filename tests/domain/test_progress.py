"""Stage, readiness and next action, as DESIGN.md defines them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.gates import GATES, Gate, failed, passed, undecided
from cockpit.domain.progress import next_action, next_status, readiness_of, stage_of
from cockpit.domain.words import PROGRESS, GateVerdict, Section, Status
from cockpit.errors import Problem

WHY = Problem("why", "because", "do this", "rpts/RPT-0001-x.md", 7)
ALL_PASSED = tuple(passed(spec.id) for spec in GATES)


def with_gate(gate: Gate) -> tuple[Gate, ...]:
    return tuple(gate if g.spec.id == gate.spec.id else g for g in ALL_PASSED)


@pytest.mark.parametrize(
    ("gate", "stage"),
    [
        ("header.valid", Status.DRAFT),
        ("anatomy.valid", Status.DRAFT),
        ("contract.signed", Status.REVIEW),
        ("persistence.settled", Status.REVIEW),
        ("service.exists", Status.AGREED),
        ("goal.valid", Status.AGREED),
        ("tests.green", Status.BUILDING),
        ("service.live", Status.BUILDING),
        ("contract.code", Status.BUILDING),
        ("contract.live", Status.BUILDING),
        ("header.fresh", Status.DEPLOYED),
    ],
)
@pytest.mark.parametrize("outcome", [failed, undecided])
def test_one_gate_that_has_not_passed_holds_the_stage(gate, stage, outcome):
    assert stage_of(Status.AGREED, with_gate(outcome(gate, WHY))) is stage


@pytest.mark.parametrize("status", [Status.BLOCKED, Status.WITHDRAWN, Status.RETIRED])
def test_statuses_outside_the_five_pass_through(status):
    assert stage_of(status, ALL_PASSED) is status
    assert next_status(status, status) is status
    assert readiness_of(status, with_gate(failed("header.valid", WHY))).percent == 100


verdicts = st.lists(
    st.sampled_from([passed, lambda g: failed(g, WHY), lambda g: undecided(g, WHY)]),
    min_size=len(GATES),
    max_size=len(GATES),
).map(lambda makers: tuple(make(spec.id) for make, spec in zip(makers, GATES, strict=True)))


@given(verdicts)
def test_the_stage_is_supported_and_the_next_one_is_not(gates):
    stage = stage_of(Status.DRAFT, gates)
    if stage is not Status.DRAFT:
        assert all(g.verdict is GateVerdict.PASS for g in gates if g.required_by(stage))
    target = next_status(Status.DRAFT, stage)
    readiness = readiness_of(target, gates)
    assert (readiness.percent == 100) == (not readiness.missing)
    if stage is not Status.DEPLOYED and not (stage is Status.DRAFT and readiness.missing == ()):
        assert readiness.missing


@given(verdicts, st.sampled_from(PROGRESS))
def test_readiness_is_the_minimum_over_the_sections(gates, target):
    readiness = readiness_of(target, gates)
    assert readiness.percent == min((part.percent for part in readiness.sections.values()), default=100)
    for section, part in readiness.sections.items():
        mine = [g for g in gates if g.required_by(target) and g.spec.section is section]
        assert part.required == len(mine)
        assert part.passed == sum(g.verdict is GateVerdict.PASS for g in mine)


@given(verdicts, st.integers(0, len(GATES) - 1))
def test_passing_one_more_gate_never_sets_anybody_back(gates, index):
    better = (*gates[:index], passed(gates[index].spec.id), *gates[index + 1 :])
    assert PROGRESS.index(stage_of(Status.DRAFT, better)) >= PROGRESS.index(stage_of(Status.DRAFT, gates))
    for target in PROGRESS:
        assert readiness_of(target, better).percent >= readiness_of(target, gates).percent


def test_next_action_is_the_first_missing_gate_with_its_command():
    gates = tuple(
        failed(g.spec.id, WHY) if g.spec.id in ("service.exists", "merge.valid") else g for g in ALL_PASSED
    )
    readiness = readiness_of(Status.BUILDING, gates)
    following = next_action("RPT-0001", "rpts/RPT-0001-x.md", "scan", "local", readiness)
    assert (following.gate, following.key) == ("merge.valid", "o")
    assert following.argv == ("$EDITOR", "+7", "rpts/RPT-0001-x.md")
    only_service = readiness_of(Status.BUILDING, with_gate(failed("service.exists", WHY)))
    following = next_action("RPT-0001", "rpts/RPT-0001-x.md", "scan", "local", only_service)
    assert (following.argv, following.key) == (("cockpit", "scaffold", "RPT-0001"), "s")


def test_nothing_missing_means_nothing_to_do():
    readiness = readiness_of(Status.DEPLOYED, ALL_PASSED)
    assert next_action("RPT-0001", "p", None, "local", readiness).argv == ()
    assert set(readiness.sections) == set(Section)
