"""Does `cockpit contract mock` serve the contract of an RPT, say what was asked, and end cleanly?"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from support import room_area


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    root = room_area.workspace(tmp_path / "ws")
    argv = [sys.executable, "-m", "cockpit", "contract", "mock", "room-area", "--port", "0"]
    process = subprocess.Popen(
        argv,
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    assert "RPT-0007 Room area" in first
    assert process.stdout.readline() == "  POST /v1/area\n"
    yield process, first.split()[0]
    process.kill()
    process.communicate()


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_says_so_and_ends(server: tuple[subprocess.Popen[str], str], end: signal.Signals) -> None:
    process, url = server
    square = [[0, 0], [2, 0], [2, 2], [0, 2]]
    good = httpx.post(f"{url}/v1/area", json={"corners": square})
    assert (good.status_code, good.json()) == (200, {"area": 4.0, "corners": 4})
    bad = httpx.post(f"{url}/v1/area", json={"corners": square[:2]})
    assert bad.status_code == 422
    assert bad.json()["detail"][0]["loc"] == ["body", "corners"]
    assert httpx.get(f"{url}/openapi.json").json()["paths"] == room_area.CONTRACT["paths"]
    process.send_signal(end)
    said, complaints = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in complaints
    lines = said.splitlines()
    assert lines[0].startswith("POST /v1/area → 200  example square")
    assert lines[1].startswith("POST /v1/area → 422  body.corners: ")
    assert lines[2].startswith("GET /openapi.json → 200")
