"""What does another program's SQLite file hold? Read-only, bounded, and never in its way."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from cockpit.errors import EdgeError

_WAIT_S = 0.2
_MOST_STEPS = 200_000


def select(path: Path, query: str, most: int, shown: str | None = None) -> Sequence[tuple[object, ...]]:
    """Return at most `most` rows of `query` on the database `path`, which is opened read-only.

    Raises EdgeError where the file is no database, is locked, lacks a table or column, or takes too long.
    """
    name = shown or path.name
    try:
        # Opened by a connection of its own: the store's pragmas would write to a file of somebody else.
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=_WAIT_S)
        try:
            connection.set_progress_handler(lambda: 1, _MOST_STEPS)
            return connection.execute(query).fetchmany(most)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise EdgeError(
            f"{name} cannot be read as a database: {error}",
            do="check that the program it belongs to still reads it",
            code="unreadable",
            path=shown,
        ) from error
