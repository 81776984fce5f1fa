"""Where are slices tried? In a folder that goes with its proof, or with the next one if that was killed."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from cockpit.errors import EdgeError

_PREFIX = "proof-"


@contextmanager
def folder(state: Path) -> Iterator[Path]:
    """Give a new folder in `state`, and take away those whose proof is dead. Raises EdgeError."""
    with ExitStack() as stack:
        try:
            state.mkdir(parents=True, exist_ok=True)
            with _locked(state):
                _sweep(state)
                made = tempfile.TemporaryDirectory(prefix=_PREFIX, dir=state, ignore_cleanup_errors=True)
                place = Path(stack.enter_context(made))
                stack.enter_context(_locked(place))
        except OSError as error:
            raise EdgeError(
                f"no slice can be tried in {state.name}/: {error.strerror or error}",
                do="make room on the disk, and the workspace's .cockpit/ writable",
                code="no-scratch",
            ) from error
        yield place


def _sweep(state: Path) -> None:
    for left in state.glob(f"{_PREFIX}*"):
        # The system lets go of a lock however its holder dies; one that ends just now is gone by itself.
        with suppress(FileNotFoundError), _locked(left, wait=False) as free:
            if free:
                shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _locked(folder: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold the lock of a folder, and tell whether it is held: some file systems know none."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(opened)
