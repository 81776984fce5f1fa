"""How do several processes take turns? By locks on files in .cockpit/, which end with their holder."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cockpit.errors import CancelledError

_POLL_S = 0.1


@contextmanager
def any_of(
    folder: Path, names: Sequence[str], cancelled: Callable[[], bool], waiting: Callable[[], None]
) -> Iterator[None]:
    """Hold one of the locks `names` in `folder`; while none is free, call `waiting` once and wait.

    Raises CancelledError when `cancelled()` turns true meanwhile. Where the folder cannot be written
    nobody can be asked, and the caller goes on at once.
    """
    descriptor = _first_free(folder, names)
    said = False
    while descriptor is None:
        if cancelled():
            raise CancelledError("stopped while it waited for its turn", do="run it again", code="cancelled")
        if not said:
            waiting()
            said = True
        time.sleep(_POLL_S)
        descriptor = _first_free(folder, names)
    try:
        yield
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _first_free(folder: Path, names: Sequence[str]) -> int | None:
    """Return the descriptor of a lock that is now held, None if all are taken, -1 without locks."""
    for name in names:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError:
            return -1
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
        except OSError:
            # The file system knows no locks.
            os.close(descriptor)
            return -1
        else:
            return descriptor
    return None
