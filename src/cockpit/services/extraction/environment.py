"""Where does the code of a service run? In its own `.venv`, which uv builds where there is none."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cockpit.domain.text import one_line
from cockpit.edges import files, pins, proc
from cockpit.errors import NotFoundError
from cockpit.services import project, sources
from cockpit.services.extraction.answers import ExtractionError
from cockpit.services.sources import FOLDER

_BUILD_LIMIT_S = 900.0
_KEPT_LINES = 100
_DOCKER_ENTRY = re.compile(r"(?:uvicorn|gunicorn|hypercorn)\b[^\n]*?[\"'\s]([A-Za-z_][\w.]*:[A-Za-z_]\w*)")


@dataclass(frozen=True, slots=True)
class Home:
    """One service, ready to be run: where it is, what can be imported, and what else belongs to it.

    `named` are the entries ("package.module:app") that its project names, `told` those of its Dockerfile.
    """

    root: Path
    slug: str
    folder: Path
    path: tuple[str, ...]
    editable: tuple[str, ...]
    named: tuple[str, ...]
    told: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The service as people know it: "services/<slug>"."""
        return f"{FOLDER}/{self.slug}"

    @property
    def package(self) -> str:
        """The package that holds the app, by the convention of docs/services.md."""
        return self.slug.replace("-", "_")

    @property
    def python(self) -> Path:
        """The interpreter of the service's environment."""
        windows = sys.platform == "win32"
        return self.folder / ".venv" / ("Scripts/python.exe" if windows else "bin/python")


def home(root: Path, slug: str) -> Home:
    """Return the service `slug`. Raises NotFoundError if it is not there."""
    root = root.resolve()
    folder = root / FOLDER / slug
    if slug in ("", ".", "..") or "/" in slug or "\\" in slug or folder.is_symlink() or not folder.is_dir():
        raise NotFoundError(
            f"there is no service {FOLDER}/{one_line(slug, 100)}",
            do="scaffold it: `cockpit scaffold RPT`; `cockpit status` lists those that are",
            code="no-service",
        )
    source = folder / "src"
    # By the convention nothing but src is on the path; other layouts are run from their own folder as well.
    own = (source / slug.replace("-", "_")).is_dir()
    path = [str(place) for place in ((source,) if own else (source, folder)) if place.is_dir()]
    text = project.text_of(folder / "pyproject.toml")
    editable, named, told = _editable(folder, text), _named(text), _told(folder)
    return Home(root, slug, folder, tuple(path), tuple(editable), tuple(named), tuple(told))


def build(here: Home) -> None:
    """Have uv build the environment if it is not there, or not whole. Raises ExtractionError if it cannot."""
    # Another process may be at it: the interpreter comes first, and uv waits for its turn.
    if here.python.exists() and any((place / "fastapi").is_dir() for place in _packages(here)):
        return
    if not (here.folder / "pyproject.toml").is_file():
        raise ExtractionError(
            f"{here.shown} has no pyproject.toml, so no environment of its own",
            do="scaffold it, or `uv init --bare` in its folder",
            code="service-no-project",
            path=here.shown,
        )
    pins.keep(here.folder, proc.service_env())
    argv = ("uv", "sync", *(("--frozen",) if (here.folder / "uv.lock").is_file() else ()))
    said: deque[str] = deque(maxlen=_KEPT_LINES)
    end = time.monotonic() + _BUILD_LIMIT_S
    code = proc.stream(argv, here.folder, proc.service_env(), said.append, lambda: time.monotonic() > end)
    if code == 0 and here.python.exists():
        return
    errors = [line.strip() for line in said if line.lstrip().startswith(("error:", "cause:", "×", "╰"))]
    why = "; ".join(errors[:3]) or f"{' '.join(argv)} ended with exit code {code}"
    raise ExtractionError(
        f"the environment of {here.shown} cannot be built: {one_line(why, 300)}",
        do=f"run `uv sync` in {here.shown}/ and see what it says",
        code="environment-not-built",
        path=f"{here.shown}/pyproject.toml",
        lines=tuple(said)[-12:],
    )


def stamp(here: Home, env: Mapping[str, str]) -> str | None:
    """Return what changes when anything may have changed that the document depends on; None if unbounded.

    It is quick: times and sizes of files, not their content.
    """
    listings = [sources.listing(folder) for folder in (here.folder, *map(Path, here.editable))]
    if not all(listed.whole for listed in listings):
        return None
    return _digest([*(listed.stamp() for listed in listings), *_environment(here), *_values(env)])


def key(here: Home, env: Mapping[str, str], version: str) -> str:
    """Return the digest of what the document depends on: contents, environment, values of `env`, version.

    The values themselves are not in it readable, because some are secrets.
    """
    folders = [here.folder, *map(Path, here.editable)]
    said = [sources.digest(folder, sources.listing(folder).entries) for folder in folders]
    return _digest([version, *said, *_environment(here), *_values(env)])


def _environment(here: Home) -> list[str]:
    """What is installed: the interpreter, and the time at which anything came to or left site-packages."""
    base = here.folder / ".venv"
    marks = [files.stamp(place) for place in (base / "pyvenv.cfg", *_packages(here))]
    return [project.text_of(base / "pyvenv.cfg"), *(mark.key() if mark else "" for mark in marks)]


def _packages(here: Home) -> list[Path]:
    base = here.folder / ".venv"
    return [*sorted(base.glob("lib/python*/site-packages")), *sorted(base.glob("Lib/site-packages"))]


def _values(env: Mapping[str, str]) -> list[str]:
    return [json.dumps([name, env.get(name)]) for name in sorted(env)]


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _editable(folder: Path, text: str) -> Iterable[str]:
    """Yield the folders of path dependencies: what they hold can change the app without a new environment."""
    for source in project.table(text, "tool", "uv", "sources").values():
        path = source.get("path") if isinstance(source, dict) else None
        if isinstance(path, str):
            place = Path(os.path.normpath(folder / path))
            if place.is_dir() and place != folder and place not in folder.parents:
                yield str(place.resolve())


def _named(text: str) -> Iterable[str]:
    """Yield where the project says that its app is: [tool.cockpit] app, [tool.fastapi] entrypoint."""
    for keys, name in ((("tool", "cockpit"), "app"), (("tool", "fastapi"), "entrypoint")):
        said = project.table(text, *keys).get(name)
        if isinstance(said, str) and re.fullmatch(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*(?:\(\))?", said):
            yield said


def _told(folder: Path) -> Iterable[str]:
    """Yield what the Dockerfile starts."""
    docker = _DOCKER_ENTRY.search(project.text_of(folder / "Dockerfile").replace('", "', " "))
    if docker:
        yield docker[1]
