"""A probe is honest, sends nothing that would wake a sleeping endpoint, and looks twice where it helps."""

from __future__ import annotations

import pytest

from cockpit.domain.health import Endpoint
from cockpit.domain.words import HealthState
from cockpit.edges.clock import FakeClock
from cockpit.edges.http import FakeHttp, UnansweredError, run_loop
from cockpit.health import prober
from cockpit.health.state import NEVER_PROBED

GOOD = FakeHttp.page(200)
BAD = FakeHttp.page(500)
GONE = UnansweredError("connection refused", do="start it", code="refused")
OFFLINE = UnansweredError("names cannot be looked up here", do="go online", code="offline", blames_host=False)


def endpoint(name="a", **more):
    return Endpoint(f"{name}@local", name, "local", f"http://{name}", **more)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(prober, "_PAUSE_S", 0.0)


def probe(answers, one=None, **kwargs):
    http = FakeHttp({"http://a/readyz": answers})
    (found,) = run_loop(prober.probe_many([one or endpoint()], http, FakeClock(), **kwargs))
    return found, http


def test_a_probe_carries_what_was_measured():
    found, _ = probe(GOOD)
    assert (found.ok, found.status_code, found.latency_ms, found.phases) == (
        True,
        200,
        5.0,
        {"first_byte": 5.0},
    )
    assert found.at == FakeClock().epoch()


@pytest.mark.parametrize(
    ("answer", "ok"), [(BAD, False), (GONE, False), (OFFLINE, None), (FakeHttp.page(401), None)]
)
def test_failures_and_nothing_learned_are_told_apart(answer, ok):
    found, _ = probe(answer)
    assert found.ok is ok
    assert found.error


def test_an_endpoint_that_scales_to_zero_is_asked_only_when_told_to():
    sleeping = endpoint(scales_to_zero=True)
    found, http = probe(GOOD, sleeping)
    assert (found.ok, http.asked) == (None, [])
    assert "wake" in found.error
    found, http = probe(GOOD, sleeping, wake=True)
    assert (found.ok, len(http.asked)) == (True, 1)


def test_an_endpoint_without_a_url_is_unknown():
    found, http = probe(GOOD, Endpoint("a@local", "a", "local", None))
    assert (found.ok, http.asked) == (None, [])


def test_a_defect_is_unknown_and_does_not_end_the_sweep():
    class Broken(FakeHttp):
        async def get(self, url, limits=None, headers=None):
            if url.startswith("http://a/"):
                raise KeyError("x")
            return await super().get(url)

    http = Broken({"http://b/readyz": GOOD})
    first, second = run_loop(prober.probe_many([endpoint("a"), endpoint("b")], http, FakeClock()))
    assert (first.ok, second.ok) == (None, True)
    assert "KeyError" in first.error


def settle(answers, *, asked):
    http = FakeHttp({"http://a/readyz": answers})
    noted = []

    def known():
        return noted[-1].health if noted else NEVER_PROBED

    run_loop(prober.settle(endpoint(), known, http, FakeClock(), noted.append, asked=asked))
    return noted[-1].health.state, len(http.asked)


@pytest.mark.parametrize(
    ("answers", "asked", "expected"),
    [
        ([GOOD], False, (HealthState.UP, 1)),
        ([GONE, GOOD], False, (HealthState.UP, 2)),
        ([GONE], False, (HealthState.UNKNOWN, 2)),
        ([GONE], True, (HealthState.DOWN, 3)),
        ([BAD, GONE, GOOD], True, (HealthState.UP, 3)),
        ([OFFLINE], True, (HealthState.UNKNOWN, 1)),
        ([GONE, OFFLINE], True, (HealthState.UNKNOWN, 2)),
        ([FakeHttp.page(503, b'{"status": "starting"}')], True, (HealthState.STARTING, 1)),
    ],
)
def test_a_failure_is_confirmed_and_decided_when_someone_asked(answers, asked, expected):
    assert settle(answers, asked=asked) == expected
