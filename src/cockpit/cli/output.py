"""How does a command speak? Data on standard output, talk on standard error, errors with their remedy."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from cockpit.domain.text import clean, one_line
from cockpit.errors import CockpitError, Problem

_STYLES = {"bad": "31", "good": "32", "warn": "33", "busy": "36", "quiet": "2", "strong": "1"}


def emit_json(document: dict[str, Any]) -> None:
    """Write one JSON document to standard output."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None)
    sys.stdout.write("\n")


def talk(message: str) -> None:
    """Say something to a person on standard error."""
    print(clean(message), file=sys.stderr, flush=True)


def say(message: str = "") -> None:
    """Write one line of data to standard output."""
    print(clean(message, 100_000), flush=True)


def styled(text: str, style: str, *, stream_is_tty: bool | None = None) -> str:
    """Return `text`, cleaned, in a style of the table if standard output is a colour terminal."""
    tty = sys.stdout.isatty() if stream_is_tty is None else stream_is_tty
    safe = one_line(text, 2000) if text.strip() else text
    if not tty or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return safe
    return f"\x1b[{_STYLES[style]}m{safe}\x1b[0m"


def write_styled(*parts: str) -> None:
    """Write parts made by `styled` as one line to standard output."""
    sys.stdout.write("".join(parts) + "\n")


def problem_lines(problem: Problem) -> list[str]:
    """Return a problem as two lines: where and what, then what to do."""
    where = f"{problem.where}: " if problem.where else ""
    lines = [f"{where}{one_line(problem.message, 500)} [{problem.code}]"]
    if problem.do:
        lines.append(f"  → {one_line(problem.do, 500)}")
    return lines


def report(error: CockpitError, *, as_json: bool) -> None:
    """Say what happened, where, and what to do next; with --json also as `cockpit.error/v1`."""
    if as_json:
        emit_json({"schema": "cockpit.error/v1", "error": error.problem.to_json()})
    for line in problem_lines(error.problem):
        talk(line)


def silence_stdout() -> None:
    """Let the interpreter shut down without a second complaint about a closed pipe."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
