"""How are files read within bounds and written whole? Real paths only; tests use real folders."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import NamedTuple

from cockpit.errors import EdgeError, UsageError


class Stamp(NamedTuple):
    """What changes when a file changes: modification time (ns), size (bytes) and inode."""

    mtime_ns: int
    size: int
    inode: int

    def key(self) -> str:
        """Return the stamp as text for a cache."""
        return f"{self.mtime_ns}:{self.size}:{self.inode}"


def stamp(path: Path) -> Stamp | None:
    """Return the stamp of `path`, or None if it cannot be looked at."""
    try:
        info = path.stat()
    except OSError:
        return None
    return Stamp(info.st_mtime_ns, info.st_size, info.st_ino)


def read_bounded(path: Path, limit: int, shown: str | None = None) -> bytes:
    """Return the bytes of the regular file `path`.

    `shown` names the file in errors. Raises EdgeError if it is missing, not a regular file,
    unreadable, or larger than `limit` bytes.
    """
    name = shown or path.name
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            if not path.is_file():
                raise EdgeError(
                    f"{name} is not a regular file",
                    do="put a file in its place",
                    code="not-a-file",
                    path=shown,
                )
            data = file.read(limit + 1)
    except OSError as error:
        raise EdgeError(
            f"{name} cannot be read: {error.strerror or error}",
            do="check that it exists and that you may read it",
            code="unreadable",
            path=shown,
        ) from error
    if len(data) > limit:
        raise EdgeError(
            f"{name} is larger than {limit:,} bytes",
            do="make it smaller, or move the large part to a file of its own",
            code="too-large",
            path=shown,
            line=1,
            column=1,
        )
    return data


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; O_NONBLOCK, because opening a named pipe must not wait for its writer."""
    return os.open(path, flags | os.O_NONBLOCK)


def write_atomic(path: Path, data: bytes, mode: int | None = None) -> None:
    """Write `data` to `path` whole or not at all, and flush it to disk.

    An existing file keeps its mode unless `mode` is given. Raises EdgeError if it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if mode is None:
            mode = path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask()
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise EdgeError(
            f"{path.name} cannot be written: {error.strerror or error}",
            do="check that the folder exists, is writable and has room",
            code="unwritable",
        ) from error


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def inside(root: Path, relative: str) -> Path:
    """Return `root/relative` resolved, links followed.

    Raises UsageError if it would leave `root`.
    """
    resolved_root = root.resolve()
    try:
        target = (resolved_root / relative).resolve()
    except (OSError, RuntimeError, ValueError) as error:  # a circle of links, or a zero byte
        raise UsageError(
            f"{relative!r} leads nowhere",
            do="give the path of a file inside the workspace",
            code="path-unusable",
        ) from error
    if not target.is_relative_to(resolved_root):
        raise UsageError(
            f"{relative!r} leaves the workspace",
            do="give a path inside the workspace, without .. and without links that lead out",
            code="path-outside",
        )
    return target
