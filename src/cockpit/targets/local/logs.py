"""What does a service say? Its output in a file of bounded size, of which the end is read back."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cockpit.domain.text import clean

ROTATE_BYTES = 5_000_000  # twice that is kept: the file and the one before it
_READ_BYTES = 2_000_000
_LINE = 4_000
_LOOK_AGAIN_S = 0.2


class LogFile:
    """A file that is written to its limit, put aside under the same name with ".1", and begun anew."""

    def __init__(self, path: Path, limit: int = ROTATE_BYTES) -> None:
        self._path = path
        self._limit = limit
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)
        self._size = path.stat().st_size

    def write(self, data: bytes) -> None:
        """Append `data`."""
        if self._size + len(data) > self._limit and self._size:
            self._file.close()
            self._path.replace(_before(self._path))
            self._file = self._path.open("ab", buffering=0)
            self._size = 0
        self._file.write(data)
        self._size += len(data)

    def close(self) -> None:
        """Write no more."""
        self._file.close()


def tail(path: Path, lines: int) -> list[str]:
    """Return the last `lines` lines of the log at `path`, cleaned; [] where there is none.

    Reads at most 2 MB from the end, however long the log is.
    """
    data = _end_of(path, _READ_BYTES)
    if data.count(b"\n") < lines and len(data) < _READ_BYTES:
        data = _end_of(_before(path), _READ_BYTES - len(data)) + data
    return [clean(line, _LINE) for line in _lines(data)[-lines:]] if lines > 0 else []


def follow(path: Path, lines: int, ended: Callable[[], bool]) -> Iterator[str]:
    """Yield the last `lines` lines of `path`, then every one that is written, until `ended()` is true."""
    file = path.open("rb") if path.exists() else None
    pending = b""
    if file is not None:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _READ_BYTES))
        *shown, pending = file.read().split(b"\n")
        for line in shown[-lines:] if lines > 0 else ():
            yield clean(line.decode("utf-8", "replace"), _LINE)
    try:
        while not ended():
            chunk = file.read(65536) if file is not None else b""
            pending += chunk
            *whole, pending = pending.split(b"\n")
            yield from (clean(line.decode("utf-8", "replace"), _LINE) for line in whole)
            if len(pending) > 4 * _LINE:
                yield clean(pending.decode("utf-8", "replace"), _LINE)
                pending = b""
            if not chunk:
                newer = _replaced(path, file)
                if newer is not None:
                    if file is not None:
                        file.close()
                    file = newer.open("rb")
                else:
                    time.sleep(_LOOK_AGAIN_S)
    finally:
        if file is not None:
            file.close()


def last_lines(data: bytes, lines: int) -> tuple[str, ...]:
    """Return the last `lines` non-empty lines in `data`, cleaned."""
    return tuple(clean(line, _LINE) for line in _lines(data) if line.strip())[-lines:]


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").replace("\r\n", "\n").splitlines()


def _before(path: Path) -> Path:
    return path.with_name(path.name + ".1")


def _end_of(path: Path, limit: int) -> bytes:
    """The last `limit` bytes of `path`, from the beginning of a line."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - limit))
            data = file.read(limit)
    except OSError:
        return b""
    return data.partition(b"\n")[2] if size > limit else data


def _replaced(path: Path, file: object) -> Path | None:
    """`path`, if it is another file than the open one by now."""
    try:
        now = path.stat()
    except OSError:
        return None
    if file is None:
        return path
    held = os.fstat(file.fileno())  # type: ignore[attr-defined]
    return path if (held.st_ino, held.st_dev) != (now.st_ino, now.st_dev) else None
