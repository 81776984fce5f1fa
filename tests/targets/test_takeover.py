"""No request is lost while one version replaces another: real uvicorn, steady clients."""

from __future__ import annotations

import http.client
import os
import signal
import sys
import threading
import time
from collections import Counter

import pytest

from cockpit.targets.local.launcher import Start
from targets.local_world import SERVICE, until, world

APP = """
import time
VERSION = {version!r}
READY_AT = time.monotonic() + {load_s}

async def app(scope, receive, send):
    if scope["type"] != "http":
        raise RuntimeError("knows no " + scope["type"])
    ready = time.monotonic() >= READY_AT
    if scope["path"] == "/slow":
        import asyncio
        await asyncio.sleep(0.5)
    await send({{"type": "http.response.start", "status": 200 if ready else 503, "headers": []}})
    await send({{"type": "http.response.body", "body": VERSION.encode()}})
"""


class UvicornLauncher:
    """Runs the release's app as services run, in the environment of the tests."""

    def prepare(self, release, emit, cancelled):
        argv = (sys.executable, "{serve}/cockpit_serve.py", "app:app")
        return Start(argv, str(release.folder), {"PYTHONPATH": str(release.folder)})

    def stands(self, argv):
        return True

    def prune(self, service, starts):
        return None


@pytest.fixture
def here(tmp_path):
    with world(tmp_path, UvicornLauncher()) as it:
        yield it


def write(here, version, load_s=0.0):
    (here.folder / "app.py").write_text(APP.format(version=version, load_s=load_s))


def deploy(here, version, load_s=0.0, grace_s=30.0):
    write(here, version, load_s)
    return here.target.deploy(here.order(grace_s), here.said.append, lambda: False)


class Clients:
    """Threads that ask without pause; every answer and every failure is counted."""

    def __init__(self, port: int, *, keep: bool, path: str = "/", pause_s: float = 0.002) -> None:
        self.seen: Counter[str] = Counter()
        self._port, self._keep, self._path, self._pause_s = port, keep, path, pause_s
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(3)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        connection = None
        while not self._stop.is_set():
            connection = connection or http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            try:
                connection.request("GET", self._path)
                response = connection.getresponse()
                self.seen[f"{response.status} {response.read().decode()}"] += 1
                closes = response.getheader("connection") == "close"
            except (OSError, http.client.HTTPException) as error:
                self.seen[repr(error)] += 1
                closes = True
            if closes or not self._keep:
                connection.close()
                connection = None
            time.sleep(self._pause_s)
        if connection is not None:
            connection.close()


@pytest.mark.parametrize(
    ("keep", "pause_s"),
    [(True, 0.002), (True, 0.3), (False, 0.002)],
    ids=["kept-alive", "kept-alive and mostly idle", "a connection each"],
)
def test_a_deploy_under_a_steady_stream_loses_nothing(here, keep, pause_s):
    assert deploy(here, "v1").state == "live"
    port = int(here.target.url(SERVICE, "local").rpartition(":")[2])
    with Clients(port, keep=keep, pause_s=pause_s) as clients:
        until(lambda: clients.seen["200 v1"] > 6, "the stream flows")
        for version in ("v2", "v3"):
            assert deploy(here, version, load_s=0.3).state == "live"
            until(lambda v=version: clients.seen[f"200 {v}"] > 6, f"{version} answers")
    assert set(clients.seen) == {"200 v1", "200 v2", "200 v3"}


def test_what_is_being_answered_is_answered_by_the_old_version(here):
    deploy(here, "v1")
    port = int(here.target.url(SERVICE, "local").rpartition(":")[2])
    with Clients(port, keep=False, path="/slow") as clients:
        until(lambda: clients.seen["200 v1"] > 0, "the stream flows")
        deploy(here, "v2")
        until(lambda: clients.seen["200 v2"] > 0, "the new one answers")
    assert set(clients.seen) == {"200 v1", "200 v2"}


def test_a_service_that_is_killed_is_back_and_nobody_was_refused(here):
    deploy(here, "v1")
    os.kill(here.target.status()[SERVICE].pid, signal.SIGKILL)
    assert here.version() == "v1"


def test_a_version_that_never_gets_ready_sees_no_request(here):
    deploy(here, "v1")
    port = int(here.target.url(SERVICE, "local").rpartition(":")[2])
    with Clients(port, keep=True) as clients:
        failed = deploy(here, "v2", load_s=600, grace_s=2.0)
    assert failed.state == "failed"
    assert failed.error.startswith("it was not ready within 2 s")
    assert set(clients.seen) == {"200 v1"}
    until(lambda: len(here.processes()) == 1, "the failed one is gone")


def test_an_app_that_cannot_be_imported_says_why(here):
    (here.folder / "app.py").write_text("import numpyy\n")
    failed = here.target.deploy(here.order(), here.said.append, lambda: False)
    assert failed.state == "failed"
    assert failed.error == (
        "it exited with 1 before it was ready: ModuleNotFoundError: No module named 'numpyy'"
    )
    assert any("numpyy" in line for line in here.said)
    assert here.ask() is None


def test_stop_ends_it_without_waiting_for_idle_connections(here):
    deploy(here, "v1")
    port = int(here.target.url(SERVICE, "local").rpartition(":")[2])
    idle = http.client.HTTPConnection("127.0.0.1", port)
    idle.request("GET", "/")
    idle.getresponse().read()
    began = time.monotonic()
    here.target.stop(SERVICE, "local", here.said.append)
    assert time.monotonic() - began < 4.0  # uvicorn itself would keep it for five
    idle.close()
    assert here.ask() is None
