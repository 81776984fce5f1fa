"""What does pytest's JUnit report say? Counted and placed; read within bounds, as foreign data."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.domain.service import FailedTest
from cockpit.domain.text import clean, one_line
from cockpit.errors import ServiceError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LIMIT = 50_000_000
_MOST_FAILURES = 50
_MOST_LINES = 3
_HEAD = b'<?xml version="1.0" encoding="utf-8"?>'
# What a service's tests say of logic that nobody wrote yet (docs/services.md).
_UNWRITTEN_AT = re.compile(r"logic not written: (\S.*?):([0-9]{1,7})\b")
# pytest's own way to name a frame, and Python's.
_FRAME = re.compile(
    r'^([^\s:"][^:"\n]*\.py):([0-9]{1,7}): |\bFile "([^"\n]+\.py)", line ([0-9]{1,7})', re.MULTILINE
)
_PHASE = re.compile(r'^failed on (setup|teardown) with "(.*)"$', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Report:
    """The counts of one run; every test counts once. Skipped and expected failures are in no count."""

    passed: int
    failed: int
    todo: int
    errors: int
    failures: tuple[FailedTest, ...]


def parse(data: bytes, root: Path, service: str) -> Report:
    """Return what a report in the family xunit1 says; `service` is its folder below `root`.

    Raises ServiceError if `data` is no such report.
    """
    from xml.etree import ElementTree

    # pytest writes no document type: without one there are no entities, and nothing can expand.
    if not data.startswith(_HEAD) or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise _unreadable("it is not what pytest writes", service)
    try:
        tree = ElementTree.fromstring(data)  # noqa: S314 - see above; bounded by LIMIT
    except ElementTree.ParseError as error:
        raise _unreadable(str(error), service) from error
    passed = failed = todo = errors = 0
    failures: list[FailedTest] = []
    for case in tree.iter("testcase"):
        wrong = next((part for part in case if part.tag in ("failure", "error")), None)
        if wrong is None:
            passed += case.find("skipped") is None
            continue
        test = _failed(case, wrong, root, service)
        todo += test.todo
        failed += not test.todo and wrong.tag == "failure"
        errors += not test.todo and wrong.tag == "error"
        failures.append(test)
    # What is broken comes before what is merely not written yet.
    failures.sort(key=lambda test: test.todo)
    return Report(passed, failed, todo, errors, tuple(failures[:_MOST_FAILURES]))


def _failed(case: Element, wrong: Element, root: Path, service: str) -> FailedTest:
    message = wrong.get("message") or ""
    phase = _PHASE.match(message)
    if phase:
        message = f"{phase[1]}: {phase[2]}"
    elif not message or message == "collection failure":
        message = _last_said(wrong.text or "") or message
    path, line = _place(message, wrong.text or "", case, root, service)
    lines = [text for text in clean(message, 4_000).splitlines() if text.strip()]
    return FailedTest(
        name=_name(case),
        message=clean("\n".join(lines[:_MOST_LINES]), 500) or "it said nothing",
        path=path,
        line=line,
        todo=_UNWRITTEN_AT.search(message) is not None,
    )


def _name(case: Element) -> str:
    """Return the test as pytest names it: tests/test_plan.py::TestPlan::test_area[1]."""
    file, place, name = (case.get(key) or "" for key in ("file", "classname", "name"))
    module = file.removesuffix(".py").replace("/", ".")
    if place and not f"{place}.".startswith(f"{module}."):
        # A decorator of a library made the test: the file is the library's, the class name tells whose.
        file, classes = "", [place]
    else:
        classes = place.removeprefix(module).split(".")
    parts = (file, *classes, "" if name == module else name)
    return one_line("::".join(part for part in parts if part) or "a test", 300)


def _last_said(text: str) -> str:
    """Return the last line that begins with "E" in a traceback: what went wrong while collecting."""
    said = [line[1:].strip() for line in text.splitlines() if line.startswith("E ")]
    return said[-1] if said else text.strip()[-500:]


def _place(message: str, text: str, case: Element, root: Path, service: str) -> tuple[str | None, int | None]:
    """Return the file (workspace path) and line to look at: where logic is missing, else where it failed."""
    unwritten = _UNWRITTEN_AT.search(message)
    if unwritten:
        path = _workspace_path(unwritten[1], root, service)
        if path is not None:
            return path, int(unwritten[2])
    for file, line in _frames(text):
        path = _workspace_path(file, root, service)
        if path is not None and "/.venv/" not in path:
            return path, int(line)
    path = _workspace_path(case.get("file") or "", root, service)
    number = case.get("line") or ""
    if path is None or "/.venv/" in path:
        return None, None
    # pytest counts the lines of this attribute from 0.
    return path, int(number) + 1 if number.isdecimal() else None


def _frames(text: str) -> Iterator[tuple[str, str]]:
    """Yield (file, line) of a traceback, the innermost first."""
    for one, line, other, place in reversed(_FRAME.findall(text)):
        yield one or other, line or place


def _workspace_path(file: str, root: Path, service: str) -> str | None:
    """Return `file` relative to the workspace, None if it lies outside or is no path."""
    if not file or len(file) > 1_000:
        return None
    for base in (root.as_posix(), root.resolve().as_posix()):
        if file.startswith(f"{base}/"):
            path = posixpath.normpath(file[len(base) + 1 :])
            break
    else:
        path = posixpath.normpath(posixpath.join(service, file))
    return None if path.startswith(("/", "..")) else one_line(path, 500)


def _unreadable(reason: str, service: str) -> ServiceError:
    return ServiceError(
        f"pytest's report cannot be read: {one_line(reason, 200)}",
        do="run its tests by hand: uv run pytest in its folder",
        code="report-unreadable",
        path=service,
    )
