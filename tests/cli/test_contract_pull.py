"""Does `cockpit contract pull` show what it would write, ask, and write nothing else?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cockpit.cli import main
from cockpit.errors import ExitCode
from cockpit.rpts.yaml_dump import dump
from support import loopback, room_area

DOCUMENT = "rpts/RPT-0007-room-area.md"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = room_area.workspace(tmp_path / "ws")
    monkeypatch.chdir(made)
    return made


def served(tmp_path: Path, change: Callable[[dict[str, Any]], None] = lambda contract: None) -> str:
    contract = room_area.contract()
    change(contract)
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, **contract}))
    return str(path)


def narrower(contract: dict[str, Any]) -> None:
    contract["components"]["schemas"]["Room"]["properties"]["corners"]["maxItems"] = 64


def pull(*arguments: str) -> int:
    return main(["contract", "pull", "7", *arguments])


def test_what_is_said_already_is_left(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (root / DOCUMENT).read_bytes()
    assert pull("--from", served(tmp_path)) == ExitCode.OK
    assert (root / DOCUMENT).read_bytes() == before
    assert "already" in capsys.readouterr().err


def test_a_dry_run_shows_both_diffs_and_writes_nothing(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (root / DOCUMENT).read_bytes()
    assert pull("--from", served(tmp_path, narrower), "--dry-run") == ExitCode.OK
    said = capsys.readouterr().out
    assert "[3..100]" in said
    assert "[3..64]" in said
    assert any(line.startswith("-") and "maxItems: 100" in line for line in said.splitlines())
    assert any(line.startswith("+") and "maxItems: 64" in line for line in said.splitlines())
    assert DOCUMENT in said
    assert (root / DOCUMENT).read_bytes() == before


def test_without_a_terminal_it_needs_yes(root: Path, tmp_path: Path) -> None:
    before = (root / DOCUMENT).read_bytes()
    assert pull("--from", served(tmp_path, narrower)) == ExitCode.WRONG_USE
    assert (root / DOCUMENT).read_bytes() == before


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_only_the_line_that_differs_is_written(root: Path, tmp_path: Path, end: bytes) -> None:
    path = root / DOCUMENT
    before = path.read_bytes().replace(b"\n", end).replace(b"maxItems: 100", b"maxItems: 100  # corners")
    path.write_bytes(before)
    assert pull("--from", served(tmp_path, narrower), "--yes") == ExitCode.OK
    assert path.read_bytes() == before.replace(b"maxItems: 100", b"maxItems: 64")


def test_sign_offs_that_become_void_are_named(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COCKPIT_ME", "rita")
    assert main(["sign", "7"]) == ExitCode.OK
    assert pull("--from", served(tmp_path, narrower), "--dry-run") == ExitCode.OK
    assert "sign-offs of rita become void" in capsys.readouterr().out


def test_a_contract_that_grows_moves_beside_the_document(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = room_area.contract()
    del short["components"]["schemas"]["Problem"], short["paths"]["/v1/area"]["post"]["responses"]["409"]

    def grow(contract: dict[str, Any]) -> None:
        schemas = contract["components"]["schemas"]
        for number in range(40):
            schemas["Area"]["properties"][f"field_{number}"] = {"type": "string", "maxLength": number}

    path = root / DOCUMENT
    head, block = path.read_text().split("```yaml rpt:contract\n")
    before = f"{head}```yaml rpt:contract\n{dump(short)}```{block.split('```', 1)[1]}"
    path.write_text(before)
    assert pull("--from", served(tmp_path, grow), "--yes", "--json") == ExitCode.OK
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "cockpit.pull/v1"
    assert document["touches"] == ["rpts/RPT-0007.openapi.yaml", DOCUMENT]
    head, tail = before.split("```yaml rpt:contract\n")
    assert (
        path.read_text()
        == f"{head}```yaml rpt:contract\n$ref: RPT-0007.openapi.yaml\n```{tail.split('```', 1)[1]}"
    )
    capsys.readouterr()
    assert main(["contract", "show", "7"]) == ExitCode.OK
    assert "field_39" in capsys.readouterr().out
    # Once more, now in the file beside it.
    assert pull("--from", served(tmp_path, narrower), "--yes") == ExitCode.OK
    assert "field_39" not in (root / "rpts" / "RPT-0007.openapi.yaml").read_text()


def test_a_running_service_is_asked_for_its_document(root: Path, tmp_path: Path) -> None:
    page = loopback.response(Path(served(tmp_path, narrower)).read_bytes())
    with loopback.serving(loopback.answering(page)) as url:
        assert pull("--from", url, "--yes") == ExitCode.OK
    assert "maxItems: 64" in (root / DOCUMENT).read_text()


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("code", ExitCode.WRONG_USE),
        ("nothing/here.json", ExitCode.WRONG_USE),
        ('{"openapi": "3.1.0", "paths": {}}', ExitCode.WRONG_USE),
        ('{"swagger": "2.0"}', ExitCode.WRONG_USE),
        ("[1]", ExitCode.WRONG_USE),
        ("{", ExitCode.WRONG_USE),
    ],
)
def test_what_cannot_be_pulled_is_said(
    root: Path, tmp_path: Path, source: str, code: ExitCode, capsys: pytest.CaptureFixture[str]
) -> None:
    if source[0] in "[{":
        (tmp_path / "given.json").write_text(source)
        source = str(tmp_path / "given.json")
    before = (root / DOCUMENT).read_bytes()
    assert pull("--from", source, "--yes") == code
    assert (root / DOCUMENT).read_bytes() == before
    assert "Traceback" not in capsys.readouterr().err


def test_a_contract_that_does_not_read_is_mended_first(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = root / DOCUMENT
    path.write_text(path.read_text().replace("paths:\n", "paths: [\n"))
    assert pull("--from", served(tmp_path), "--yes") == ExitCode.NOT_GOOD
    assert "mend it first" in capsys.readouterr().err
