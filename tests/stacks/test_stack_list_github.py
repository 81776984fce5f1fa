"""`cockpit stack list` asks GitHub once, within bounds, and says how old what it shows is."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cockpit.cli import main
from cockpit.workspace import asking
from support.github import faults
from support.github.fixture import github
from support.github.server import MockGithub


@pytest.fixture
def mock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MockGithub]:
    with github(tmp_path) as (mock, repo):
        (repo.root / "rpts").mkdir()
        mock.open("s1", "main", "First", asked=["bob"])
        mock.open("s2", "s1", "Second")
        monkeypatch.setenv("COCKPIT_GITHUB_URL", mock.url)
        monkeypatch.setenv("GH_TOKEN", "gho_of_this_test")
        monkeypatch.chdir(repo.root)
        yield mock


def listed(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    assert main(["stack", "list", "--json", *options]) == 0
    document = json.loads(capsys.readouterr().out)
    assert isinstance(document, dict)
    return document


def pulls_of(document: dict[str, Any]) -> dict[str, int | None]:
    return {part["branch"]: part["pr"] for stack in document["stacks"] for part in stack["slices"]}


def test_pull_requests_are_read_and_the_server_is_told(
    mock: MockGithub, capsys: pytest.CaptureFixture[str]
) -> None:
    mock.check(1, "tests", "FAILURE")
    document = listed(capsys)
    assert pulls_of(document) == {"s1": 1, "s2": 2, "s3": None}
    first = document["stacks"][0]["slices"][0]
    assert (first["checks"], first["review"]["asked"]) == ("failing", ["bob"])
    assert first["blocked"] == {"cause": "checks", "text": "checks fail: tests"}
    server = document["server"]
    assert (server["repository"], server["stale"], server["problem"]) == ("acme/research", False, None)
    assert server["age_s"] < 60 and server["at"].endswith("Z") and server["rate"]["limit"] == 5000


def test_offline_shows_what_is_kept_and_status_never_asks(
    mock: MockGithub, capsys: pytest.CaptureFixture[str]
) -> None:
    before = listed(capsys, "--offline")
    assert mock.asked == [] and set(pulls_of(before).values()) == {None}
    assert (
        before["server"]["at"] is None and before["stacks"][0]["slices"][0]["blocked"]["cause"] == "unknown"
    )
    listed(capsys)
    asked = len(mock.asked)
    mock.merge(1)
    assert pulls_of(listed(capsys, "--offline")) == {"s1": 1, "s2": 2, "s3": None}
    assert main(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["server"]["repository"] == "acme/research"
    assert main(["check"]) == 0
    assert len(mock.asked) == asked


def test_where_it_does_not_answer_the_age_is_said(
    mock: MockGithub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["stack", "list"]) == 0
    assert "0s ago" in capsys.readouterr().out
    mock.fail(faults.bad_gateway("", 100))
    assert main(["stack", "list"]) == 0
    out, err = capsys.readouterr()
    assert "First · ada" in out
    assert out.splitlines()[-1].endswith("s ago, failed with 502")
    assert "→ it is asked again" in err
    monkeypatch.setenv("COCKPIT_GITHUB_URL", "http://127.0.0.1:9")
    assert main(["stack", "list"]) == 0
    assert "127.0.0.1:9 not read yet, offline: connection refused" in capsys.readouterr().out


def test_nobody_waits_for_long_and_it_is_said_meanwhile(
    mock: MockGithub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(capsys)
    monkeypatch.setattr(asking, "_SILENT_S", 0.05)
    monkeypatch.setattr(asking, "_PATIENCE_S", 0.2)
    mock.fail(faults.late(5, path=""))
    began = time.monotonic()
    assert main(["stack", "list", "--json"]) == 0
    assert time.monotonic() - began < 3
    out, err = capsys.readouterr()
    assert err.startswith("asking 127.0.0.1:") and "pull requests of acme/research" in err
    document = json.loads(out)
    assert document["server"]["problem"]["code"] == "github-slow" and document["server"]["stale"]
    assert pulls_of(document)["s1"] == 1


def test_an_address_that_is_none_is_said(
    mock: MockGithub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COCKPIT_GITHUB_URL", "ftp://x")
    document = listed(capsys)
    assert document["server"] is None and [e["code"] for e in document["errors"]] == ["github-url"]
