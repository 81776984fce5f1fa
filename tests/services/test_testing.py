"""A service's own tests in its own environment: real uv, real pytest, real processes."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.actions import test as action
from cockpit.actions.workshop import Workshop
from cockpit.cli import main
from cockpit.domain.gates import GateVerdict
from cockpit.domain.service import FailedTest, ServiceTests
from cockpit.domain.text import clean
from cockpit.domain.words import LockState, RunState
from cockpit.edges import proc
from cockpit.edges.clock import SystemClock
from cockpit.edges.git import RealGit
from cockpit.edges.store import Store
from cockpit.errors import CancelledError, EdgeError, ExitCode, NotFoundError, ServiceError
from cockpit.services import catalogue, junit, locks, results, sources, testing
from cockpit.workspace.workspace import Workspace

PYPROJECT = """[project]
name = "{slug}"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = []

[dependency-groups]
dev = [{dev}]

[tool.uv]
package = false

[tool.pytest.ini_options]
pythonpath = ["src"]
"""
RPT = """---
schema: rpt/v1
id: RPT-000{number}
title: {slug}
status: draft
revision: 1
service: {slug}
---
"""


def never() -> bool:
    return False


def service(root, slug, code="def test_it():\n    pass\n", dev='"pytest>=9"', number=None):
    folder = root / "services" / slug
    (folder / "tests").mkdir(parents=True, exist_ok=True)
    (folder / "src" / slug.replace("-", "_")).mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(PYPROJECT.format(slug=slug, dev=dev))
    (folder / "tests" / "test_it.py").write_text(code)
    if number is not None:
        (root / "rpts" / f"RPT-000{number}-{slug}.md").write_text(RPT.format(number=number, slug=slug))
    return folder


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A workspace whose first service has its environment built once for all tests of this module."""
    root = tmp_path_factory.mktemp("workspace")
    subprocess.run(["git", "init", "-q", root], check=True)
    (root / ".gitignore").write_text(".venv/\n__pycache__/\n.pytest_cache/\nuv.lock\n.cockpit/\n")
    (root / "rpts").mkdir()
    service(root, "scan-to-plan", number=1)
    return root


@pytest.fixture
def here(root):
    workspace = Workspace(root, Store.in_memory(), RealGit(root), SystemClock())
    yield workspace
    workspace.close()


def run(here, slug="scan-to-plan", cancelled=never):
    lines: list[str] = []
    return testing.run(here, slug, lines.append, cancelled), lines


# --- one service


def test_it_is_red_then_green_and_the_gate_follows_the_sources(root, here):
    def gate():
        row = here.resolve("1", here.snapshot())
        return next(g.verdict for g in row.gates if g.spec.id == "tests.green")

    folder = service(
        root, "scan-to-plan", "def test_ok():\n    pass\n\n\ndef test_no():\n    assert 1 == 2\n"
    )
    assert gate() is GateVerdict.UNKNOWN
    result, lines = run(here)
    assert (result.passed, result.failed, result.todo, result.errors) == (1, 1, 0, 0)
    assert result.failures == (
        FailedTest("tests/test_it.py::test_no", "assert 1 == 2", "services/scan-to-plan/tests/test_it.py", 6),
    )
    assert "$ uv sync" in lines
    assert "1 failed" in lines[-1]
    assert gate() is GateVerdict.FAIL
    (folder / "tests" / "test_it.py").write_text("def test_ok():\n    pass\n")
    assert gate() is GateVerdict.UNKNOWN
    result, _ = run(here)
    assert result.green
    assert result.sources == catalogue.read_one(root, "scan-to-plan", here.cache).sources
    assert result.duration_s > 0
    assert gate() is GateVerdict.PASS
    (folder / "README.md").write_text("another word")
    assert gate() is GateVerdict.UNKNOWN
    (folder / "README.md").unlink()
    assert gate() is GateVerdict.PASS


def test_unwritten_logic_is_todo_and_its_place_is_told(root, here):
    code = """
class NotWritten(Exception):
    pass

def test_plan():
    raise NotWritten("logic not written: src/scan_to_plan/logic/operations.py:12")

def test_that_only_mentions_it():
    text = "logic not written: nothing"
    assert text is None
"""
    service(root, "scan-to-plan", code)
    result, _ = run(here)
    assert (result.passed, result.failed, result.todo, result.errors) == (0, 1, 1, 0)
    assert not result.green
    last = result.failures[-1]
    assert (last.todo, last.path, last.line) == (
        True,
        "services/scan-to-plan/src/scan_to_plan/logic/operations.py",
        12,
    )


@pytest.mark.parametrize(
    ("code", "said", "line"),
    [
        ("import nothing_here\n", "ModuleNotFoundError: No module named 'nothing_here'", 1),
        ("x = 1\ndef broken(:\n    pass\n", "SyntaxError: invalid syntax", 2),
        (
            "import os, signal\ndef test_it():\n    os.kill(os.getpid(), signal.SIGKILL)\n",
            "exit code 137",
            None,
        ),
        ("import os\ndef test_it():\n    os._exit(0)\n", "it wrote no report", None),
        ("import os\ndef test_it():\n    os._exit(1)\n", "exit code 1", None),
        ("import pytest\ndef test_it():\n    pytest.exit('enough', 7)\n", "exit code 7", None),
    ],
)
def test_what_keeps_pytest_from_testing_is_an_error(root, here, code, said, line):
    service(root, "scan-to-plan", code)
    result, _ = run(here)
    assert result.errors == 1
    assert not result.green
    assert said in result.failures[0].message
    assert result.failures[0].line == line


def test_an_error_that_no_test_shows_is_still_one(root, here):
    folder = service(root, "scan-to-plan")
    conftest = folder / "tests" / "conftest.py"
    conftest.write_text("def pytest_sessionfinish(session):\n    session.exitstatus = 1\n")
    result, _ = run(here)
    conftest.write_text("import nothing_at_all\n")
    broken, _ = run(here)
    conftest.unlink()
    assert (result.passed, result.errors, result.green) == (1, 1, False)
    assert "exit code 1" in result.failures[0].message
    assert (broken.passed, broken.errors) == (0, 1)
    assert "No module named 'nothing_at_all'" in broken.failures[0].message


def test_no_test_is_not_green(root, here):
    service(root, "scan-to-plan", "x = 1\n")
    result, _ = run(here)
    assert (result.passed, result.errors, result.green) == (0, 0, False)
    assert action.summary(result).startswith("no test ran")


def test_files_that_change_meanwhile_do_not_become_green(root, here):
    code = "from pathlib import Path\ndef test_it():\n    Path('made.txt').write_text('x')\n"
    folder = service(root, "scan-to-plan", code)
    result, lines = run(here)
    (folder / "made.txt").unlink()
    assert result.green
    assert "its files changed while its tests ran" in "".join(lines)


def test_a_service_too_large_to_follow_is_never_green(root, here, monkeypatch):
    service(root, "scan-to-plan")
    monkeypatch.setattr(sources, "MOST_FILES", 1)
    result, _ = run(here)
    assert result.green
    assert result.sources != catalogue.read_one(root, "scan-to-plan", here.cache).sources


def test_a_service_that_is_not_there(here):
    with pytest.raises(NotFoundError):
        run(here, "gone")


# --- stopping


def test_stopping_ends_the_whole_group_and_keeps_the_last_result(root, here):
    service(root, "scan-to-plan")
    before, _ = run(here)
    code = """
import os, pathlib, subprocess, sys, time

def test_slow():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    pathlib.Path("pids").write_text(f"{os.getpid()} {child.pid}")
    time.sleep(60)
"""
    folder = service(root, "scan-to-plan", code)
    pids = folder / "pids"
    with pytest.raises(CancelledError) as caught:
        run(here, cancelled=lambda: pids.exists() and len(pids.read_text().split()) == 2)
    assert caught.value.exit_code is ExitCode.INTERRUPTED
    assert results.latest(here.store)["scan-to-plan"] == before
    deadline = time.monotonic() + 5
    left = [int(pid) for pid in pids.read_text().split()]
    while any(proc.identity(pid) for pid in left) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in left if proc.identity(pid)] == []
    pids.unlink()


# --- environments


def test_packages_that_cannot_be_fetched_decide_nothing(root, here, monkeypatch, tmp_path):
    service(root, "offline", dev='"pytest>=9"', number=2)
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "empty"))
    with pytest.raises(EdgeError) as caught:
        run(here, "offline")
    assert caught.value.problem.code == "no-network"
    assert caught.value.exit_code is ExitCode.UNDECIDED
    assert results.latest(here.store) == {}
    code, tested = action.run_many(here, action.plans(here, ["2"]), lambda line: None, never)
    assert code is ExitCode.UNDECIDED
    (entry,) = action.document(tested)["services"]
    assert (entry["service"], entry["passed"], entry["error"]["code"]) == ("offline", 0, "no-network")


@pytest.mark.parametrize(
    ("dev", "said"),
    [
        ('"pytest>=9", "pytest<9"', "No solution found"),
        ("", "pytest is not in its environment"),
        ('"not a requirement!"', "Failed to parse"),
    ],
)
def test_an_environment_that_cannot_be_built_is_an_error(root, here, dev, said):
    service(root, "broken", dev=dev)
    result, _ = run(here, "broken")
    assert (result.passed, result.errors, result.green) == (0, 1, False)
    assert said in result.failures[0].message
    assert result.failures[0].path == "services/broken/pyproject.toml"
    assert results.latest(here.store)["broken"] == result


def test_without_a_pyproject_nothing_can_be_built(root, here):
    folder = service(root, "bare")
    (folder / "pyproject.toml").unlink()
    result, _ = run(here, "bare")
    assert "no pyproject.toml" in result.failures[0].message


def test_a_lock_that_git_keeps_is_kept_to(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text(".venv/\n__pycache__/\n.pytest_cache/\n.cockpit/\n")
    here = Workspace(tmp_path, Store.in_memory(), RealGit(tmp_path), SystemClock())
    folder = service(tmp_path, "locked")

    def lock():
        return catalogue.read_one(tmp_path, "locked", here.cache).lock

    assert lock() is LockState.ABSENT
    first, _ = run(here, "locked")
    assert first.green
    assert lock() is LockState.UNKNOWN
    second, lines = run(here, "locked")
    assert second.green
    assert "$ uv sync --locked" in lines
    assert lock() is LockState.FRESH
    written = (folder / "uv.lock").read_bytes()
    project = folder / "pyproject.toml"
    project.write_text(project.read_text().replace('">=3.11"', '">=3.11,<4"'))
    stale, _ = run(here, "locked")
    assert (stale.errors, stale.green) == (1, False)
    assert "does not match its pyproject.toml" in stale.failures[0].message
    assert lock() is LockState.STALE
    assert (folder / "uv.lock").read_bytes() == written
    here.close()


def test_it_is_not_tested_in_the_environment_of_whoever_tests(root, here, monkeypatch):
    service(
        root, "scan-to-plan", "import sys\ndef test_it():\n    assert '/scan-to-plan/.venv' in sys.prefix\n"
    )
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    result, _ = run(here)
    assert result.green, result.failures


# --- several services, the workshop and the command


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    root = tmp_path_factory.mktemp("three")
    subprocess.run(["git", "init", "-q", root], check=True)
    (root / ".gitignore").write_text(".venv/\n__pycache__/\n.pytest_cache/\nuv.lock\n.cockpit/\n")
    (root / "rpts").mkdir()
    spans = root / "spans"
    spans.mkdir()
    code = (
        "import os, pathlib, time\ndef test_it():\n    began = time.time()\n    time.sleep(0.6)\n"
        "    name = pathlib.Path.cwd().name\n"
        "    pathlib.Path(os.environ['SPANS'], name).write_text(f'{began} {time.time()}')\n"
    )
    for number, slug in enumerate(("one", "two", "three"), 1):
        service(root, slug, code, number=number if slug != "three" else None)
    return root


def test_all_are_tested_two_at_a_time(three, monkeypatch, capsys):
    monkeypatch.chdir(three)
    monkeypatch.setenv("SPANS", str(three / "spans"))
    assert main(["test", "--all", "--json"]) == 0
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert document["schema"] == "cockpit.test/v1"
    assert [(s["service"], s["passed"]) for s in document["services"]] == [
        ("one", 1),
        ("three", 1),
        ("two", 1),
    ]
    assert {"service", "passed", "failed", "todo", "errors", "duration_s"} <= document["services"][0].keys()
    for number, slug in enumerate(("one", "three", "two"), 1):
        assert f"[{number}/3] {slug} …" in err
        assert f"{slug} │ $ uv sync" in err
    spans = [tuple(map(float, file.read_text().split())) for file in (three / "spans").iterdir()]
    assert len(spans) == 3
    assert max(sum(a <= moment < b for a, b in spans) for moment, _ in spans) <= 2


def test_two_processes_share_the_two_places(three, monkeypatch):
    monkeypatch.setenv("SPANS", str(three / "spans"))
    command = [sys.executable, "-m", "cockpit", "test", "--json"]
    both = [
        subprocess.Popen([*command, *names], cwd=three, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for names in (["1", "2"], ["three"])
    ]
    documents = [json.loads(each.communicate()[0]) for each in both]
    assert [each.returncode for each in both] == [0, 0]
    assert sum(len(document["services"]) for document in documents) == 3
    spans = [tuple(map(float, file.read_text().split())) for file in (three / "spans").iterdir()]
    assert max(sum(a <= moment < b for a, b in spans) for moment, _ in spans) <= 2


def test_one_red_service_makes_the_whole_red(three, monkeypatch, capsys):
    monkeypatch.chdir(three)
    monkeypatch.setenv("SPANS", str(three / "spans"))
    folder = service(three, "four", "def test_it():\n    assert not 'here'\n")
    try:
        assert main(["test", "one", "four", "RPT-0001"]) == 1
        out, _ = capsys.readouterr()
        assert "✓ one  1 passed" in out
        assert "× four  1 failed" in out
        assert "services/four/tests/test_it.py:2" in out
        assert "[2/2]" in out
    finally:
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        folder.rmdir()


def test_the_workshop_journals_it(three, monkeypatch):
    monkeypatch.setenv("SPANS", str(three / "spans"))
    here = Workspace.open(three)
    workshop = Workshop(here)
    plan = workshop.plan("test", "1", "local")
    assert plan.argv == ("cockpit", "test", "RPT-0001")
    assert [step.argv for step in plan.steps] == [("uv", "sync"), ("uv", "run", "--no-sync", "pytest")]
    lines: list[str] = []
    done = workshop.perform(plan, lines.append, never)
    assert (done.state, done.exit_code, done.service) == (RunState.SUCCEEDED, 0, "one")
    assert done.summary.startswith("1 passed in ")
    assert "1 passed" in (three / (done.log or "")).read_text()
    here.close()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["test"], 2, "say which services to test"),
        (["test", "1", "--all"], 2, "--all tests every service already"),
        (["test", "99"], 2, "there is no RPT '99'"),
        (["test", "nothing"], 2, "there is no RPT 'nothing'"),
    ],
)
def test_wrong_use_is_told(three, monkeypatch, capsys, arguments, code, said):
    monkeypatch.chdir(three)
    assert main(arguments) == code
    assert said in capsys.readouterr().err


def test_an_rpt_without_a_service_and_a_workspace_without_any(tmp_path, monkeypatch, capsys):
    (tmp_path / "rpts").mkdir()
    (tmp_path / "rpts" / "RPT-0001-x.md").write_text(RPT.format(number=1, slug="x"))
    monkeypatch.chdir(tmp_path)
    assert main(["test", "1"]) == 2
    assert "cockpit scaffold RPT-0001" in capsys.readouterr().err
    assert main(["test", "--all", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"schema": "cockpit.test/v1", "services": []}


def test_ctrl_c_stops_the_command(three, monkeypatch):
    folder = service(
        three, "slow", "import time\ndef test_it():\n    print('x', flush=True)\n    time.sleep(60)\n"
    )
    try:
        command = [sys.executable, "-m", "cockpit", "test", "slow", "--json"]
        child = subprocess.Popen(
            command, cwd=three, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert child.stderr is not None
        for line in child.stderr:
            if "collected" in line or "test session starts" in line:
                break
        child.send_signal(2)
        out, _ = child.communicate(timeout=20)
        assert child.returncode == 130
        assert json.loads(out)["services"][0]["error"]["code"] == "cancelled"
    finally:
        (folder / "tests" / "test_it.py").write_text("def test_it():\n    pass\n")


# --- taking turns


def test_no_more_hold_a_place_than_there_are(tmp_path):
    inside, most = 0, 0
    guard = threading.Lock()

    def hold():
        nonlocal inside, most
        with locks.any_of(tmp_path, ["a", "b"], never, lambda: None):
            with guard:
                inside += 1
                most = max(most, inside)
            time.sleep(0.05)
            with guard:
                inside -= 1

    threads = [threading.Thread(target=hold) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_waiting_is_said_once_and_can_be_stopped(tmp_path):
    said: list[str] = []
    asked = iter([False, False, True])
    with locks.any_of(tmp_path, ["a"], never, lambda: None):
        second = locks.any_of(tmp_path, ["a"], lambda: next(asked), lambda: said.append("x"))
        with pytest.raises(CancelledError), second:
            pass
    assert said == ["x"]
    with locks.any_of(tmp_path, ["a"], never, lambda: said.append("y")):
        assert said == ["x"]


def test_a_holder_that_is_killed_lets_go(tmp_path):
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom cockpit.services import locks\n"
        "with locks.any_of(Path(sys.argv[1]), ['a'], lambda: False, lambda: None):\n"
        "    print('held', flush=True)\n    time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    child.kill()
    child.wait()
    child.stdout.close()
    with locks.any_of(tmp_path, ["a"], never, lambda: pytest.fail("it is still held")):
        pass


def test_where_no_lock_can_be_made_nobody_waits(tmp_path):
    (tmp_path / "file").write_text("")
    for _ in range(2):
        with locks.any_of(tmp_path / "file" / "locks", ["a"], never, lambda: None):
            pass


# --- results


def test_results_are_kept_by_service_and_broken_ones_are_none():
    store = Store.in_memory()
    failure = FailedTest("t", "m", "p", 3, todo=True)
    result = ServiceTests("scan", "ab", 1, 0, 1, 0, 1.5, "2026-11-24T00:00:00Z", (failure,))
    results.keep(store, ServiceTests("scan", "aa", 9, 0, 0, 0, 1.0, "2026-11-23T00:00:00Z"))
    results.keep(store, result)
    for number, text in enumerate(("{", "[]", "{}", '{"failures": 1}', '{"failures": [], "odd": 1}')):
        store.execute("INSERT INTO tests (service, result) VALUES (?, ?)", (f"bad-{number}", text))
    assert results.latest(store) == {"scan": result}
    store.close()


# --- the report

REPORT = """
import pytest
def test_ok(): pass
@pytest.fixture
def broken(): raise ValueError("boom")
def test_setup(broken): pass
@pytest.fixture
def torn():
    yield
    raise ValueError("torn")
def test_torn(torn): pass
@pytest.mark.skip
def test_skipped(): pass
@pytest.mark.xfail
def test_expected(): assert 0
@pytest.mark.xfail(strict=True)
def test_unexpected(): pass
class TestPlan:
    @pytest.mark.parametrize("x", ["a b"])
    def test_area(self, x):
        assert not x, "first\\nsecond\\nthird\\nfourth \\x1b[31mred"
def test_group():
    raise ExceptionGroup("many", [ValueError("a"), KeyError("b")])
def test_below():
    helper()
def helper():
    raise RuntimeError("deep")
def test_library():
    import json
    json.loads("{")
"""


def test_a_real_report_is_counted_and_placed(tmp_path):
    folder = tmp_path / "services" / "scan"
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    (folder / "test_it.py").write_text(REPORT)
    report = tmp_path / "report.xml"
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "junit_family=xunit1"]
    subprocess.run(
        [*argv, "--junit-xml", report],
        cwd=folder,
        capture_output=True,
        env=os.environ | {"PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
    found = junit.parse(report.read_bytes(), tmp_path, "services/scan")
    assert (found.passed, found.failed, found.todo, found.errors) == (1, 5, 0, 2)
    by_name = {failure.name.rpartition("::")[2]: failure for failure in found.failures}
    lines = REPORT.splitlines()
    assert {name: (lines[f.line - 1].strip(), f.message.splitlines()[0]) for name, f in by_name.items()} == {
        "test_setup": ('def broken(): raise ValueError("boom")', "setup: ValueError: boom"),
        "test_torn": ('raise ValueError("torn")', "teardown: ValueError: torn"),
        "test_unexpected": ("@pytest.mark.xfail(strict=True)", "[XPASS(strict)] "),
        "test_area[a b]": (
            'assert not x, "first\\nsecond\\nthird\\nfourth \\x1b[31mred"',
            "AssertionError: first",
        ),
        "test_group": (
            'raise ExceptionGroup("many", [ValueError("a"), KeyError("b")])',
            "ExceptionGroup: many (2 sub-exceptions)",
        ),
        "test_below": ('raise RuntimeError("deep")', "RuntimeError: deep"),
        "test_library": ('json.loads("{")', by_name["test_library"].message.splitlines()[0]),
    }
    area = by_name["test_area[a b]"]
    assert area.name == "test_it.py::TestPlan::test_area[a b]"
    assert [line.strip() for line in area.message.splitlines()] == [
        "AssertionError: first",
        "second",
        "third",
    ]
    assert all(failure.path == "services/scan/test_it.py" for failure in found.failures)


HEAD = b'<?xml version="1.0" encoding="utf-8"?>'


def test_a_test_that_a_library_made_is_named_by_its_own_module(tmp_path):
    data = HEAD + (
        b'<x><testcase file=".venv/lib/tool/builder.py" line="7" classname="tests.test_api" name="test_any">'
        b'<failure message="no">tests/test_api.py:31: \n.venv/lib/tool/run.py:5: AssertionError</failure>'
        b'</testcase><testcase file=".venv/lib/tool/builder.py" line="7" classname="" name="odd">'
        b'<failure message="no"/></testcase></x>'
    )
    first, second = junit.parse(data, tmp_path, "services/scan").failures
    assert (first.name, first.path, first.line) == (
        "tests.test_api::test_any",
        "services/scan/tests/test_api.py",
        31,
    )
    assert (second.path, second.line) == (None, None)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        HEAD,
        HEAD + b"<testsuites>",
        HEAD + b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        '<?xml version="1.0" encoding="utf-16"?><x/>'.encode("utf-16"),
        HEAD + b"<x>&undefined;</x>",
    ],
)
def test_what_is_no_report_is_refused(tmp_path, data):
    with pytest.raises(ServiceError):
        junit.parse(data, tmp_path, "services/scan")


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["passed", "failure", "error", "skipped"]),
            TEXT,
            TEXT,
            st.sampled_from(["tests/test_a.py", "/etc/passwd", "../../../x.py", "", "a" * 2000]),
            st.sampled_from(["3", "-1", "x", "", "99999999999"]),
        ),
        max_size=8,
    )
)
def test_every_test_counts_once_and_no_text_of_a_report_is_trusted(tmp_path_factory, cases):
    suite = ElementTree.Element("testsuites")
    for outcome, message, text, file, line in cases:
        case = ElementTree.SubElement(suite, "testcase", name=message, classname=text, file=file, line=line)
        if outcome != "passed":
            ElementTree.SubElement(case, outcome, message=message).text = text
    data = HEAD + ElementTree.tostring(suite)
    with contextlib.suppress(ServiceError):  # control characters are not well-formed in XML
        found = junit.parse(data, tmp_path_factory.getbasetemp(), "services/scan")
        wanted = [outcome for outcome, *_ in cases]
        assert found.passed == wanted.count("passed")
        assert found.failed + found.todo + found.errors == wanted.count("failure") + wanted.count("error")
        for failure in found.failures:
            assert failure.message
            assert clean(failure.message) == failure.message
            assert clean(failure.name) == failure.name
            assert failure.path is None or failure.path.startswith("services/scan/")
