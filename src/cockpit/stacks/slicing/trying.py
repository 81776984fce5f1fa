"""Does a slice import and pass its tests in a clean export of itself, in its project's own environment?"""

from __future__ import annotations

import json
import os
import re
import tarfile
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from cockpit.domain.text import one_line
from cockpit.edges import files, index, pins, proc
from cockpit.edges.git import RealGit
from cockpit.errors import CancelledError, EdgeError
from cockpit.stacks.slicing import in_project
from cockpit.stacks.slicing.projects import Project
from cockpit.stacks.slicing.receipt import Check, Verdict

Emit = Callable[[str], None]
Cancelled = Callable[[], bool]

_ENDED = re.compile(r"\d+ (?:passed|failed|errors?|skipped|deselected|xfailed)\b|no tests ran")
_BAD = re.compile(r"^(?:FAILED|ERROR) ")
_NOTHING_TO_RUN = 5
_IMPORT_LIMIT_S = 120.0


class Bench:
    """Tries slices one after the other; what was tried with the same content is not tried again."""

    def __init__(
        self, git: RealGit, state: Path, emit: Emit, cancelled: Cancelled, limit_s: float = 600.0
    ) -> None:
        self._git = git
        self._state = state
        self._emit = emit
        self._cancelled = cancelled
        self._limit_s = limit_s
        self._known: dict[tuple[str, str, tuple[str, ...]], tuple[Check, ...]] = {}

    def checks(self, commit: str, projects: Sequence[Project]) -> tuple[Check, ...]:
        """Return the checks "imports" and "tests" of every project in `commit`. Raises CancelledError."""
        found: list[Check] = []
        waiting = [p for p in projects if (p.folder, p.tree, p.modules) not in self._known]
        if waiting:
            self._state.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix="cockpit-slice-") as scratch:
                top = Path(scratch) / "export"
                self._export(commit, top)
                for project in waiting:
                    tried = self._try(project, top, Path(scratch))
                    self._known[project.folder, project.tree, project.modules] = tried
        for project in projects:
            found += self._known[project.folder, project.tree, project.modules]
        return tuple(found)

    def _export(self, commit: str, top: Path) -> None:
        """Write the tree of `commit` below `top` as `git archive` gives it; links stay links."""
        # From the repository's top: in a folder of it `git archive` would export that folder alone.
        up = self._git.raw("rev-parse", "--show-cdup").decode().strip() or "."
        packed = top.with_name("export.tar")
        self._git.raw("-C", up, "archive", "--format=tar", "-o", str(packed), commit, timeout_s=120.0)
        try:
            top.mkdir()
            with tarfile.open(packed) as archive:
                archive.extractall(top, filter="tar")
            packed.unlink()
        except (tarfile.TarError, OSError) as error:
            raise EdgeError(
                f"{commit[:12]} cannot be exported: {one_line(str(error), 200)}",
                do="see whether the disk is full, or a name in it is none that this system has",
                code="export",
            ) from error

    def _try(self, project: Project, top: Path, scratch: Path) -> tuple[Check, ...]:
        name = project.folder or "."
        folder = top / project.folder
        environment = self._state / f"env-{re.sub(r'[^A-Za-z0-9]+', '-', name).strip('-') or 'top'}"
        env = proc.service_env(
            {"UV_PROJECT_ENVIRONMENT": str(environment), "PYTHONDONTWRITEBYTECODE": "1"},
            base={k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")},
        )
        if not (folder / "pyproject.toml").is_file():
            hidden = Check("imports", Verdict.FAIL, f"{name} is kept out of exports (export-ignore)")
            return (hidden,)
        self._emit(f"  {name}: environment")
        said: deque[str] = deque(maxlen=200)
        pins.keep(folder, env)
        code = self._stream(
            ("uv", "sync", *(("--locked",) if project.locked else ())), folder, env, said.append
        )
        if code is None:
            return (Check("imports", Verdict.UNKNOWN, f"{name}: no environment within {self._limit_s:g} s"),)
        if code != 0:
            unreached = index.unreached(said)
            why = next((line for line in said if line.lstrip().startswith(("error", "×", "cause"))), "")
            if unreached:
                why = f"the package index was not reached: {why}"
            verdict = Verdict.UNKNOWN if unreached else Verdict.FAIL
            return (Check("imports", verdict, one_line(f"{name}: no environment: {why}", 500)),)
        return (self._imports(project, folder, scratch, env), self._tests(project, folder, environment, env))

    def _imports(self, project: Project, folder: Path, scratch: Path, env: dict[str, str]) -> Check:
        name = project.folder or "."
        if not project.modules:
            return Check("imports", Verdict.NONE, name)
        lead = len(project.folder) + 1 if project.folder else 0
        asked, answer = scratch / "asked.json", scratch / "answer.json"
        answer.unlink(missing_ok=True)
        asked.write_text(json.dumps([path[lead:] for path in project.modules]), encoding="ascii")
        self._emit(f"  {name}: importing {len(project.modules)} modules")
        said: deque[str] = deque(maxlen=20)
        argv = ("uv", "run", "--no-sync", "python", in_project.__file__, str(asked), str(answer))
        code = self._stream(argv, folder, env, said.append, _IMPORT_LIMIT_S)
        if code is None:
            return Check("imports", Verdict.UNKNOWN, f"{name}: not imported within {_IMPORT_LIMIT_S:g} s")
        if not answer.exists():
            last = said[-1] if said else ""
            return Check("imports", Verdict.FAIL, one_line(f"{name}: python ended with {code}: {last}", 500))
        failed = json.loads(files.read_bounded(answer, 8_000_000))
        if failed:
            path, why = failed[0]
            more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
            return Check("imports", Verdict.FAIL, one_line(f"{name}/{path}: {why}{more}", 600))
        return Check("imports", Verdict.PASS, f"{name}: {len(project.modules)} modules")

    def _tests(self, project: Project, folder: Path, environment: Path, env: dict[str, str]) -> Check:
        name = project.folder or "."
        if not project.tests:
            return Check("tests", Verdict.NONE, f"{name}: it has no tests")
        if not any((environment / where).is_file() for where in ("bin/pytest", "Scripts/pytest.exe")):
            return Check("tests", Verdict.FAIL, f"{name}: pytest is not in its environment")
        self._emit(f"  {name}: tests")
        said: deque[str] = deque(maxlen=400)
        argv = ("uv", "run", "--no-sync", "pytest", "-p", "no:cacheprovider")
        began = time.monotonic()
        code = self._stream(argv, folder, env, said.append)
        if code is None:
            return Check("tests", Verdict.UNKNOWN, f"{name}: not done within {self._limit_s:g} s")
        counts = next((line.strip("= ") for line in reversed(said) if _ENDED.search(line)), "")
        if code == 0:
            return Check("tests", Verdict.PASS, one_line(f"{name}: {counts}", 200))
        if code == _NOTHING_TO_RUN:
            return Check("tests", Verdict.NONE, f"{name}: nothing to run")
        bad = [line for line in said if _BAD.match(line)][:3]
        took = f" after {time.monotonic() - began:.0f} s" if not counts else ""
        told = counts or f"pytest ended with exit code {code}{took}"
        return Check("tests", Verdict.FAIL, one_line(f"{name}: {told}: {'; '.join(bad)}", 900))

    def _stream(
        self, argv: Sequence[str], folder: Path, env: dict[str, str], emit: Emit, limit_s: float | None = None
    ) -> int | None:
        """Run a program within its time; None where it was ended for being too slow."""
        deadline = time.monotonic() + (limit_s or self._limit_s)
        code = proc.stream(argv, folder, env, emit, lambda: self._cancelled() or time.monotonic() > deadline)
        if self._cancelled():
            raise CancelledError("the proof was stopped", do="start it again: what was built stays")
        return None if time.monotonic() > deadline else code
