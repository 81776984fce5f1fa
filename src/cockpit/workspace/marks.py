"""What has this person seen, and which view did they leave?"""

from __future__ import annotations

import json
from typing import Any

from cockpit.edges.store import Store


def seen(store: Store) -> dict[str, str]:
    """Return RPT id → fingerprint of the row as it was when it was marked as seen."""
    return dict(store.query("SELECT rpt, fingerprint FROM seen"))


def toggle_seen(store: Store, rpt: str, fingerprint: str) -> bool:
    """Mark `rpt` as seen in its present state, or take the mark back; return whether it is marked now."""
    if seen(store).get(rpt) == fingerprint:
        store.execute("DELETE FROM seen WHERE rpt = ?", (rpt,))
        return False
    store.execute("REPLACE INTO seen (rpt, fingerprint) VALUES (?, ?)", (rpt, fingerprint))
    return True


def load_view(store: Store) -> dict[str, Any]:
    """Return the view as it was left, {} the first time."""
    rows = store.query("SELECT value FROM view WHERE name = 'board'")
    try:
        value = json.loads(rows[0][0]) if rows else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def save_view(store: Store, view: dict[str, Any]) -> None:
    """Keep the view for the next start."""
    store.execute("REPLACE INTO view (name, value) VALUES ('board', ?)", (json.dumps(view),))
