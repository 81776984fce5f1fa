"""What do the tests share? One client of the application, ready to answer."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from voice_agent.app import app

_START_GRACE_S = 120.0


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """A client of the running application; waits until what it needs is loaded."""
    with TestClient(app, raise_server_exceptions=False) as client:
        deadline = time.monotonic() + _START_GRACE_S
        while (said := client.get("/readyz")).status_code != 200:
            assert said.json()["status"] == "starting", f"loading failed: {said.text}"
            assert time.monotonic() < deadline, f"not ready after {_START_GRACE_S:g} s"
            time.sleep(0.02)
        yield client
