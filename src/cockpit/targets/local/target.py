"""How are services run on this machine? Deploy, roll back, stop, read logs, and put right what was killed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cockpit.domain.service import Deployment
from cockpit.edges import proc
from cockpit.edges.clock import Clock
from cockpit.edges.store import Store
from cockpit.errors import CancelledError, CockpitError, NotFoundError, ServiceError
from cockpit.targets import journal
from cockpit.targets.local import keeper, locks, logs, ports, releases, settle, state, status
from cockpit.targets.local import wanted as wanting
from cockpit.targets.local.launcher import Cancelled, Emit, Launcher, Start, UvLauncher
from cockpit.targets.local.places import Places, key_of
from cockpit.targets.local.releases import Release
from cockpit.targets.local.rollout import RollOut
from cockpit.targets.local.status import LocalState
from cockpit.targets.local.wanted import Version, Wanted
from cockpit.targets.names import LOCAL

__all__ = ["LocalState", "LocalTarget", "Order"]

_LOCK_WAIT_S = 0.5


@dataclass(frozen=True, slots=True)
class Order:
    """What to deploy: `folder` is the service's, relative to the workspace.

    `commit` is what its sources come from, None if unknown; `grace_s` how long it may take to be ready.
    """

    service: str
    env: str
    folder: str
    commit: str | None
    grace_s: float


class LocalTarget:
    """The services of one workspace on this machine. Safe to use from several threads and processes."""

    def __init__(self, root: Path, store: Store, clock: Clock, launcher: Launcher | None = None) -> None:
        self.places = Places(root)
        self._store = store
        self._clock = clock
        self._launcher = launcher or UvLauncher(self.places)

    def status(self, env: str | None = None) -> dict[str, LocalState]:
        """Return service → its state in `env`; for None in whichever environment it was started last.

        Reads two small files and looks at one lock. Raises StateError if they are broken.
        """
        return status.read(self.places, env, self._clock.epoch())

    def wanted(self, service: str, env: str) -> Wanted | None:
        """Return what should run of `service` in `env`, None if it was never deployed there."""
        return wanting.read(self.places).get(key_of(service, env))

    def url(self, service: str, env: str) -> str:
        """Return where `service` answers in `env`, or will once it is deployed."""
        table = wanting.read(self.places)
        known = table.get(key_of(service, env))
        return known.url if known is not None else f"http://127.0.0.1:{self._port(table, service, env)}"

    def deploy(self, order: Order, emit: Emit, cancelled: Cancelled) -> Deployment:
        """Deploy `order` and return how it ended: "live" or "failed", with what went wrong in `error`.

        What served before goes on serving until the new version is ready, and for good if it fails.
        Raises CancelledError, and CockpitError if there is nothing to deploy or another cockpit is at it.
        """
        with self._alone(order.service):
            emit(f"copying {order.folder}/ to a release")
            release = releases.take(self.places.root / order.folder, self.places.releases(order.service))
            emit(f"release {release.digest[:12]}: {release.files} files")

            def prepare(version: str) -> Version:
                start = self._launcher.prepare(release, emit, cancelled)
                return Version(
                    id=version, release=release.digest, argv=start.argv, folder=start.folder, env=start.env,
                    grace_s=order.grace_s, commit=order.commit, asked_by=proc.identity(os.getpid()),
                )  # fmt: skip

            return self._roll_out(
                order.service, order.env, release.digest, order.commit, prepare, emit, cancelled
            )

    def rollback(self, service: str, env: str, emit: Emit, cancelled: Cancelled) -> Deployment:
        """Go back to the release that served before, the same way as a deploy.

        Its environment is still there, so nothing is built and no index is asked. Raises CockpitError.
        """
        with self._alone(service):
            before = self.previous(service, env)
            emit(f"going back to release {before.release[:12]} ({before.commit or 'no commit'})")

            def prepare(version: str) -> Version:
                start = Start(before.argv, before.folder, before.env)
                if not self._launcher.stands(before.argv):
                    folder = self.places.releases(service) / before.release
                    release = Release(service, before.release, folder, 0)
                    start = self._launcher.prepare(release, emit, cancelled)
                return replace(
                    before, id=version, argv=start.argv, folder=start.folder, env=start.env,
                    asked_by=proc.identity(os.getpid()), goes_back=True,
                )  # fmt: skip

            return self._roll_out(service, env, before.release, before.commit, prepare, emit, cancelled)

    def previous(self, service: str, env: str) -> Version:
        """Return what a rollback would go back to. Raises NotFoundError if there is nothing."""
        wanted = self.wanted(service, env)
        before = wanted.previous if wanted is not None else None
        if before is None:
            raise NotFoundError(
                f"{service} has no earlier release in {env} to go back to",
                do=f"mend it and deploy again: cockpit deploy {service} --env {env}",
                code="no-earlier-release",
            )
        return before

    def stop(self, service: str, env: str, emit: Emit) -> Deployment | None:
        """End `service` in `env` and leave it ended; return what was live, None if nothing was."""
        key = key_of(service, env)
        with self._alone(service):
            with wanting.edit(self.places) as table:
                if key in table:
                    table[key] = replace(table[key], run=False, candidate=None)
            emit(f"ending {service} in {env}")
            RollOut(self.places, key).wait_until_gone()
            return journal.stopped(self._store, service, env)

    def logs(self, service: str, lines: int = 500, env: str | None = None) -> list[str]:
        """Return the last `lines` lines that `service` wrote, cleaned. Raises NotFoundError without a log."""
        return logs.tail(self.log_path(service, env), lines)

    def follow(self, service: str, lines: int, env: str | None, ended: Callable[[], bool]) -> Iterator[str]:
        """Yield the last `lines` lines of `service`, then each it writes, until `ended()`.

        Raises NotFoundError without a log.
        """
        return logs.follow(self.log_path(service, env), lines, ended)

    def log_path(self, service: str, env: str | None = None) -> Path:
        """Return the log of `service` in `env` (None: where it wrote last). Raises NotFoundError."""
        found = self.places.log(key_of(service, env or "any"))
        if env is None:
            known = found.parent.glob(f"{service}@*.log")
            found = max(known, key=lambda path: path.stat().st_mtime, default=found)
        if not found.exists():
            raise NotFoundError(
                f"{service} has no log{f' in {env}' if env else ''}: it was never started here",
                do=f"deploy it: cockpit deploy {service}" + (f" --env {env}" if env else ""),
                code="no-log",
            )
        return found

    def restore(self) -> list[str]:
        """Bring back what is wanted and was killed, and return what was done, in words; never raises.

        Costs a few tenths of a millisecond while all is as it should be.
        """
        try:
            table = wanting.read(self.places)
            said = []
            names = sorted({wanted.service for wanted in table.values() if wanted.anything})
            if names and keeper.ensure(self.places):
                said.append(f"the process agent was gone; restarted it for {', '.join(names)}")
            said += self._remember_ports(table)
            return said + settle.settle(self.places, self._store)
        except CockpitError as error:
            return [f"{error.problem.message} → {error.problem.do}"]

    def _roll_out(
        self,
        service: str,
        env: str,
        digest: str,
        commit: str | None,
        prepare: Callable[[str], Version],
        emit: Emit,
        cancelled: Cancelled,
    ) -> Deployment:
        """Build a version and let it take over, journalled from before the first step to after the last."""
        key = key_of(service, env)
        version = secrets.token_hex(8)
        with wanting.edit(self.places) as table:
            if key not in table:
                table[key] = Wanted(service, env, self._port(table, service, env))
            url, served = table[key].url, table[key].serving
        row = journal.begin(
            self._store, self._clock, service=service, env=env, target=LOCAL, url=url, commit=commit,
            digest=digest, version=version,
        ).id  # fmt: skip
        roll_out = RollOut(self.places, key)
        try:
            url = roll_out.run(prepare(version), emit, cancelled)
        except CancelledError as error:
            journal.failed(self._store, row, error.problem.message)
            raise
        except CockpitError as error:
            emit(f"→ {error.problem.do}")
            return journal.failed(self._store, row, error.problem.message)
        deployment = journal.went_live(self._store, row, url)
        self._prune(service, served)
        return deployment

    def _prune(self, service: str, leaving: Version | None) -> None:
        """Keep what serves, what can be gone back to, and what is `leaving` and may not have ended yet."""
        versions = [v for w in wanting.read(self.places).values() if w.service == service for v in w.versions]
        versions += [leaving] if leaving is not None else []
        releases.prune(self.places.releases(service), {v.release for v in versions})
        self._launcher.prune(service, [v.argv for v in versions])

    def _port(self, table: wanting.Table, service: str, env: str) -> int:
        return ports.choose(
            self.places.root, key_of(service, env), {wanted.port for wanted in table.values()}
        )

    def _remember_ports(self, table: wanting.Table) -> list[str]:
        """Keep the port that a service got where its own was taken."""
        seen = state.read(self.places).services if table and keeper.alive(self.places) else {}
        moved = [key for key, one in seen.items() if key in table and one.port not in (0, table[key].port)]
        if not moved:
            return []
        said = []
        with wanting.edit(self.places) as now:
            for key in moved:
                before = now[key]
                now[key] = replace(before, port=seen[key].port)
                journal.moved(self._store, before.service, before.env, now[key].url)
                said.append(
                    f"port {before.port} of {before.service} was taken by another program;"
                    f" it answers at {now[key].url} now"
                )
        return said

    @contextmanager
    def _alone(self, service: str) -> Iterator[None]:
        """Hold the service's lock: one change at a time, released however its holder dies."""
        with locks.hold(self.places.service_lock(service), _LOCK_WAIT_S) as mine:
            if not mine:
                raise ServiceError(
                    f"{service} is being deployed or stopped by another cockpit",
                    do="wait until it ends, or cancel it there",
                    code="busy",
                )
            yield
