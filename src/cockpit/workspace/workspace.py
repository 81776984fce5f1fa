"""What is in this workspace right now? Opens its doors once and hands out Snapshots."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.domain.health import Endpoint
from cockpit.domain.rpt import RptFacts
from cockpit.edges.clock import Clock, SystemClock
from cockpit.edges.git import Git, RealGit
from cockpit.edges.store import Store
from cockpit.errors import GitError, NotFoundError
from cockpit.workspace import config as configuration
from cockpit.workspace import documents, endpoints, evidence, join, marks
from cockpit.workspace.cache import Cache
from cockpit.workspace.check import workspace_gates
from cockpit.workspace.gathered import Gathered
from cockpit.workspace.root import find_root
from cockpit.workspace.runs import Journal

if TYPE_CHECKING:
    from cockpit.domain.detail import Detail
    from cockpit.targets.local.target import LocalTarget
    from cockpit.workspace.kept_pulls import KeptPulls


class Workspace:
    """One workspace, open. Safe to use from several threads; each call reads what is there now."""

    def __init__(self, root: Path, store: Store, git: Git, clock: Clock) -> None:
        self.root = root
        self.store = store
        self.git = git
        self.clock = clock
        self.cache = Cache(store)

    @classmethod
    def open(cls, start: Path) -> Workspace:
        """Open the workspace around `start`. Raises ConfigError where there is none."""
        root = find_root(start)
        return cls(root, Store.open(root / ".cockpit"), RealGit(root), SystemClock())

    def close(self) -> None:
        """Close the local state."""
        self.store.close()

    @property
    def config(self) -> configuration.Config:
        """cockpit.yaml as it stands now."""
        return configuration.load(self.root, self.cache)

    @cached_property
    def me(self) -> str | None:
        """The handle of the person at the keyboard: COCKPIT_ME, else who has git's user.email."""
        try:
            email: str | None = self.git.run("config", "user.email").strip()
        except GitError:
            email = None
        return self.config.handle_of(email, os.environ.get("COCKPIT_ME"))

    @cached_property
    def me_names(self) -> tuple[str, ...]:
        """What `me` is called on GitHub and in git: the login, the handle, git's user.name; () for nobody."""
        if self.me is None:
            return ()
        logins = (person.github for person in self.config.people if person.handle == self.me)
        try:
            name = self.git.run("config", "user.name").strip()
        except GitError:
            name = ""
        return tuple(dict.fromkeys(one for one in (*logins, self.me, name) if one))

    @cached_property
    def target(self) -> LocalTarget:
        """The local deploy target of this workspace."""
        from cockpit.targets.local.target import LocalTarget

        return LocalTarget(self.root, self.store, self.clock)

    @cached_property
    def kept_pulls(self) -> KeptPulls:
        """What was read last of pull requests."""
        from cockpit.workspace.kept_pulls import KeptPulls

        return KeptPulls(self.cache)

    def settle(self) -> list[str]:
        """Put right what a killed process left behind, and return what was done, in words.

        Runs whose process is gone are marked as interrupted, and services that are wanted here and
        lost their process agent are started again.
        """
        gone = Journal(self.store, self.clock).settle()
        said = [f"{run.action} {run.subject} was interrupted: its process was killed" for run in gone]
        return said + self.target.restore()

    def gather(self, env: str | None = None) -> Gathered:
        """Read everything for `env` (the first environment for None). Raises ConfigError if it is unknown."""
        config = self.config
        environment = config.environment(env)
        rpts, problems = documents.load(self.root, self.cache)
        found = evidence.gather(self, config, environment.name, rpts)
        return Gathered(
            root=self.root.name,
            environments=tuple(e.name for e in config.environments),
            found=found,
            gates=workspace_gates(self.root, rpts, found.services, config.prototypes),
            problems=(*config.problems, *problems, *found.problems, *self.store.problems),
        )

    def with_stacks(self, gathered: Gathered) -> Gathered:
        """Return what was gathered with the stacks alone read again."""
        return replace(gathered, found=evidence.with_stacks(self, self.config, gathered.found))

    def snapshot(self, env: str | None = None) -> Snapshot:
        """Return the whole board for `env` (the first environment for None) as it is now."""
        return self.gather(env).snapshot(self.clock.epoch())

    def endpoints(self, env: str, rpts: tuple[RptFacts, ...] | None = None) -> tuple[Endpoint, ...]:
        """Return everything that can be probed in `env`."""
        if rpts is None:
            rpts, _ = documents.load(self.root, self.cache)
        return endpoints.of(self.config, env, rpts, self.target.status(env), self.clock.epoch())

    def resolve(self, reference: str, snapshot: Snapshot) -> Handoff:
        """Return the handoff that 7, 0007, RPT-0007, its file or its service's slug names.

        Raises NotFoundError, with what was likely meant.
        """
        from cockpit.rpts.find import normalise

        wanted = normalise(reference)
        for row in snapshot.handoffs:
            if wanted in (row.id, row.rpt.service, row.rpt.path):
                return row
        from difflib import get_close_matches

        names = [n for row in snapshot.handoffs for n in (row.id, row.rpt.service) if n]
        near = get_close_matches(wanted, names, n=1, cutoff=0.6)
        raise NotFoundError(
            f"there is no RPT {reference!r}",
            do=f"did you mean {near[0]}?" if near else "see `cockpit status` for those that are",
            code="no-rpt",
        )

    def detail(self, rpt: str) -> Detail:
        """Return the sections of the document with id `rpt`. Raises NotFoundError if it is gone."""
        rpts, _ = documents.load(self.root, self.cache)
        for facts in rpts:
            if facts.id == rpt:
                return documents.detail(self.root, facts)
        raise NotFoundError(f"{rpt} is gone", do="refresh (r)", code="no-rpt")

    def contract(self, rpt: RptFacts) -> dict[str, object]:
        """Return the completed OpenAPI contract of `rpt`. Raises DocumentError if it does not read."""
        return documents.contract(self.root, rpt)

    def toggle_seen(self, row: Handoff) -> bool:
        """Mark the row as seen until it changes, or take the mark back; return whether it is marked."""
        return marks.toggle_seen(self.store, row.id, join.fingerprint(row))
