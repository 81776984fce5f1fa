"""Which documents are there, and which one does a person mean?"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from cockpit.errors import Problem

FOLDER = "rpts"
_NAME = re.compile(r"^RPT-[^/]*\.md$")
_ID = re.compile(r"^(RPT-[0-9]{1,9})(?:[-.]|$)", re.IGNORECASE)
# A name that was surely meant to be one: in small letters, without the hyphen, the number alone.
_MEANT = re.compile(
    r"^(?:rpt[-_ ]?|(?=[0-9]{3,}[-_ .]))([0-9]*)[-_ ]*(.*)\.(?:md|markdown|mdx)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of rpts/: documents as (name, stat, or None where it fails), and what is misnamed."""

    documents: tuple[tuple[str, os.stat_result | None], ...]
    problems: tuple[Problem, ...]


def listing(root: Path) -> Listing:
    """Return every rpts/RPT-*.md in order of names, and the files that look as if they should be one."""
    found: list[tuple[str, os.stat_result | None]] = []
    problems = []
    try:
        with os.scandir(root / FOLDER) as entries:
            for entry in entries:
                problem = _misnamed(entry.name)
                if problem is not None:
                    problems.append(problem)
                elif _NAME.match(entry.name):
                    try:
                        found.append((entry.name, entry.stat()))
                    except OSError:
                        found.append((entry.name, None))
    except FileNotFoundError:
        do = "`cockpit new` starts the first RPT"
        return Listing((), (Problem("no-rpts", "there is no rpts/ folder", do, FOLDER),))
    except OSError as error:
        message = f"rpts/ cannot be read: {error.strerror}"
        return Listing((), (Problem("unreadable", message, "make it a folder that you may read", FOLDER),))
    problems.sort(key=lambda problem: problem.path or "")
    return Listing(tuple(sorted(found, key=lambda item: item[0])), tuple(problems))


def _misnamed(name: str) -> Problem | None:
    try:
        name.encode()
    except UnicodeEncodeError:
        shown = f"{FOLDER}/{name.encode('utf-8', 'replace').decode()}"
        message = "the file is not read: its name is not UTF-8"
        return Problem("file-name", message, "rename it to RPT-NNNN-slug.md", shown, 1, 1)
    meant = None if _NAME.match(name) else _MEANT.match(name)
    if meant is None:
        return None
    number = f"{int(meant[1]):04d}" if meant[1].isascii() and meant[1] else "NNNN"
    better = f"RPT-{number}{'-' + meant[2] if meant[2] else ''}.md"
    message = "the file is not read: its name does not begin with RPT- and end with .md"
    return Problem("file-name", message, f"rename it to {FOLDER}/{better}", f"{FOLDER}/{name}", 1, 1)


def id_of_file(name: str) -> str:
    """Return the id that a file name claims ("RPT-0007-scan.md" → "RPT-0007"), else its stem."""
    match = _ID.match(name)
    return match[1].upper() if match else name.removesuffix(".md")


def normalise(reference: str) -> str:
    """Return "RPT-0007" for 7, 0007, rpt-7 and RPT-0007; anything else (a slug, a path) unchanged."""
    text = reference.strip()
    match = re.fullmatch(r"(?:RPT-)?([0-9]{1,9})", text, re.IGNORECASE | re.ASCII)
    return f"RPT-{int(match[1]):04d}" if match else text


def next_id(root: Path) -> str:
    """Return the first free id after the highest one in use."""
    names = [name for name, _ in listing(root).documents]
    numbers = [int(match[1][4:]) for name in names if (match := _ID.match(name))]
    return f"RPT-{max(numbers, default=0) + 1:04d}"
