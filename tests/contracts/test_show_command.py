"""Does `cockpit contract` show what a contract says, and say plainly what is not built?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cockpit.cli import main
from cockpit.errors import ExitCode
from support import room_area


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = room_area.workspace(tmp_path / "ws")
    monkeypatch.chdir(made)
    return made


@pytest.mark.parametrize("reference", ["7", "0007", "RPT-0007", "room-area"])
def test_the_signature_is_one_line_an_operation(reference: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contract", "show", reference]) == ExitCode.OK
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("POST /v1/area")
    assert "measure_area" in lines[0]
    assert any("corners" in line and "100" in line for line in lines)
    assert all(len(line) <= 300 for line in lines)


def test_json_has_the_signature_and_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contract", "show", "7", "--json"]) == ExitCode.OK
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "cockpit.contract/v1"
    assert document["operations"] == ["POST /v1/area"]
    assert document["digest"].startswith("sha256:")
    assert document["contract"]["openapi"] == "3.1.0"
    assert document["contract"]["paths"] == room_area.CONTRACT["paths"]
    assert document["signature"]


def test_an_unknown_rpt_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contract", "show", "room-aera"]) == ExitCode.WRONG_USE
    assert "room-area" in capsys.readouterr().err


def test_a_contract_that_does_not_read_says_where(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / "rpts" / "RPT-0007-room-area.md"
    path.write_text(path.read_text().replace("paths:\n", "paths: [\n"))
    assert main(["contract", "show", "7"]) == ExitCode.NOT_GOOD
    assert "rpts/RPT-0007-room-area.md:" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["shw", "7"], ["show"]])
def test_wrong_use_is_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contract", *arguments]) == ExitCode.WRONG_USE
    assert "Traceback" not in capsys.readouterr().err
