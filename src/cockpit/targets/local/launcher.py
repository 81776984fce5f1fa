"""How is a release made runnable? Its environment is built by uv, and it is run by its own uvicorn."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cockpit.edges import pins, proc
from cockpit.errors import CancelledError, ServiceError
from cockpit.targets.local.places import Places
from cockpit.targets.local.releases import Release

Emit = Callable[[str], None]
Cancelled = Callable[[], bool]

LOCK_ARGV = ("uv", "lock", "--no-progress")
SYNC_ARGV = ("uv", "sync", "--frozen", "--no-dev", "--no-install-project", "--no-progress")


@dataclass(frozen=True, slots=True)
class Start:
    """What the agent runs: see `Version` for the placeholders. `uses` names the environment to keep."""

    argv: tuple[str, ...]
    folder: str
    env: dict[str, str] = field(default_factory=dict)


class Launcher(Protocol):
    """Makes a release runnable."""

    def prepare(self, release: Release, emit: Emit, cancelled: Cancelled) -> Start:
        """Build what the release needs and return how it is run. Raises CockpitError."""
        ...

    def stands(self, argv: tuple[str, ...]) -> bool:
        """Return whether what `argv` runs in is still there, so that nothing has to be prepared."""
        ...

    def prune(self, service: str, starts: Collection[tuple[str, ...]]) -> None:
        """Remove what none of these argvs of `service` needs any more."""
        ...


class UvLauncher:
    """Services as docs/services.md lays them out.

    An environment belongs to one service and one lock: releases with the same lock share it, so that a
    change of code alone deploys without building anything and with its bytecode compiled already. It
    never changes once built, because another lock makes another one. The project itself is not
    installed (PYTHONPATH leads to the release), so an environment knows no release.
    """

    def __init__(self, places: Places) -> None:
        self._places = places

    def prepare(self, release: Release, emit: Emit, cancelled: Cancelled) -> Start:
        """Lock in the release, build the environment of that lock, and return uvicorn's argv."""
        if pins.keep(release.folder, proc.service_env()):
            emit(f"locked to the versions of {pins.REQUIREMENTS}")
        self._run(LOCK_ARGV, release, {}, emit, cancelled)
        env = self._places.envs(release.service) / self._key(release.folder)
        self._run(SYNC_ARGV, release, {"UV_PROJECT_ENVIRONMENT": str(env)}, emit, cancelled)
        relative = env.relative_to(self._places.root).as_posix()
        package = release.service.replace("-", "_")
        return Start(
            argv=(f"{{root}}/{relative}/bin/python", "{serve}/cockpit_serve.py", f"{package}.app:app"),
            folder=f"{{root}}/{release.folder.relative_to(self._places.root).as_posix()}",
            env={"PYTHONPATH": "src"},
        )

    def stands(self, argv: tuple[str, ...]) -> bool:
        """Return whether the interpreter that `argv` names is there, and what it links to."""
        return Path(argv[0].replace("{root}", str(self._places.root))).exists()

    def prune(self, service: str, starts: Collection[tuple[str, ...]]) -> None:
        """Remove every environment of `service` that no argv in `starts` runs in."""
        folder = self._places.envs(service)
        for entry in folder.iterdir() if folder.is_dir() else ():
            if not any(f"/{entry.name}/bin/python" in argv[0] for argv in starts):
                shutil.rmtree(entry, ignore_errors=True)

    def _run(
        self,
        argv: tuple[str, ...],
        release: Release,
        extra: dict[str, str],
        emit: Emit,
        cancelled: Cancelled,
    ) -> None:
        emit(f"$ {' '.join(argv)}")
        code = proc.stream(argv, release.folder, proc.service_env(extra), emit, cancelled)
        if cancelled():
            raise CancelledError(
                f"cancelled while {argv[0]} {argv[1]} ran", do="what served before still does"
            )
        if code != 0:
            raise ServiceError(
                f"the environment of {release.service} cannot be built:"
                f" {argv[0]} {argv[1]} ended with {code}",
                do=f"read its output above, then try it by hand in services/{release.service}/",
                code="environment",
                path=f"services/{release.service}/pyproject.toml",
            )

    @staticmethod
    def _key(folder: Path) -> str:
        """Name the environment by everything that decides what is in it."""
        digest = hashlib.sha256()
        for name in ("uv.lock", ".python-version"):
            path = folder / name
            digest.update(f"{name}\0".encode() + (path.read_bytes() if path.is_file() else b"") + b"\0")
        return digest.hexdigest()[:16]
