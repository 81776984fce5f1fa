"""The shop before and after its prototype grew."""

from __future__ import annotations

import pytest

from support import prototype


@pytest.fixture
def repo(tmp_path):
    return prototype.begun(tmp_path / "repo")


@pytest.fixture
def grown(repo):
    prototype.write(repo, prototype.GROWN)
    prototype.commit(repo)
    return repo
