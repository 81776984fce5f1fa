"""What is installed, reachable and configured, and what to do where it is not?

Every examination is bounded in time and independent: one that fails says so and the rest go on.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.edges import proc
from cockpit.errors import CockpitError

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace

_ENOUGH_DISK_GB = 2.0  # three services with numerical packages need about 0.8 GB, and as much to build


class Outcome(StrEnum):
    """Whether an examination needs anybody: `missing` stops something, `advice` does not."""

    GOOD = "good"
    ADVICE = "advice"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: what was looked at, what was found, and what to do ("" if nothing)."""

    name: str
    outcome: Outcome
    found: str
    do: str = ""


def examine(workspace: Workspace | None, start: Path) -> Iterator[Finding]:
    """Yield a finding for everything that cockpit needs or can use, as soon as each is known."""
    examinations: list[Callable[[], Finding]] = [
        _python,
        lambda: _program("git", ("git", "--version"), "install git from your system's packages"),
        lambda: _program("uv", ("uv", "--version"), "pip install uv"),
        _packages,
        _terminal,
        _editor,
        lambda: _disk(start),
        lambda: _github(workspace),
        lambda: _workspace(workspace, start),
    ]
    if workspace is not None:
        examinations += [
            lambda: _configuration(workspace),
            lambda: _me(workspace),
            lambda: _state(workspace),
            lambda: _agent(workspace),
        ]
    with ThreadPoolExecutor(max_workers=4) as pool:
        for future in [pool.submit(_guarded, examination) for examination in examinations]:
            yield future.result()


def _guarded(examination: Callable[[], Finding]) -> Finding:
    try:
        return examination()
    except CockpitError as error:
        return Finding("examination", Outcome.MISSING, error.problem.message, error.problem.do)


def _python() -> Finding:
    return Finding("python", Outcome.GOOD, platform.python_version())


def _program(name: str, argv: tuple[str, ...], do: str) -> Finding:
    if shutil.which(argv[0]) is None:
        return Finding(name, Outcome.MISSING, "not on PATH", do)
    done = proc.run(argv, Path.cwd(), timeout_s=10)
    said = (done.out or done.err).strip().splitlines()
    if done.code != 0:
        return Finding(name, Outcome.MISSING, said[-1] if said else f"exit {done.code}", do)
    return Finding(name, Outcome.GOOD, said[0] if said else "answers")


def _packages() -> Finding:
    """A dry run that asks the index for one small package tells whether services can be built."""
    if shutil.which("uv") is None:
        return Finding("package index", Outcome.MISSING, "cannot be asked without uv", "pip install uv")
    with tempfile.TemporaryDirectory() as scratch:
        argv = ("uv", "pip", "install", "--dry-run", "--refresh", "--target", scratch, "idna")
        try:
            done = proc.run(argv, Path(scratch), env=proc.service_env(), timeout_s=15)
        except CockpitError:
            return Finding(
                "package index",
                Outcome.ADVICE,
                "no answer within 15 s",
                "check the network, or work from uv's cache",
            )
    if done.code == 0:
        return Finding("package index", Outcome.GOOD, "answers")
    return Finding(
        "package index",
        Outcome.ADVICE,
        "does not answer",
        "check the network and UV_INDEX_URL; services already built go on working",
    )


def _terminal() -> Finding:
    size = shutil.get_terminal_size((0, 0))
    kind = os.environ.get("TERM", "")
    said = f"{kind or 'TERM is not set'}, {size.columns}×{size.lines}" if size.columns else kind or "none"
    if kind in ("", "dumb"):
        return Finding(
            "terminal", Outcome.ADVICE, said, "set TERM (for example xterm-256color) to use the board"
        )
    if 0 < size.columns < 60:
        return Finding("terminal", Outcome.ADVICE, said, "widen it to 60 columns or more")
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding != "utf8":
        return Finding(
            "terminal", Outcome.ADVICE, f"{said}, {encoding}", "set LANG=C.UTF-8 so that the glyphs show"
        )
    return Finding("terminal", Outcome.GOOD, said)


def _editor() -> Finding:
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        return Finding(
            "editor",
            Outcome.ADVICE,
            "neither VISUAL nor EDITOR is set",
            "export EDITOR=vim (or yours): key o opens it",
        )
    if shutil.which(editor.split()[0]) is None:
        return Finding(
            "editor", Outcome.ADVICE, f"{editor} is not on PATH", "set EDITOR to a program that exists"
        )
    return Finding("editor", Outcome.GOOD, editor)


def _disk(start: Path) -> Finding:
    free = shutil.disk_usage(start).free / 1e9
    if free < _ENOUGH_DISK_GB:
        return Finding(
            "disk",
            Outcome.ADVICE,
            f"{free:.1f} GB free",
            f"free {_ENOUGH_DISK_GB:g} GB: environments need room",
        )
    return Finding("disk", Outcome.GOOD, f"{free:.0f} GB free")


def _github(workspace: Workspace | None) -> Finding:
    if workspace is None:
        return Finding("github", Outcome.GOOD, "looked at inside a workspace")
    from cockpit.actions import doctor_github

    return doctor_github.examine(workspace)


def _workspace(workspace: Workspace | None, start: Path) -> Finding:
    if workspace is None:
        return Finding(
            "workspace",
            Outcome.MISSING,
            f"none around {start}",
            "run inside a repository with rpts/, or try `cockpit demo`",
        )
    snapshot = workspace.snapshot()
    services = sum(row.service is not None for row in snapshot.handoffs)
    return Finding(
        "workspace", Outcome.GOOD, f"{workspace.root}: {len(snapshot.handoffs)} RPTs, {services} services"
    )


def _configuration(workspace: Workspace) -> Finding:
    problems = workspace.config.problems
    if problems:
        return Finding(
            "cockpit.yaml", Outcome.MISSING, f"{problems[0].where}: {problems[0].message}", problems[0].do
        )
    names = ", ".join(environment.name for environment in workspace.config.environments)
    return Finding("cockpit.yaml", Outcome.GOOD, f"environments: {names}")


def _me(workspace: Workspace) -> Finding:
    if workspace.me is not None:
        return Finding("you", Outcome.GOOD, workspace.me)
    return Finding(
        "you",
        Outcome.ADVICE,
        "nobody knows which handle is yours, so everybody's work counts as yours",
        "add your git e-mail under `people:` in cockpit.yaml, or export COCKPIT_ME=HANDLE",
    )


def _state(workspace: Workspace) -> Finding:
    problems = workspace.store.problems
    if problems:
        return Finding("local state", Outcome.MISSING, problems[0].message, problems[0].do)
    return Finding("local state", Outcome.GOOD, ".cockpit/state.db opens and can be written")


def _agent(workspace: Workspace) -> Finding:
    running = workspace.target.status()
    if not running:
        return Finding("local services", Outcome.GOOD, "none deployed")
    said = ", ".join(f"{name} {state.state}" for name, state in sorted(running.items()))
    return Finding("local services", Outcome.GOOD, said)
