"""Is the process agent there, and how is it started?"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from cockpit.domain.text import one_line
from cockpit.errors import EdgeError, ServiceError
from cockpit.targets.local import locks, state
from cockpit.targets.local.places import Places

_START_S = 20.0  # a machine under load takes seconds to start an interpreter
_LOOK_AGAIN_S = 0.01
_LOG_LIMIT = 1_000_000


def alive(places: Places) -> bool:
    """True if the process agent of this workspace runs."""
    return locks.held(places.agent_lock)


def ensure(places: Places) -> bool:
    """Start the process agent if it is not there, and wait until it has started what is wanted.

    Returns whether it had to be started. Call it only while something is wanted: the agent ends by
    itself when nothing is. Raises ServiceError if it does not come up.
    """
    if alive(places):
        return False
    before = state.read(places).agent
    log = places.agent_log
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > _LOG_LIMIT:
            log.unlink()
        with log.open("ab") as said:
            subprocess.run(
                [sys.executable, "-m", "cockpit.targets.local.agent", str(places.root)],
                cwd=places.root,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
                check=False,
                timeout=_START_S,
            )
    except (OSError, subprocess.SubprocessError) as error:
        raise EdgeError(
            f"the process agent cannot be started: {one_line(str(error))}",
            do="make .cockpit/ writable, and see .cockpit/local/agent.log",
            code="no-agent",
        ) from error
    _wait(places, before)
    return True


def _wait(places: Places, before: object) -> None:
    deadline = time.monotonic() + _START_S
    while (now := state.read(places)).agent in (None, before) or not now.began:
        if time.monotonic() > deadline:
            raise ServiceError(
                f"the process agent did not come up: {_last_words(places.agent_log)}",
                do="see .cockpit/local/agent.log",
                code="no-agent",
                path=".cockpit/local/agent.log",
            )
        time.sleep(_LOOK_AGAIN_S)


def _last_words(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return "it left no log"
    return one_line(next((line for line in reversed(lines) if line.strip()), "it said nothing"))
