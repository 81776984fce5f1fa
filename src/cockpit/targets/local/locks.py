"""Who is at work? File locks (flock) that the system releases however their holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cockpit.errors import EdgeError

_RETRY_S = 0.01


def take(path: Path, wait_s: float) -> int | None:
    """Return the descriptor that holds `path`, or None if another holder keeps it for `wait_s` seconds.

    Raises EdgeError if the file cannot be made.
    """
    deadline = time.monotonic() + wait_s
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise EdgeError(
            f"{path.name} cannot be written: {error.strerror or error}",
            do="make .cockpit/ writable",
            code="unwritable",
        ) from error
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                return None
            time.sleep(_RETRY_S)


@contextmanager
def hold(path: Path, wait_s: float) -> Iterator[bool]:
    """Hold `path` inside the block. Yields False, without holding it, if it stays taken for `wait_s`."""
    descriptor = take(path, wait_s)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


def held(path: Path) -> bool:
    """True if a living process holds `path`. Leaves it alone: holders retry past this short look."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
