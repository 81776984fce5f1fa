"""What is on screen while the board starts? Its last frame, marked as stale, before Textual is imported.

`keep` is called when the board is left, `Ghost` when it starts again. Importing this module costs
nothing but the standard library.
"""

from __future__ import annotations

import json
import os
import sys
import termios
import time
import tty
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App

_NAME = "frame.json"
_LIMIT = 2_000_000
_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l\x1b[H", "\x1b[?25h\x1b[?1049l"
_OLDEST_S = 7 * 86_400.0


def keep(app: App[Any], folder: Path) -> None:
    """Keep what is on the app's screen in `folder`; a frame that cannot be kept is no loss."""
    width, height = app.size
    strips = app.screen._compositor.render_strips()[:height]
    lines = [strip.render(app.console) for strip in strips]
    frame = {"columns": width, "rows": height, "at": time.time(), "lines": lines}
    try:
        path = folder / _NAME
        scratch = path.with_suffix(f".{os.getpid()}")
        scratch.write_text(json.dumps(frame), encoding="utf-8")
        scratch.replace(path)
    except OSError:
        return


class Ghost:
    """Shows the last frame kept in `folder`, if it fits this terminal, until the board draws over it.

    As a context: the terminal is as it was before once it is left, whatever happened inside. What is
    typed meanwhile is neither echoed nor lost.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        self._before: list[Any] | None = None

    def __enter__(self) -> Ghost:
        """Draw."""
        lines = self._lines()
        if lines is not None:
            self._before = termios.tcgetattr(sys.stdin)
            tty.setcbreak(sys.stdin, termios.TCSANOW)
            sys.stdout.write(_ENTER + "\x1b[0m\r\n".join(lines) + "\x1b[0m")
            sys.stdout.flush()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the terminal back."""
        if self._before is not None:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._before)
            sys.stdout.write(_LEAVE)
            sys.stdout.flush()

    def _lines(self) -> list[str] | None:
        try:
            size = os.get_terminal_size(sys.stdout.fileno())
            text = self._path.read_text(encoding="utf-8") if self._path.stat().st_size < _LIMIT else "{}"
            frame = json.loads(text)
            lines = [str(line) for line in frame["lines"]]
            age = time.time() - float(frame["at"])
            fits = (frame["columns"], frame["rows"]) == (size.columns, size.lines) and len(
                lines
            ) == size.lines
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not fits or not 0 <= age < _OLDEST_S:
            return None
        mark = f" cockpit  starting …  stale {_span(age)}"[: size.columns]
        return [f"\x1b[0;7m{mark.ljust(size.columns)}", *lines[1:]]


def _span(seconds: float) -> str:
    for length, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= length:
            return f"{int(seconds // length)}{unit}"
    return f"{int(seconds)}s"
