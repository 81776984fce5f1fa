"""Which files belong to a service, and what is their digest? Listed within bounds, links not followed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cockpit.edges.git import Git
from cockpit.errors import GitError

FOLDER = "services"
MOST_FILES = 20_000
# Content beyond this many bytes a service stands in the digest by size and time of change alone.
MOST_BYTES = 512_000_000

# Made by tools, never written by people; what git ignores is left out as well.
_SKIPPED = frozenset(
    {
        ".git", ".venv", "venv", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis",
        ".schemathesis", ".tox", ".nox", ".ipynb_checkpoints", "node_modules", ".cockpit", ".coverage",
        ".DS_Store",
    }
)  # fmt: skip
_SKIPPED_ENDS = (".pyc", ".egg-info", ".swp", "~")


class Entry(NamedTuple):
    """One file or link of a service; `path` is relative to the service with forward slashes."""

    path: str
    mtime_ns: int
    size: int
    inode: int
    mode: int

    @property
    def is_link(self) -> bool:
        """True for a symbolic link."""
        return stat.S_ISLNK(self.mode)


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a folder in order of their paths; `whole` is False where there were too many to list."""

    entries: tuple[Entry, ...]
    whole: bool = True

    def stamp(self) -> str:
        """Return what changes when any of the files changes."""
        said = "\n".join([f"{e.path}\0{e.mtime_ns}\0{e.size}\0{e.inode}\0{e.mode}" for e in self.entries])
        return hashlib.blake2b(os.fsencode(said), digest_size=16).hexdigest()


def folders(root: Path) -> list[str]:
    """Return the names of the folders under services/ in order; links and hidden ones are none."""
    try:
        with os.scandir(root / FOLDER) as entries:
            return sorted(
                entry.name
                for entry in entries
                if entry.is_dir(follow_symlinks=False) and entry.name[0] not in "._"
            )
    except OSError:
        return []


def listing(folder: Path) -> Listing:
    """Return every file below `folder` that no tool made, at most MOST_FILES."""
    found: list[Entry] = []
    waiting = [(str(folder), "")]
    whole = True
    while waiting and whole:
        place, prefix = waiting.pop()
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    name = entry.name
                    if name in _SKIPPED or name.endswith(_SKIPPED_ENDS):
                        continue
                    try:
                        info = entry.stat(follow_symlinks=False)
                    except OSError:
                        continue
                    mode = info.st_mode
                    if stat.S_ISDIR(mode):
                        waiting.append((entry.path, f"{prefix}{name}/"))
                    elif stat.S_ISREG(mode) or stat.S_ISLNK(mode):
                        if len(found) >= MOST_FILES:
                            whole = False
                            break
                        found.append(Entry(prefix + name, info.st_mtime_ns, info.st_size, info.st_ino, mode))
        except OSError:
            continue
    found.sort()
    return Listing(tuple(found), whole)


def ignored(git: Git) -> frozenset[str]:
    """Return what git ignores under services/: workspace paths, folders with a slash at their end.

    Empty where there is no repository: then every file counts.
    """
    try:
        said = git.run(
            "ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z", "--", FOLDER
        )
    except GitError:
        return frozenset()
    return frozenset(path for path in said.split("\0") if path)


def belonging(slug: str, entries: tuple[Entry, ...], left_out: frozenset[str]) -> tuple[Entry, ...]:
    """Return the entries that git does not ignore.

    Where the pyproject.toml itself is ignored, git does not look after the service and all count.
    """
    here = f"{FOLDER}/{slug}/"
    mine = frozenset(path for path in left_out if path.startswith(here))
    kept = tuple(entry for entry in entries if not _is_ignored(here, entry.path, mine))
    project = next((entry for entry in entries if entry.path == "pyproject.toml"), None)
    return entries if project is not None and project not in kept else kept


def _is_ignored(here: str, path: str, left_out: frozenset[str]) -> bool:
    if not left_out:
        return False
    parts = path.split("/")
    above = (here + "".join(f"{part}/" for part in parts[:n]) for n in range(len(parts)))
    return here + path in left_out or any(folder in left_out for folder in above)


def digest(folder: Path, entries: Iterable[Entry]) -> str:
    """Return the sha256 (64 hex digits) over names, contents, link targets and the executable bit."""
    total = hashlib.sha256()
    left = MOST_BYTES
    for entry in entries:
        left -= entry.size
        path = os.fsencode(entry.path)
        content = _content(folder / entry.path, entry, within_bounds=left >= 0)
        total.update(b"%d:%s:%s:%s\n" % (len(path), path, b"x" if entry.mode & 0o100 else b"-", content))
    return total.hexdigest()


def _content(path: Path, entry: Entry, *, within_bounds: bool) -> bytes:
    if within_bounds:
        try:
            if entry.is_link:
                return b"link " + hashlib.sha256(os.fsencode(path.readlink())).digest()
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
                return b"file " + hashlib.file_digest(file, "sha256").digest()
        except OSError:
            pass
    return b"seen %d %d" % (entry.size, entry.mtime_ns)
