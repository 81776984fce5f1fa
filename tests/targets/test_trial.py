"""A service runs for a moment, as its files stand, and nothing of it stays."""

from __future__ import annotations

import sys
import urllib.request

import psutil
import pytest

from cockpit.errors import CancelledError, ServiceError
from cockpit.targets.local import trial
from support import area_service


@pytest.fixture
def root(tmp_path):
    folder = area_service.write(tmp_path)
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    # The interpreter of these tests, with its packages: what `uv sync` would build has uvicorn too.
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return tmp_path


def never() -> bool:
    return False


def test_it_answers_while_the_block_runs_and_is_gone_after_it(root):
    with trial.running(root, "area", 20, never) as running:
        request = urllib.request.Request(f"{running.url}/v1/area", b'{"width": 2}')
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert answer.read() == b'{"area": 4.005}'
        assert running.ended(0) is None
        pid = running.pid
        assert psutil.pid_exists(pid)
    assert not psutil.pid_exists(pid)
    with pytest.raises(OSError):
        urllib.request.urlopen(f"{running.url}/readyz", timeout=1)
    assert not (root / ".cockpit").exists()


def test_it_ends_with_the_block_whatever_happens_in_it(root):
    with pytest.raises(KeyError), trial.running(root, "area", 20, never) as running:
        raise KeyError
    assert not psutil.pid_exists(running.pid)


def test_one_that_does_not_get_ready_says_what_it_said_last(root):
    (root / "services" / "area" / "mode.txt").unlink()
    said = r"exited with 1 before it was ready: FileNotFoundError.*mode.txt"
    with pytest.raises(ServiceError, match=said), trial.running(root, "area", 20, never):
        raise AssertionError("it must not get ready")


def test_one_whose_loading_failed_is_not_waited_for(root):
    (root / "services" / "area" / "mode.txt").write_text("never")
    with pytest.raises(ServiceError, match="before it was ready"), trial.running(root, "area", 20, never):
        raise AssertionError("it must not get ready")


def test_waiting_is_bounded_and_can_be_cancelled(root):
    app = root / "services" / "area" / "src" / "area" / "app.py"
    app.write_text("import time\ntime.sleep(600)\n")
    with (
        pytest.raises(ServiceError, match=r"not ready within 0\.3 s"),
        trial.running(root, "area", 0.3, never),
    ):
        raise AssertionError("it must not get ready")
    with pytest.raises(CancelledError), trial.running(root, "area", 20, lambda: True):
        raise AssertionError("it must not get ready")


def test_its_end_while_it_is_asked_is_told(root):
    (root / "services" / "area" / "mode.txt").write_text("die")
    with trial.running(root, "area", 20, never) as running:
        request = urllib.request.Request(f"{running.url}/v1/area", b'{"width": 2}')
        with pytest.raises(OSError):
            urllib.request.urlopen(request, timeout=5)
        assert running.ended() == "it exited with 7"


def test_much_output_never_blocks_it(root):
    app = root / "services" / "area" / "src" / "area" / "app.py"
    app.write_text(
        area_service.APP.replace("    token = ", "    print('x' * 500_000, flush=True)\n    token = ")
    )
    with trial.running(root, "area", 20, never) as running:
        request = urllib.request.Request(f"{running.url}/v1/area", b'{"width": 2}')
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 200


def test_a_service_without_an_environment_says_how_it_gets_one(tmp_path):
    with (
        pytest.raises(ServiceError, match="no environment") as caught,
        trial.running(tmp_path, "area", 1, never),
    ):
        raise AssertionError("it must not run")
    assert caught.value.problem.do == "cockpit test area builds it"
