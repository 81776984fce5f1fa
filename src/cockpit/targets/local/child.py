"""How does a version become a process? With the port's socket, a pipe for readiness, one for output."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

from cockpit.edges import proc
from cockpit.edges.proc import Identity
from cockpit.targets.local import logs
from cockpit.targets.local.wanted import Version

_SERVE = Path(__file__).parent / "serve"
MARK = "COCKPIT_SERVICE"  # in the environment of every process of a service: "<root> <key>"
_TAIL_BYTES = 16_000
_TAIL_LINES = 20
_CHUNK = 65_536


class Running:
    """A process of a service, and what it said."""

    def __init__(self, process: subprocess.Popen[bytes], ready: int, output: int) -> None:
        self._process = process
        self.ready_pipe = ready
        self.output_pipe = output
        self.pid = process.pid
        self.identity: Identity = proc.identity(process.pid) or (process.pid, 0.0)
        self.note: str | None = None
        self.ready = False
        self.left = False
        self._tail = b""
        self._said = b""

    def read_output(self) -> bytes | None:
        """Return what it wrote since, b"" if nothing, None once it closed its output."""
        data = _read(self.output_pipe)
        if data:
            self._tail = (self._tail + data)[-_TAIL_BYTES:]
        return data

    def read_readiness(self) -> bool:
        """Take what it said of itself: `ready`, `left` or a `note`. False once it will say no more."""
        data = _read(self.ready_pipe)
        if data is None:
            return False
        *lines, self._said = (self._said + data).split(b"\n")
        for line in lines:
            match line:
                case b"ready":
                    self.ready = True
                case b"left":
                    self.left = True
                case _:
                    self.note = line.decode("ascii", "replace")[:20]
        self._said = self._said[-100:]
        return True

    @property
    def lines(self) -> tuple[str, ...]:
        """The last lines that it wrote."""
        return logs.last_lines(self._tail, _TAIL_LINES)

    def end_reason(self) -> str | None:
        """Return how it ended, None while it runs. What it started itself is killed then."""
        code = self._process.poll()
        if code is None:
            return None
        self.kill()
        if code >= 0:
            return f"it exited with {code}"
        try:
            return f"it was ended by {signal.Signals(-code).name}"
        except ValueError:
            return f"it was ended by signal {-code}"

    def ask_to_end(self, *, gently: bool) -> None:
        """Ask the process to end: at once (SIGINT), or after what it has begun (SIGTERM), see serve/."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM if gently else signal.SIGINT)

    def kill(self) -> None:
        """Send SIGKILL to the process and everything in its group."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return

    def close(self) -> None:
        """Close both pipes."""
        os.close(self.ready_pipe)
        os.close(self.output_pipe)


def spawn(
    root: Path, key: str, version: Version, listener: socket.socket, base: Mapping[str, str]
) -> Running:
    """Start `version` in the environment `base`, with `listener` as its port. Raises OSError."""
    ready_read, ready_write = os.pipe()
    output_read, output_write = os.pipe()
    named = {"root": str(root), "serve": str(_SERVE)}
    try:
        process = subprocess.Popen(
            [_filled(part, named) for part in version.argv],
            cwd=_filled(version.folder, named),
            env=proc.service_env(
                {
                    "PYTHONUNBUFFERED": "1",
                    **{name: _filled(value, named) for name, value in version.env.items()},
                    "COCKPIT_LISTEN_FD": str(listener.fileno()),
                    "COCKPIT_READY_FD": str(ready_write),
                    MARK: f"{root} {key}",
                },
                base,
            ),
            stdin=subprocess.DEVNULL,
            stdout=output_write,
            stderr=output_write,
            pass_fds=(listener.fileno(), ready_write),
            start_new_session=True,
            preexec_fn=proc.die_with_parent(),
        )
    except (OSError, subprocess.SubprocessError) as error:
        os.close(ready_read)
        os.close(output_read)
        raise OSError(f"it could not be started: {error}") from error
    finally:
        os.close(ready_write)
        os.close(output_write)
    for pipe in (ready_read, output_read):
        os.set_blocking(pipe, False)
    return Running(process, ready_read, output_read)


def _filled(text: str, named: Mapping[str, str]) -> str:
    for name, value in named.items():
        text = text.replace("{" + name + "}", value)
    return text


def _read(pipe: int) -> bytes | None:
    try:
        return os.read(pipe, _CHUNK) or None
    except BlockingIOError:
        return b""
    except OSError:
        return None
