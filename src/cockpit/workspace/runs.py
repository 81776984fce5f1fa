"""Which actions ran, run now, or were interrupted?"""

from __future__ import annotations

import json
import os
from typing import Any

from cockpit.domain.action import Plan, Run
from cockpit.domain.words import RunState
from cockpit.edges import proc
from cockpit.edges.clock import Clock
from cockpit.edges.store import Store

_COLUMNS = (
    "id, action, subject, service, env, argv, state, started_at, ended_at, exit_code, summary, log, pid,"
    " pid_started"
)


class Journal:
    """The table of runs. A run belongs to the process that began it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def begin(self, plan: Plan) -> Run:
        """Record that `plan` starts now in this process."""
        me = proc.identity(os.getpid())
        run_id = self._store.execute(
            "INSERT INTO runs (action, subject, service, env, argv, state, started_at, pid, pid_started)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                plan.action,
                plan.subject,
                plan.service,
                plan.env,
                json.dumps(plan.argv),
                RunState.RUNNING,
                self._clock.epoch(),
                os.getpid(),
                me[1] if me else None,
            ),
        )
        log = f".cockpit/runs/{run_id}.log"
        self._store.execute("UPDATE runs SET log = ? WHERE id = ?", (log, run_id))
        return self.get(run_id)

    def end(self, run_id: int, state: RunState, exit_code: int, summary: str) -> Run:
        """Record how the run ended."""
        self._store.execute(
            "UPDATE runs SET state = ?, ended_at = ?, exit_code = ?, summary = ? WHERE id = ?",
            (state, self._clock.epoch(), exit_code, summary[:500], run_id),
        )
        return self.get(run_id)

    def get(self, run_id: int) -> Run:
        """Return one run by its id."""
        return _run(self._store.query(f"SELECT {_COLUMNS} FROM runs WHERE id = ?", (run_id,))[0])  # noqa: S608

    def recent(self, subject: str | None = None, limit: int = 50) -> list[Run]:
        """Return the newest runs, of one RPT or of all."""
        rows = self._store.query(
            f"SELECT {_COLUMNS} FROM runs WHERE ? IS NULL OR subject = ?"  # noqa: S608
            " ORDER BY id DESC LIMIT ?",
            (subject, subject, limit),
        )
        return [_run(row) for row in rows]

    def settle(self) -> list[Run]:
        """Mark as interrupted every running run whose process is gone, and return those."""
        rows = self._store.query(
            f"SELECT {_COLUMNS} FROM runs WHERE state = ?",  # noqa: S608
            (RunState.RUNNING,),
        )
        return [
            self.end(run.id, RunState.INTERRUPTED, 130, "its process was killed")
            for run in map(_run, rows)
            if run.pid is None or run.pid_started is None or not proc.alive((run.pid, run.pid_started))
        ]


def _run(row: tuple[Any, ...]) -> Run:
    values = list(row)
    values[5] = tuple(json.loads(values[5]))
    values[6] = RunState(values[6])
    return Run(*values)
