"""How is a terminal program timed? In a pty of its own: when which text appears, bytes and CPU."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Sequence
from pathlib import Path

_ESCAPE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


class Terminal:
    """A program in a pty of `columns` × `rows`; everything it writes is kept."""

    def __init__(self, argv: Sequence[str], cwd: Path, columns: int = 120, rows: int = 40) -> None:
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            # As on a person's machine: compiled modules are kept, from the first start on.
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
            os.environ.update(
                TERM="xterm-256color", COLORTERM="truecolor", COLUMNS=str(columns), LINES=str(rows)
            )
            os.execvp(argv[0], list(argv))
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.output = bytearray()

    def pump(self, seconds: float) -> int:
        """Read for at most `seconds`; return how many bytes came. Returns at the first that do."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return 0
        try:
            chunk = os.read(self._fd, 1 << 20)
        except OSError:
            return 0
        self.output += chunk
        # A terminal answers what Textual asks of it at the start; silence would cost it a time-out.
        if b"\x1b[?2026$p" in chunk:
            os.write(self._fd, b"\x1b[?2026;2$y")
        return len(chunk)

    def wait_for(self, text: str, since: int = 0, timeout: float = 30.0) -> float:
        """Return milliseconds from the start until `text` is on the screen; raises TimeoutError."""
        wanted = text.encode()
        end = time.perf_counter() + timeout
        while time.perf_counter() < end:
            came = self.pump(0.5)
            # Only the end is searched: a progress bar writes megabytes.
            end_of_it = self.output[max(since, len(self.output) - came - 65536) :]
            if came and wanted in _ESCAPE.sub(b"", bytes(end_of_it)):
                return (time.perf_counter() - self.started) * 1000
        raise TimeoutError(f"{text!r} never came; the end was {bytes(self.output[-400:])!r}")

    def rest(self, seconds: float) -> int:
        """Read for `seconds` in all; return how many bytes came."""
        end, total = time.perf_counter() + seconds, 0
        while (left := end - time.perf_counter()) > 0:
            total += self.pump(left)
        return total

    def press(self, keys: str) -> float:
        """Press keys and return milliseconds until the first bytes of the answer."""
        began = time.perf_counter()
        os.write(self._fd, keys.encode())
        while not self.pump(1.0) and time.perf_counter() - began < 5:
            pass
        return (time.perf_counter() - began) * 1000

    def cpu_s(self) -> float:
        """Return the CPU seconds that the program has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rss_mb(self) -> float:
        """Return the resident memory in MB."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0.0

    def close(self) -> None:
        """End it."""
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        finally:
            os.close(self._fd)
