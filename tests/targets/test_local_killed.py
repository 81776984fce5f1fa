"""kill -9 in the middle of a deploy: of the cockpit, of either version, of the agent. Nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cockpit.targets import journal
from cockpit.targets.local import keeper, locks, wanted
from targets.local_world import ENV, LONG_S, SERVICE, World, until, world

DEPLOYER = """
import sys, time
from pathlib import Path
from targets.local_world import FakeLauncher, World, never
class Slow(FakeLauncher):
    def prepare(self, release, emit, cancelled):
        print("building", flush=True)
        time.sleep(600)
launcher = Slow() if sys.argv[2] == "building" else FakeLauncher()
here = World(Path(sys.argv[1]), launcher)
here.target.deploy(here.order(), lambda line: print(line, flush=True), never)
"""


@pytest.fixture
def here(tmp_path):
    with world(tmp_path) as it:
        yield it


def deployer(here: World, phase: str) -> subprocess.Popen[str]:
    """Another cockpit that deploys what stands in the work tree, once it is in `phase`."""
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), "COCKPIT_TRIAL": "from-its-shell"}
    process = subprocess.Popen(
        [sys.executable, "-c", DEPLOYER, str(here.root), phase], stdout=subprocess.PIPE, text=True, env=env
    )
    assert process.stdout is not None
    while not process.stdout.readline().startswith("building" if phase == "building" else "starting"):
        assert process.poll() is None
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def states(here: World) -> list[str]:
    return [row.state for row in journal.by_service(here.store, ENV)[SERVICE]]


def deploying(here: World, mode: str, text: str) -> tuple[threading.Thread, list[object]]:
    """Deploy in a thread; return it once the candidate runs."""
    ended: list[object] = []
    thread = threading.Thread(target=lambda: ended.append(here.deploy(mode, text)))
    thread.start()
    until(lambda: f"{text} begins" in "\n".join(log_of(here)), "the candidate starts")
    return thread, ended


def log_of(here: World) -> list[str]:
    return here.target.logs(SERVICE) if here.places.log(f"{SERVICE}@{ENV}").exists() else []


def test_the_cockpit_while_it_builds(here):
    here.deploy("good", "v1")
    here.write("good", "v2")
    other = deployer(here, "building")
    assert states(here) == ["deploying", "live"]
    assert here.target.restore() == []  # it is at work: nobody else settles it
    kill(other)
    assert here.target.restore() == ["the deploy of svc to local was interrupted: its cockpit was killed"]
    rows = journal.by_service(here.store, ENV)[SERVICE]
    assert [row.state for row in rows] == ["failed", "live"]
    assert "interrupted" in rows[0].error and "deploy again" in rows[0].error
    assert here.version() == "v1"
    assert here.deploy("good", "v2").state == "live"


def test_the_cockpit_while_it_waits_and_the_version_is_good(here):
    here.deploy("good", "v1")
    here.write("late", "v2")
    kill(deployer(here, "waiting"))
    until(lambda: here.version() == "v2", "the agent finishes what was begun")
    said: list[str] = []
    until(lambda: said.extend(here.target.restore()) or said, "the next cockpit settles it")
    assert said == ["the deploy of svc to local went live, though its cockpit was killed"]
    assert states(here) == ["live", "replaced"]
    assert here.target.previous(SERVICE, ENV).release != here.target.status()[SERVICE].release
    assert here.target.restore() == []


def test_the_cockpit_while_it_waits_and_the_version_is_bad(here):
    here.deploy("good", "v1")
    here.write("crash", "v2")
    kill(deployer(here, "waiting"))
    said: list[str] = []
    until(lambda: said.extend(here.target.restore()) or said, "the next cockpit settles it")
    assert "failed after its cockpit was killed: it exited with 1" in said[0]
    assert states(here) == ["failed", "live"]
    assert here.version() == "v1"
    assert here.target.wanted(SERVICE, ENV).candidate is None


def test_the_cockpit_between_the_takeover_and_the_journal(here):
    here.deploy("good", "v1")
    here.write("good", "v2")
    key = f"{SERVICE}@{ENV}"
    finishing = []

    def killed(store, deployment, url):
        finishing.append(deployment)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "went_live", killed)
        with pytest.raises(KeyboardInterrupt):
            here.target.deploy(here.order(), here.said.append, lambda: False)
    assert states(here) == ["deploying", "live"]
    assert wanted.read(here.places)[key].candidate is None
    assert here.target.restore() == ["the deploy of svc to local went live, though its cockpit was killed"]
    assert states(here) == ["live", "replaced"]


def test_the_candidate(here):
    here.deploy("good", "v1")
    thread, ended = deploying(here, "never", "v2")
    os.kill(here.pid("v2"), signal.SIGKILL)
    thread.join(LONG_S)
    assert ended[0].state == "failed"
    assert ended[0].error.startswith("it was ended by SIGKILL before it was ready")
    assert here.version() == "v1"


def test_the_version_that_serves(here):
    here.deploy("good", "v1")
    thread, ended = deploying(here, "late", "v2")
    os.kill(here.pid("v1"), signal.SIGKILL)
    assert here.version() in ("v1", "v2")  # queued until one of them accepts
    thread.join(LONG_S)
    assert ended[0].state == "live"
    assert here.version() == "v2"


def test_the_agent(here):
    here.deploy("good", "v1")
    thread, ended = deploying(here, "late", "v2")
    here.kill_agent()
    thread.join(LONG_S)
    assert ended[0].state == "live", here.said
    assert here.version() == "v2"
    assert here.agents() == 1
    until(lambda: len(here.processes()) == 1, "nothing is left of the time before")


def test_the_agent_and_the_cockpit_at_once(here):
    here.deploy("good", "v1")
    here.write("late", "v2")
    other = deployer(here, "waiting")
    here.kill_agent()
    kill(other)
    if not keeper.alive(here.places):
        assert here.target.restore() == ["the process agent was gone; restarted it for svc"]
    until(lambda: here.version() == "v2", "the candidate goes on")
    until(
        lambda: here.target.restore() or states(here) == ["live", "replaced"], "the next cockpit settles it"
    )
    assert states(here) == ["live", "replaced"]


def test_what_a_service_started_itself_ends_with_it(here):
    here.deploy("parent", "v1")
    until(lambda: len(here.processes()) == 2, "its child runs")
    os.kill(here.pid("v1"), signal.SIGKILL)
    until(lambda: here.version() == "v1" and len(here.processes()) == 2, "one service and one child again")
    here.kill_agent()
    until(lambda: len(here.processes()) == 1, "the service dies with the agent, its child does not")
    here.target.restore()
    until(lambda: here.version() == "v1" and len(here.processes()) == 2, "the orphan was found and ended")
    here.target.stop(SERVICE, ENV, here.said.append)
    until(lambda: not here.processes(), "all are gone")


def test_a_deploy_reaches_the_service_with_the_variables_of_its_shell(here):
    here.write("good", "v1")
    other = deployer(here, "waiting")
    assert other.wait(LONG_S) == 0
    kill(other)
    assert here.ask().split()[2:] == ["from-its-shell"]
    assert "from-its-shell" not in here.places.wanted.read_text() + here.places.state.read_text()


def test_the_lock_of_a_killed_cockpit_is_free(here):
    here.write("good", "v1")
    other = deployer(here, "building")
    assert locks.held(here.places.service_lock(SERVICE))
    kill(other)
    assert not locks.held(here.places.service_lock(SERVICE))
    here.target.restore()
