"""Run a command as a person does: in a terminal of a given width, answering what it asks."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


def interruptible() -> None:
    """Let ctrl+c reach a child: where the tests run in the background, it inherits that it is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _in_its_terminal() -> None:
    interruptible()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def run_in_terminal(
    argv: Sequence[str],
    cwd: Path,
    columns: int = 80,
    answers: Sequence[tuple[str, str]] = (),
    env: Mapping[str, str] | None = None,
    patience_s: float = 60.0,
) -> tuple[int, str]:
    """Return the exit code and everything that the terminal showed.

    `answers` are (question, keys): the keys are typed once the question stands on the screen, after
    what was typed before. Raises TimeoutError if the command does not end.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    variables = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "NO_COLOR")}
    process = subprocess.Popen(
        list(argv),
        cwd=cwd,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=variables | {"TERM": "xterm-256color"} | dict(env or {}),
        start_new_session=True,
        preexec_fn=_in_its_terminal,
    )
    os.close(theirs)
    shown, seen, waiting = b"", 0, list(answers)
    deadline = time.monotonic() + patience_s
    try:
        while True:
            if waiting and (at := shown.find(waiting[0][0].encode(), seen)) >= 0:
                question, keys = waiting.pop(0)
                seen = at + len(question.encode())
                os.write(ours, keys.encode())
            if not select.select([ours], [], [], 0.2)[0]:
                if time.monotonic() > deadline:
                    raise TimeoutError(shown.decode("utf-8", "replace"))
                continue
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux says EIO once the other end is closed
                break
            if not piece:
                break
            shown += piece
        return process.wait(), shown.decode("utf-8", "replace").replace("\r\n", "\n")
    finally:
        process.kill()
        process.wait()
        os.close(ours)
