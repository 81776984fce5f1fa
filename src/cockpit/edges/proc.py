"""How are programs run? Argument lists only, within a time, their whole group ended on cancel."""

from __future__ import annotations

import codecs
import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cockpit.domain.text import clean
from cockpit.errors import EdgeError

_LINE_LIMIT = 4000
_TERM_GRACE_S = 5.0
_POLL_S = 0.1
# An environment of another project would make uv build or run in the wrong place; these threads
# settings keep numerical libraries from fighting over the cores (29 s → 2.3 s in training).
_DROPPED = ("VIRTUAL_ENV", "UV_PYTHON", "UV_PROJECT_ENVIRONMENT", "PYTHONPATH", "PYTHONHOME")
_THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

Identity = tuple[int, float]


class Completed(NamedTuple):
    """Exit code and decoded output of a program that ended."""

    code: int
    out: str
    err: str


def service_env(
    extra: Mapping[str, str] | None = None, base: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the environment for a program of a service: no foreign virtual environment, one thread.

    It is `base` (this process's own for None) with `extra` laid over it. The folder of cockpit's own
    programs comes last on PATH, so that the uv it depends on is found where no other one is installed.
    """
    source = os.environ if base is None else base
    env = {name: value for name, value in source.items() if name not in _DROPPED}
    own = str(Path(sys.executable).parent)
    path = os.pathsep.join((env.get("PATH", os.defpath), own))
    return {**_THREADS, **env, "PATH": path, **(extra or {})}


def run(
    argv: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None, timeout_s: float = 60.0
) -> Completed:
    """Run `argv` in `cwd` and return how it ended. Raises EdgeError if it cannot be run or is too slow."""
    try:
        done = subprocess.run(
            list(argv),
            cwd=cwd,
            env=None if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout_s,
            check=False,
            start_new_session=True,  # no terminal to ask on, and ctrl+c is for cockpit
        )
    except OSError as error:
        raise _unstarted(argv[0], cwd, error) from error
    except subprocess.TimeoutExpired as error:
        raise EdgeError(
            f"{argv[0]} did not end within {timeout_s:g} s",
            do=f"run it by hand to see what it waits for: {' '.join(argv)}",
            code="program-slow",
        ) from error
    return Completed(done.returncode, done.stdout, done.stderr)


def stream(
    argv: Sequence[str],
    cwd: Path,
    env: Mapping[str, str] | None,
    emit: Callable[[str], None],
    cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Run `argv`, hand each line of its output (both streams merged, cleaned) to `emit`, return its code.

    When `cancelled()` turns true the whole process group gets SIGTERM, and SIGKILL five seconds later.
    On Linux the program is also killed if this process dies. A program ended by signal N returns -N.
    """
    try:
        child = subprocess.Popen(
            list(argv),
            cwd=cwd,
            env=None if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(),  # prctl alone: no Python state is touched
        )
    except OSError as error:
        raise _unstarted(argv[0], cwd, error) from error
    assert child.stdout is not None  # noqa: S101 - PIPE was asked for
    os.set_blocking(child.stdout.fileno(), False)
    try:
        _pump(child, emit, cancelled)
        return child.wait()
    finally:
        end_group(child)
        child.stdout.close()


def _pump(child: subprocess.Popen[bytes], emit: Callable[[str], None], cancelled: Callable[[], bool]) -> None:
    assert child.stdout is not None  # noqa: S101
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    pending = ""
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            if cancelled():
                end_group(child)
                break
            ready = selector.select(_POLL_S)
            chunk = os.read(child.stdout.fileno(), 65536) if ready else None
            if chunk == b"":
                break
            if chunk is None:
                # A grandchild may hold the pipe open after the program itself has ended.
                if child.poll() is not None:
                    break
                continue
            pending += decoder.decode(chunk)
            *lines, pending = pending.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            for line in lines:
                emit(clean(line, _LINE_LIMIT))
            if len(pending) > _LINE_LIMIT:
                emit(clean(pending, _LINE_LIMIT))
                pending = ""
    if pending:
        emit(clean(pending, _LINE_LIMIT))


def end_group(child: subprocess.Popen[bytes], grace_s: float = _TERM_GRACE_S) -> None:
    """End `child` and everything in its session: SIGTERM, then SIGKILL after `grace_s` seconds."""
    if child.poll() is None:
        _signal_group(child.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(grace_s)
    _signal_group(child.pid, signal.SIGKILL)
    if child.poll() is None:
        child.wait()


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def die_with_parent() -> Callable[[], None] | None:
    """Return a preexec function that has Linux kill the child when the thread that forked it ends.

    None on other systems: there orphans are found by identity instead.
    """
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    prctl = ctypes.CDLL(None, use_errno=True).prctl
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG, prctl(2)
    parent = os.getpid()

    def ask() -> None:
        prctl(set_parent_death_signal, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before it could be asked about
            os._exit(1)

    return ask


def identity(pid: int) -> Identity | None:
    """Return (pid, creation time in epoch seconds), which names a process for good, or None if gone."""
    import psutil

    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return (pid, process.create_time())
    except psutil.Error:
        return None


def alive(who: Identity) -> bool:
    """True if the very process that `identity` named still runs; a zombie does not."""
    now = identity(who[0])
    return now is not None and abs(now[1] - who[1]) < 0.05


def end(who: Identity, grace_s: float = _TERM_GRACE_S) -> None:
    """End the very process that `identity` named, if it still runs: SIGTERM, then SIGKILL."""
    for number, patience_s in ((signal.SIGTERM, grace_s), (signal.SIGKILL, grace_s)):
        if not alive(who):
            return
        try:
            os.kill(who[0], number)
        except (ProcessLookupError, PermissionError):
            return
        deadline = time.monotonic() + patience_s
        while alive(who) and time.monotonic() < deadline:
            time.sleep(0.02)


def _unstarted(program: str, cwd: Path, error: OSError) -> EdgeError:
    if not cwd.is_dir():
        return EdgeError(
            f"the folder {cwd.name}/ is gone", do="make it again, or refresh", code="folder-missing"
        )
    if not isinstance(error, FileNotFoundError):
        # No right to run it, no program at all, more arguments than the system takes.
        return EdgeError(
            f"{program} cannot be started: {error.strerror or error}",
            do=f"start {program} by hand in {cwd.name}/ to see more",
            code="program-unstarted",
        )
    return EdgeError(
        f"{program} is not installed or not on PATH",
        do=f"install {program}; `cockpit doctor` tells what is missing",
        code="program-missing",
    )
