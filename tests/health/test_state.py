"""A state follows from evidence: three failures for down, a success for up, nothing from nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.health import NOT_DEPLOYED, Endpoint, Health, Probe
from cockpit.domain.words import HealthState
from cockpit.health.state import NEVER_PROBED, first_failure, observe, undecided

UP, DEGRADED, STARTING = HealthState.UP, HealthState.DEGRADED, HealthState.STARTING
DOWN, UNKNOWN = HealthState.DOWN, HealthState.UNKNOWN
T0 = 1_800_000_000.0
ENDPOINT = Endpoint("a@local", "a", "local", "http://a", p95_budget_ms=100.0)


def good(ms=10.0):
    return Probe("a@local", 0.0, True, latency_ms=ms, status_code=200)


FAILED = Probe("a@local", 0.0, False, error="connection refused")
SAYS_STARTING = Probe("a@local", 0.0, False, status_code=503, error="503: starting", starting=True)
NOTHING = Probe("a@local", 0.0, None, error="offline")
BY_LETTER = {"g": good(), "s": good(500.0), "f": FAILED, "S": SAYS_STARTING, "n": NOTHING}


def walk(letters, before=NEVER_PROBED, endpoint=ENDPOINT, start=T0):
    """Return the healths after each probe, one second apart."""
    found = []
    for n, letter in enumerate(letters):
        before = observe(before, BY_LETTER[letter], endpoint, start + n)
        found.append(before)
    return found


def states(letters, **kwargs):
    return [health.state for health in walk(letters, **kwargs)]


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("g", [UP]),
        ("gffg", [UP, UP, UP, UP]),
        ("gfff", [UP, UP, UP, DOWN]),
        ("fff", [UNKNOWN, UNKNOWN, DOWN]),
        ("ffg", [UNKNOWN, UNKNOWN, UP]),
        ("fffgg", [UNKNOWN, UNKNOWN, DOWN, DOWN, UP]),
        ("fffgfgg", [UNKNOWN, UNKNOWN, DOWN, DOWN, DOWN, DOWN, UP]),
        ("fffngg", [UNKNOWN, UNKNOWN, DOWN, UNKNOWN, DOWN, UP]),
        ("fffgng", [UNKNOWN, UNKNOWN, DOWN, DOWN, UNKNOWN, UP]),
        ("gng", [UP, UNKNOWN, UP]),
        ("gffnf", [UP, UP, UP, UNKNOWN, DOWN]),
        ("S", [STARTING]),
        ("SSSSg", [STARTING] * 4 + [UP]),
        ("SffSff", [STARTING, UNKNOWN, UNKNOWN, STARTING, UNKNOWN, UNKNOWN]),
        ("fffSg", [UNKNOWN, UNKNOWN, DOWN, STARTING, UP]),
        ("gggggsssss", [UP] * 9 + [DEGRADED]),
        ("sssss", [UP] * 4 + [DEGRADED]),
        ("sssssgggggg", [UP] * 4 + [DEGRADED] * 6 + [UP]),
        ("sssssfff", [UP] * 4 + [DEGRADED] * 3 + [DOWN]),
    ],
)
def test_the_states_that_follow(letters, expected):
    assert states(letters) == expected


def test_without_a_budget_nothing_is_degraded():
    endpoint = Endpoint("a@local", "a", "local", "http://a")
    assert set(states("s" * 20, endpoint=endpoint)) == {UP}


def test_what_was_not_deployed_comes_up_at_once():
    assert states("g", before=NOT_DEPLOYED) == [UP]


def test_since_is_when_the_state_began_and_the_reason_is_said():
    up, still, failing, _, down = walk("ggfff")
    assert (up.since, still.since, failing.since, down.since) == (T0, T0, T0, T0 + 4)
    assert (failing.error, failing.latency_ms) == ("connection refused", 10.0)
    assert (down.error, down.latency_ms) == ("connection refused", None)
    assert down.recent == (10.0, 10.0, None, None, None)
    assert "100 ms in 5 of the last 10" in walk("sssss")[-1].error
    assert walk("gfg")[-1].error is None


class TestAfterADeployment:
    endpoint = Endpoint("a@local", "a", "local", "http://a", grace_s=10.0, deployed_at=T0)

    def test_failing_is_starting_until_the_grace_is_over(self):
        found = states("f" * 13, endpoint=self.endpoint)
        assert found == [STARTING] * 10 + [UNKNOWN, UNKNOWN, DOWN]

    def test_the_grace_ends_with_the_first_success(self):
        assert states("fgfff", endpoint=self.endpoint) == [STARTING, UP, UP, UP, DOWN]

    def test_a_new_deployment_of_what_was_down_is_starting(self):
        down = walk("fff", start=T0 - 100)[-1]
        assert states("ffg", before=down, endpoint=self.endpoint) == [STARTING, STARTING, UP]

    def test_a_new_deployment_of_what_was_up_is_starting_when_it_fails(self):
        up = walk("g", start=T0 - 100)[-1]
        assert states("ffg", before=up, endpoint=self.endpoint) == [STARTING, STARTING, UP]

    def test_a_deployment_in_the_future_gives_no_grace(self):
        late = Endpoint("a@local", "a", "local", "http://a", grace_s=10.0, deployed_at=T0 + 1000)
        assert states("fff", endpoint=late) == [UNKNOWN, UNKNOWN, DOWN]


LETTERS = st.text("gsfSn", max_size=60)


@given(LETTERS)
def test_down_is_entered_only_by_three_failures_in_a_row(letters):
    """Failures count in a row over probes that learned nothing, not over a success or a start.

    What was down, and not well or starting since, may be down again at once.
    """
    row, before, was_down = 0, NEVER_PROBED, False
    for letter, health in zip(letters, walk(letters), strict=True):
        row = row + 1 if letter == "f" else row if letter == "n" else 0
        if health.state is DOWN and before.state is not DOWN and letter == "f" and not was_down:
            assert row >= 3
        if row >= 3 and letter == "f":
            assert health.state is DOWN
        was_down = health.state is DOWN or (was_down and health.state is UNKNOWN)
        before = health


@pytest.mark.parametrize("letters", ["fffgfng", "fffgnfg", "fffgng", "fffng"])
def test_what_was_down_is_not_forgotten_where_nothing_is_learned(letters):
    found = states(letters)
    successes = letters.rsplit("f", 1)[1].count("g")
    assert found[-1] is (UP if successes >= 2 else DOWN)


@given(LETTERS)
def test_up_and_degraded_are_entered_only_by_a_success(letters):
    before = NEVER_PROBED
    for letter, health in zip(letters, walk(letters), strict=True):
        if health.state in (UP, DEGRADED) and health.state is not before.state:
            assert letter in "gs"
        before = health


@given(LETTERS)
def test_the_way_back_from_down_takes_two_successes_in_a_row(letters):
    was_down, row, before = False, 0, NEVER_PROBED
    for letter, health in zip(letters, walk(letters), strict=True):
        if letter == "f" and health.state is DOWN:
            was_down = True
        row = row + 1 if letter in "gs" else row if letter == "n" else 0
        if letter == "S":
            was_down = False  # it restarted
        if health.state in (UP, DEGRADED) and was_down:
            assert row >= 2
            was_down = False
        before = health
    assert before.checked_at == (T0 + len(letters) - 1 if letters else None)


@given(LETTERS)
def test_nothing_learned_is_unknown_and_a_start_is_never_down(letters):
    for letter, health in zip(letters, walk(letters), strict=True):
        if letter == "n":
            assert health.state is UNKNOWN
        if letter == "S":
            assert health.state is STARTING


@given(st.lists(st.tuples(st.sampled_from("gsfSn"), st.floats(-1e6, 1e6)), max_size=60))
def test_time_never_runs_backwards_and_memory_is_bounded(steps):
    before = NEVER_PROBED
    for letter, offset in steps:
        health = observe(before, BY_LETTER[letter], ENDPOINT, T0 + offset)
        assert health.checked_at >= (before.checked_at or health.checked_at)
        assert health.since <= health.checked_at
        assert health.since >= (before.since or health.since)
        assert before.since in (None, health.since) or health.state is not before.state
        assert len(health.recent) <= 40
        assert health.url == "http://a"
        before = health


@given(LETTERS)
def test_a_few_more_probes_decide_what_is_undecided(letters):
    health = (walk(letters) or [NEVER_PROBED])[-1]
    for more in ("f", "g"):
        seen, n = health, 0
        while undecided(seen) or n == 0:
            seen, n = observe(seen, BY_LETTER[more], ENDPOINT, T0 + 1000 + n), n + 1
            assert n <= 3


def test_only_a_first_failure_is_confirmed_at_once():
    assert [first_failure(health) for health in walk("gffff")] == [False, True, False, False, False]
    assert [first_failure(health) for health in walk("fffgf")] == [True, False, False, False, False]
    assert not first_failure(Health(UNKNOWN))
