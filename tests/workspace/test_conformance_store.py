"""What was found of each level is kept, with since when the verdict is what it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.domain.conformance import Direction, Finding, LevelReport, Report, Rule, Severity, Witness
from cockpit.domain.words import Level
from cockpit.edges.store import Store
from cockpit.workspace import conformance_store

BROKEN = Report(
    findings=(
        Finding(
            Rule.RESPONSE_WIDENED,
            Severity.ERROR,
            "POST /v1/plan",
            Direction.RESPONSE,
            "200 application/json",
            "/total",
            "the contract promises a number, the service may answer null",
            "make `total` a number again",
            witness=Witness({"total": None}),
        ),
    ),
    assumptions=("no undeclared keys",),
)
L1 = LevelReport(Level.L1, "", "k1", "2026-11-24T08:00:00Z", "2026-11-24T08:00:00Z", BROKEN)
L2 = replace(L1, level=Level.L2, env="local", deploy=3)


@pytest.fixture
def store():
    store = Store.in_memory()
    yield store
    store.close()


def test_the_last_report_of_each_level_comes_back_for_its_environment(store):
    conformance_store.keep(store, "RPT-0007", L1)
    conformance_store.keep(store, "RPT-0007", L2)
    conformance_store.keep(store, "RPT-0007", replace(L2, env="staging", report=Report()))
    assert conformance_store.latest(store, "local") == {"RPT-0007": (L1, L2)}
    assert conformance_store.latest(store, "moon") == {"RPT-0007": (L1,)}
    assert conformance_store.one(store, "RPT-0007", Level.L2, "local") == L2
    assert conformance_store.one(store, "RPT-0008", Level.L2, "local") is None


def test_the_beginning_stays_while_the_verdict_does(store):
    conformance_store.keep(store, "RPT-0007", L2)
    later = replace(L2, key="k2", at="2026-11-25T08:00:00Z", since="2026-11-25T08:00:00Z", deploy=4)
    kept = conformance_store.keep(store, "RPT-0007", later)
    assert (kept.key, kept.at, kept.since, kept.deploy) == ("k2", later.at, L2.since, 3)
    mended = conformance_store.keep(store, "RPT-0007", replace(later, report=Report()))
    assert (mended.since, mended.deploy) == (later.since, 4)
    assert conformance_store.one(store, "RPT-0007", Level.L2, "local") == mended


@pytest.mark.parametrize("kept", ["no json", "[]", "{}", '{"findings": [{}]}'])
def test_what_does_not_read_counts_as_none(store, kept):
    conformance_store.keep(store, "RPT-0007", L1)
    store.execute("UPDATE conformance SET report = ?", (kept,))
    assert conformance_store.latest(store, "local") == {}
    assert conformance_store.one(store, "RPT-0007", Level.L1, "") is None
