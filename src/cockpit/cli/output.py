"""How does a command speak? Data on standard output, talk on standard error, errors with their remedy."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, TextIO

from cockpit.domain.text import clean, one_line
from cockpit.errors import CockpitError, Problem

_STYLES = {"bad": "31", "good": "32", "warn": "33", "busy": "36", "quiet": "2", "strong": "1", "accent": "36"}


def emit_json(document: dict[str, Any]) -> None:
    """Write one JSON document to standard output: indented for a person, on one line for a program."""
    indent = 2 if sys.stdout.isatty() else None
    # dumps, not dump: it writes a document of a thousand rows in a quarter of the time.
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(document, ensure_ascii=True, indent=indent)
    sys.stdout.write(text + "\n")


def talk(message: str) -> None:
    """Say something to a person on standard error."""
    _write(sys.stderr, clean(message) + "\n")
    sys.stderr.flush()


def say(message: str = "") -> None:
    """Write one line of data to standard output."""
    _write(sys.stdout, clean(message, 100_000) + "\n")
    sys.stdout.flush()


def say_whole(document: str) -> None:
    """Write a document that a program reads, clean already and however long."""
    _write(sys.stdout, document + "\n")
    sys.stdout.flush()


def styled(text: str, style: str | None, *, stream_is_tty: bool | None = None) -> str:
    """Return `text`, cleaned, in a style of the table if standard output is a colour terminal.

    Spaces at its ends stay, so that columns can be padded before they are styled.
    """
    tty = sys.stdout.isatty() if stream_is_tty is None else stream_is_tty
    inner = text.strip(" ")
    if not inner:
        return text
    lead = " " * (len(text) - len(text.lstrip(" ")))
    tail = " " * (len(text) - len(text.rstrip(" ")))
    return f"{lead}{painted(one_line(inner, 2000), style, tty=tty)}{tail}"


def painted(text: str, style: str | None, *, tty: bool | None = None) -> str:
    """Return `text`, clean already, as it stands in a style of the table, where there is colour."""
    colour = (sys.stdout.isatty() if tty is None else tty) and not os.environ.get("NO_COLOR")
    if not style or not text or not colour or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"


def write_styled(*parts: str) -> None:
    """Write parts made by `styled` as one line to standard output."""
    _write(sys.stdout, "".join(parts).rstrip(" ") + "\n")


def _write(stream: TextIO, text: str) -> None:
    """Write `text`; what the terminal's encoding lacks becomes a question mark."""
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "replace").decode(encoding))


def problem_lines(problem: Problem) -> list[str]:
    """Return a problem as two lines: where and what, then what to do."""
    where = f"{one_line(problem.where, 400)}: " if problem.where else ""
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
