"""What do the tests of conformance share? One environment with FastAPI."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import tiny_service


@pytest.fixture(scope="session")
def fastapi_env(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_service.environment(tmp_path_factory.mktemp("fastapi"))
