"""How do wanted services stay up? The process agent: one a workspace, started on demand, ends by itself.

    python -m cockpit.targets.local.agent ROOT

It owns the port of every service and hands the listening socket to the process that serves, so that
connections queue while one version replaces another or starts again. It is driven by wanted.json and
tells what it sees in state.json; `machine.py` decides. Its services are killed with it.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import FrameType

from cockpit.edges import files, proc
from cockpit.edges.clock import iso
from cockpit.errors import CockpitError
from cockpit.targets.local import child, locks, machine, orphans, ports, state
from cockpit.targets.local import wanted as wanting
from cockpit.targets.local.logs import LogFile
from cockpit.targets.local.machine import Failure, Seen
from cockpit.targets.local.places import Places
from cockpit.targets.local.wanted import Table, Version, Wanted

_TICK_S = 0.05
_IDLE_TICK_S = 0.1
_LOCK_WAIT_S = 2.0
_PORT_PATIENCE_S = 2.0
_DRAIN_READS = 64


class Agent:
    """The services of one workspace, from the first that is wanted to the end of the last."""

    def __init__(self, places: Places, lock: int) -> None:
        self._places = places
        self._lock = lock
        self._wanted: Table = {}
        self._wanted_stamp: files.Stamp | None = None
        self._seen: dict[str, Seen] = {}
        self._running: dict[tuple[str, str], child.Running] = {}
        self._listeners: dict[str, socket.socket] = {}
        self._ports: dict[str, int] = {}
        self._logs: dict[str, LogFile] = {}
        self._environments: dict[str, Mapping[str, str]] = {}
        self._selector = selectors.DefaultSelector()
        self._told: state.AgentState | None = None
        self._orphans: tuple[proc.Identity, ...] = ()
        self._began = False
        self._me = proc.identity(os.getpid())
        self._stopping = False
        self._restless = True
        self._epoch = time.time() - time.monotonic()  # taken once, so that what is told does not jitter

    def run(self) -> None:
        """Keep what is wanted up until nothing is wanted any more."""
        self._listen_to_signals()
        self._take_over()
        while True:
            for event, _ in self._selector.select(_TICK_S if self._restless else _IDLE_TICK_S):
                act: Callable[[], None] = event.data
                act()
            self._reload()
            if not self._restless:
                continue
            self._reap()
            for key in {*self._wanted, *self._seen}:
                self._decide(key)
            self._began = True
            self._tell()
            self._restless = any(
                machine.restless(self._wanted.get(k), seen) for k, seen in self._seen.items()
            )
            if not self._running and (self._stopping or not any(w.anything for w in self._wanted.values())):
                return

    def _listen_to_signals(self) -> None:
        """Wake up when a process ends; end in order when asked to."""
        reader, writer = os.pipe()
        for descriptor in (reader, writer):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)

        def stop(number: int, frame: FrameType | None) -> None:
            self._stopping = True

        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)

        def drain() -> None:
            self._restless = True
            with contextlib.suppress(BlockingIOError):
                os.read(reader, 4096)

        self._selector.register(reader, selectors.EVENT_READ, drain)

    def _take_over(self) -> None:
        """Remember what the agent before this one had decided, and end what it left behind."""
        before = state.read(self._places)
        left = {p.identity for service in before.services.values() for p in service.processes}
        self._orphans = tuple({*left, *before.orphans})
        for key, service in before.services.items():
            failures = tuple(Failure(f.version, f.reason, f.lines) for f in service.failures)
            self._seen[key] = Seen(live=service.live, failures=failures)
        self._tell()
        orphans.end_all(self._places.root, self._orphans)
        self._orphans = ()

    def _reload(self) -> None:
        """Read what is wanted if it changed. A file that does not read changes nothing."""
        if not self._is_mine():
            self._wanted = {}
            self._stopping = self._restless = True
            return
        now = files.stamp(self._places.wanted)
        if now == self._wanted_stamp:
            return
        self._wanted_stamp = now
        self._restless = True
        try:
            self._wanted = wanting.read(self._places)
        except CockpitError as error:
            _say(error.problem.message)

    def _is_mine(self) -> bool:
        """False once .cockpit/ was removed: another agent may be at work in a new one."""
        held = os.fstat(self._lock)
        try:
            found = self._places.agent_lock.stat()
        except OSError:
            return False
        return (found.st_ino, found.st_dev) == (held.st_ino, held.st_dev)

    def _reap(self) -> None:
        for (key, version), running in list(self._running.items()):
            reason = running.end_reason()
            if reason is not None:
                self._forget(key, version, running, reason)

    def _forget(self, key: str, version: str, running: child.Running, reason: str) -> None:
        for pipe in (running.ready_pipe, running.output_pipe):
            with contextlib.suppress(KeyError):
                self._selector.unregister(pipe)
        self._hear(key, version, running)
        for _ in range(_DRAIN_READS):
            data = running.read_output()
            if not data:
                break
            self._log(key).write(data)
        running.close()
        del self._running[key, version]
        self._note(key, f"pid {running.pid}: {reason}")
        self._seen[key] = machine.ended(
            self._wanted.get(key), self._seen[key], version, reason, time.monotonic(), running.lines
        )

    def _decide(self, key: str) -> None:
        wanted = None if self._stopping else self._wanted.get(key)
        before = self._seen.get(key, Seen())
        seen, actions = machine.decide(wanted, before, time.monotonic())
        self._seen[key] = self._explained(key, before, seen)
        for action in actions:
            match action:
                case machine.Start(version):
                    self._start(key, version)
                case machine.End(version, gently):
                    self._running[key, version].ask_to_end(gently=gently)
                case machine.Kill(version):
                    self._running[key, version].kill()
        if not seen.children and not (wanted is not None and wanted.anything):
            self._let_go(key, known=key in self._wanted)

    def _explained(self, key: str, before: Seen, seen: Seen) -> Seen:
        """Add to a version that took too long what it said until now."""
        failures = []
        for failure in seen.failures:
            running = self._running.get((key, failure.version))
            if running is not None and failure not in before.failures:
                said = f"; /readyz answered {running.note}" if running.note else ""
                failures.append(replace(failure, reason=failure.reason + said, lines=running.lines))
            else:
                failures.append(failure)
        return replace(seen, failures=tuple(failures))

    def _start(self, key: str, version: Version) -> None:
        try:
            running = child.spawn(
                self._places.root, key, version, self._listener(key), self._environment(version)
            )
        except OSError as error:
            self._seen[key] = machine.ended(
                self._wanted.get(key), self._seen[key], version.id, str(error)[:500], time.monotonic()
            )
            return
        self._running[key, version.id] = running
        if machine.roles(self._wanted.get(key), self._seen[key]).serving == version:
            ports.listen(self._listener(key))  # it served before: whoever asks may wait for it
        self._note(key, f"release {version.release[:12]} starts as pid {running.pid}")

        def output() -> None:
            data = running.read_output()
            if data:
                self._log(key).write(data)
            elif data is None:
                self._selector.unregister(running.output_pipe)

        def readiness() -> None:
            self._hear(key, version.id, running)

        self._selector.register(running.output_pipe, selectors.EVENT_READ, output)
        self._selector.register(running.ready_pipe, selectors.EVENT_READ, readiness)

    def _hear(self, key: str, version: str, running: child.Running) -> None:
        was_ready = running.ready
        open_still = running.read_readiness()
        self._restless = True
        if running.ready and not was_ready:
            # From now on connections queue while nobody accepts. Until the first version was ready they
            # were rightly refused.
            ports.listen(self._listener(key))
            self._seen[key] = machine.became_ready(self._seen[key], version, time.monotonic())
            self._note(key, f"pid {running.pid} is ready")
        if not open_still:
            with contextlib.suppress(KeyError):
                self._selector.unregister(running.ready_pipe)

    def _listener(self, key: str) -> socket.socket:
        """The socket of the service's port: bound once, kept as long as the service is wanted."""
        if key not in self._listeners:
            wanted = self._wanted[key]
            listener = ports.bind(wanted.port, _PORT_PATIENCE_S)
            if listener is None:
                taken = {*self._ports.values(), *(w.port for w in self._wanted.values())}
                listener = ports.bind(ports.choose(self._places.root, key, taken), 0)
            if listener is None:
                raise OSError(f"port {wanted.port} is in use, and so is the one chosen in its place")
            self._listeners[key] = listener
            self._ports[key] = listener.getsockname()[1]
        return self._listeners[key]

    def _environment(self, version: Version) -> Mapping[str, str]:
        """The environment of whoever asked for `version`, while that process is there to be asked.

        So a variable that was set in the shell of a deploy reaches the service, and no secret is
        written to disk. After a restart of the agent it is that of the command that restored it.
        """
        if version.id not in self._environments:
            found: Mapping[str, str] = os.environ
            if version.asked_by is not None and proc.alive(version.asked_by):
                import psutil

                with contextlib.suppress(psutil.Error):
                    found = psutil.Process(version.asked_by[0]).environ()
            self._environments[version.id] = found
        return self._environments[version.id]

    def _let_go(self, key: str, *, known: bool) -> None:
        """Close what belongs to a service that nobody wants and that has no process."""
        listener = self._listeners.pop(key, None)
        if listener is not None:
            listener.close()
        log = self._logs.pop(key, None)
        if log is not None:
            log.close()
        self._ports.pop(key, None)
        if not known:
            self._seen.pop(key, None)

    def _log(self, key: str) -> LogFile:
        if key not in self._logs:
            self._logs[key] = LogFile(self._places.log(key))
        return self._logs[key]

    def _note(self, key: str, text: str) -> None:
        self._log(key).write(f"--- cockpit {iso(time.time())} {text}\n".encode())

    def _tell(self) -> None:
        """Write what is seen, if that changed."""
        services = {key: self._service(key, seen) for key, seen in self._seen.items()}
        now = state.AgentState(self._me, services, self._orphans, self._began)
        if now == self._told or not self._is_mine():
            return
        try:
            state.write(self._places, now)
        except CockpitError as error:
            _say(error.problem.message)
            return
        self._told = now

    def _service(self, key: str, seen: Seen) -> state.ServiceState:
        wanted: Wanted | None = self._wanted.get(key)
        processes = []
        for one in seen.children:
            running = self._running.get((key, one.version))
            if running is not None:
                processes.append(
                    state.ProcessState(
                        one.version, *running.identity, round(self._epoch + one.started, 2),
                        one.ready is not None, one.ending is not None, running.left, running.note,
                    )
                )  # fmt: skip
        port = self._ports.get(key) or (wanted.port if wanted is not None else 0)
        waits = seen.retry_at > time.monotonic()
        retry_at = round(self._epoch + seen.retry_at, 2) if waits else None
        failures = tuple(state.FailureState(f.version, f.reason, f.lines) for f in seen.failures)
        return state.ServiceState(
            port, seen.live, seen.crashes, retry_at, seen.error, tuple(processes), failures
        )


def _say(message: str) -> None:
    """Write to the agent's own log."""
    sys.stderr.write(f"{iso(time.time())} {message}\n")
    sys.stderr.flush()


def main(argv: list[str]) -> int:
    """Run the agent of the workspace `argv[0]`, detached from whoever started it."""
    places = Places(Path(argv[0]))
    # The one who started this waits for its child; the agent itself belongs to init, so that it is
    # never a zombie of a board that stays open.
    if os.fork() > 0:
        os._exit(0)
    lock = locks.take(places.agent_lock, _LOCK_WAIT_S)
    if lock is None:
        return 0
    Agent(places, lock).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
