"""The services of this repository are tested with it: each one's own tests, in its own environment.

What runs is what `cockpit test --all` runs (`actions.test.run_many`), so that both say the same. One
pytest item a service, found by folder: a service that comes is tested from then on.

At most two environments are built and tested at a time. In one process `run_many` sees to that; pytest-xdist
hands the items to several processes, and there the places in `.cockpit/locks/` do, which every process of
a workspace shares. An `xdist_group` would not: it needs `--dist loadgroup`, and runs one at a time.
"""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from cockpit.actions import test as action
from cockpit.actions.test import ServiceRun
from cockpit.errors import ExitCode
from cockpit.services import catalogue
from cockpit.workspace.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
SERVICES = sorted(path.parent.name for path in ROOT.glob("services/*/pyproject.toml"))


class Runs:
    """Tests services in a thread and hands out what was said, and how each ended."""

    def __init__(self, slugs: list[str]) -> None:
        self.said: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.log: list[str] = []
        self._ended: dict[str, ServiceRun] = {}
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(1)
        self._run = self._pool.submit(self._test, slugs)

    def _test(self, slugs: list[str]) -> None:
        here = Workspace.open(ROOT)
        try:
            plans = action.plans(here, slugs)
            action.run_many(here, plans, self.said.put, self._stop.is_set, self._note)
        finally:
            here.close()

    def _note(self, tested: ServiceRun) -> None:
        self._ended[tested.service] = tested

    def ended(self, slug: str, wait_s: float) -> ServiceRun | None:
        """Return how the tests of `slug` ended, None while they run. Raises what kept them from running."""
        if slug not in self._ended:
            wait([self._run], wait_s)
        if slug not in self._ended and self._run.done():
            self._run.result()
            raise AssertionError(f"{slug} was not tested")
        return self._ended.get(slug)

    def stop(self) -> None:
        """End what still runs."""
        self._stop.set()
        self._pool.shutdown()


@pytest.fixture(scope="module")
def runs(request: pytest.FixtureRequest) -> Iterator[dict[str, Runs]]:
    """Hold the runs of this process: all chosen services at once, in a worker of xdist one by one."""
    found: dict[str, Runs] = {}
    if not hasattr(request.config, "workerinput"):
        mine = (item for item in request.session.items if item.path == Path(__file__).resolve())
        chosen = [item.callspec.params["slug"] for item in mine if hasattr(item, "callspec")]
        together = Runs(chosen)
        found = dict.fromkeys(chosen, together)
    yield found
    for each in set(found.values()):
        each.stop()


def test_every_service_of_the_catalogue_has_its_item():
    here = Workspace.open(ROOT)
    try:
        assert sorted(catalogue.read_all(ROOT, here.cache)) == SERVICES
    finally:
        here.close()


if SERVICES:

    @pytest.mark.parametrize("slug", SERVICES)
    def test_service(slug: str, runs: dict[str, Runs], request: pytest.FixtureRequest) -> None:
        """The service is green. Progress is written past pytest's capture: it can take minutes."""
        if slug not in runs:
            runs[slug] = Runs([slug])
        mine = runs[slug]
        capture = request.config.pluginmanager.getplugin("capturemanager")
        ended = None
        while ended is None:
            ended = mine.ended(slug, 0.2)
            while not mine.said.empty():
                line = mine.said.get()
                mine.log.append(line)
                if line.startswith("["):
                    with capture.global_and_fixture_disabled():
                        print(f"\n{line}", end="", file=sys.stderr, flush=True)
        if ended.outcome.code is not ExitCode.OK:
            own = [line for line in mine.log if " │ " not in line or line.startswith(f"{slug} │ ")]
            pytest.fail("\n".join(own[-200:]), pytrace=False)
