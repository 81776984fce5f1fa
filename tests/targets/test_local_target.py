"""What a person can do with the local target, and what it says when it cannot."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading

import pytest

from cockpit.edges.store import Store
from cockpit.errors import CancelledError, NotFoundError, ServiceError, StateError, UsageError
from cockpit.targets import journal
from cockpit.targets.local import keeper, ports, wanted
from cockpit.targets.local.places import Places, key_of
from cockpit.targets.local.target import Order
from targets.local_world import ENV, KEY, LONG_S, SERVICE, never, until, world


@pytest.fixture
def here(tmp_path):
    with world(tmp_path) as it:
        yield it


def test_a_deployment_from_start_to_stop(here):
    assert here.target.status() == {}
    first = here.deploy("good", "v1")
    assert (first.state, first.commit, first.env, first.target) == ("live", "abc1234", ENV, "local")
    state = here.target.status(ENV)[SERVICE]
    assert (state.state, state.wanted, state.url, state.release) == ("up", True, first.url, first.digest)
    assert state.pid == here.pid("v1")
    second = here.deploy("good", "v2")
    assert second.url == first.url
    assert here.version() == "v2"
    assert here.target.previous(SERVICE, ENV).release == first.digest
    back = here.target.rollback(SERVICE, ENV, here.said.append, never)
    assert (back.state, back.digest, back.url) == ("live", first.digest, first.url)
    assert here.version() == "v1"
    with pytest.raises(NotFoundError, match="no earlier release"):
        here.target.previous(SERVICE, ENV)
    stopped = here.target.stop(SERVICE, ENV, here.said.append)
    assert (stopped.id, stopped.state) == (back.id, "stopped")
    assert here.ask() is None
    state = here.target.status(ENV)[SERVICE]
    assert (state.state, state.wanted) == ("stopped", False)
    until(lambda: not keeper.alive(here.places), "the agent ends by itself")
    assert here.target.restore() == []
    assert here.deploy("good", "v3").url == first.url


def test_a_failed_first_deploy_leaves_nothing_that_is_wanted(here):
    failed = here.deploy("crash", "v1")
    assert failed.state == "failed"
    assert failed.error == "it exited with 1 before it was ready: ValueError: it cannot start"
    assert "  ValueError: it cannot start" in here.said
    assert here.said[-1] == "→ read .cockpit/local/logs/svc@local.log (cockpit logs)"
    assert here.target.status()[SERVICE].wanted is False
    until(lambda: not keeper.alive(here.places), "the agent ends by itself")


def test_a_failed_deploy_says_that_the_one_before_serves(here):
    here.deploy("good", "v1")
    here.deploy("crash", "v2")
    assert here.said[-1].endswith("; the version before still serves")
    assert here.target.status()[SERVICE].state == "up"


def test_cancelling_ends_the_new_one_and_leaves_the_old(here):
    here.deploy("good", "v1")
    asked = threading.Event()
    here.write("never", "v2")

    def emit(line):
        if line.startswith("starting"):
            asked.set()

    with pytest.raises(CancelledError):
        here.target.deploy(here.order(), emit, asked.is_set)
    assert here.version() == "v1"
    assert len(here.processes()) == 1
    rows = journal.by_service(here.store, ENV)[SERVICE]
    assert [(row.state, row.error) for row in rows] == [
        ("failed", "cancelled before it was ready"),
        ("live", None),
    ]


def test_one_change_at_a_time(here):
    started = threading.Event()

    def emit(line):
        started.set()

    here.write("late", "v1")
    thread = threading.Thread(target=here.target.deploy, args=(here.order(), emit, never))
    thread.start()
    started.wait(LONG_S)
    with pytest.raises(ServiceError, match="by another cockpit"):
        here.target.stop(SERVICE, ENV, here.said.append)
    thread.join(LONG_S)
    assert here.version() == "v1"


def test_two_environments_are_two_processes(here):
    here.deploy("good", "v1")
    here.write("good", "v2")
    here.target.deploy(
        Order(SERVICE, "staging", f"services/{SERVICE}", None, LONG_S), here.said.append, never
    )
    local, staging = (here.target.status(env)[SERVICE] for env in (ENV, "staging"))
    assert (local.state, staging.state) == ("up", "up")
    assert local.url != staging.url
    assert here.version() == "v1"
    assert here.target.status()[SERVICE] == staging  # the one that was started last
    here.target.stop(SERVICE, "staging", here.said.append)
    assert here.version() == "v1"
    assert here.target.status()[SERVICE] == here.target.status(ENV)[SERVICE]


def test_a_port_that_was_taken_meanwhile_is_changed_and_said(here):
    first = here.deploy("good", "v1")
    port = int(first.url.rpartition(":")[2])
    here.kill_agent()
    until(lambda: here.ask() is None, "the service is gone with its agent")
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        said = here.target.restore()
        until(lambda: here.target.status()[SERVICE].state == "up", "it is up elsewhere")
        url = here.target.status()[SERVICE].url
        assert url != first.url
        assert [*said, *here.target.restore()] == [
            "the process agent was gone; restarted it for svc",
            f"port {port} of svc was taken by another program; it answers at {url} now",
        ]
    assert here.target.url(SERVICE, ENV) == url
    assert journal.by_service(here.store, ENV)[SERVICE][0].url == url
    assert here.version() == "v1"


def test_ports_are_stable_and_below_the_ephemeral_range(tmp_path):
    one = ports.choose(tmp_path, "a@local", ())
    assert one == ports.choose(tmp_path, "a@local", ())
    assert 20_000 <= one < 32_000
    assert ports.choose(tmp_path, "a@local", {one}) != one
    with socket.socket() as other:
        other.bind(("127.0.0.1", one))
        other.listen()
        assert ports.choose(tmp_path, "a@local", ()) != one


def test_a_crashing_service_is_said_to_be_down_and_why(here):
    here.deploy("good", "v1")
    release = here.places.releases(SERVICE) / here.target.status()[SERVICE].release
    (release / "service.txt").write_text("crash v1")
    os.kill(here.target.status()[SERVICE].pid, signal.SIGKILL)
    until(lambda: here.target.status()[SERVICE].state == "down", "it is down")
    until(lambda: "it exited with 1; starts again in" in (here.target.status()[SERVICE].error or ""), "why")
    (release / "service.txt").write_text("good v1")
    assert here.version() == "v1"  # it waited in the queue of the port


def test_removing_the_local_state_ends_agent_and_services(here):
    here.deploy("good", "v1")
    here.store.close()
    shutil.rmtree(here.root / ".cockpit")
    until(lambda: here.agents() == 0 and not here.processes(), "both end")
    assert not (here.root / ".cockpit").exists()
    here.open()
    assert here.target.restore() == []
    assert here.deploy("good", "v1").state == "live"


def test_losing_the_database_loses_history_and_not_what_runs(here):
    here.deploy("good", "v1")
    here.deploy("good", "v2")
    here.store.close()
    (here.root / ".cockpit" / "state.db").unlink()
    here.open()
    assert here.target.restore() == []
    assert here.version() == "v2"
    here.target.rollback(SERVICE, ENV, here.said.append, never)
    assert here.version() == "v1"


def test_losing_what_is_wanted_is_noticed_by_the_journal(here):
    here.deploy("good", "v1")
    here.places.wanted.unlink()
    until(lambda: not keeper.alive(here.places), "nothing is wanted, so the agent ends")
    assert here.target.restore() == ["svc is not deployed to local any more"]
    row = journal.by_service(here.store, ENV)[SERVICE][0]
    assert (row.state, row.error) == ("stopped", "the local state no longer knows it; deploy again")


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"schema": "cockpit.local-wanted/v2"}'])
def test_a_broken_wanted_file_is_said_and_nothing_is_ended(here, content):
    here.deploy("good", "v1")
    good = here.places.wanted.read_text()
    here.places.wanted.write_text(content)
    with pytest.raises(StateError):
        here.target.status()
    [said] = here.target.restore()
    assert "cannot be read" in said and "→" in said
    here.places.wanted.write_text(good)
    assert here.version() == "v1"
    assert here.target.restore() == []


def test_what_the_agent_says_is_read_with_care(here):
    here.deploy("good", "v1")
    here.store.close()
    here.kill_agent()
    here.places.state.write_text(json.dumps({"schema": "cockpit.local-state/v1", "agent": [1]}))
    here.open()
    assert here.target.status()[SERVICE].state == "down"
    assert here.target.restore() == ["the process agent was gone; restarted it for svc"]
    assert here.version() == "v1"


def test_logs_are_found_by_service(here):
    with pytest.raises(NotFoundError, match="never started"):
        here.target.logs(SERVICE)
    here.deploy("good", "v1")
    lines = here.target.logs(SERVICE, 50)
    assert "v1 begins" in lines
    assert here.target.logs(SERVICE, 1, ENV) == lines[-1:]
    with pytest.raises(NotFoundError, match="staging"):
        here.target.logs(SERVICE, 1, "staging")


def test_releases_are_kept_as_far_as_a_rollback_can_go(here):
    for number in range(1, 7):
        here.deploy("good", f"v{number}")
    kept = [p for p in here.places.releases(SERVICE).iterdir() if p.is_dir()]
    texts = sorted((p / "service.txt").read_text() for p in kept)
    assert texts == ["good v3", "good v4", "good v5", "good v6"]
    for text in ("v5", "v4", "v3"):
        here.target.rollback(SERVICE, ENV, here.said.append, never)
        assert here.version() == text


@pytest.mark.parametrize("name", ["../x", "", "a/b", ".hidden", "a\nb"])
def test_names_that_could_leave_the_folder_are_refused(name):
    with pytest.raises(UsageError):
        key_of("svc", name)
    with pytest.raises(UsageError):
        key_of(name, "local")


def test_asking_how_things_are_is_cheap_and_starts_nothing(here):
    here.deploy("good", "v1")
    script = (
        "import sys, pathlib\n"
        "from cockpit.edges.clock import SystemClock\n"
        "from cockpit.edges.store import Store\n"
        "from cockpit.targets.local.target import LocalTarget\n"
        "root = pathlib.Path(sys.argv[1])\n"
        "target = LocalTarget(root, Store.open(root / '.cockpit'), SystemClock())\n"
        "print(target.restore(), target.status()['svc'].state, 'psutil' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(here.root)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["[]", "up", "False"]


def test_wanted_survives_a_round_trip(tmp_path):
    version = wanted.Version("v", "r", ("a", "{root}"), ".", {"A": "b"}, 1.5, "c", (1, 2.5), goes_back=True)
    one = wanted.Wanted(SERVICE, ENV, 20_001, True, version, version, (version, version))
    places = Places(tmp_path)
    with wanted.edit(places) as table:
        table[KEY] = one
    assert wanted.read(places) == {KEY: one}
    with pytest.raises(ZeroDivisionError), wanted.edit(places) as table:
        del table[KEY]
        raise ZeroDivisionError
    assert wanted.read(places) == {KEY: one}


def test_the_journal_hands_out_the_last_twenty_of_each_service():
    store = Store.in_memory()
    from cockpit.edges.clock import FakeClock

    for number in range(50):
        for name in ("a", "b"):
            row = journal.begin(
                store, FakeClock(), service=name, env="local", target="local", url=None, commit=None,
                digest=str(number), version=f"{name}{number}",
            )  # fmt: skip
            journal.went_live(store, row.id, "http://x")
    found = journal.by_service(store, "local")
    assert {name: len(rows) for name, rows in found.items()} == {"a": 20, "b": 20}
    assert [row.digest for row in found["a"][:2]] == ["49", "48"]
    assert [row.state for row in found["b"][:3]] == ["live", "replaced", "replaced"]
    assert journal.by_service(store, "staging") == {}
    store.close()
