"""Which services are there, and what can be told of each without running it?

Everything read from a service is kept under the stamps of its files; what depends on other services is
joined anew each time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cockpit.domain.canonical import contract_digest
from cockpit.domain.service import ServiceFacts
from cockpit.domain.text import one_line
from cockpit.domain.words import LockState
from cockpit.edges import files
from cockpit.edges.git import Git, RealGit
from cockpit.errors import CockpitError, NotFoundError, Problem
from cockpit.services import isolation, project, sources, uv_workspace
from cockpit.services.isolation import Import, Ties
from cockpit.services.project import Lead
from cockpit.services.sources import FOLDER, Listing
from cockpit.services.uv_workspace import UvWorkspace

_FORMAT = "1"
_SERVICE, _LOCK, _AROUND = "service", "service-lock", "uv-workspace"
_CONTRACT = "contract.openapi.json"
_TEMPLATE = ".cockpit-template.json"
_LIMIT = 8_000_000


class Cache(Protocol):
    """Keeps JSON values by kind and key, each with the stamp it holds for (workspace/cache.py)."""

    def read_all(self, kind: str) -> dict[str, tuple[str, str]]:
        """Return key → (stamp, JSON text)."""
        ...

    def write(self, kind: str, values: Mapping[str, tuple[str, Any]]) -> None:
        """Keep key → (stamp, value)."""
        ...

    def forget(self, kind: str, keys: set[str]) -> None:
        """Drop what is kept for `keys`."""
        ...


@dataclass(frozen=True, slots=True)
class _Reading:
    """One service as read by itself. `locked` is True if it has a uv.lock that git does not ignore."""

    sources: str
    ties: Ties
    has_project: bool
    own_workspace: bool
    locked: bool
    whole: bool
    contract_digest: str | None
    template_version: int | None


def read_all(root: Path, cache: Cache, git: Git | None = None) -> dict[str, ServiceFacts]:
    """Return the facts of every service under `root`/services, by slug, in order.

    A folder that holds nothing but what tools made or git ignores is no service.
    """
    names = sources.folders(root)
    readings = _readings(root, names, cache, git or RealGit(root))
    around = _around(root, cache)
    locks = cache.read_all(_LOCK)
    ties = {slug: reading.ties for slug, reading in readings.items()}
    offered_by = isolation.owners(ties)
    return {
        one_line(slug, 100): ServiceFacts(
            slug=one_line(slug, 100),
            path=f"{FOLDER}/{one_line(slug, 100)}",
            package=one_line(slug, 100).replace("-", "_"),
            sources=reading.sources,
            lock=_lock(root, slug, locks) if reading.locked else LockState.ABSENT,
            contract_digest=reading.contract_digest,
            template_version=reading.template_version,
            problems=(*_own_problems(slug, reading, around), *isolation.problems(slug, ties, offered_by)),
        )
        for slug, reading in readings.items()
    }


def read_one(root: Path, slug: str, cache: Cache, git: Git | None = None) -> ServiceFacts:
    """Return the facts of the service `slug`. Raises NotFoundError if it is not there."""
    found = read_all(root, cache, git).get(slug)
    if found is None:
        raise NotFoundError(
            f"there is no service {FOLDER}/{one_line(slug, 100)}",
            do="scaffold it: `cockpit scaffold RPT`; `cockpit status` lists those that are",
            code="no-service",
        )
    return found


def remember_lock(root: Path, slug: str, state: LockState, cache: Cache) -> None:
    """Keep what uv said of the lock of `slug`, until its pyproject.toml or uv.lock changes."""
    cache.write(_LOCK, {slug: (_lock_stamp(root, slug), str(state))})


def _lock(root: Path, slug: str, kept: Mapping[str, tuple[str, str]]) -> LockState:
    """Asking uv takes too long for a board: what it last said holds as long as both files stand."""
    stamp, value = kept.get(slug, ("", ""))
    if stamp != _lock_stamp(root, slug):
        return LockState.UNKNOWN
    try:
        return LockState(json.loads(value))
    except ValueError:
        return LockState.UNKNOWN


def _lock_stamp(root: Path, slug: str) -> str:
    marks = (files.stamp(root / FOLDER / slug / name) for name in ("pyproject.toml", "uv.lock"))
    return "|".join(mark.key() if mark else "missing" for mark in marks)


def _readings(root: Path, names: list[str], cache: Cache, git: Git) -> dict[str, _Reading]:
    kept = cache.read_all(_SERVICE)
    base = _base_stamp(root)
    listings = {name: sources.listing(root / FOLDER / name) for name in names}
    stamps = {name: f"{base}:{listed.stamp()}" for name, listed in listings.items() if listed.entries}
    found: dict[str, _Reading | None] = {}
    for name, stamp in stamps.items():
        entry = kept.get(name)
        if entry is not None and entry[0] == stamp:
            found[name] = _decode(entry[1])
    unread = [name for name in stamps if name not in found]
    if unread:
        left_out = sources.ignored(git)
        found |= {name: _read(root, name, listings[name], left_out) for name in unread}
        cache.write(_SERVICE, {name: (stamps[name], _encode(found[name])) for name in unread})
    gone = set(kept) - set(stamps)
    if gone:
        cache.forget(_SERVICE, gone)
    return {name: reading for name in stamps if (reading := found[name]) is not None}


def _base_stamp(root: Path) -> str:
    """What every service's reading depends on beside its own files: what git is told to ignore."""
    marks = (files.stamp(root / name) for name in (".gitignore", f"{FOLDER}/.gitignore"))
    return "|".join([_FORMAT, *(mark.key() if mark else "" for mark in marks)])


def _read(root: Path, slug: str, listed: Listing, left_out: frozenset[str]) -> _Reading | None:
    """Return what the files of `slug` say; None where nothing of it belongs to anybody."""
    folder = root / FOLDER / slug
    entries = sources.belonging(slug, listed.entries, left_out)
    if not entries:
        return None
    names = {entry.path for entry in entries}
    return _Reading(
        # A digest over a part of the files would call a changed service unchanged.
        sources=sources.digest(folder, entries) if listed.whole else "",
        ties=isolation.ties(root, slug, entries),
        has_project="pyproject.toml" in names,
        own_workspace="workspace" in project.table(project.text_of(folder / "pyproject.toml"), "tool", "uv"),
        locked="uv.lock" in names,
        whole=listed.whole,
        contract_digest=_contract_digest(folder / _CONTRACT) if _CONTRACT in names else None,
        template_version=_template_version(folder / _TEMPLATE) if _TEMPLATE in names else None,
    )


def _own_problems(slug: str, reading: _Reading, around: tuple[UvWorkspace, ...]) -> list[Problem]:
    path = f"{FOLDER}/{one_line(slug, 100)}"
    found = []
    if not reading.has_project:
        found.append(
            Problem(
                "service-no-project",
                "it has no pyproject.toml, so no environment of its own",
                "scaffold it, or `uv init --bare` in its folder; remove the folder if it is a leftover",
                path,
            )
        )
    elif not reading.own_workspace:
        found += [workspace.problem(slug) for workspace in around if workspace.swallows(slug)][:1]
    if not reading.whole:
        found.append(
            Problem(
                "service-too-large",
                f"it has more than {sources.MOST_FILES:,} files, so a change in it cannot be seen",
                "move data out of it, or let git ignore what is generated",
                path,
            )
        )
    return found


def _around(root: Path, cache: Cache) -> tuple[UvWorkspace, ...]:
    """Return the uv workspaces around the services, kept under the stamps of every pyproject.toml above."""
    stamp = uv_workspace.stamp(root)
    kept = cache.read_all(_AROUND).get("")
    if kept is not None and kept[0] == stamp:
        return tuple(
            UvWorkspace(tuple(members), tuple(exclude), *rest)
            for members, exclude, *rest in json.loads(kept[1])
        )
    found = uv_workspace.around(root)
    cache.write(_AROUND, {"": (stamp, [[w.members, w.exclude, w.base, w.path, w.line] for w in found])})
    return found


def _json(path: Path) -> Any:
    try:
        return json.loads(files.read_bounded(path, _LIMIT))
    except (CockpitError, ValueError, RecursionError):
        return None


def _contract_digest(path: Path) -> str | None:
    try:
        return contract_digest(_json(path))
    except RecursionError:
        return None


def _template_version(path: Path) -> int | None:
    answers = _json(path)
    version = answers.get("version") if isinstance(answers, dict) else None
    return version if isinstance(version, int) and not isinstance(version, bool) else None


def _encode(reading: _Reading | None) -> list[Any] | None:
    if reading is None:
        return None
    tie = reading.ties
    return [
        reading.sources, [tie.offers, tie.imports, tie.leads], reading.has_project, reading.own_workspace,
        reading.locked, reading.whole, reading.contract_digest, reading.template_version,
    ]  # fmt: skip


def _decode(value: str) -> _Reading | None:
    kept = json.loads(value)
    if kept is None:
        return None
    digest, (offers, imports, leads), *rest = kept
    tie = Ties(tuple(offers), tuple(Import(*i) for i in imports), tuple(Lead(*lead) for lead in leads))
    return _Reading(digest, tie, *rest)
