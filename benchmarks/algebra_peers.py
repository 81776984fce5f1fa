"""How is another checker run? In an environment of its own, in a process that can be ended."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NEWER = ">=3.12"


@dataclass(frozen=True, slots=True)
class Peer:
    """A checker: the worker's name for it, what to install ("" for our own environment), its least Python."""

    name: str
    package: str = ""
    newer: bool = False


PEERS = (
    Peer("cockpit"),
    Peer("jsonschema_rs"),
    Peer("jsonsubschema", "jsonsubschema==0.0.8"),
    Peer("jsoncompat", "jsoncompat"),
    Peer("subschema", "subschema==0.1.0", newer=True),
    Peer("semantic_jsonsubschema", "semantic-jsonsubschema==0.9.0"),
)


@dataclass(frozen=True, slots=True)
class Ready:
    """A checker that can be started: its interpreter, folders for its path, and what to say about it."""

    peer: Peer
    python: Path
    folders: tuple[str, ...]
    note: str


def prepare(peer: Peer, root: Path) -> Ready | str:
    """Return the checker, installed below `root` if it was not yet; a sentence where it cannot be had."""
    if not peer.package:
        version = _run(
            sys.executable, "-c", _VERSION.format(peer.name if peer.name != "cockpit" else "handoff-cockpit")
        )
        return Ready(peer, Path(sys.executable), (), version.stdout.strip())
    home = root / peer.name
    python = home / "bin" / "python"
    chosen = _newer() if peer.newer else sys.executable
    old = chosen is None
    if not (home / "ready").exists():
        made = _run("uv", "venv", "-q", "--clear", "-p", chosen or sys.executable, str(home))
        if made.returncode == 0:
            made = (
                _backport(peer, home, python)
                if old
                else _run("uv", "pip", "install", "-q", "-p", str(python), peer.package)
            )
        if made.returncode != 0:
            return f"left out, cannot be installed: {made.stderr.strip().splitlines()[-1:]}"
        (home / "ready").touch()
    version = peer.package.partition("==")[2]
    version = version or _run(str(python), "-c", _VERSION.format(peer.name)).stdout.strip()
    if old:
        return Ready(
            peer, python, (str(home / "source"),), f"{version}, its source rewritten for this older Python"
        )
    return Ready(peer, python, (), version)


_VERSION = "import importlib.metadata as m; print(m.version('{}'))"


def _run(*argv: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "UV_PYTHON")}
    return subprocess.run(argv, env=clean, capture_output=True, text=True, check=False)


def _newer() -> str | None:
    found = _run("uv", "python", "find", "--no-python-downloads", NEWER)
    return found.stdout.strip() if found.returncode == 0 else None


def _backport(peer: Peer, home: Path, python: Path) -> subprocess.CompletedProcess[str]:
    """Install a package that wants a newer Python: its dependencies as they are, its source rewritten."""
    needed = ("greenery>=4", "jsonschema", "jsonschema-rs", "referencing", "z3-solver", "libcst")
    for argv in (
        ("uv", "pip", "install", "-q", "-p", str(python), *needed),
        ("uv", "pip", "install", "-q", "-p", str(python), "pip"),
        (str(python), "-m", "pip", "install", "-q", "--no-deps", "--ignore-requires-python", "--target",
         str(home / "source"), peer.package),
        (str(python), str(HERE / "algebra_backport.py"), str(home / "source")),
    ):  # fmt: skip
        done = _run(*argv)
        if done.returncode != 0:
            break
    return done


class Worker:
    """One checker's process; it is ended and started again when a pair takes longer than `limit_s`."""

    def __init__(self, ready: Ready, limit_s: float) -> None:
        self._ready, self._limit = ready, limit_s
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, a: Any, b: Any) -> tuple[str, float, float, str]:
        """Return the answer, milliseconds by the clock and of the processor, and a note.

        The answer is "time-out" past the limit, and "crash" if the process died.
        """
        fresh = self._process is None
        process = self._process or self._start()
        if fresh:
            # Imports and first calls are nobody's answer.
            self._exchange(process, {"type": "string"}, {"type": "string"}, 120)
        reply = self._exchange(process, a, b, self._limit)
        if reply is None:
            return "time-out", self._limit * 1000, self._limit * 1000, ""
        return reply["answer"], reply["ms"], reply["cpu"], reply["note"]

    def _start(self) -> subprocess.Popen[bytes]:
        argv = [
            str(self._ready.python),
            str(HERE / "algebra_worker.py"),
            self._ready.peer.name,
            *self._ready.folders,
        ]
        self._process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self._process

    def _exchange(
        self, process: subprocess.Popen[bytes], a: Any, b: Any, limit_s: float
    ) -> dict[str, Any] | None:
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(json.dumps([a, b]).encode() + b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            self.close()
            return {"answer": "crash", "ms": 0.0, "cpu": 0.0, "note": "the process ended"}
        ready, _, _ = select.select([process.stdout], [], [], limit_s)
        if not ready:
            self.close()
            return None
        line = process.stdout.readline()
        if not line:
            self.close()
            return {"answer": "crash", "ms": 0.0, "cpu": 0.0, "note": "the process ended"}
        reply: dict[str, Any] = json.loads(line)
        return reply

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
