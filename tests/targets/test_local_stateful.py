"""The real agent with real processes, driven through every order of deploys, crashes and kills."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cockpit.targets import journal
from targets.local_world import ENV, SERVICE, World, never, until


class LocalDeployments(RuleBasedStateMachine):
    """The model: what should serve, what can be gone back to, and whether the agent was killed."""

    @initialize()
    def begin(self):
        self.root = Path(tempfile.mkdtemp(prefix="cockpit-local-"))
        self.world = World(self.root)
        self.made = 0
        self.run = False
        self.serving: str | None = None
        self.before: list[str] = []
        self.modes: dict[str, str] = {}
        self.agent_killed = False

    def teardown(self):
        if hasattr(self, "world"):
            self.world.close()
            shutil.rmtree(self.root)

    def fresh(self) -> str:
        self.made += 1
        return f"v{self.made}"

    def succeeds(self, mode: str) -> None:
        text = self.fresh()
        self.modes[text] = mode
        deployment = self.world.deploy(mode, text)
        assert deployment.state == "live", (deployment, self.world.said)
        if self.serving is not None:
            self.before = [self.serving, *self.before][:3]
        self.serving, self.run, self.agent_killed = text, True, False

    def fails(self, mode: str, grace_s: float, why: str) -> None:
        deployment = self.world.deploy(mode, self.fresh(), grace_s)
        assert deployment.state == "failed"
        assert why in (deployment.error or ""), deployment
        self.agent_killed = False

    @rule()
    def deploy(self):
        self.succeeds("good")

    @rule()
    def deploy_one_that_takes_its_time(self):
        self.succeeds("late")

    @rule()
    def deploy_one_that_crashes(self):
        self.fails("crash", 30.0, "ValueError: it cannot start")

    @rule()
    def deploy_one_that_is_never_ready(self):
        self.fails("never", 0.7, "/readyz answered 503")

    @precondition(lambda self: self.serving is not None)
    @rule()
    def redeploy_the_same_sources(self):
        seen = self.world.ask() if self.run and not self.agent_killed else None
        self.world.write(self.modes[self.serving], self.serving)
        assert self.world.target.deploy(self.world.order(), self.world.said.append, never).state == "live"
        assert self.world.ask() != seen  # the same release in another process
        self.run, self.agent_killed = True, False

    @precondition(lambda self: self.before)
    @rule()
    def roll_back(self):
        deployment = self.world.target.rollback(SERVICE, ENV, self.world.said.append, never)
        assert deployment.state == "live"
        self.serving, *self.before = self.before
        self.run, self.agent_killed = True, False

    @precondition(lambda self: self.run)
    @rule()
    def stop(self):
        self.world.target.stop(SERVICE, ENV, self.world.said.append)
        self.run = False
        until(lambda: self.world.agent is None, "the agent ends when nothing is wanted")
        self.agent_killed = False

    @precondition(lambda self: self.run and not self.agent_killed)
    @rule()
    def kill_the_service(self):
        self.world.version()
        os.kill(self.world.pid(self.serving), signal.SIGKILL)

    @precondition(lambda self: self.run and not self.agent_killed)
    @rule()
    def kill_the_agent(self):
        self.world.kill_agent()
        self.agent_killed = True

    @rule()
    def start_another_cockpit(self):
        self.world.store.close()
        self.world.open()
        said = self.world.target.restore()
        gone = ["the process agent was gone; restarted it for svc"]
        assert said == (gone if self.agent_killed else [])
        self.agent_killed = False

    @invariant()
    def what_is_wanted_answers_and_nothing_else_does(self):
        if not hasattr(self, "world"):
            return
        if self.agent_killed:
            assert self.world.target.status()[SERVICE].state == "down"
            until(lambda: not self.world.processes(), "services end with their agent")
            assert self.world.ask() is None
        elif self.run:
            assert self.world.version() == self.serving
            until(lambda: self.world.target.status()[SERVICE].state == "up", "the board says so")
            until(lambda: len(self.world.processes()) == 1, "one process is left")
        else:
            assert self.world.ask() is None
            assert not self.world.processes()

    @invariant()
    def there_is_at_most_one_agent(self):
        if hasattr(self, "world"):
            until(lambda: self.world.agents() <= 1, "a second agent gives way")

    @invariant()
    def the_journal_tells_the_same(self):
        if hasattr(self, "world"):
            rows = journal.by_service(self.world.store, ENV).get(SERVICE, ())
            live = [row for row in rows if row.state == "live"]
            assert len(live) == (1 if self.run else 0)
            assert not [row for row in rows if row.state == "deploying"]


TestLocalDeployments = LocalDeployments.TestCase
TestLocalDeployments.settings = settings(
    max_examples=4,
    stateful_step_count=10,
    deadline=None,
    phases=(Phase.generate,),  # shrinking would take minutes: the steps are printed as they were
    database=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
