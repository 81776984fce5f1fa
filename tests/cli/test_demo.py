"""`cockpit demo` as a program on a terminal: however it is left, nothing of it stays behind."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest


def screen_until(terminal: int, wanted: bytes, timeout: float = 60.0) -> bytes:
    """Read what is drawn on `terminal` until `wanted` is among it."""
    seen = b""
    deadline = time.monotonic() + timeout
    while wanted not in seen:
        assert select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))[0], seen[-500:]
        seen += os.read(terminal, 65_536)
    return seen


@pytest.mark.parametrize("ends", [signal.SIGHUP, signal.SIGTERM])
def test_a_demo_whose_terminal_closes_leaves_nothing_behind(tmp_path, ends):
    mine, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    demo = subprocess.Popen(
        [sys.executable, "-m", "cockpit", "demo", "--no-deploy"],
        stdin=its,
        stdout=its,
        stderr=its,
        env={**os.environ, "TMPDIR": str(tmp_path), "TERM": "xterm-256color"},
    )
    try:
        os.close(its)
        screen_until(mine, b"RPT-0007")
        assert list(tmp_path.glob("cockpit-demo-*"))
        demo.send_signal(ends)
        if ends is signal.SIGHUP:
            os.close(mine)
            mine = -1
        deadline = time.monotonic() + 30
        while demo.poll() is None and time.monotonic() < deadline:
            if mine >= 0 and select.select([mine], [], [], 0.05)[0]:
                try:
                    os.read(mine, 65_536)
                except OSError:
                    break  # the program closed its side
            else:
                time.sleep(0.05)
        assert demo.wait(timeout=10) != 0
        assert not list(tmp_path.glob("cockpit-demo-*"))
    finally:
        demo.kill()
        demo.wait()
        if mine >= 0:
            os.close(mine)
