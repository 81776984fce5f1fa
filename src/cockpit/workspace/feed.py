"""How does a face stay up to date? A stream of Snapshots, made in threads of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.domain.action import Run
from cockpit.domain.detail import Detail
from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.domain.health import Health
from cockpit.domain.text import clean
from cockpit.edges import files
from cockpit.errors import CockpitError, NotFoundError, Problem
from cockpit.workspace import marks, watched
from cockpit.workspace.runs import Journal

if TYPE_CHECKING:
    from cockpit.workspace.gathered import Gathered
    from cockpit.workspace.probing import Watcher
    from cockpit.workspace.workspace import Workspace

_TOGETHER_S = 0.03  # changes that come in such short order are one
_OTHERS_S = 1.0  # how often the store is asked whether another cockpit did something
_LOG_LIMIT = 50_000_000

Deliver = Callable[[Snapshot], None]
Tell = Callable[[str], None]


class BoardFeed:
    """The facts of one workspace for one environment at a time, live.

    One thread reads and joins, one waits for files to change, one probes. A failure of any of them
    becomes a problem of the next Snapshot, or of `stale_s`; none ends the feed.
    """

    def __init__(self, workspace: Workspace, env: str | None = None, *, probe: bool = True) -> None:
        self._workspace = workspace
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
        self._snapshot: Snapshot | None = None
        self._watcher: Watcher | None = None
        self._threads: list[threading.Thread] = []

    @property
    def folder(self) -> Path:
        """The workspace's folder."""
        return self._workspace.root

    # The stream

    def start(self, deliver: Deliver, tell: Tell = lambda text: None) -> None:
        """Begin to call `deliver` from the feed's thread, at once and whenever something changed.

        `tell` gets what was put right meanwhile: services that were killed, runs whose cockpit was.
        """
        self._deliver, self._tell = deliver, tell
        work = {"read": self._read, "files": self._watch_files, "others": self._watch_others}
        for name, target in work.items():
            thread = threading.Thread(target=target, name=f"cockpit-{name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Deliver no more; wait shortly for what is under way."""
        self._stop.set()
        self._wake.set()
        if self._watcher is not None:
            self._watcher.stop()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(timeout=2.0)

    def refresh(self) -> None:
        """Read everything again, soon."""
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
        self.refresh()

    def mark_seen(self, rpt: str) -> None:
        """Mark the RPT as seen until it changes, or take the mark away."""
        row = self._row(rpt)
        if row is not None:
            threading.Thread(target=self._mark, args=(row,), daemon=True).start()

    def _mark(self, row: Handoff) -> None:
        with self._reported():
            self._workspace.toggle_seen(row)
        self.refresh()

    # What is read on demand

    def detail(self, rpt: str) -> Detail:
        """Return the document's sections. Raises CockpitError."""
        return self._workspace.detail(rpt)

    def runs(self, rpt: str | None = None, limit: int = 50) -> Sequence[Run]:
        """Return the newest runs, newest first. Raises CockpitError."""
        return Journal(self._workspace.store, self._workspace.clock).recent(rpt, limit)

    def run_log(self, run: Run, max_bytes: int = 200_000) -> str:
        """Return the end of what a run wrote. Raises CockpitError."""
        if run.log is None:
            return ""
        data = files.read_bounded(files.inside(self.folder, run.log), _LOG_LIMIT, run.log)
        return clean(data[-max_bytes:].decode("utf-8", errors="replace"), max_bytes)

    def logs(self, rpt: str, lines: int = 500) -> list[str]:
        """Return the last lines of the service's log. Raises CockpitError."""
        row = self._row(rpt)
        if row is None or row.rpt.service is None:
            raise NotFoundError(f"{rpt} has no service yet", do="scaffold it (s)", code="no-service")
        return self._workspace.target.logs(row.rpt.service, lines, row.env)

    def load_view(self) -> dict[str, Any]:
        """Return the view as it was left, {} the first time."""
        return marks.load_view(self._workspace.store)

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
            with self._reported():
                if again or self._gathered is None:
                    self._gather()
                elif changed:
                    self._advance(changed)
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

    def _watch_files(self) -> None:
        from watchfiles import watch

        root = self.folder.resolve()
        while not self._stop.is_set():
            known = watched.folders(root)
            try:
                for changes in watch(
                    *known,
                    watch_filter=lambda _, path: watched.matters(root, path),
                    debounce=300,
                    step=30,
                    stop_event=self._stop,
                    recursive=False,
                    raise_interrupt=False,
                ):
                    self.refresh()
                    if any(Path(path).is_dir() or not Path(path).exists() for _, path in changes):
                        break  # a folder came or went: watch the new set
            except (OSError, RuntimeError) as error:
                self._say(
                    Problem(
                        "not-watching",
                        f"files cannot be watched: {error}",
                        "r reads again; on Linux raise fs.inotify.max_user_watches",
                    )
                )
                return

    def _watch_others(self) -> None:
        """Another cockpit (a test in a second terminal, a deploy from CI) leaves its traces in the store.

        What was killed, here or there, is put right as it is when a cockpit starts.
        """
        store = self._workspace.store
        last = None
        while not self._stop.wait(_OTHERS_S):
            with self._reported():
                traces = store.query(
                    "SELECT (SELECT max(id) FROM runs), (SELECT max(ended_at) FROM runs),"
                    " (SELECT count(*) || '/' || coalesce(max(id), 0) || group_concat(state)"
                    "    FROM (SELECT id, state FROM deployments ORDER BY id DESC LIMIT 50)),"
                    " (SELECT count(*) || '/' || coalesce(max(at), '') FROM conformance)"
                )
                if last is not None and traces != last:
                    self.refresh()
                last = traces
                for said in self._workspace.settle():
                    self._tell(said)
                    self.refresh()

    # Small things

    def _row(self, rpt: str) -> Handoff | None:
        rows = self._snapshot.handoffs if self._snapshot is not None else ()
        return next((row for row in rows if row.id == rpt), None)

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
        from dataclasses import replace

        before = self._snapshot
        if before is None:
            before = Snapshot(self.folder.name, self._env, "", (), environments=(self._env,))
        if problem not in before.problems:
            self._snapshot = replace(before, problems=(*before.problems, problem))
            self._deliver(self._snapshot)


def _same_but_for_time(before: Snapshot, after: Snapshot) -> bool:
    from dataclasses import replace

    return len(before.handoffs) == len(after.handoffs) and replace(before, at=after.at) == after
