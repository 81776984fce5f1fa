"""Silences: what they fit, until when, and that those which are over are named."""

from __future__ import annotations

from datetime import date

import pytest

from cockpit.contracts.conformance import Silence, compare, silence
from cockpit.domain.conformance import Report
from cockpit.domain.words import Conformance
from support.openapi import JSON, api, taking

REPORT = compare(api(taking({"type": "string"})), api(taking({"type": "string", "maxLength": 3})))
DAY = date(2026, 12, 1)
FITTING = {
    "rule": "request-narrowed",
    "operation": "POST /v1/plan",
    "location": f"body {JSON}",
    "pointer": "",
    "rpt": "RPT-0007",
}


def silenced(day=DAY, whose="RPT-0007", **fields):
    one = Silence("June's app", DAY, **fields)
    return silence(REPORT, [one], day, rpt=whose)


def test_the_report_violates_without_a_silence():
    assert REPORT.verdict is Conformance.VIOLATES
    assert silence(REPORT, [], DAY).report == REPORT


def test_a_silence_that_fits_gives_its_reason_and_counts_through_its_last_day():
    for fields in ({}, FITTING):
        found = silenced(**fields)
        assert [f.silenced for f in found.report.findings] == ["June's app"]
        assert found.report.verdict is Conformance.CONFORMS
        assert found.expired == ()


@pytest.mark.parametrize("field", FITTING)
def test_one_field_that_does_not_fit_is_enough(field):
    assert silenced(**{**FITTING, field: "other"}).report == REPORT


def test_one_for_another_rpt_does_not_fit_a_comparison_of_nobody():
    assert silence(REPORT, [Silence("r", DAY, rpt="RPT-0007")], DAY).report == REPORT


def test_a_silence_that_is_over_counts_no_more_and_is_named():
    found = silenced(day=date(2026, 12, 2))
    assert found.report == REPORT
    assert [one.reason for one in found.expired] == ["June's app"]
    assert silence(Report(), [Silence("r", DAY)], date(2027, 1, 1)).expired == ()


def test_an_old_silence_beside_a_new_one():
    both = [Silence("old", date(2026, 1, 1)), Silence("new", DAY)]
    found = silence(REPORT, both, DAY)
    assert [f.silenced for f in found.report.findings] == ["new"]
    assert [one.reason for one in found.expired] == ["old"]
