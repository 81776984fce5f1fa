"""Whose stack it is, and how far the Merge Plan is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.handoff import StackSummary
from cockpit.domain.rpt import PlannedSlice, RptFacts
from cockpit.domain.stack import Slice, Stack
from cockpit.domain.words import StackState, Status
from cockpit.stacks.belonging import placed, planned, summarise
from cockpit.stacks.gitread import Reading


def rpt(number, service, *slices):
    name = f"RPT-{number:04}"
    return RptFacts(
        name, f"rpts/{name}-{service}.md", service, Status.BUILDING, service=service, slices=slices
    )


SCAN = rpt(
    7,
    "scan-to-plan",
    PlannedSlice("contract", "models", ("services/scan-to-plan/src/*/api/**",)),
    PlannedSlice("model", "weights", ("services/scan-to-plan/src/*/model/**",)),
    PlannedSlice("plan", "planner", ("services/scan-to-plan/src/*/logic/**",), depends_on=("model",)),
)
ICON = rpt(9, "icon-search")
PLAN = rpt(12, "plan")
RPTS = (SCAN, ICON, PLAN)


def part(branch="b", paths=(), subject=None, state="open", commits=1, commit=None):
    return Slice(branch, "main", state, commits=commits, paths=tuple(paths), subject=subject, commit=commit)


def stack(*parts):
    return Stack(parts[0].branch, "main", parts)


def rpt_of(one, rpts):
    (found,) = placed(Reading("main", (one,)), rpts)
    return found.rpt


@pytest.mark.parametrize(
    ("one", "owner"),
    [
        (part(), None),
        (part("feature/x", ["README.md", "services/other/a.py"], "tidy up"), None),
        (part(paths=["services/scan-to-plan/a.py"]), "RPT-0007"),
        (replace(part("ada/stack/1"), here="rpt-0009-work"), "RPT-0009"),
        (part(paths=["rpts/RPT-0007-scan-to-plan.md"]), "RPT-0007"),
        (part(paths=["rpts/RPT-0009.openapi.yaml"]), "RPT-0009"),
        (part(paths=["docs/services/scan-to-plan/a.py", ":/services/icon-search/a"]), None),
        (part("rpt-0007-api"), "RPT-0007"),
        (part("ada/RPT7/api"), "RPT-0007"),
        (part("rpt_9"), "RPT-0009"),
        (part("excerpt-7"), None),
        (part("rpt-70"), None),
        (part("scan-to-plan/api"), "RPT-0007"),
        (part("ada/Icon_Search"), "RPT-0009"),
        (part("plan-b"), "RPT-0012"),
        (part("scan-to-planner"), None),
        (part(subject="Add the route (RPT-0009)"), "RPT-0009"),
        # Two are touched alike, and nothing else is known.
        (part(paths=["services/scan-to-plan/a", "services/icon-search/a"]), None),
        # More files, or an agreeing name, decide.
        (
            part(paths=["services/scan-to-plan/a", "services/scan-to-plan/b", "services/icon-search/a"]),
            "RPT-0007",
        ),
        (
            part("rpt-9-x", ["services/scan-to-plan/a", "services/scan-to-plan/b", "services/icon-search/a"]),
            "RPT-0009",
        ),
        # Files say more than a name, a name more than a subject.
        (part("rpt-9", ["services/scan-to-plan/a"]), "RPT-0007"),
        (part("rpt-9", subject="as for RPT-0007"), "RPT-0009"),
        (part("icon-search", subject="as for RPT-0007"), "RPT-0009"),
        (part("rpt-9-and-rpt-7"), None),
    ],
)
def test_a_stack_belongs_where_most_evidence_says(one, owner):
    assert rpt_of(stack(one), RPTS) == owner


def test_every_slice_of_a_stack_is_evidence():
    low, high = part("base", ["lib/x.py"]), part("top", ["services/icon-search/a.py"])
    assert rpt_of(stack(low, high), RPTS) == "RPT-0009"


@given(
    st.lists(st.sampled_from(["rpt-7", "RPT-9/x", "plan", "scan-to-plan", "x"]), min_size=1, max_size=3),
    st.lists(st.sampled_from(["services/plan/a", "services/icon-search/a", "a"]), max_size=3),
    st.permutations(RPTS),
)
def test_the_order_of_documents_decides_nothing(branches, paths, shuffled):
    one = stack(*(part(branch, paths) for branch in branches))
    assert rpt_of(one, shuffled) == rpt_of(one, RPTS)


@pytest.mark.parametrize(
    ("one", "which"),
    [
        (part("rpt-0007-contract"), "contract"),
        (part("scan-to-plan/model"), "model"),
        (part("scan-to-plan/plan"), "plan"),
        (part("scan-to-plan"), None),
        (part("scan-to-plan/model-and-contract"), None),
        (part("x", ["services/scan-to-plan/src/scan_to_plan/model/a.py"]), "model"),
        (part("x", ["services/scan-to-plan/src/scan_to_plan/model/a.py", "README.md"]), None),
        (part("x"), None),
    ],
)
def test_a_branch_is_matched_with_its_planned_slice(one, which):
    assert planned(one, SCAN) == which


def test_the_number_of_an_rpt_is_no_number_of_a_slice():
    numbered = rpt(7, "scan", *(PlannedSlice(str(n), "") for n in range(1, 8)))
    assert planned(part("rpt-7-2-api"), numbered) == "2"
    assert planned(part("rpt-7"), numbered) is None


@pytest.mark.parametrize(
    ("parts", "rpt_", "summary"),
    [
        ([], SCAN, StackSummary(StackState.NONE, 0, 3)),
        ([], None, StackSummary(StackState.NONE)),
        ([part("a"), part("b")], None, StackSummary(StackState.OPEN, 0, 2)),
        ([part("a"), part("b")], ICON, StackSummary(StackState.OPEN, 0, 2)),
        ([part("a", commit="1"), part("b", commit="1")], ICON, StackSummary(StackState.OPEN, 0, 1)),
        ([part("rpt-7-contract")], SCAN, StackSummary(StackState.OPEN, 0, 3)),
        ([part(n) for n in "abcd"], SCAN, StackSummary(StackState.OPEN, 0, 4)),
        (
            [part("rpt-7-contract", state="merged", commits=0), part("rpt-7-model")],
            SCAN,
            StackSummary(StackState.OPEN, 1, 3),
        ),
        ([part("rpt-7-contract", state="merged", commits=0)], SCAN, StackSummary(StackState.OPEN, 1, 3)),
        (
            [part(f"rpt-7-{n}", state="merged", commits=0) for n in ("contract", "model", "plan")],
            SCAN,
            StackSummary(StackState.MERGED, 3, 3),
        ),
        # Merged once and opened again is not merged.
        (
            [part("rpt-7-model", state="merged", commits=0), part("fix/rpt-7-model")],
            SCAN,
            StackSummary(StackState.OPEN, 0, 3),
        ),
        # A branch on which perhaps nothing was done is neither merged nor open.
        ([part("rpt-7-model", state="unknown", commits=0)], SCAN, StackSummary(StackState.NONE, 0, 3)),
        ([part("x", state="unknown")], ICON, StackSummary(StackState.UNKNOWN, 0, 1)),
        ([part("x", state="merged", commits=0)], ICON, StackSummary(StackState.NONE)),
    ],
)
def test_the_cell_of_the_board(parts, rpt_, summary):
    assert summarise([stack(one) for one in parts], rpt_) == summary


def test_what_the_trunk_contains_is_shown_only_where_a_plan_names_it():
    landed = tuple(
        stack(part(name, state="merged", commits=0)) for name in ("rpt-7-model", "rpt-7", "rpt-9-api", "old")
    )
    reading = Reading(
        "main", (stack(part("x", ["services/icon-search/a"])), stack(part("y"))), (), "main", landed
    )
    assert [(s.id, s.rpt) for s in placed(reading, RPTS)] == [
        ("x", "RPT-0009"),
        ("y", None),
        ("rpt-7-model", "RPT-0007"),
    ]
