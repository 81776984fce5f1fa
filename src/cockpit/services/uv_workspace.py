"""Which uv workspace around the services would take them for its members, and so share one lock?"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from cockpit.edges import files
from cockpit.errors import Problem
from cockpit.services import project
from cockpit.services.sources import FOLDER

_MOST_ABOVE = 20


@dataclass(frozen=True, slots=True)
class UvWorkspace:
    """A uv workspace around the services: its globs, and where it is declared.

    `base` is the way from its folder to the services: "services", or "research/services" further up.
    """

    members: tuple[str, ...]
    exclude: tuple[str, ...]
    base: str
    path: str
    line: int | None

    def swallows(self, slug: str) -> bool:
        """True if uv would take the service for a member of this workspace."""
        place = posixpath.join(self.base, slug)
        return _any_matches(self.members, place) and not _any_matches(self.exclude, place)

    def problem(self, slug: str) -> Problem:
        """Say that the service is swallowed."""
        return Problem(
            "service-in-workspace",
            f"the uv workspace of {self.path} takes {FOLDER}/{slug} for a member: one lock for all",
            f'write `exclude = ["{posixpath.join(self.base, "*")}"]` under [tool.uv.workspace]',
            self.path,
            self.line,
        )


def around(root: Path) -> tuple[UvWorkspace, ...]:
    """Return every uv workspace declared in services/, in `root` or above it, the nearest first."""
    found = (declared(*place) for place in _places(root))
    return tuple(workspace for workspace in found if workspace is not None)


def stamp(root: Path) -> str:
    """Return what changes when one of the files that `around` reads does."""
    marks = (files.stamp(folder / "pyproject.toml") for folder, _, _ in _places(root))
    return "|".join(mark.key() if mark else "" for mark in marks)


def _places(root: Path) -> Iterator[tuple[Path, str, str]]:
    """Yield (folder, way to the services, shown path): uv looks up to the top, whatever cockpit's root is."""
    yield root / FOLDER, "", f"{FOLDER}/pyproject.toml"
    folder, base, up = root.resolve(), FOLDER, ""
    for _ in range(_MOST_ABOVE):
        yield folder, base, f"{up}pyproject.toml"
        if folder.parent == folder:
            return
        base, up, folder = posixpath.join(folder.name, base), f"../{up}", folder.parent


def declared(folder: Path, base: str, path: str) -> UvWorkspace | None:
    """Return the uv workspace that `folder`/pyproject.toml declares, None without one."""
    if not (folder / "pyproject.toml").is_file():
        return None
    text = project.text_of(folder / "pyproject.toml")
    uv = project.table(text, "tool", "uv") if "workspace" in text else {}
    if not isinstance(uv.get("workspace"), dict):
        return None
    members, exclude = (_globs(uv["workspace"].get(key)) for key in ("members", "exclude"))
    line = project.line_of(text, "tool.uv.workspace") or project.line_of(text, "workspace")
    return UvWorkspace(members, exclude, base, path, line)


def _globs(value: Any) -> tuple[str, ...]:
    return (
        tuple(posixpath.normpath(v) for v in value if isinstance(v, str)) if isinstance(value, list) else ()
    )


def _any_matches(globs: Collection[str], path: str) -> bool:
    return any(_matches(glob.split("/"), path.split("/")) for glob in globs)


def _matches(glob: list[str], path: list[str]) -> bool:
    """True if the segments match: * within a segment, ** across any number of them."""
    if not glob:
        return not path
    if glob[0] == "**":
        return any(_matches(glob[1:], path[n:]) for n in range(len(path) + 1))
    return bool(path) and fnmatchcase(path[0], glob[0]) and _matches(glob[1:], path[1:])
