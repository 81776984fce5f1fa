"""How does a Plan run? Journalled, its output streamed and kept, cancellable, its failure explained."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cockpit.domain.action import Plan, Run
from cockpit.domain.text import one_line
from cockpit.domain.words import RunState
from cockpit.errors import CancelledError, CockpitError, ExitCode
from cockpit.workspace.runs import Journal

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace

Emit = Callable[[str], None]
Cancelled = Callable[[], bool]
_LOG_LIMIT = 20_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an action ended: its exit code, one line for people, and a JSON document for programs."""

    code: ExitCode
    summary: str
    document: dict[str, Any] = field(default_factory=dict)


def perform(
    workspace: Workspace,
    plan: Plan,
    run: Callable[[Workspace, Plan, Emit, Cancelled], Outcome],
    emit: Emit,
    cancelled: Cancelled,
) -> tuple[Run, Outcome]:
    """Run `plan` with `run`, and keep its output and outcome. Never raises for a failure of the action."""
    journal = Journal(workspace.store, workspace.clock)
    begun = journal.begin(plan)
    log = workspace.root / (begun.log or f".cockpit/runs/{begun.id}.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as file:
        tee = _Tee(file.write, file.flush, emit)
        tee(f"$ {' '.join(plan.argv)}")
        try:
            outcome = run(workspace, plan, tee, cancelled)
        except CancelledError as error:
            outcome = Outcome(ExitCode.INTERRUPTED, error.problem.message)
        except CockpitError as error:
            problem = error.problem
            tee(f"{problem.where + ': ' if problem.where else ''}{problem.message}")
            tee(f"→ {problem.do}")
            document = {"schema": "cockpit.error/v1", "error": problem.to_json()}
            outcome = Outcome(error.exit_code, problem.message, document)
        tee(outcome.summary)
    state = {
        ExitCode.OK: RunState.SUCCEEDED,
        ExitCode.INTERRUPTED: RunState.CANCELLED,
    }.get(outcome.code, RunState.FAILED)
    return journal.end(begun.id, state, int(outcome.code), one_line(outcome.summary, 500)), outcome


class _Tee:
    """Hands each line to a file, bounded, and to whoever watches. Several threads may call it."""

    def __init__(self, write: Callable[[str], Any], flush: Callable[[], None], emit: Emit) -> None:
        self._write = write
        self._flush = flush
        self._emit = emit
        self._written = 0
        self._lock = threading.Lock()

    def __call__(self, line: str) -> None:
        with self._lock:
            if self._written < _LOG_LIMIT:
                self._write(line + "\n")
                self._flush()
                self._written += len(line) + 1
            self._emit(line)
