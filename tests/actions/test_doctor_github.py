"""The doctor's line on GitHub: which repository, whose token, what is left, what to do where it is shut."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.actions import doctor_github
from cockpit.actions.doctor import Outcome
from cockpit.workspace import asking, pulls
from cockpit.workspace.workspace import Workspace
from support.github import faults
from support.github.fixture import github
from support.github.server import MockGithub


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Workspace, MockGithub]]:
    with github(tmp_path, 1) as (mock, repo):
        (repo.root / "rpts").mkdir()
        for name in ("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("COCKPIT_GITHUB_URL", mock.url)
        monkeypatch.setenv("GITHUB_TOKEN", "gho_secret")
        workspace = Workspace.open(repo.root)
        yield workspace, mock
        workspace.close()


def test_what_opens_it_and_what_is_left(opened: tuple[Workspace, MockGithub]) -> None:
    workspace, mock = opened
    address = mock.url.removeprefix("http://")
    found = doctor_github.examine(workspace)
    name = f"{address} acme/research, opened by the token from GITHUB_TOKEN"
    assert (found.outcome, found.found) == (Outcome.GOOD, f"{name}; {address} not read yet")
    asyncio.run(pulls.refresh(workspace))
    found = doctor_github.examine(workspace)
    assert f"{name}, 4,99" in found.found and " of 5,000 points left; " in found.found
    assert found.found.endswith("s ago") and "secret" not in repr(found)


def test_without_a_token_it_says_how_to_get_one(
    opened: tuple[Workspace, MockGithub], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, mock = opened
    monkeypatch.delenv("GITHUB_TOKEN")
    found = doctor_github.examine(workspace)
    address = mock.url.removeprefix("http://")
    assert (found.outcome, mock.asked) == (Outcome.ADVICE, [])
    assert found.do == f"set GH_ENTERPRISE_TOKEN, or run gh auth login --hostname {address}"


def test_a_door_that_stays_shut_says_why(
    opened: tuple[Workspace, MockGithub], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, mock = opened
    mock.tokens = {"another"}
    found = doctor_github.examine(workspace)
    assert found.outcome is Outcome.ADVICE and "token from GITHUB_TOKEN: " in found.found
    assert "refuses the token" in found.found and "gh auth login" in found.do
    mock.tokens = None
    mock.fail(faults.late(3, path=""))
    monkeypatch.setattr(asking, "_OPENING_S", 0.2)
    assert "did not answer in full within 0.2 s" in doctor_github.examine(workspace).found
    monkeypatch.setenv("COCKPIT_GITHUB_URL", "ftp://x")
    assert "COCKPIT_GITHUB_URL" in doctor_github.examine(workspace).found


def test_without_github_nothing_is_missing(opened: tuple[Workspace, MockGithub]) -> None:
    workspace, mock = opened
    workspace.git.run("remote", "remove", "origin")
    found = doctor_github.examine(workspace)
    assert (found.outcome, found.do, mock.asked) == (Outcome.GOOD, "", [])
