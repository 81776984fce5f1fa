"""How does a service run for a moment, as its files stand now? In its own environment, on a free port."""

from __future__ import annotations

import os
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cockpit.errors import CancelledError, ServiceError
from cockpit.targets.local import child, ports
from cockpit.targets.local.child import Running
from cockpit.targets.local.wanted import Version

_POLL_S = 0.05
_LEAVE_S = 3.0
_PARTING_S = 0.5


class Trial:
    """A service that runs for a moment: where it answers, and what it wrote last."""

    def __init__(self, url: str, running: Running) -> None:
        self.url = url
        self._running = running

    @property
    def pid(self) -> int:
        """The process that serves."""
        return self._running.pid

    @property
    def lines(self) -> tuple[str, ...]:
        """The last lines that it wrote."""
        return self._running.lines

    def ended(self, patience_s: float = _PARTING_S) -> str | None:
        """Return how it ended by itself, None while it still runs after `patience_s` seconds.

        Its connections break off a moment before the process is gone.
        """
        deadline = time.monotonic() + patience_s
        while (reason := self._running.end_reason()) is None and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        return reason


@contextmanager
def running(root: Path, service: str, grace_s: float, cancelled: Callable[[], bool]) -> Iterator[Trial]:
    """Run `service` from services/ in its `.venv` until the block ends; give it once it is ready.

    It runs as a deployed one does (serve/), outside of what is deployed: nothing is written down, and it
    ends with this process. Raises ServiceError if it ends or is not ready within `grace_s` seconds, with
    the last lines that it wrote, and CancelledError when `cancelled()` turns true meanwhile.
    """
    python = root / "services" / service / ".venv" / "bin" / "python"
    if not python.exists():
        raise ServiceError(
            f"{service} has no environment to run in",
            do=f"cockpit test {service} builds it",
            code="environment",
            path=f"services/{service}/pyproject.toml",
        )
    listener = _listener()
    version = Version(
        id="trial",
        release="trial",
        argv=(str(python), "{serve}/cockpit_serve.py", f"{service.replace('-', '_')}.app:app"),
        folder=f"{{root}}/services/{service}",
        env={"PYTHONPATH": "src"},
        grace_s=grace_s,
    )
    try:
        ports.listen(listener)
        try:
            process = child.spawn(root, f"{service}@trial", version, listener, os.environ)
        except OSError as error:
            raise _failed(service, str(error), ()) from error
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()
    stop = threading.Event()
    reader = threading.Thread(target=_drain, args=(process, stop), name="trial", daemon=True)
    reader.start()
    try:
        _wait(process, service, grace_s, cancelled)
        yield Trial(url, process)
    finally:
        _end(process)
        stop.set()
        reader.join(5)
        process.close()


def _listener() -> socket.socket:
    listener = ports.bind(0, 0)
    if listener is None:
        raise ServiceError("no port of this machine is free", do="end what listens there", code="no-port")
    return listener


def _wait(process: Running, service: str, grace_s: float, cancelled: Callable[[], bool]) -> None:
    deadline = time.monotonic() + grace_s
    while not process.ready:
        reason = process.end_reason()
        if reason is not None:
            time.sleep(_POLL_S)  # its last words may still be in the pipe
            raise _failed(service, f"{reason} before it was ready", process.lines)
        if cancelled():
            raise CancelledError(f"stopped while {service} was starting", do="run it again", code="cancelled")
        if time.monotonic() > deadline:
            raise _failed(service, f"it was not ready within {grace_s:g} s", process.lines)
        time.sleep(_POLL_S)


def _drain(process: Running, stop: threading.Event) -> None:
    """Take what it says, so that its pipes never fill up."""
    with selectors.DefaultSelector() as selector:
        selector.register(process.output_pipe, selectors.EVENT_READ, process.read_output)
        selector.register(process.ready_pipe, selectors.EVENT_READ, process.read_readiness)
        while not stop.is_set() and selector.get_map():
            for key, _ in selector.select(_POLL_S):
                if key.data() in (None, False):
                    selector.unregister(key.fd)


def _end(process: Running) -> None:
    """Ask it to end at once, and kill it and its group if it does not listen."""
    process.ask_to_end(gently=False)
    deadline = time.monotonic() + _LEAVE_S
    while process.end_reason() is None and time.monotonic() < deadline:
        time.sleep(_POLL_S)
    process.kill()
    while process.end_reason() is None:
        time.sleep(_POLL_S)


def _failed(service: str, reason: str, lines: tuple[str, ...]) -> ServiceError:
    said = next((line for line in reversed(lines) if line.strip()), "")
    return ServiceError(
        f"{service} cannot be run: {reason}{f': {said}' if said else ''}",
        do=f"run its own tests: cockpit test {service}",
        code="not-ready",
        path=f"services/{service}",
    )
