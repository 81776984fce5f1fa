"""What was worked out before and is still true? Values by kind and key, each with the stamp it holds for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cockpit.edges.store import Store


class Cache:
    """JSON values in the store that are true only as long as their stamp is the same."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read_all(self, kind: str) -> dict[str, tuple[str, str]]:
        """Return key → (stamp, JSON text) of everything of `kind`, undecoded: most may be stale."""
        rows = self._store.query("SELECT key, stamp, value FROM cache WHERE kind = ?", (kind,))
        return {key: (stamp, value) for key, stamp, value in rows}

    def read(self, kind: str, key: str, stamp: str) -> Any | None:
        """Return the value kept for `key` if its stamp is `stamp`, else None."""
        rows = self._store.query(
            "SELECT value FROM cache WHERE kind = ? AND key = ? AND stamp = ?", (kind, key, stamp)
        )
        if not rows:
            return None
        try:
            return json.loads(rows[0][0])
        except ValueError:
            return None

    def stamp(self, kind: str, key: str) -> str | None:
        """Return the stamp that what is kept for `key` holds for, None where nothing is kept."""
        rows = self._store.query("SELECT stamp FROM cache WHERE kind = ? AND key = ?", (kind, key))
        return rows[0][0] if rows else None

    def write(self, kind: str, values: Mapping[str, tuple[str, Any]]) -> None:
        """Keep key → (stamp, value) for `kind`."""
        rows = [(kind, key, stamp, json.dumps(value)) for key, (stamp, value) in values.items()]
        self._store.execute_many("REPLACE INTO cache (kind, key, stamp, value) VALUES (?, ?, ?, ?)", rows)

    def forget(self, kind: str, keys: set[str]) -> None:
        """Drop what is kept for `keys`."""
        self._store.execute_many(
            "DELETE FROM cache WHERE kind = ? AND key = ?", [(kind, key) for key in keys]
        )
