"""Endpoints are probed at once when asked, kept current by a thread that never dies, and remembered."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace

import pytest

from cockpit.domain.health import Endpoint
from cockpit.domain.words import HealthState
from cockpit.edges.clock import SystemClock
from cockpit.edges.http import FakeHttp
from cockpit.edges.store import Store
from cockpit.errors import ConfigError
from cockpit.health import history, prober
from cockpit.workspace.probing import Watcher, probe_now
from support.loopback import answering, free_port, read_head, response, serving

UP, DOWN, UNKNOWN = HealthState.UP, HealthState.DOWN, HealthState.UNKNOWN
GOOD, BAD = FakeHttp.page(200), FakeHttp.page(500)


class Yard:
    """What probing needs of a workspace: state, a clock and endpoints, which a test may change."""

    def __init__(self, *endpoints):
        self.store = Store.in_memory()
        self.clock = SystemClock()
        self.there = {"local": list(endpoints)}

    def endpoints(self, env):
        if env not in self.there:
            raise ConfigError(f"there is no environment {env!r}", do="add it", code="no-environment")
        return tuple(self.there[env])


def endpoint(name="a", env="local", url=None, **more):
    return Endpoint(f"{name}@{env}", name, env, url or f"http://{name}", **more)


@pytest.fixture
def yard():
    opened = Yard(endpoint("a"), endpoint("b"))
    yield opened
    opened.store.close()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(prober, "_PAUSE_S", 0.0)


def fake(**answers):
    return FakeHttp({f"http://{name}/readyz": answer for name, answer in answers.items()})


def eventually(holds):
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Listener:
    """Collects what a Watcher tells, and waits for it."""

    def __init__(self):
        self.health = {}
        self.told = []
        self.seen = []
        self._came = threading.Condition()

    def on_health(self, health):
        with self._came:
            self.health.update(health)
            self.told.append(health)
            self._came.notify_all()

    def on_seen(self, seen):
        self.seen.extend(seen)

    def until(self, **states):
        with self._came:
            reached = self._came.wait_for(
                lambda: all(
                    f"{name}@local" in self.health and self.health[f"{name}@local"].state is state
                    for name, state in states.items()
                ),
                timeout=5,
            )
        assert reached, self.health

    def until_told(self, times):
        with self._came:
            assert self._came.wait_for(lambda: len(self.told) >= times, timeout=5)


@pytest.fixture
def watch(yard):
    """Start a Watcher over `yard`; everything is stopped at the end."""
    started = []

    def start(http, env="local", **kwargs):
        listener = Listener()
        watcher = Watcher(
            yard, env, listener.on_health, on_seen=listener.on_seen, http=lambda: http, **kwargs
        )
        started.append(watcher)
        watcher.start()
        return watcher, listener

    yield start
    for watcher in started:
        watcher.stop()
        assert not watcher._thread.is_alive()


# Asked once


def test_asking_once_decides_and_remembers(yard):
    found = probe_now(yard, "local", http=fake(a=GOOD, b=BAD))
    assert [(s.endpoint.id, s.health.state, s.probe.ok) for s in found] == [
        ("a@local", UP, True),
        ("b@local", DOWN, False),
    ]
    assert {id: h.state for id, h in history.latest(yard.store).items()} == {"a@local": UP, "b@local": DOWN}
    assert len(history.series(yard.store, "b@local", 0)) == 3


def test_asking_goes_on_from_what_is_remembered(yard):
    probe_now(yard, "local", http=fake(a=GOOD, b=BAD))
    since = history.latest(yard.store)["b@local"].since
    again = probe_now(yard, "local", http=fake(a=[BAD, GOOD], b=BAD))
    assert [s.health.state for s in again] == [UP, DOWN]
    assert again[1].health.since == since
    recovered = probe_now(yard, "local", ["b@local"], fake(b=GOOD))
    assert [s.health.state for s in recovered] == [UP]


def test_only_what_was_named_is_asked(yard):
    http = fake(a=GOOD, b=GOOD)
    assert [s.endpoint.id for s in probe_now(yard, "local", ["b@local", "none@local"], http)] == ["b@local"]
    assert http.asked == ["http://b/readyz"]
    assert probe_now(yard, "local", [], http) == []


def test_over_real_sockets_one_that_hangs_does_not_hold_the_others_up(yard, monkeypatch):
    monkeypatch.setattr(prober, "LIMITS", replace(prober.LIMITS, total_s=0.3))
    monkeypatch.setattr(prober, "CONFIRM", replace(prober.CONFIRM, total_s=0.1))

    async def hang(reader, writer):
        await read_head(reader)
        await asyncio.sleep(30)

    with serving(answering(response())) as good, serving(hang) as hanging:
        yard.there["local"] = [
            endpoint("a", url=good),
            endpoint("b", url=hanging),
            endpoint("c", url=f"http://127.0.0.1:{free_port()}"),
        ]
        found = probe_now(yard, "local")
    assert [s.health.state for s in found] == [UP, DOWN, DOWN]
    assert found[0].probe.latency_ms < 300
    assert "within" in found[1].health.error
    assert found[2].health.error == "connection refused"


# Watched


def test_watching_tells_every_endpoint_soon_and_remembers_it(yard, watch):
    watcher, listener = watch(fake(a=GOOD, b=GOOD))
    listener.until(a=UP, b=UP)
    watcher.stop()
    assert {id: h.state for id, h in history.latest(yard.store).items()} == {"a@local": UP, "b@local": UP}
    assert {s.endpoint.id for s in listener.seen} == {"a@local", "b@local"}


def test_a_failure_is_confirmed_at_once_and_decided_within_seconds(watch):
    http = fake(a=GOOD, b=BAD)
    _, listener = watch(http)
    listener.until_told(1)
    listener.until(a=UP, b=DOWN)
    assert http.asked.count("http://b/readyz") == 3


def test_asking_a_watcher_decides_now(watch):
    http = fake(a=GOOD, b=GOOD)
    watcher, listener = watch(http)
    listener.until(a=UP, b=UP)
    http.answers["http://b/readyz"] = BAD
    watcher.probe(["b@local"])
    listener.until(b=DOWN)
    assert http.asked.count("http://a/readyz") == 1


def test_what_scales_to_zero_is_asked_only_on_purpose(yard, watch):
    yard.there["local"] = [endpoint("a", scales_to_zero=True)]
    http = fake(a=GOOD)
    watcher, listener = watch(http)
    listener.until(a=UNKNOWN)
    watcher.probe()
    listener.until_told(2)
    assert http.asked == []
    watcher.probe(wake=True)
    listener.until(a=UP)
    assert http.asked == ["http://a/readyz"]


def test_a_new_deployment_is_noticed_on_reload_and_one_that_went_is_not_deployed(yard, watch):
    watcher, listener = watch(fake(a=GOOD, b=GOOD, c=GOOD))
    listener.until(a=UP, b=UP)
    yard.there["local"] = [endpoint("a"), endpoint("c")]
    watcher.reload()
    listener.until(a=UP, b=HealthState.NOT_DEPLOYED, c=UP)


def test_a_url_that_changed_is_asked_at_once(yard, watch):
    http = fake(a=GOOD, b=GOOD, moved=BAD)
    watcher, listener = watch(http)
    listener.until(a=UP, b=UP)
    yard.there["local"] = [endpoint("a", url="http://moved")]
    watcher.reload()
    listener.until(a=DOWN)
    assert listener.health["a@local"].url == "http://moved"


def test_another_environment_takes_over(yard, watch):
    yard.there["staging"] = [endpoint("s", env="staging")]
    http = fake(a=GOOD, b=GOOD, s=GOOD)
    watcher, listener = watch(http)
    listener.until(a=UP, b=UP)
    watcher.use_env("staging")
    eventually(lambda: "s@staging" in listener.health)
    assert listener.health["s@staging"].state is UP
    assert HealthState.NOT_DEPLOYED not in {h.state for h in listener.health.values()}


def test_only_some_may_be_watched(watch):
    http = fake(a=GOOD, b=GOOD)
    _, listener = watch(http, ids=["b@local"])
    listener.until(b=UP)
    assert set(listener.health) == {"b@local"}
    assert http.asked == ["http://b/readyz"]


def test_what_another_cockpit_found_is_taken_over(yard, watch):
    http = fake(a=GOOD, b=GOOD)
    watcher, listener = watch(http)
    listener.until(a=UP, b=UP)
    eventually(lambda: len(history.latest(yard.store)) == 2)
    probe_now(yard, "local", ["b@local"], fake(b=BAD))
    watcher.reload()
    listener.until(b=DOWN)
    assert http.asked.count("http://b/readyz") == 1


def test_endpoints_that_cannot_be_read_are_a_problem_not_an_end(yard, watch):
    watcher, listener = watch(fake(a=GOOD, b=GOOD), env="nowhere")
    eventually(lambda: watcher.problem is not None)
    assert watcher.problem.code == "no-environment"
    watcher.use_env("local")
    listener.until(a=UP, b=UP)
    assert watcher.problem is None


def test_a_store_that_fails_does_not_stop_the_probes(yard, watch):
    yard.store.execute("DROP TABLE probes")
    watcher, listener = watch(fake(a=GOOD, b=GOOD))
    listener.until(a=UP, b=UP)
    watcher.stop()
    assert watcher.problem.code == "state"


def test_a_listener_that_fails_does_not_end_the_watch(yard, watch):
    watcher, listener = watch(fake(a=GOOD, b=GOOD))
    listener.until(a=UP, b=UP)
    broken, listener.on_health = listener.on_health, None
    watcher._work._on_health = listener.on_health
    watcher.probe()
    eventually(lambda: watcher.problem is not None)
    watcher._work._on_health = broken
    told = len(listener.told)
    watcher.probe()
    listener.until_told(told + 1)


def test_when_probing_itself_breaks_everything_is_unknown_and_it_comes_back(yard, watch, monkeypatch):
    monkeypatch.setattr("cockpit.workspace.probe_thread._BETWEEN_TRIES_S", 0.05)
    watcher, listener = watch(fake(a=GOOD, b=GOOD))
    listener.until(a=UP, b=UP)

    def broken(env):
        raise ZeroDivisionError("of all things")

    whole = yard.endpoints
    yard.endpoints = broken
    watcher.reload()
    listener.until(a=UNKNOWN, b=UNKNOWN)
    assert "ZeroDivisionError" in listener.health["a@local"].error
    assert watcher.problem.code == "probing-failed"
    yard.endpoints = whole
    listener.until(a=UP, b=UP)
    assert watcher.problem is None


def test_stopping_does_not_wait_for_one_that_hangs(yard):
    async def hang(reader, writer):
        await read_head(reader)
        await asyncio.sleep(30)

    with serving(hang) as base:
        yard.there["local"] = [endpoint("a", url=base)]
        listener = Listener()
        watcher = Watcher(yard, "local", listener.on_health)
        watcher.start()
        time.sleep(0.1)
        began = time.monotonic()
        watcher.stop()
        assert time.monotonic() - began < 2
        assert not watcher._thread.is_alive()


def test_one_that_hangs_does_not_hold_the_others_up(yard):
    async def hang(reader, writer):
        await read_head(reader)
        await asyncio.sleep(30)

    with serving(hang) as hanging, serving(answering(response())) as good:
        yard.there["local"] = [endpoint("a", url=hanging), endpoint("b", url=good)]
        listener = Listener()
        watcher = Watcher(yard, "local", listener.on_health)
        watcher.start()
        listener.until(b=UP)
        assert "a@local" not in listener.health
        watcher.stop()
