"""How do a service's own tests run, in its own environment? Built by uv, run by pytest, streamed, kept."""

from __future__ import annotations

import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from cockpit.domain.service import FailedTest, ServiceFacts, ServiceTests
from cockpit.domain.text import one_line
from cockpit.domain.words import LockState
from cockpit.edges import files, index, pins, proc
from cockpit.edges.clock import Clock, iso
from cockpit.edges.git import Git
from cockpit.edges.store import Store
from cockpit.errors import CancelledError, CockpitError, EdgeError
from cockpit.services import catalogue, junit, locks, results
from cockpit.services.catalogue import Cache
from cockpit.services.junit import Report

Emit = Callable[[str], None]
Cancelled = Callable[[], bool]

# Two environments at a time, over every process of the workspace: more fight over disk and cores.
AT_ONCE = 2
BUILD = ("uv", "sync")
TEST = ("uv", "run", "--no-sync", "pytest")
# xunit1 is the family that names the file of every test.
_REPORT = ("-o", "junit_family=xunit1", "-o", "junit_logging=no", "--junit-xml")
_KEPT_LINES = 400


class Bench(Protocol):
    """What a run needs of the workspace."""

    @property
    def root(self) -> Path: ...  # noqa: D102
    @property
    def store(self) -> Store: ...  # noqa: D102
    @property
    def cache(self) -> Cache: ...  # noqa: D102
    @property
    def git(self) -> Git: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102


def build_argv(facts: ServiceFacts) -> tuple[str, ...]:
    """Return how uv builds the environment. A lock that git keeps is kept to, and never rewritten."""
    return BUILD if facts.lock is LockState.ABSENT else (*BUILD, "--locked")


def run(bench: Bench, slug: str, emit: Emit, cancelled: Cancelled) -> ServiceTests:
    """Build the environment of the service `slug`, run its tests, keep the result and return it.

    An environment that cannot be built is a result with one error. Raises NotFoundError without such a
    service, CancelledError when `cancelled()` turns true, and EdgeError where packages could not be
    fetched: then nothing is known of the tests, and the last result stays.
    """
    with built(bench, slug, emit, cancelled) as (facts, broken):
        if broken is not None:
            result = _result(bench, facts, Report(0, 0, 0, 1, (broken,)), 0.0)
        else:
            result = _test(bench, facts, emit, cancelled)
    results.keep(bench.store, result)
    return result


@contextmanager
def built(
    bench: Bench, slug: str, emit: Emit, cancelled: Cancelled
) -> Iterator[tuple[ServiceFacts, FailedTest | None]]:
    """Build the environment of `slug` and keep it for oneself: give its facts, and why it could not be built.

    Raises as `run` does.
    """
    folder = bench.root / ".cockpit" / "locks"
    own = locks.any_of(folder, [f"tests-of-{slug}"], cancelled, lambda: emit("waiting: it is tested already"))
    seats = [f"tests-{number}" for number in range(1, AT_ONCE + 1)]
    with own, locks.any_of(folder, seats, cancelled, lambda: emit("waiting for another service's tests")):
        facts = catalogue.read_one(bench.root, slug, bench.cache, bench.git)
        broken = _build(bench, facts, emit, cancelled)
        # uv may have written a lock: what is tested is what stands there now.
        yield catalogue.read_one(bench.root, slug, bench.cache, bench.git), broken


def _build(bench: Bench, facts: ServiceFacts, emit: Emit, cancelled: Cancelled) -> FailedTest | None:
    """Build the environment; return why it could not be, None if it stands."""
    folder = bench.root / facts.path
    project = f"{facts.path}/pyproject.toml"
    if not (folder / "pyproject.toml").is_file():
        return FailedTest(
            "environment", "it has no pyproject.toml: scaffold it, or `uv init --bare`", project
        )
    argv = build_argv(facts)
    said: deque[str] = deque(maxlen=_KEPT_LINES)
    if pins.keep(folder, _env()):
        emit(f"locked to the versions of {pins.REQUIREMENTS}")
    emit(f"$ {' '.join(argv)}")
    code = proc.stream(argv, folder, _env(), _both(emit, said.append), cancelled)
    _stop_if(cancelled, facts)
    locked = argv != BUILD
    if code == 0:
        if locked:
            catalogue.remember_lock(bench.root, facts.slug, LockState.FRESH, bench.cache)
        return _without_pytest(folder, facts)
    if index.unreached(said):
        raise EdgeError(
            f"the environment of {facts.path} could not be built: its packages could not be fetched",
            do="check the network and UV_INDEX_URL, then run its tests again; nothing is known of them",
            code="no-network",
            path=project,
        )
    # `lock --check` ends with 1 for a lock that is behind, and with 2 for everything else.
    if locked and proc.run(("uv", "lock", "--check"), folder, _env()).code == 1:
        catalogue.remember_lock(bench.root, facts.slug, LockState.STALE, bench.cache)
        why = f"its uv.lock does not match its pyproject.toml: uv lock --project {facts.path}"
    else:
        errors = [line.strip() for line in said if line.lstrip().startswith(("error:", "cause:"))]
        why = "\n".join(errors[:3]) or f"uv sync ended with exit code {code}"
    return FailedTest("environment", why[:500], project, 1)


def _without_pytest(folder: Path, facts: ServiceFacts) -> FailedTest | None:
    """A pytest that is found elsewhere on PATH would test in another project's environment."""
    if any((folder / ".venv" / where).is_file() for where in ("bin/pytest", "Scripts/pytest.exe")):
        return None
    why = (
        'pytest is not in its environment: write `[dependency-groups] dev = ["pytest"]` in its pyproject.toml'
        if (folder / ".venv").is_dir()
        else f"uv built no {facts.path}/.venv: a uv workspace around it takes it for a member"
    )
    return FailedTest("environment", why, f"{facts.path}/pyproject.toml", 1)


def _test(bench: Bench, facts: ServiceFacts, emit: Emit, cancelled: Cancelled) -> ServiceTests:
    folder = bench.root / facts.path
    said: deque[str] = deque(maxlen=_KEPT_LINES)
    with tempfile.TemporaryDirectory(prefix="cockpit-tests-") as scratch:
        file = Path(scratch) / "report.xml"
        emit(f"$ {' '.join(TEST)}")
        began = bench.clock.monotonic()
        code = proc.stream((*TEST, *_REPORT, str(file)), folder, _env(), _both(emit, said.append), cancelled)
        took = bench.clock.monotonic() - began
        _stop_if(cancelled, facts)
        report = _report(bench.root, facts.path, file, code, said)
    after = catalogue.read_all(bench.root, bench.cache, bench.git).get(facts.slug)
    if after is None or after.sources != facts.sources:
        emit("its files changed while its tests ran: they count for what stood there before")
    return _result(bench, facts, report, took)


def _report(root: Path, service: str, file: Path, code: int, said: deque[str]) -> Report:
    """Return what the report says; an exit code that it does not explain is an error of its own."""
    report = Report(0, 0, 0, 0, ())
    unread = "it wrote no report" if code == 0 else ""
    if file.exists():
        unread = ""
        try:
            report = junit.parse(files.read_bounded(file, junit.LIMIT, "pytest's report"), root, service)
        except CockpitError as error:
            unread = error.problem.message
    bad = report.failed + report.todo + report.errors
    # pytest: 0 all passed, 1 some failed, 2 stopped while collecting, 5 nothing to run.
    explained = code in (0, 5) or (code in (1, 2) and bad > 0)
    if explained and not unread:
        return report
    how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
    last = [line for line in said if line.startswith(("E  ", "ERROR", "INTERNALERROR>", "error:"))]
    why = unread or (last[-1].removeprefix("E").strip() if last else "")
    failure = FailedTest("pytest", one_line(f"pytest {how}{': ' + why if why else ''}", 500), service)
    return replace(report, errors=report.errors + 1, failures=(failure, *report.failures))


def _result(bench: Bench, facts: ServiceFacts, report: Report, took_s: float) -> ServiceTests:
    return ServiceTests(
        service=facts.slug,
        # Sources that cannot be followed are never the ones that were tested.
        sources=facts.sources or "not followed",
        passed=report.passed,
        failed=report.failed,
        todo=report.todo,
        errors=report.errors,
        duration_s=round(took_s, 3),
        at=iso(bench.clock.epoch()),
        failures=report.failures,
    )


def _env() -> dict[str, str]:
    """Return the environment of both programs. What a pytest around this one was told is not meant for it."""
    return proc.service_env(base={k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")})


def _both(emit: Emit, keep: Callable[[str], None]) -> Emit:
    def hand_on(line: str) -> None:
        keep(line)
        emit(line)

    return hand_on


def _stop_if(cancelled: Cancelled, facts: ServiceFacts) -> None:
    if cancelled():
        raise CancelledError(
            f"the tests of {facts.slug} were stopped; the last result stays",
            do=f"cockpit test {facts.slug}",
            code="cancelled",
        )
