"""Do contract and template changes reach a service, and does what people wrote stay theirs?"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cockpit.contracts.document import complete
from cockpit.errors import EdgeError, ServiceError, UsageError
from cockpit.services import updating
from cockpit.services.rendering import ANSWERS, TEMPLATES, Answers
from cockpit.services.scaffold import scaffold
from cockpit.services.updating import BESIDE, Update
from support import room_area

ANSWERED = Answers("room-area", "room_area", "RPT-0007", "Room area")
OPERATIONS = "src/room_area/logic/operations.py"
README = "README.md"


class Shop(NamedTuple):
    """A workspace with a service, and a folder of templates that a test may add versions to."""

    root: Path
    templates: Path

    @property
    def service(self) -> Path:
        return self.root / "services" / "room-area"

    def prepare(self, contract: dict[str, Any] | None = None) -> Update:
        whole = complete(contract or room_area.contract(), "Room area", "1")
        return updating.prepare(self.root, ANSWERED, whole, self.templates)

    def update(self, contract: dict[str, Any] | None = None) -> Update:
        update = self.prepare(contract)
        updating.apply(update)
        return update

    def read(self, path: str) -> str:
        return (self.service / path).read_text(encoding="utf-8")

    def write(self, path: str, text: str) -> None:
        (self.service / path).write_text(text, encoding="utf-8")

    def edit(self, path: str, before: str, after: str) -> None:
        text = self.read(path)
        assert before in text
        self.write(path, text.replace(before, after))

    def everything(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.service).as_posix(): path.read_bytes()
            for path in self.service.rglob("*")
            if path.is_file()
        }

    def second_version(self) -> Path:
        """Add version 2: a changed README and log, a new file, one file less."""
        two = self.templates / "v2"
        shutil.copytree(self.templates / "v1", two)
        service = two / "service"
        package = service / "src" / "{{package}}"
        readme = service / "README.md.jinja"
        readme.write_text(readme.read_text().replace("## Where things are", "## Where everything is"))
        log = package / "log.py.jinja"
        log.write_text(log.read_text().replace("_TEXT_LIMIT = 8000", "_TEXT_LIMIT = 9000"))
        (service / "RUNBOOK.md.jinja").write_text("# {{ title }}: what to do at night\n")
        (package / "logic" / "refusal.py").unlink()
        return service


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    templates = tmp_path / "template"
    shutil.copytree(TEMPLATES / "v1", templates / "v1")
    made = Shop(tmp_path / "ws", templates)
    made.root.mkdir()
    scaffold(made.root, ANSWERED, complete(room_area.contract(), "Room area", "1"), templates)
    return made


def grown() -> dict[str, Any]:
    """The contract with another field and another operation."""
    contract = room_area.contract()
    contract["components"]["schemas"]["Area"]["properties"]["walls"] = {"type": "integer", "minimum": 0}
    contract["paths"]["/v1/rooms/{roomId}"] = {
        "get": {
            "operationId": "getRoom",
            "parameters": [
                {
                    "name": "roomId",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string", "maxLength": 9},
                }
            ],
            "responses": {"200": {"description": "It", "content": {"application/json": {"schema": {}}}}},
        }
    }
    return contract


def test_nothing_changed_is_nothing_to_do(shop: Shop) -> None:
    before = shop.everything()
    update = shop.update()
    assert update.nothing
    assert shop.everything() == before


def test_a_contract_change_reaches_generated_files_and_leaves_logic(shop: Shop) -> None:
    shop.write(OPERATIONS, room_area.LOGIC)
    shop.edit(README, "By hand,", "By hand (I prefer it),")
    update = shop.update(grown())
    assert set(update.changes) == {
        "contract.openapi.json", "src/room_area/api/models.py", "src/room_area/api/routes.py", OPERATIONS,
    }  # fmt: skip
    assert "walls" in shop.read("src/room_area/api/models.py")
    assert "/v1/rooms/{roomId}" in shop.read("src/room_area/api/routes.py")
    logic = shop.read(OPERATIONS)
    assert room_area.LOGIC.partition("def measure_area")[2] in logic
    assert "def get_room(room_id: str)" in logic
    assert "By hand (I prefer it)," in shop.read(README)
    assert any("get_room is new" in note for note in update.notes)
    assert shop.prepare(grown()).nothing


def test_an_operation_that_leaves_the_contract_is_said(shop: Shop) -> None:
    shop.update(grown())
    shop.edit(OPERATIONS, '"""Answer GET', '"""I answer GET')
    update = shop.update()
    assert any("get_room is no longer in the contract" in note for note in update.notes)
    assert "def get_room" in shop.read(OPERATIONS)
    assert "get_room" not in shop.read("src/room_area/api/routes.py")


def test_a_template_change_is_merged_with_edits(shop: Shop) -> None:
    shop.second_version()
    shop.edit(README, "# Room area", "# Room area\n\nAsk Emil before you deploy.")
    shop.write("notes.txt", "mine")
    update = shop.update()
    assert update.before.version == 1
    assert json.loads(shop.read(ANSWERS))["version"] == 2
    readme = shop.read(README)
    assert "Ask Emil before you deploy." in readme
    assert "## Where everything is" in readme
    assert "_TEXT_LIMIT = 9000" in shop.read("src/room_area/log.py")
    assert shop.read("RUNBOOK.md") == "# Room area: what to do at night\n"
    assert not (shop.service / "src/room_area/logic/refusal.py").exists()
    assert shop.read("notes.txt") == "mine"
    assert shop.prepare().nothing


def test_a_conflict_changes_nothing_and_is_listed(shop: Shop) -> None:
    shop.second_version()
    shop.edit(README, "## Where things are", "## Where my things are")
    before = shop.everything()
    update = shop.update(grown())
    assert [problem.path for problem in update.conflicts] == [f"services/room-area/{README}{BESIDE}"]
    line = update.conflicts[0].line
    assert line is not None
    assert shop.read(README + BESIDE).splitlines()[line - 1] == "<<<<<<< yours"
    after = shop.everything()
    assert {path for path in after if after[path] != before.get(path)} == {README + BESIDE, ANSWERS}
    assert json.loads(shop.read(ANSWERS))["version"] == 1
    again = shop.update(grown())
    assert [problem.line for problem in again.conflicts] == [line]
    assert shop.everything() == after


def test_taking_the_markers_out_decides(shop: Shop) -> None:
    shop.second_version()
    shop.edit(README, "## Where things are", "## Where my things are")
    shop.update()
    shop.write(README + BESIDE, "decided together\n")
    update = shop.update()
    assert not update.conflicts
    assert shop.read(README) == "decided together\n"
    assert not (shop.service / (README + BESIDE)).exists()
    record = json.loads(shop.read(ANSWERS))
    assert record["version"] == 2
    assert "merging" not in record
    assert "_TEXT_LIMIT = 9000" in shop.read("src/room_area/log.py")
    assert shop.prepare().nothing


def test_deleting_the_merge_keeps_the_file(shop: Shop) -> None:
    shop.second_version()
    shop.edit(README, "## Where things are", "## Where my things are")
    shop.update()
    (shop.service / (README + BESIDE)).unlink()
    assert not shop.update().conflicts
    assert "## Where my things are" in shop.read(README)
    assert json.loads(shop.read(ANSWERS))["version"] == 2


def test_a_half_decided_merge_is_never_overwritten(shop: Shop) -> None:
    shop.second_version()
    shop.edit(README, "## Where things are", "## Where my things are")
    shop.update()
    half = "half decided\n" + shop.read(README + BESIDE)
    shop.write(README + BESIDE, half)
    assert shop.update().conflicts
    assert shop.read(README + BESIDE) == half


def test_a_file_edited_while_its_merge_was_decided_is_not_lost(shop: Shop) -> None:
    shop.second_version()
    shop.edit(README, "## Where things are", "## Where my things are")
    shop.update()
    shop.write(README + BESIDE, "decided\n")
    shop.edit(README, "Where my things are", "Where my newer things are")
    update = shop.update()
    assert len(update.conflicts) == 1
    assert "newer" in shop.read(README)
    (shop.service / (README + BESIDE)).unlink()
    assert not shop.update().conflicts
    assert "newer" in shop.read(README)


def test_a_merge_that_was_begun_for_another_target_is_made_anew(shop: Shop) -> None:
    service = shop.second_version()
    shop.edit(README, "## Where things are", "## Where my things are")
    shop.update()
    shop.update(grown())
    readme = service / "README.md.jinja"
    update = shop.prepare(grown())
    assert len(update.conflicts) == 1
    assert "earlier merge" in update.conflicts[0].message
    (shop.service / (README + BESIDE)).unlink()
    readme.write_text(readme.read_text().replace("Where everything is", "Where all is"))
    assert "Where all is" in shop.update(grown()).asked[README].decode()


def test_a_deleted_file_that_the_template_changed_is_asked_about(shop: Shop) -> None:
    shop.second_version()
    (shop.service / README).unlink()
    update = shop.update()
    assert len(update.conflicts) == 1
    assert not (shop.service / README).exists()
    (shop.service / (README + BESIDE)).unlink()
    assert not shop.update().conflicts
    assert not (shop.service / README).exists()


def test_a_file_that_was_never_written_is_no_deletion(shop: Shop) -> None:
    path = "src/room_area/log.py"
    text = shop.read(path)
    (shop.service / path).unlink()
    assert path not in shop.update().changes
    said = json.loads(shop.read(".cockpit-template.json"))
    del said["written"][path]
    shop.write(".cockpit-template.json", json.dumps(said))
    assert list(shop.update().changes) == [path]
    assert shop.read(path) == text


def test_an_edited_file_that_the_template_took_away_is_asked_about(shop: Shop) -> None:
    shop.second_version()
    shop.edit("src/room_area/logic/refusal.py", "How does", "HOW does")
    assert [p.path for p in shop.update().conflicts] == [
        f"services/room-area/src/room_area/logic/refusal.py{BESIDE}"
    ]
    assert "HOW does" in shop.read("src/room_area/logic/refusal.py")


def test_a_new_file_where_people_have_their_own_is_asked_about(shop: Shop) -> None:
    shop.second_version()
    shop.write("RUNBOOK.md", "# mine\n")
    assert len(shop.update().conflicts) == 1
    assert shop.read("RUNBOOK.md") == "# mine\n"


def test_a_hand_edited_generated_file_is_merged_or_asked_about(shop: Shop) -> None:
    models = "src/room_area/api/models.py"
    shop.edit(models, 'unit: Literal["m", "mm"]', 'unit: Literal["m", "mm", "ft"]')
    assert not shop.update(grown()).conflicts
    assert '"ft"' in shop.read(models)
    assert "walls" in shop.read(models)
    other = grown()
    other["components"]["schemas"]["Room"]["properties"]["unit"]["enum"] = ["m", "cm"]
    assert len(shop.update(other).conflicts) == 1
    assert '"ft"' in shop.read(models)


def test_a_hand_edited_contract_is_never_overwritten(shop: Shop) -> None:
    shop.edit("contract.openapi.json", '"maximum": 1000', '"maximum": 2000')
    update = shop.update(grown())
    assert "services/room-area/contract.openapi.json" + BESIDE in [p.path for p in update.conflicts]
    assert '"maximum": 2000' in shop.read("contract.openapi.json")


def test_a_run_that_was_cut_off_is_finished_by_the_next(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.second_version()
    shop.edit(README, "# Room area", "# Room area\n\nAsk Emil before you deploy.")
    update = shop.prepare()
    real, count = updating.files.write_atomic, 0

    def failing(path: Path, data: bytes, mode: int | None = None) -> None:
        nonlocal count
        count += 1
        if count == 3:
            raise EdgeError("the disk is full", do="make room")
        real(path, data, mode)

    with monkeypatch.context() as patch:
        patch.setattr(updating.files, "write_atomic", failing)
        with pytest.raises(EdgeError):
            updating.apply(update)
    assert json.loads(shop.read(ANSWERS))["version"] == 1
    assert not shop.update().conflicts
    assert json.loads(shop.read(ANSWERS))["version"] == 2
    assert "Ask Emil" in shop.read(README)
    assert "## Where everything is" in shop.read(README)
    assert shop.prepare().nothing


def test_a_service_of_a_later_cockpit_is_refused(shop: Shop) -> None:
    shop.edit(ANSWERS, '"version": 1', '"version": 3')
    with pytest.raises(ServiceError, match="version 3") as caught:
        shop.prepare()
    assert "later cockpit" in caught.value.problem.do


HEAD = '{"schema": "cockpit.template/v1", "written": {}, '


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "not json",
        HEAD + '"version": "1", "answers": {}}',
        HEAD + '"version": 1, "answers": {"slug": "a", "package": "../x", "rpt": "RPT-0007", "title": "x"}}',
    ],
)
def test_a_broken_answers_file_says_how_to_restore_it(shop: Shop, text: str) -> None:
    shop.write(ANSWERS, text)
    with pytest.raises(ServiceError) as caught:
        shop.prepare()
    assert caught.value.problem.path == f"services/room-area/{ANSWERS}"
    assert "git checkout" in caught.value.problem.do


def test_a_service_that_cockpit_did_not_make_is_refused(shop: Shop) -> None:
    (shop.service / ANSWERS).unlink()
    with pytest.raises(ServiceError, match="not scaffolded"):
        shop.prepare()


def test_nothing_is_written_through_a_link_that_leads_out(shop: Shop, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    shutil.move(shop.service / "tests", outside)
    (shop.service / "tests").symlink_to(outside)
    before = {path.name: path.read_bytes() for path in outside.iterdir()}
    with pytest.raises(UsageError, match="leaves"):
        shop.update(grown())
    assert {path.name: path.read_bytes() for path in outside.iterdir()} == before
