"""What is about to be done (a Plan), and what was done (a Run)?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cockpit.domain.words import RunState


class Risk(StrEnum):
    """What an action can break; a face asks accordingly before it runs."""

    NONE = "none"
    LOCAL = "local"
    SHARED = "shared"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a Plan: in words, and the exact argv where a program is run (empty otherwise)."""

    label: str
    argv: tuple[str, ...] = ()
    folder: str = "."


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a person is shown before an action runs.

    `action` is "scaffold", "update", "test", "validate", "deploy", "rollback", "stop", "sign", "slice",
    "submit", "checkout" or "new"; `argv` the cockpit command that does the same in a shell. `touches` names
    what is written or changed.
    `confirm_word` must be typed where it is not None (production). `subject` is the RPT id, or the branch
    where a slice belongs to none.
    """

    action: str
    title: str
    subject: str
    service: str | None
    env: str
    argv: tuple[str, ...]
    steps: tuple[Step, ...]
    touches: tuple[str, ...] = ()
    risk: Risk = Risk.LOCAL
    confirm_word: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One journalled run of an action. Times are seconds since the epoch; `log` is a workspace path.

    `pid` and `pid_started` identify the process that runs it, so that a run whose process was killed
    can be told from one that still runs. `summary` is one line, e.g. "12 passed".
    """

    id: int
    action: str
    subject: str
    service: str | None
    env: str
    argv: tuple[str, ...]
    state: RunState
    started_at: float
    ended_at: float | None = None
    exit_code: int | None = None
    summary: str = ""
    log: str | None = None
    pid: int | None = None
    pid_started: float | None = None
