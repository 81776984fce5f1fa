"""Endpoints come round every half minute, spread out, and sooner while it matters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.health import Health
from cockpit.domain.words import HealthState
from cockpit.health.schedule import INTERVAL_S, due_at

T0 = 1_800_000_000.0
NAMES = st.text(min_size=1, max_size=30)


def up(at):
    return Health(HealthState.UP, checked_at=at, since=T0 - 1000)


def test_what_was_never_probed_is_due_now():
    assert due_at("a@local", Health(HealthState.UNKNOWN)) == 0


@given(NAMES, st.floats(T0, T0 + 1e7))
def test_the_interval_holds_within_a_tenth(name, at):
    first = due_at(name, up(at))
    assert at + INTERVAL_S / 2 - 1.6 <= first <= at + INTERVAL_S * 1.5 + 1.6
    for _ in range(5):
        following = due_at(name, up(first))
        assert 0.9 * INTERVAL_S <= following - first <= 1.1 * INTERVAL_S
        first = following


def test_a_thousand_that_were_probed_together_spread_out():
    due = [due_at(f"service-{n}@staging", up(T0)) for n in range(1000)]
    seconds = [int(at - T0) for at in due]
    assert max(seconds.count(second) for second in set(seconds)) < 80
    assert max(due) - min(due) > 0.9 * INTERVAL_S


@given(NAMES, st.integers(1, 2))
def test_what_fails_is_looked_at_again_within_two_seconds(name, failures):
    health = Health(HealthState.UP, checked_at=T0, since=T0 - 100, failures_in_a_row=failures)
    assert 1 <= due_at(name, health) - T0 <= 2


def test_what_starts_is_looked_at_every_other_second_for_two_minutes():
    assert 1 <= due_at("a", Health(HealthState.STARTING, checked_at=T0, since=T0 - 60)) - T0 <= 2
    assert due_at("a", Health(HealthState.STARTING, checked_at=T0, since=T0 - 600)) - T0 > 10


def test_what_is_down_takes_its_turn_and_what_comes_back_is_confirmed_soon():
    assert due_at("a", Health(HealthState.DOWN, checked_at=T0, since=T0, failures_in_a_row=3)) - T0 > 10
    assert due_at("a", Health(HealthState.DOWN, checked_at=T0, since=T0, successes_in_a_row=1)) - T0 <= 2
