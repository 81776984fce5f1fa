"""When may a service be scaffolded or updated, what is shown before, and what is left when it fails?"""

from __future__ import annotations

import compileall
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cockpit.actions.workshop import Workshop
from cockpit.cli import main
from cockpit.contracts.document import complete
from cockpit.errors import CockpitError, EdgeError, ExitCode, ServiceError
from cockpit.services import rendering, uv
from cockpit.services import scaffold as scaffolding
from cockpit.services.rendering import Answers
from cockpit.workspace.workspace import Workspace
from support import room_area

ANSWERS = Answers("room-area", "room_area", "RPT-0007", "Room area")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """An open workspace whose one RPT is not signed yet."""
    monkeypatch.setenv("COCKPIT_ME", "rita")
    opened = Workspace.open(room_area.workspace(tmp_path / "ws"))
    yield opened
    opened.close()


def sign(here: Workspace) -> None:
    shop = Workshop(here)
    run = shop.perform(shop.plan("sign", "7", "local"), lambda line: None, lambda: False)
    assert run.exit_code == ExitCode.OK


def make(here: Workspace) -> None:
    """Render the service without its environment."""
    scaffolding.scaffold(here.root, ANSWERS, dict(complete(room_area.contract(), "Room area", "1")))


def refused(here: Workspace, action: str) -> CockpitError:
    with pytest.raises(CockpitError) as caught:
        Workshop(here).plan(action, "7", "local")
    assert caught.value.problem.do
    return caught.value


def rewrite(here: Workspace, before: str, after: str) -> None:
    path = here.root / "rpts" / "RPT-0007-room-area.md"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_an_unsigned_contract_is_refused_by_name_of_its_gate(here: Workspace) -> None:
    error = refused(here, "scaffold")
    assert error.problem.code == "not-agreed"
    assert "contract.signed" in error.problem.message
    assert "rita has not signed" in error.problem.message
    assert error.problem.do == "cockpit sign RPT-0007"
    assert error.exit_code == ExitCode.NOT_GOOD


def test_a_contract_that_changed_since_it_was_signed_is_refused(here: Workspace) -> None:
    sign(here)
    rewrite(here, "maxItems: 100", "maxItems: 101")
    assert "changed since rita signed" in refused(here, "scaffold").problem.message


def test_a_contract_that_does_not_read_is_refused_with_its_line(here: Workspace) -> None:
    rewrite(here, "operationId: measure_area", "operationId: '3 wishes'")
    error = refused(here, "scaffold")
    assert "contract.valid" in error.problem.message
    assert error.problem.path == "rpts/RPT-0007-room-area.md"
    assert error.problem.line is not None


def test_an_rpt_without_a_service_is_refused(here: Workspace) -> None:
    rewrite(here, "service: room-area\n", "")
    assert refused(here, "scaffold").problem.code == "no-service"
    assert refused(here, "update").problem.code == "no-service"


@pytest.mark.parametrize("status", ["blocked", "withdrawn", "retired"])
def test_an_rpt_that_is_off_the_way_is_refused(here: Workspace, status: str) -> None:
    rewrite(here, "status: agreed", f"status: {status}")
    assert status in refused(here, "scaffold").problem.message


def test_a_service_that_exists_is_updated_and_not_scaffolded(here: Workspace) -> None:
    sign(here)
    make(here)
    error = refused(here, "scaffold")
    assert error.problem.code == "service-exists"
    assert "cockpit update room-area" in error.problem.do


def test_updating_what_is_not_there_says_to_scaffold(here: Workspace) -> None:
    assert refused(here, "update").problem.do == "cockpit scaffold RPT-0007"


def test_the_plan_shows_every_program_and_what_is_touched(here: Workspace) -> None:
    sign(here)
    plan = Workshop(here).plan("scaffold", "room-area", "local")
    assert plan.argv == ("cockpit", "scaffold", "RPT-0007")
    assert plan.touches == ("services/room-area/",)
    assert [step.argv[:2] for step in plan.steps] == [(), ("uv", "lock"), ("uv", "sync"), ("uv", "export")]
    assert {step.folder for step in plan.steps if step.argv} == {"services/room-area"}
    assert not (here.root / "services").exists()


def test_a_dry_run_writes_nothing(
    here: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sign(here)
    monkeypatch.chdir(here.root)
    assert main(["scaffold", "7", "--dry-run", "--json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["schema"] == "cockpit.plan/v1"
    assert not (here.root / "services").exists()


def test_an_update_to_an_unsigned_contract_is_refused_and_the_template_is_not(here: Workspace) -> None:
    make(here)
    plan = Workshop(here).plan("update", "7", "local")
    assert plan.touches == ("services/room-area/",)
    sign(here)
    rewrite(here, "maxItems: 100", "maxItems: 101")
    assert refused(here, "update").problem.code == "not-agreed"


def test_the_plan_of_an_update_names_the_files(here: Workspace) -> None:
    make(here)
    rewrite(here, "maxItems: 100", "maxItems: 101")
    sign(here)
    plan = Workshop(here).plan("update", "7", "local")
    assert plan.touches == (
        "services/room-area/contract.openapi.json",
        "services/room-area/src/room_area/api/models.py",
    )


def test_conflicts_end_with_1_and_are_listed_with_their_lines(
    here: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make(here)
    models = here.root / "services/room-area/src/room_area/api/models.py"
    models.write_text(models.read_text().replace("max_length=100", "max_length=90"))
    rewrite(here, "maxItems: 100", "maxItems: 101")
    sign(here)
    before = models.read_bytes()
    monkeypatch.chdir(here.root)
    assert main(["update", "room-area", "--json"]) == ExitCode.NOT_GOOD
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "cockpit.update/v1"
    (conflict,) = document["conflicts"]
    assert conflict["path"] == "services/room-area/src/room_area/api/models.py.cockpit-merge"
    assert (here.root / conflict["path"]).read_text().splitlines()[conflict["line"] - 1] == "<<<<<<< yours"
    assert models.read_bytes() == before
    assert not (here.root / "services/room-area/uv.lock").exists()


def test_cancelling_before_anything_is_written_leaves_nothing(here: Workspace) -> None:
    sign(here)
    shop = Workshop(here)
    run = shop.perform(shop.plan("scaffold", "7", "local"), lambda line: None, lambda: True)
    assert run.exit_code == ExitCode.INTERRUPTED
    assert not (here.root / "services").exists()


def test_without_an_index_the_service_stays_and_says_how_to_finish(
    here: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign(here)
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "empty"))
    lines: list[str] = []
    shop = Workshop(here)
    run, outcome = shop.perform_fully(shop.plan("scaffold", "7", "local"), lines.append, lambda: False)
    assert run.exit_code == ExitCode.NOT_GOOD
    assert outcome.document["error"]["code"] == "environment-not-built"
    assert "cockpit update room-area" in outcome.document["error"]["do"]
    service = here.root / "services/room-area"
    assert (service / "src/room_area/api/routes.py").is_file()
    assert not (service / ".venv").exists()


def test_cancelling_while_uv_runs_ends_it_and_keeps_the_service(here: Workspace, tmp_path: Path) -> None:
    make(here)
    service = here.root / "services/room-area"
    seen: list[str] = []
    with pytest.raises(CockpitError) as caught:
        uv.build(service, "services/room-area", seen.append, lambda: bool(seen))
    assert caught.value.exit_code == ExitCode.INTERRUPTED
    assert (service / "pyproject.toml").is_file()


def contract() -> dict[str, Any]:
    return dict(complete(room_area.contract(), "Room area", "1"))


def test_a_failure_while_writing_leaves_nothing_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = scaffolding.files.write_atomic

    def failing(path: Path, data: bytes, mode: int | None = None) -> None:
        if path.name == "routes.py":
            raise EdgeError("the disk is full", do="make room")
        real(path, data, mode)

    monkeypatch.setattr(scaffolding.files, "write_atomic", failing)
    with pytest.raises(EdgeError):
        scaffolding.scaffold(tmp_path, ANSWERS, contract())
    assert list((tmp_path / "services").iterdir()) == []


def test_a_folder_that_is_there_is_never_touched(tmp_path: Path) -> None:
    mine = tmp_path / "services" / "room-area"
    mine.mkdir(parents=True)
    (mine / "mine.txt").write_text("mine")
    with pytest.raises(ServiceError, match="exists"):
        scaffolding.scaffold(tmp_path, ANSWERS, contract())
    assert [path.name for path in mine.iterdir()] == ["mine.txt"]


def test_services_that_lead_out_of_the_workspace_are_refused(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "ws"
    outside.mkdir()
    root.mkdir()
    (root / "services").symlink_to(outside)
    with pytest.raises(CockpitError):
        scaffolding.scaffold(root, ANSWERS, contract())
    assert list(outside.iterdir()) == []


def test_a_template_that_pip_compiled_renders_the_same(tmp_path: Path) -> None:
    shutil.copytree(rendering.TEMPLATES / "v1", tmp_path / "v1")
    compileall.compile_dir(tmp_path, quiet=2)
    assert list(tmp_path.rglob("*.pyc"))
    packaged, compiled = (
        rendering.render(ANSWERS, contract(), 1, at) for at in (rendering.TEMPLATES, tmp_path)
    )
    assert packaged.files == compiled.files


def test_a_template_that_this_cockpit_lacks_is_said(tmp_path: Path) -> None:
    shutil.copytree(rendering.TEMPLATES / "v1", tmp_path / "v1")
    with pytest.raises(ServiceError, match="version 2"):
        rendering.render(ANSWERS, contract(), 2, tmp_path)
