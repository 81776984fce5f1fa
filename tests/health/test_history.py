"""History survives, stays bounded as it ages, and never averages a failure away."""

from __future__ import annotations

import pytest

from cockpit.domain.health import Endpoint, Health, Probe
from cockpit.domain.words import HealthState
from cockpit.edges.store import Store
from cockpit.health import history

DAY = 86_400.0
NOW = 20_000 * DAY
ENDPOINT = Endpoint("a@local", "a", "local", "http://a")
UP = Health(HealthState.UP, "http://a", 12.0, NOW, NOW, None, (10.0, None, 12.0), 0, 1)


@pytest.fixture
def store():
    opened = Store.in_memory()
    yield opened
    opened.close()


def keep(store, at, ok=True, latency=10.0, health=UP, endpoint=ENDPOINT):
    error = None if ok else "refused"
    history.record(
        store, [(endpoint, Probe(endpoint.id, at, ok, latency if ok else None, error=error), health)]
    )


def test_the_last_state_comes_back_as_it_was(store):
    keep(store, NOW)
    assert history.latest(store) == {"a@local": UP}
    assert history.latest(store, ["a@local", "b@local"]) == {"a@local": UP}
    assert history.latest(store, []) == {}


@pytest.mark.parametrize(
    "text", ["{", "{}", '{"state": "gone", "recent": []}', '{"state": "up", "recent": [], "x": 1}', "[]"]
)
def test_a_state_of_another_version_is_forgotten(store, text):
    store.execute("INSERT INTO health VALUES ('a@local', ?)", (text,))
    assert history.latest(store) == {}


def test_probes_come_back_in_order_and_what_was_not_learned_is_a_gap(store):
    keep(store, NOW)
    keep(store, NOW + 1, ok=None)
    keep(store, NOW + 2, ok=False)
    keep(store, NOW + 3, ok=False, health=Health(HealthState.STARTING))
    found = history.series(store, "a@local", NOW - 1)
    assert [(s.at, s.ok, s.latency_ms, s.error) for s in found] == [
        (NOW, True, 10.0, None),
        (NOW + 2, False, None, "refused"),
    ]
    assert history.series(store, "a@local", NOW + 1)[0].at == NOW + 2
    assert history.series(store, "b@local", 0) == []


def test_one_transaction_keeps_the_last_state_of_each(store):
    down = Health(HealthState.DOWN)
    probe = Probe("a@local", NOW, True, 1.0)
    history.record(store, [(ENDPOINT, probe, UP), (ENDPOINT, probe, down)])
    assert history.latest(store)["a@local"] == down
    history.record(store, [])


def fill(store, start, end, step, outcome=lambda n: (True, 10.0)):
    rows = []
    for n in range(int((end - start) / step)):
        ok, latency = outcome(n)
        rows.append(("a@local", start + n * step, ok, latency))
    store.execute_many("INSERT INTO probes (endpoint, at, ok, latency_ms) VALUES (?, ?, ?, ?)", rows)
    return len(rows)


def test_a_day_stays_whole_and_what_is_older_becomes_five_minute_means(store):
    made = fill(store, NOW - 2 * DAY, NOW, 30, lambda n: (n % 10 != 0, 20.0 if n % 2 else 40.0))
    keep(store, NOW + 1)
    found = history.series(store, "a@local", 0)
    assert sum(s.samples for s in found) == made + 1
    recent = [s for s in found if s.at >= NOW - DAY]
    assert len(recent) == DAY / 30 + 1
    assert all(s.samples == 1 for s in recent)
    old = [s for s in found if s.at < NOW - DAY]
    assert len(old) == 2 * DAY / 300  # one row of good and one of failed probes each
    assert {s.samples for s in old if not s.ok} == {1}
    assert {s.samples for s in old if s.ok} == {9}
    assert {round(s.latency_ms, 3) for s in old if s.ok} == {round((5 * 20 + 4 * 40) / 9, 3)}


def test_thinning_again_changes_nothing(store):
    fill(store, NOW - 2 * DAY, NOW, 30)
    keep(store, NOW + 1)
    before = [s for s in history.series(store, "a@local", 0) if s.at < NOW - DAY]
    keep(store, NOW + 3700)
    after = [s for s in history.series(store, "a@local", 0) if s.at < NOW - DAY]
    assert after == before


def test_after_two_weeks_an_hour_is_a_row_and_after_ninety_days_it_is_gone(store):
    fill(store, NOW - 100 * DAY, NOW, 300, lambda n: (True, float(n % 12)))
    keep(store, NOW + 1)
    found = history.series(store, "a@local", 0)
    assert found[0].at >= NOW - 90 * DAY
    oldest = [s for s in found if s.at < NOW - 14 * DAY]
    assert len(oldest) == 76 * 24
    assert {s.samples for s in oldest[1:]} == {12}  # the first hour is cut at the ninety days
    assert {s.latency_ms for s in oldest[1:]} == {5.5}


def test_a_lone_probe_of_long_ago_is_left_as_it_is(store):
    keep(store, NOW - 5 * DAY, latency=7.0)
    keep(store, NOW)
    assert [(s.at, s.latency_ms) for s in history.series(store, "a@local", 0)] == [
        (NOW - 5 * DAY, 7.0),
        (NOW, 10.0),
    ]


def test_a_year_of_probes_stays_small(store):
    """One probe an hour at the border of each age, then the arithmetic of the docstring."""
    for day in range(120):
        keep(store, NOW + day * DAY)
    assert len(history.series(store, "a@local", 0)) <= 91
