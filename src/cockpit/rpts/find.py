"""Which documents are there, and which one does a person mean?"""

from __future__ import annotations

import os
import re
from pathlib import Path

FOLDER = "rpts"
_NAME = re.compile(r"^RPT-[^/]*\.md$")
_ID = re.compile(r"^(RPT-[0-9]{1,9})(?:[-.]|$)", re.IGNORECASE)


def documents(root: Path) -> list[tuple[str, os.stat_result | None]]:
    """Return (name, stat) of every rpts/RPT-*.md in order of names; stat is None where it fails."""
    found: list[tuple[str, os.stat_result | None]] = []
    try:
        with os.scandir(root / FOLDER) as entries:
            for entry in entries:
                if _NAME.match(entry.name):
                    try:
                        found.append((entry.name, entry.stat()))
                    except OSError:
                        found.append((entry.name, None))
    except OSError:
        return []
    return sorted(found, key=lambda item: item[0])


def id_of_file(name: str) -> str:
    """Return the id that a file name claims ("RPT-0007-scan.md" → "RPT-0007"), else its stem."""
    match = _ID.match(name)
    return match[1].upper() if match else name.removesuffix(".md")


def normalise(reference: str) -> str:
    """Return "RPT-0007" for 7, 0007, rpt-7 and RPT-0007; anything else (a slug, a path) unchanged."""
    text = reference.strip()
    match = re.fullmatch(r"(?:RPT-)?([0-9]{1,9})", text, re.IGNORECASE)
    return f"RPT-{int(match[1]):04d}" if match else text


def next_id(root: Path) -> str:
    """Return the first free id after the highest one in use."""
    numbers = [int(match[1][4:]) for name, _ in documents(root) if (match := _ID.match(name))]
    return f"RPT-{max(numbers, default=0) + 1:04d}"
