"""How does a Plan run? Journalled, its output streamed and kept, cancellable, its failure explained."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TextIO

from cockpit.domain.action import Plan, Run
from cockpit.domain.text import one_line
from cockpit.domain.words import RunState
from cockpit.errors import CancelledError, CockpitError, ExitCode, StateError
from cockpit.workspace.runs import Journal

if TYPE_CHECKING:
    from pathlib import Path

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
    """Run `plan` with `run`, and keep its output and outcome.

    Never raises for a failure of the action; raises StateError where its output cannot be kept.
    """
    journal = Journal(workspace.store, workspace.clock)
    begun = journal.begin(plan)
    log = workspace.root / (begun.log or f".cockpit/runs/{begun.id}.log")
    try:
        opened = _opened(log)
    except StateError:
        journal.end(begun.id, RunState.FAILED, int(StateError.exit_code), "its output could not be kept")
        raise
    with opened as file:
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
        except BaseException as error:
            # A defect: it is told by whoever catches it, and the run does not seem to go on for ever.
            journal.end(begun.id, RunState.FAILED, int(ExitCode.NOT_GOOD), type(error).__name__)
            raise
        tee(outcome.summary)
    state = {
        ExitCode.OK: RunState.SUCCEEDED,
        ExitCode.INTERRUPTED: RunState.CANCELLED,
    }.get(outcome.code, RunState.FAILED)
    return journal.end(begun.id, state, int(outcome.code), one_line(outcome.summary, 500)), outcome


def _opened(log: Path) -> TextIO:
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        return log.open("w", encoding="utf-8")
    except OSError as error:
        raise StateError(
            f"what is done could not be kept in .cockpit/runs/: {error.strerror or error}",
            do="make the workspace's .cockpit/ writable",
            code="state-unwritable",
        ) from error


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
