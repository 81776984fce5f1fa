"""How does a face stay up to date? A stream of Snapshots, made in threads of their own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.domain.health import Health
from cockpit.errors import CockpitError, Problem
from cockpit.workspace import marks, waiting
from cockpit.workspace.news import GithubNews, News
from cockpit.workspace.on_demand import OnDemand

if TYPE_CHECKING:
    from cockpit.workspace.gathered import Gathered
    from cockpit.workspace.probing import Watcher
    from cockpit.workspace.workspace import Workspace

_TOGETHER_S = 0.03  # changes that come in such short order are one
_LEAVING_S = 2.0

Deliver = Callable[[Snapshot], None]
Tell = Callable[[str], None]


class BoardFeed(OnDemand):
    """The facts of one workspace for one environment at a time, live.

    One thread reads and joins, one waits for files to change, one probes, one asks GitHub (every `poll_s`
    seconds, None: as cockpit.yaml says); without `probe` and `ask` the last two do not. A failure of any of
    them becomes a problem of the next Snapshot, or of its `server` or `stale_s`; none ends the feed.
    """

    def __init__(
        self,
        workspace: Workspace,
        env: str | None = None,
        *,
        probe: bool = True,
        ask: bool = True,
        poll_s: float | None = None,
    ) -> None:
        super().__init__(workspace)
        self._env = workspace.config.environment(env).name
        self._probing = probe
        self._deliver: Deliver = lambda snapshot: None
        self._tell: Tell = lambda text: None
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._read_again = True
        self._changed: dict[str, Health] = {}
        self._fresh: dict[str, Health] = {}
        self._gathered: Gathered | None = None
        self._watcher: Watcher | None = None
        self._github = GithubNews(workspace, self._wake.set, poll_s) if ask else None
        self._threads: list[threading.Thread] = []

    # The stream

    def start(self, deliver: Deliver, tell: Tell = lambda text: None) -> None:
        """Begin to call `deliver` from the feed's thread, at once and whenever something changed.

        `tell` gets what was put right meanwhile: services that were killed, runs whose cockpit was.
        """
        self._deliver, self._tell = deliver, tell
        work = {"read": self._read, "files": self._wait_for_files, "others": self._wait_for_others}
        for name, target in work.items():
            thread = threading.Thread(target=target, name=f"cockpit-{name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Deliver no more; wait shortly for what is under way."""
        self._stop.set()
        self._wake.set()
        until = time.monotonic() + _LEAVING_S
        for watcher in (self._github, self._watcher):
            if watcher is not None:
                watcher.stop()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(timeout=max(0.0, until - time.monotonic()))

    def refresh(self) -> None:
        """Read everything again and ask GitHub, soon."""
        self._again()
        if self._github is not None:
            self._github.refresh()

    def _again(self) -> None:
        with self._lock:
            self._read_again = True
        self._wake.set()

    def probe(self, ids: Sequence[str] | None = None) -> None:
        """Probe the endpoints of these RPTs (None: all) soon."""
        if self._watcher is None:
            return
        services = None
        if ids is not None and self._snapshot is not None:
            wanted = set(ids)
            services = [f"{row.rpt.service}@{row.env}" for row in self._snapshot.handoffs if row.id in wanted]
        self._watcher.probe(services)

    def use_env(self, env: str) -> None:
        """Show environment `env` from now on."""
        with self._lock:
            self._env = env
            self._fresh, self._changed = {}, {}
        if self._watcher is not None:
            self._watcher.use_env(env)
        self._again()

    def mark_seen(self, rpt: str) -> None:
        """Mark the RPT as seen until it changes, or take the mark away."""
        row = self._row(rpt)
        if row is not None:
            threading.Thread(target=self._mark, args=(row,), daemon=True).start()

    def _mark(self, row: Handoff) -> None:
        with self._reported():
            self._workspace.toggle_seen(row)
        self._again()

    def save_view(self, view: dict[str, Any]) -> None:
        """Keep the view for the next start."""
        with self._reported():
            marks.save_view(self._workspace.store, view)

    # The thread that reads

    def _read(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            with self._lock:
                again, changed = self._read_again, self._changed
                self._read_again, self._changed = False, {}
                self._fresh.update(changed)
            news = self._github.take() if self._github is not None else News()
            with self._reported():
                if again or self._gathered is None:
                    self._gather()
                elif news.pulls:
                    self._take_stacks()
                elif changed:
                    self._advance(changed)
                if news.heard and self._snapshot is not None:
                    self._hand_over(replace(self._snapshot, server=news.server))
            self._wake.wait()
            self._stop.wait(_TOGETHER_S)

    def _gather(self) -> None:
        with self._lock:
            env = self._env
        gathered = self._workspace.gather(env)
        now = self._workspace.clock.epoch()
        self._gathered = gathered
        self._hand_over(gathered.snapshot(now, self._fresh, self._snapshot))
        if self._probing and self._watcher is None:
            self._begin_probing(env)
        elif self._watcher is not None:
            self._watcher.reload()
        if self._github is not None and not self._stop.is_set():
            self._github.start(self._branches)

    def _take_stacks(self) -> None:
        """The pull requests are others: nothing but the stacks is read again."""
        if self._gathered is not None:
            self._gathered = self._workspace.with_stacks(self._gathered)
            now = self._workspace.clock.epoch()
            self._hand_over(self._gathered.snapshot(now, self._fresh, self._snapshot))

    def _branches(self) -> frozenset[str]:
        stacks = self._snapshot.stacks if self._snapshot is not None else ()
        return frozenset(part.branch for stack in stacks for part in stack.slices)

    def _advance(self, changed: dict[str, Health]) -> None:
        if self._gathered is None or self._snapshot is None:
            return
        now = self._workspace.clock.epoch()
        self._hand_over(self._gathered.advanced(self._snapshot, now, self._fresh, changed))

    def _hand_over(self, snapshot: Snapshot) -> None:
        before, self._snapshot = self._snapshot, snapshot
        if before is None or not _same_but_for_time(before, snapshot):
            self._deliver(snapshot)

    def _begin_probing(self, env: str) -> None:
        from cockpit.workspace.probing import Watcher

        self._watcher = Watcher(self._workspace, env, self._on_health)
        self._watcher.start()

    def _on_health(self, health: dict[str, Health]) -> None:
        """Called from the prober's thread with the endpoints whose health is new."""
        with self._lock:
            self._changed.update(health)
        self._wake.set()

    # The threads that wait

    def _wait_for_files(self) -> None:
        waiting.for_files(self.folder, self._again, self._say, self._stop)

    def _wait_for_others(self) -> None:
        waiting.for_others(self._workspace, self._again, self._tell, self._stop, self._reported)

    # Small things

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """Turn a failure into a problem that the board shows: a thread of the feed must never die of one."""
        try:
            yield
        except CockpitError as error:
            self._say(error.problem)
        except Exception as error:  # noqa: BLE001 - said on the board, with its class, instead of lost in a thread
            self._say(
                Problem(
                    "internal",
                    f"{type(error).__name__}: {error}",
                    "this is a defect of cockpit; please report it",
                )
            )

    def _say(self, problem: Problem) -> None:
        before = self._snapshot
        if before is None:
            before = Snapshot(self.folder.name, self._env, "", (), environments=(self._env,))
        if problem not in before.problems:
            self._snapshot = replace(before, problems=(*before.problems, problem))
            self._deliver(self._snapshot)


def _same_but_for_time(before: Snapshot, after: Snapshot) -> bool:
    return len(before.handoffs) == len(after.handoffs) and replace(before, at=after.at) == after
