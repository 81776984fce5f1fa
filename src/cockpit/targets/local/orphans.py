"""Which processes did an agent leave behind when it was killed? Found by identity, and ended."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from cockpit.edges import proc
from cockpit.edges.proc import Identity
from cockpit.targets.local.child import MARK

_GRACE_S = 1.0


def end_all(root: Path, left: Collection[Identity]) -> int:
    """End the processes `left`, and what they had started themselves; return how many there were.

    The system kills a service together with its agent on Linux, but not what the service started: that
    is found by its session, and taken only if its environment names this workspace.
    """
    count = 0
    for who in left:
        if proc.alive(who):
            proc.end(who, _GRACE_S)
            count += 1
    return count + _end_sessions(root, {pid for pid, _ in left})


def _end_sessions(root: Path, sessions: set[int]) -> int:
    if not sessions:
        return 0
    import psutil

    count = 0
    for pid in psutil.pids():
        try:
            if os.getsid(pid) not in sessions:
                continue
            process = psutil.Process(pid)
            if process.environ().get(MARK, "").startswith(f"{root} "):
                process.kill()
                count += 1
        except (psutil.Error, OSError):
            continue
    return count
