"""What was read of the server last? Kept in the store, for a board that is offline and for commands.

The list is kept apart from what changes with every answer (its time, the limit, what failed): it is large,
and most answers leave it as it was.
"""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace

from cockpit.domain.pull import PullRequest
from cockpit.stacks import pulls_codec
from cockpit.stacks.github import Host
from cockpit.stacks.pulls import Pulls
from cockpit.workspace.cache import Cache

_FORMAT = "3"
_KIND, _LIST = "pulls", "pulls-list"


class KeptPulls:
    """The readings of one workspace, one for each repository. Safe to use from several threads."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._lock = threading.Lock()
        self._lists: dict[str, tuple[str, tuple[PullRequest, ...]]] = {}

    def load(self, there: Host) -> Pulls | None:
        """Return what was read last of `there`, None where nobody ever asked it."""
        key = _key(there)
        head = self._cache.read(_KIND, key, _FORMAT)
        found = pulls_codec.decode(head | {"pulls": []}) if isinstance(head, dict) else None
        if found is None:
            return None
        listed = self._list(key, self._cache.stamp(_LIST, key))
        # Without its list what was read is as good as unread.
        return replace(found, pulls=listed) if listed is not None else Pulls(found.repository, found.host)

    def save(self, there: Host, pulls: Pulls) -> None:
        """Keep `pulls` for `there`."""
        key = _key(there)
        with self._lock:
            stamp, listed = self._lists.get(key, ("", ()))
        if listed != pulls.pulls or stamp != self._cache.stamp(_LIST, key):
            stamp = f"{_FORMAT}.{uuid.uuid4().hex}"
            self._cache.write(_LIST, {key: (stamp, pulls_codec.encode_list(pulls.pulls))})
            self._remember(key, stamp, pulls.pulls)
        self._cache.write(_KIND, {key: (_FORMAT, pulls_codec.encode(replace(pulls, pulls=())))})

    def _list(self, key: str, stamp: str | None) -> tuple[PullRequest, ...] | None:
        with self._lock:
            known = self._lists.get(key)
        if known is not None and known[0] == stamp:
            return known[1]
        if stamp is None or not stamp.startswith(f"{_FORMAT}."):
            return None
        found = pulls_codec.decode_list(self._cache.read(_LIST, key, stamp))
        if found is not None:
            self._remember(key, stamp, found)
        return found

    def _remember(self, key: str, stamp: str, listed: tuple[PullRequest, ...]) -> None:
        with self._lock:
            self._lists[key] = (stamp, listed)


def _key(there: Host) -> str:
    return f"{there.name}/{there.full_name}"
