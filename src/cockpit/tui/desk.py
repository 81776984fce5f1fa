"""Which actions run from this board right now, and what have they said so far?"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from cockpit.domain.action import Plan, Run
from cockpit.domain.text import clean
from cockpit.domain.words import RunState
from cockpit.errors import CancelledError, CockpitError, Problem
from cockpit.tui.ports import Workshop

KEPT_LINES = 20_000
_LINE = 2_000  # characters of one line that are kept


class ActiveRun:
    """One action in progress or just ended. `emit` may be called from any thread."""

    def __init__(self, plan: Plan, started_at: float) -> None:
        self.plan, self.started_at = plan, started_at
        self.ended_at: float | None = None
        self.state = RunState.RUNNING
        self.run: Run | None = None
        self.problem: Problem | None = None
        self.cancel_asked = threading.Event()
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._total = 0
        self._lock = threading.Lock()

    @property
    def running(self) -> bool:
        """True until it ended, in whatever way."""
        return self.state is RunState.RUNNING

    @property
    def summary(self) -> str:
        """The last word on it: what the run or the error says, "" while it runs."""
        if self.problem is not None:
            return self.problem.message
        return self.run.summary if self.run is not None else ""

    def emit(self, text: str) -> None:
        """Take what the action said; it is cleaned and bounded here."""
        lines = [clean(line, _LINE).expandtabs(4) for line in text.splitlines() or [""]]
        with self._lock:
            self._lines.extend(lines)
            self._total += len(lines)

    def after(self, seen: int) -> tuple[list[str], int]:
        """Return the lines after the first `seen` (those that are still kept) and how many there were."""
        with self._lock:
            new = min(self._total - seen, len(self._lines))
            start = len(self._lines) - new
            return [self._lines[i] for i in range(start, len(self._lines))] if new > 0 else [], self._total


class RunDesk:
    """Starts actions, each in a thread of its own, and tells when one ended."""

    def __init__(self, workshop: Workshop, now: Callable[[], float]) -> None:
        self._workshop, self._now = workshop, now
        # Of its own: a long action must not keep readers of the shared pool waiting.
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="cockpit-run")
        self.active: list[ActiveRun] = []

    @property
    def running(self) -> list[ActiveRun]:
        """Those that have not ended."""
        return [one for one in self.active if one.running]

    def find(self, run: Run) -> ActiveRun | None:
        """Return the live side of a journalled run, if this board runs it."""
        for one in self.active:
            same = one.plan.action == run.action and one.plan.subject == run.subject
            if same and one.running and run.state is RunState.RUNNING:
                return one
        return None

    def open(self, plan: Plan) -> ActiveRun:
        """Return a place for the plan's output; `perform` begins it."""
        one = ActiveRun(plan, self._now())
        self.active = [*self.active[-20:], one]
        return one

    async def perform(self, one: ActiveRun) -> None:
        """Carry the plan out in a thread; return when it ended. Errors become its state."""
        loop = asyncio.get_running_loop()
        call = loop.run_in_executor(
            self._pool, self._workshop.perform, one.plan, one.emit, one.cancel_asked.is_set
        )
        [outcome] = await asyncio.gather(call, return_exceptions=True)
        one.ended_at = self._now()
        if isinstance(outcome, Run):
            one.run, one.state = outcome, outcome.state
            return
        one.state = RunState.CANCELLED if isinstance(outcome, CancelledError) else RunState.FAILED
        if isinstance(outcome, CockpitError):
            one.problem = outcome.problem
        else:
            what = f"{type(outcome).__name__}: {outcome}"
            one.problem = Problem("internal", what, "this is a defect of cockpit; please report it")

    def cancel_all(self) -> None:
        """Ask every running action to stop, and take no new ones."""
        for one in self.running:
            one.cancel_asked.set()
        self._pool.shutdown(wait=False)
