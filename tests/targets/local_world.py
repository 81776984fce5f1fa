"""A workspace with one tiny service, the real target and agent, and no uv: what tests of them share."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from cockpit.domain.service import Deployment
from cockpit.edges.clock import SystemClock
from cockpit.edges.store import Store
from cockpit.targets.local import keeper, state
from cockpit.targets.local.child import MARK
from cockpit.targets.local.launcher import Start
from cockpit.targets.local.places import Places
from cockpit.targets.local.target import LocalTarget, Order

FAKE = Path(__file__).with_name("fake_service.py")
SERVICE, ENV, KEY = "svc", "local", "svc@local"
LONG_S = 30.0  # nothing waits so long unless the machine stands still


class FakeLauncher:
    """Runs fake_service.py from the release: nothing is built."""

    def prepare(self, release, emit, cancelled):
        return Start((sys.executable, "-S", "-E", str(FAKE)), str(release.folder))

    def stands(self, argv):
        return True

    def prune(self, service, starts):
        return None


def never() -> bool:
    return False


class World:
    """One workspace, its target, and what a person outside of it can see."""

    def __init__(self, root: Path, launcher=None) -> None:
        self.root = root
        self.places = Places(root)
        self.folder = root / "services" / SERVICE
        self.folder.mkdir(parents=True, exist_ok=True)
        self.launcher = launcher or FakeLauncher()
        self.said: list[str] = []
        self.open()

    def open(self) -> None:
        """Like a new cockpit in the same workspace."""
        self.store = Store.open(self.root / ".cockpit")
        self.target = LocalTarget(self.root, self.store, SystemClock(), self.launcher)

    def close(self) -> None:
        """End everything that was started."""
        self.store.close()
        agent = self.agent
        if agent is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(agent, signal.SIGTERM)
        until(lambda: not keeper.alive(self.places) and not self.processes(), "the agent ends")

    def write(self, mode: str, text: str) -> None:
        (self.folder / "service.txt").write_text(f"{mode} {text}")

    def order(self, grace_s: float = LONG_S) -> Order:
        return Order(SERVICE, ENV, f"services/{SERVICE}", "abc1234", grace_s)

    def deploy(self, mode: str, text: str, grace_s: float = LONG_S, cancelled=never) -> Deployment:
        self.write(mode, text)
        self.said.clear()
        return self.target.deploy(self.order(grace_s), self.said.append, cancelled)

    def ask(self, timeout_s: float = LONG_S) -> str | None:
        """What the service answers ("TEXT PID VARIABLE"), None if nobody does."""
        port = int(self.target.url(SERVICE, ENV).rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
        try:
            connection.request("GET", "/")
            return connection.getresponse().read().decode()
        except (ConnectionRefusedError, ConnectionResetError):
            return None
        finally:
            connection.close()

    def version(self) -> str | None:
        """The text of the release that answers."""
        answer = self.ask()
        return answer.split()[0] if answer is not None else None

    @property
    def agent(self) -> int | None:
        """The pid of the agent, None if there is none."""
        told = state.read(self.places).agent
        return told[0] if told is not None and keeper.alive(self.places) else None

    def pid(self, version: str) -> int:
        """The pid of the process that runs the release with this text."""
        for process in self.processes():
            with contextlib.suppress(psutil.Error):
                if Path(process.cwd(), "service.txt").read_text().split()[1] == version:
                    return process.pid
        raise AssertionError(f"{version} does not run")

    def processes(self) -> list[psutil.Process]:
        """Every process that belongs to a service of this workspace, however it came to be."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                mark = process.environ().get(MARK)
                if mark == f"{self.root} {KEY}" and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def agents(self) -> int:
        """How many agents of this workspace there are."""
        count = 0
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                line = process.cmdline()
                is_one = line[1:3] == ["-m", "cockpit.targets.local.agent"] and line[3:] == [str(self.root)]
                count += is_one and process.status() != psutil.STATUS_ZOMBIE
        return count

    def kill_agent(self) -> None:
        agent = self.agent
        assert agent is not None
        os.kill(agent, signal.SIGKILL)
        until(lambda: not keeper.alive(self.places), "the agent is gone")


def until(true: Callable[[], object], what: str, timeout_s: float = LONG_S) -> None:
    """Wait until `true()`, or fail saying `what` was waited for."""
    deadline = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.01)


@contextlib.contextmanager
def world(root: Path, launcher=None) -> Iterator[World]:
    here = World(root, launcher)
    try:
        yield here
    finally:
        here.close()
