"""What do the other rooms know that the join needs? Gathered at once; a room that fails says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from cockpit.domain.conformance import LevelReport
from cockpit.domain.handoff import StackSummary
from cockpit.domain.health import Health
from cockpit.domain.pull import Server
from cockpit.domain.rpt import RptFacts
from cockpit.domain.service import Deployment, ServiceFacts, ServiceTests
from cockpit.domain.stack import Slicing, Stack
from cockpit.domain.words import HealthState
from cockpit.edges.clock import today
from cockpit.errors import CockpitError, Problem
from cockpit.stacks.pulls import Pulls
from cockpit.workspace import conformance_rules, conformance_store, endpoints, marks
from cockpit.workspace.config import Config
from cockpit.workspace.conformance_rules import DEFAULT, Rules
from cockpit.workspace.join import Evidence

if TYPE_CHECKING:
    from cockpit.workspace.amendments import Amendment
    from cockpit.workspace.workspace import Workspace


@dataclass(slots=True)
class Found:
    """What was gathered, before what is known of health right now is laid over it."""

    rpts: tuple[RptFacts, ...]
    env: str
    me: str | None
    services: dict[str, ServiceFacts] = field(default_factory=dict)
    tests: dict[str, ServiceTests] = field(default_factory=dict)
    deployments: dict[str, tuple[Deployment, ...]] = field(default_factory=dict)
    health: dict[str, Health] = field(default_factory=dict)
    stacks: tuple[Stack, ...] = ()
    stacks_of: dict[str, tuple[Stack, ...]] = field(default_factory=dict)
    summaries: dict[str, StackSummary] = field(default_factory=dict)
    slicings: dict[str, Slicing] = field(default_factory=dict)
    reports: dict[str, tuple[LevelReport, ...]] = field(default_factory=dict)
    rules: Rules = DEFAULT
    strangers: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    amendments: dict[str, Amendment] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    branch: str | None = None
    trunk: str | None = None
    me_names: tuple[str, ...] = ()
    server: Server | None = None
    pulls: Pulls | None = None
    problems: tuple[Problem, ...] = ()
    stack_problems: tuple[Problem, ...] = ()

    def evidence(self, fresh: Mapping[str, Health], today: date) -> Evidence:
        """Return everything for the join; `fresh` is newer than what the store remembers."""
        known = {name: fresh.get(name, health) for name, health in self.health.items()}
        return Evidence(
            rpts=self.rpts,
            env=self.env,
            today=today,
            services=self.services,
            tests=self.tests,
            deployments=self.deployments,
            health=known,
            stacks=self.stacks_of,
            stack_summaries=self.summaries,
            slicings=self.slicings,
            reports=self.reports,
            rules=self.rules,
            strangers=self.strangers,
            amendments=self.amendments,
            me=self.me,
            seen=self.seen,
        )


def gather(workspace: Workspace, config: Config, env: str, rpts: tuple[RptFacts, ...]) -> Found:
    """Gather what is known of everything but the documents themselves."""
    found = Found(rpts, env, workspace.me, me_names=workspace.me_names, seen=marks.seen(workspace.store))
    for gather_one in (_services, _deployments_and_health, _conformance, _signatures):
        try:
            gather_one(workspace, config, found)
        except CockpitError as error:
            found.problems = (*found.problems, error.problem)
    return with_stacks(workspace, config, found)


def stacks_alone(workspace: Workspace, rpts: tuple[RptFacts, ...]) -> Found:
    """Return what is known of the stacks and nothing else."""
    return with_stacks(workspace, workspace.config, Found(rpts, "", None))


def with_stacks(workspace: Workspace, config: Config, found: Found) -> Found:
    """Return `found` with its stacks read again: git, this clone's tools, and what is known of the server."""
    again = replace(
        found,
        stacks=(),
        stacks_of={},
        summaries={},
        slicings={},
        branch=None,
        trunk=None,
        server=None,
        pulls=None,
        stack_problems=(),
    )
    for gather_one in (_server, _stacks):
        try:
            gather_one(workspace, config, again)
        except CockpitError as error:
            again.stack_problems = (*again.stack_problems, error.problem)
    return again


def _services(workspace: Workspace, config: Config, found: Found) -> None:
    from cockpit.services import catalogue, results

    found.services = catalogue.read_all(workspace.root, workspace.cache)
    found.tests = results.latest(workspace.store)


def _deployments_and_health(workspace: Workspace, config: Config, found: Found) -> None:
    from cockpit.health import history
    from cockpit.targets import journal

    found.deployments = journal.by_service(workspace.store, found.env)
    remembered = history.latest(workspace.store)
    local = workspace.target.status(found.env)
    for endpoint in endpoints.of(config, found.env, found.rpts, local, workspace.clock.epoch()):
        health = remembered.get(endpoint.id) or Health(HealthState.UNKNOWN)
        found.health[endpoint.id] = replace(health, url=endpoint.url)


def _conformance(workspace: Workspace, config: Config, found: Found) -> None:
    day = today(workspace.clock)
    found.rules = conformance_rules.on(config, day)
    found.problems = (*found.problems, *conformance_rules.expired(config, day))
    found.reports = conformance_store.latest(workspace.store, found.env)
    if found.reports:
        from cockpit.workspace import conformance_lines

        found.reports = conformance_lines.placed_again(
            workspace.root, workspace.cache, found.rpts, found.reports
        )


def _signatures(workspace: Workspace, config: Config, found: Found) -> None:
    addressed = {person.handle for person in config.people if person.email is not None}
    signed = [rpt for rpt in found.rpts if rpt.signoffs]
    if any(signoff.by in addressed for rpt in signed for signoff in rpt.signoffs):
        from cockpit.workspace import signatures

        found.strangers = signatures.strangers(workspace.git, workspace.cache, signed, config.people)
    if any(signoff.digest != rpt.digest for rpt in signed for signoff in rpt.signoffs):
        from cockpit.workspace import amendments

        found.amendments = amendments.of_all(workspace, signed)


def _server(workspace: Workspace, config: Config, found: Found) -> None:
    from cockpit.workspace import heard

    found.pulls, found.server = heard.last(workspace)


def _stacks(workspace: Workspace, config: Config, found: Found) -> None:
    from cockpit.stacks import belonging, prototypes
    from cockpit.stacks import reading as joined
    from cockpit.workspace import slicings

    reading = joined.read(workspace.git, workspace.root, config.trunk, workspace.cache, found.pulls)
    found.branch, found.trunk = reading.branch, reading.trunk
    sliced, problems = slicings.known(workspace)
    found.stack_problems = (*found.stack_problems, *reading.problems, *problems)
    found.stacks, sliced = prototypes.apart(belonging.placed(reading, found.rpts), sliced)
    found.slicings = {one.rpt: one for one in sliced}
    for stack in found.stacks:
        if stack.rpt is not None:
            found.stacks_of[stack.rpt] = (*found.stacks_of.get(stack.rpt, ()), stack)
    facts = {rpt.id: rpt for rpt in found.rpts}
    for rpt, stacks in found.stacks_of.items():
        found.summaries[rpt] = belonging.summarise(stacks, facts.get(rpt))
