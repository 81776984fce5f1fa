"""What is a release? A copy of a service's sources, named by the digest of all it holds.

A service runs from its release and not from the work tree: an edit does not change what runs, and a
rollback has something to go back to. Git-ignored files belong to it (weights often are ignored), but
environments, caches and .env files do not.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from cockpit.domain.text import one_line
from cockpit.errors import EdgeError, NotFoundError, ServiceError

_LEFT_OUT = frozenset(
    {".git", ".venv", "venv", "__pycache__", "node_modules", ".cockpit", ".pytest_cache", ".mypy_cache",
     ".ruff_cache", ".hypothesis", ".ipynb_checkpoints", ".tox", ".nox"}
)  # fmt: skip
_MOST_FILES = 20_000
_CHUNK = 1 << 20
_LARGE = 1_000_000  # from this size on, an unchanged file is shared between releases
_UNFINISHED = ".new-"


@dataclass(frozen=True, slots=True)
class Release:
    """One release on disk. `digest` is sha256, 64 hex digits; `files` how many it holds."""

    service: str
    digest: str
    folder: Path
    files: int


def take(source: Path, releases: Path) -> Release:
    """Copy the service in `source` to a folder of `releases` named by its digest, or find it there.

    Raises NotFoundError if there is no such service, ServiceError or EdgeError if it cannot be copied.
    One caller a service at a time.
    """
    if not source.is_dir():
        raise NotFoundError(
            f"services/{source.name}/ is not there", do="scaffold it (s): cockpit scaffold", code="no-service"
        )
    try:
        releases.mkdir(parents=True, exist_ok=True)
        _forget_unfinished(releases)
        scratch = releases / f"{_UNFINISHED}{secrets.token_hex(6)}"
        scratch.mkdir()
        try:
            digest, count, large = _copy(source, scratch, releases)
            folder = releases / digest
            if folder.exists():
                _remove(scratch)
            else:
                (releases / f"{digest}.json").write_text(json.dumps({"large": large}))
                scratch.rename(folder)
        except BaseException:
            _remove(scratch)
            raise
    except OSError as error:
        raise EdgeError(
            f"the sources of {source.name} cannot be copied: {one_line(str(error))}",
            do="check free disk space and that every file of the service can be read",
            code="release",
        ) from error
    return Release(source.name, digest, folder, count)


def prune(releases: Path, keep: Collection[str]) -> None:
    """Remove every release whose digest is not in `keep`. What cannot be removed now is left for later."""
    if not releases.is_dir():
        return
    for entry in releases.iterdir():
        name = entry.name.removesuffix(".json")
        if name not in keep:
            _remove(entry)


def _copy(source: Path, scratch: Path, releases: Path) -> tuple[str, int, dict[str, str]]:
    """Copy everything; return the digest, how many files there are, and path → sha256 of the large ones."""
    whole = hashlib.sha256()
    large: dict[str, str] = {}
    earlier = _large_of_others(releases)
    count = 0
    for relative in _files(source):
        count += 1
        if count > _MOST_FILES:
            raise ServiceError(
                f"{source.name} has more than {_MOST_FILES:,} files",
                do="move data and environments out of the service's folder",
                code="release-too-large",
            )
        path, to = source / relative, scratch / relative
        to.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            said = _copy_link(path, to, source)
        elif path.stat().st_size >= _LARGE:
            said = large[relative] = _copy_large(path, to, earlier.get(relative, {}))
        else:
            data = path.read_bytes()
            to.write_bytes(data)
            said = hashlib.sha256(data).hexdigest()
            shutil.copymode(path, to)
        whole.update(f"{relative}\0{said}\n".encode("utf-8", "surrogateescape"))
    return whole.hexdigest(), count, large


def _files(source: Path) -> Iterator[str]:
    """Every regular file and link of the service, as sorted relative paths."""
    for folder, below, names in os.walk(source):
        below[:] = sorted(name for name in below if name not in _LEFT_OUT)
        here = Path(folder)
        links = [name for name in below if (here / name).is_symlink()]
        below[:] = [name for name in below if name not in links]
        for name in sorted([*names, *links]):
            if name in _LEFT_OUT or name.endswith((".pyc", ".pyo")) or _secret(name):
                continue
            mode = (here / name).lstat().st_mode
            if stat.S_ISREG(mode) or stat.S_ISLNK(mode):
                yield (here / name).relative_to(source).as_posix()


def _secret(name: str) -> bool:
    """True for files that hold the values of secrets: those reach a service through its environment."""
    return name == ".env" or (name.startswith(".env.") and not name.endswith(("example", "template")))


def _copy_link(path: Path, to: Path, source: Path) -> str:
    """Keep a link that stays inside the service as it is; make one that leads out absolute."""
    target = os.readlink(path)  # noqa: PTH115 - the text of the link, not a Path made of it
    leads_to = (path.parent / target).resolve()
    if Path(target).is_absolute() or not leads_to.is_relative_to(source.resolve()):
        target = str(leads_to)
    to.symlink_to(target)
    return f"-> {target}"


def _copy_large(path: Path, to: Path, earlier: dict[str, Path]) -> str:
    """Copy a large file, or share it with an earlier release that has the same; return its sha256."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    shared = earlier.get(digest)
    if shared is not None and shared.is_file():
        os.link(shared, to)
        return digest
    seen = hashlib.sha256()
    with path.open("rb") as file, to.open("wb") as copy:
        while chunk := file.read(_CHUNK):
            seen.update(chunk)
            copy.write(chunk)
    to.chmod(0o444)  # shared between releases: nobody may write into it
    return seen.hexdigest()


def _large_of_others(releases: Path) -> dict[str, dict[str, Path]]:
    """Relative path → sha256 → the file, over every release that is there."""
    found: dict[str, dict[str, Path]] = {}
    for note in releases.glob("*.json"):
        try:
            large = json.loads(note.read_text())["large"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        for relative, digest in large.items():
            found.setdefault(relative, {})[digest] = releases / note.stem / relative
    return found


def _forget_unfinished(releases: Path) -> None:
    for entry in releases.glob(f"{_UNFINISHED}*"):
        _remove(entry)


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        entry.unlink(missing_ok=True)
