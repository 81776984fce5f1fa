"""A new pull request says of which handoff it is, and what was proved of its very commit."""

from __future__ import annotations

import pytest

from cockpit.domain.rpt import RptFacts
from cockpit.domain.words import Status
from cockpit.stacks.slicing.receipt import Check, Proved, Receipt, Verdict
from cockpit.stacks.submitting import preface

RPT = RptFacts("RPT-0007", "rpts/RPT-0007-x.md", "Scan *to* <plan> @all", Status.AGREED, service="scan")


def receipt(*checks):
    return Receipt(
        "RPT-0007", "now", "proto", "main", "b", "p", (), (Proved("a", "s1", "c1", "b", "t", checks),)
    )


def test_the_handoff_is_named_and_no_title_becomes_markup():
    said = preface.of(RPT, None)("s1", "c1")
    assert said == (r"Part of **RPT-0007 Scan \*to\* \<plan\> \@all**, service scan: rpts/RPT-0007-x.md")


def test_nothing_is_known_of_a_stack_without_a_handoff():
    assert preface.of(None, None)("s1", "c1") == ""


@pytest.mark.parametrize(
    ("checks", "tip", "said"),
    [
        (
            (Check("changes", Verdict.PASS, "3 files"), Check("compiles", Verdict.PASS),
             Check("imports", Verdict.PASS, "services/scan: 9 modules"),
             Check("tests", Verdict.PASS, "services/scan: 12 passed")),
            "c1",
            "Proved in an export of itself at c1: it compiles, "
            "its modules import (services/scan: 9 modules), "
            "its tests pass (services/scan: 12 passed).",
        ),
        ((Check("compiles", Verdict.PASS), Check("tests", Verdict.NONE, "no tests")), "c1",
         "Proved in an export of itself at c1: it compiles."),
        ((Check("compiles", Verdict.PASS), Check("tests", Verdict.FAIL, "1 failed")), "c1",
         "Not proved by itself at c1: tests."),
        ((Check("imports", Verdict.UNKNOWN), Check("tests", Verdict.FAIL)), "c1",
         "Not proved by itself at c1: imports, tests."),
        ((Check("compiles", Verdict.PASS),), "c2", ""),
        ((Check("compiles", Verdict.PASS),), None, ""),
    ],
)  # fmt: skip
def test_what_was_proved_is_told_of_that_commit_alone(checks, tip, said):
    assert preface.of(None, receipt(*checks))("s1", tip) == said
