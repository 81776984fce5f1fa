"""Which projects does a slice touch, and with which content? A project is a folder with a pyproject.toml."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from cockpit.edges.git import RealGit
from cockpit.stacks.slicing.imports import is_test


@dataclass(frozen=True, slots=True)
class Project:
    """One project as a slice holds it: its folder ("" at the top), its tree id, and the stack's files in it.

    `modules` are the stack's Python files that can be imported, `tests` is whether any test is there.
    """

    folder: str
    tree: str
    modules: tuple[str, ...]
    locked: bool
    tests: bool


def touched(
    git: RealGit, commit: str, base: str, paths: Collection[str], stack: Iterable[str]
) -> tuple[Project, ...]:
    """Return the projects in `commit` (with files `paths`) in which files of `stack` differ from `base`."""
    inside: dict[str, list[str]] = {}
    for path in stack:
        folder = _folder(path, paths)
        # The project at the top holds the whole repository: a document there is no reason to test all of it.
        if folder or (folder == "" and (_importable(path, "", paths) or path == "pyproject.toml")):
            inside.setdefault(folder, []).append(path)
    folders = sorted(inside)
    now, before = _trees(git, commit, folders), _trees(git, base, folders)
    return tuple(
        Project(
            folder,
            now[folder],
            tuple(sorted(p for p in inside[folder] if p in paths and _importable(p, folder, paths))),
            _join(folder, "uv.lock") in paths,
            any(_is_test_of(path, folder) for path in paths),
        )
        for folder in folders
        if now[folder] and now[folder] != before[folder]
    )


def _folder(path: str, paths: Collection[str]) -> str | None:
    for parent in PurePosixPath(path).parents:
        folder = "" if str(parent) == "." else str(parent)
        if _join(folder, "pyproject.toml") in paths:
            return folder
    return None


def _importable(path: str, folder: str, paths: Collection[str]) -> bool:
    """A script outside of any package is not imported: that would run it."""
    name = PurePosixPath(path)
    if not path.endswith(".py") or is_test(path) or name.name == "__main__.py":
        return False
    below = path[len(folder) + 1 if folder else 0 :]
    return below.startswith("src/") or str(name.parent / "__init__.py") in paths


def _is_test_of(path: str, folder: str) -> bool:
    name = PurePosixPath(path).name
    inside = not folder or path.startswith(f"{folder}/")
    return inside and name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))


def _trees(git: RealGit, commit: str, folders: Sequence[str]) -> dict[str, str]:
    """Return folder → its tree id, "" where there is none."""
    found = dict.fromkeys(folders, "")
    if "" in found:
        found[""] = git.raw("rev-parse", f"{commit}^{{tree}}").decode().strip()
    named = [folder for folder in folders if folder]
    if named:
        said = git.raw("ls-tree", "-d", "-z", "--full-tree", commit, "--", *named)
        for entry in said.split(b"\0")[:-1]:
            about, _, name = entry.partition(b"\t")
            found[name.decode("utf-8", "surrogateescape")] = about.decode().split(" ")[2]
    return found


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
