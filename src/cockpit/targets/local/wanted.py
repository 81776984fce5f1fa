"""What should run on this machine? wanted.json: written by commands under a lock, read by the agent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from cockpit.edges import files
from cockpit.errors import EdgeError, StateError
from cockpit.targets.local import locks
from cockpit.targets.local.places import Places

_SCHEMA = "cockpit.local-wanted/v1"
_LIMIT = 4_000_000
_WAIT_S = 10.0
KEPT_BEFORE = 3  # releases that a rollback can go back to


@dataclass(frozen=True, slots=True)
class Version:
    """One roll-out of one release. `id` is never used twice, so that a redeploy is a new version.

    `argv`, `folder` and the values of `env` may hold {root} (the workspace) and {serve} (the folder of
    cockpit_serve.py); nothing in a Version is a secret or a path of this machine. `grace_s` is how long
    it may take to become ready. `asked_by` names the process whose environment it runs in, as (pid,
    creation time). `goes_back` marks a rollback: what that replaces
    is not kept to go back to.
    """

    id: str
    release: str
    argv: tuple[str, ...]
    folder: str
    env: dict[str, str]
    grace_s: float
    commit: str | None = None
    asked_by: tuple[int, float] | None = None
    goes_back: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should run of one service in one environment.

    `serving` should answer at `port` while `run` is true. `candidate` is started beside it and takes
    over once it is ready. `before` are the versions that served earlier, the newest first.
    """

    service: str
    env: str
    port: int
    run: bool = False
    serving: Version | None = None
    candidate: Version | None = None
    before: tuple[Version, ...] = field(default=())

    @property
    def url(self) -> str:
        """Where it answers, without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def anything(self) -> bool:
        """True if a process should exist for it."""
        return (self.run and self.serving is not None) or self.candidate is not None

    @property
    def versions(self) -> tuple[Version, ...]:
        """Every version whose release and environment have to stay on disk."""
        return tuple(v for v in (self.serving, self.candidate, *self.before) if v is not None)

    @property
    def previous(self) -> Version | None:
        """What a rollback goes back to: the newest version before, of another release."""
        now = self.serving.release if self.serving is not None else None
        return next((version for version in self.before if version.release != now), None)

    def taken_over(self) -> Wanted:
        """Return this once the candidate serves."""
        new, old = self.candidate, self.serving
        if new is None:
            return self
        if new.goes_back:
            place = next((n for n, v in enumerate(self.before, 1) if v.release == new.release), 0)
            before = self.before[place:]
        elif old is not None and old.release != new.release:
            before = (old, *self.before)[:KEPT_BEFORE]
        else:
            before = self.before
        return replace(self, run=True, serving=new, candidate=None, before=before)


Table = dict[str, Wanted]


def read(places: Places) -> Table:
    """Return key ("service@env") → what is wanted, {} without a file. Raises StateError if it is broken."""
    try:
        data = files.read_bounded(places.wanted, _LIMIT, ".cockpit/local/wanted.json")
    except EdgeError as error:
        if not places.wanted.exists():
            return {}
        raise _broken(error.problem.message) from error
    try:
        content = json.loads(data)
        if content["schema"] != _SCHEMA:
            raise _broken(f"it is of another version: {str(content['schema'])[:60]}")
        return {key: _wanted(item) for key, item in content["services"].items()}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise _broken(f"it does not read: {error!r:.200}") from error


@contextmanager
def edit(places: Places) -> Iterator[Table]:
    """Give the table to change; what the block leaves in it is written whole. Nobody else edits meanwhile."""
    with locks.hold(places.wanted_lock, _WAIT_S) as mine:
        if not mine:
            raise StateError(
                f"another cockpit has held the local state for {_WAIT_S:g} s",
                do="end it, then try again",
                path=".cockpit/local/wanted.lock",
            )
        table = read(places)
        before = dict(table)
        yield table
        if table != before:
            _write(places.wanted, table)


def withdrawn(wanted: Wanted) -> Wanted:
    """Return `wanted` without its candidate."""
    return replace(wanted, candidate=None)


def _write(path: Path, table: Table) -> None:
    content = {"schema": _SCHEMA, "services": {key: asdict(item) for key, item in table.items()}}
    files.write_atomic(path, json.dumps(content, indent=1).encode())


def _wanted(item: dict[str, Any]) -> Wanted:
    return Wanted(
        service=str(item["service"]),
        env=str(item["env"]),
        port=int(item["port"]),
        run=bool(item["run"]),
        serving=_version(item["serving"]),
        candidate=_version(item["candidate"]),
        before=tuple(v for v in map(_version, item["before"]) if v is not None),
    )


def _version(item: dict[str, Any] | None) -> Version | None:
    if item is None:
        return None
    asked_by = item["asked_by"]
    return Version(
        id=str(item["id"]),
        release=str(item["release"]),
        argv=tuple(map(str, item["argv"])),
        folder=str(item["folder"]),
        env={str(name): str(value) for name, value in item["env"].items()},
        grace_s=float(item["grace_s"]),
        commit=None if item["commit"] is None else str(item["commit"]),
        asked_by=None if asked_by is None else (int(asked_by[0]), float(asked_by[1])),
        goes_back=bool(item["goes_back"]),
    )


def _broken(why: str) -> StateError:
    return StateError(
        f"what should run here cannot be read: {why}",
        do="move .cockpit/local/wanted.json away and deploy again; documents are not touched",
        code="wanted-broken",
        path=".cockpit/local/wanted.json",
    )
