"""Does an agreed RPT become a service that runs, is red until its logic is written, and green then?"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import jsonschema_rs
import pytest

from cockpit.actions.workshop import Workshop
from cockpit.edges import proc
from cockpit.errors import ExitCode
from cockpit.workspace.workspace import Workspace
from support import room_area

OPERATIONS = "src/room_area/logic/operations.py"


class Made(NamedTuple):
    """A scaffolded service with its environment, and what scaffolding said."""

    folder: Path
    document: dict[str, Any]
    lines: list[str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    root = room_area.workspace(tmp_path_factory.mktemp("ws"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COCKPIT_ME", "rita")
        here = Workspace.open(root)
        try:
            shop, lines = Workshop(here), []
            shop.perform(shop.plan("sign", "7", "local"), lines.append, lambda: False)
            plan = shop.plan("scaffold", "7", "local")
            run, outcome = shop.perform_fully(plan, lines.append, lambda: False)
        finally:
            here.close()
    assert run.exit_code == ExitCode.OK, "\n".join(lines)
    yield Made(root / "services" / "room-area", outcome.document, lines)


@pytest.fixture
def written(made: Made) -> Iterator[Made]:
    """The service with its logic written, for as long as one test takes."""
    path = made.folder / OPERATIONS
    stub = path.read_text(encoding="utf-8")
    path.write_text(room_area.LOGIC, encoding="utf-8")
    yield made
    path.write_text(stub, encoding="utf-8")


def run_tests(made: Made, *arguments: str) -> tuple[int, ElementTree.Element]:
    report = made.folder / "report.xml"
    argv = [".venv/bin/python", "-m", "pytest", "-p", "no:cacheprovider", f"--junitxml={report}", *arguments]
    done = proc.run(argv, made.folder, env=proc.service_env(), timeout_s=300)
    found = ElementTree.parse(report).getroot()[0]
    report.unlink()
    assert done.code in (0, 1), done.out + done.err
    return done.code, found


def python(made: Made, code: str) -> Any:
    """Run `code` in the service's environment and return the JSON that it prints."""
    env = proc.service_env({"PYTHONPATH": "src"})
    done = proc.run([".venv/bin/python", "-W", "error", "-c", code], made.folder, env=env, timeout_s=120)
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_everything_is_there_and_no_path_of_a_machine(made: Made) -> None:
    assert made.document["schema"] == "cockpit.scaffold/v1"
    assert set(made.document["files"]) <= {
        path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*") if path.is_file()
    }
    record = json.loads((made.folder / ".cockpit-template.json").read_text())
    assert record["version"] == 1
    assert record["answers"]["slug"] == "room-area"
    for name in (*made.document["files"], "requirements.lock"):
        text = (made.folder / name).read_text(encoding="utf-8")
        assert str(made.folder.parents[2]) not in text, name
        assert "://" not in text or name in ("Dockerfile", "README.md"), name
    lock = (made.folder / "requirements.lock").read_text()
    assert lock.startswith("annotated-doc==")
    assert lock.count("--hash=sha256:") > lock.count("==")
    assert "pytest" not in lock
    assert [path.name for path in made.folder.parent.iterdir()] == ["room-area"]


def test_a_fresh_service_is_red_with_work_to_do(made: Made) -> None:
    code, suite = run_tests(made)
    assert code == 1
    assert suite.get("skipped") == "0"
    assert suite.get("errors") == "0"
    messages = [failure.get("message", "") for failure in suite.iter("failure")]
    assert len(messages) == 3
    source = (made.folder / OPERATIONS).read_text(encoding="utf-8").splitlines()
    for message in messages:
        found = re.search(r"logic not written: (\S+):(\d+)", message)
        assert found is not None, message
        assert found[1] == OPERATIONS
        assert source[int(found[2]) - 1].strip() == "raise NotWritten"


def test_a_written_service_is_green_within_its_tolerance(written: Made) -> None:
    path = written.folder / OPERATIONS
    path.write_text(room_area.LOGIC.replace("/ 2 *", "/ 2.0002 *"), encoding="utf-8")
    code, suite = run_tests(written)
    assert code == 0
    assert int(suite.get("tests", "0")) == 4


def test_a_wrong_answer_and_a_server_error_are_red(written: Made) -> None:
    wrong = room_area.LOGIC.replace("/ 2 *", "/ 2.002 *")
    crashing = wrong.replace("    return models", "    assert len(body.corners) < 99\n    return models")
    (written.folder / OPERATIONS).write_text(crashing, encoding="utf-8")
    code, suite = run_tests(written)
    assert code == 1
    golden, limits = [failure.get("message", "") for failure in suite.iter("failure")]
    assert "/area: 4.0 ± 0.001 is promised, 3.99" in golden
    assert "Reproduce with" in limits
    assert "logic not written" not in golden + limits


HERE = r"\g<0> ; python_full_version >= '3.11' \\\n    --hash=sha256:00"
ELSEWHERE = "fastapi==0.1.0 ; python_full_version < '3.11' \\\n    --hash=sha256:00\n"


@pytest.mark.parametrize(
    ("pin", "failing"),
    [
        (r"fastapi==0.1.0", "fastapi"),
        (HERE + "\n" + ELSEWHERE, None),
        (ELSEWHERE + HERE, None),
        (ELSEWHERE + r"fastapi==0.2.0 ; python_full_version >= '3.11'", "0.2.0 is locked"),
        (r"\g<0>\nwinloop==1.0 ; sys_platform == 'win32'", None),
        (r"\g<0>\nno-such-package==1.0", "no-such-package is not installed"),
    ],
)
def test_an_environment_that_differs_from_the_lock_is_red(made: Made, pin: str, failing: str | None) -> None:
    lock = made.folder / "requirements.lock"
    before = lock.read_text()
    lock.write_text(re.sub(r"^fastapi==\S+", pin, before, flags=re.MULTILINE))
    try:
        code, suite = run_tests(made, "tests/test_lock.py")
    finally:
        lock.write_text(before)
    messages = [failure.get("message", "") for failure in suite.iter("failure")]
    assert code == (0 if failing is None else 1), messages
    assert [failing in message for message in messages if failing] == [True] * code


ASK = """
import json, math, time
from fastapi.testclient import TestClient
from room_area.app import create_app
app = create_app()
answers = {"before": TestClient(app).post("/v1/area", json={}).status_code}
with TestClient(app) as client:
    while client.get("/readyz").status_code != 200:
        time.sleep(0.01)
    square = {"corners": [[0, 0], [2, 0], [2, 2]]}
    for name, response in {
        "openapi": client.get("/openapi.json"),
        "ready": client.get("/readyz"),
        "health": client.get("/healthz"),
        "unwritten": client.post("/v1/area", json=square, headers={"X-Request-Id": "abc-1"}),
        "insane": client.post("/v1/area", json=square, headers={"X-Request-Id": "a b"}),
        "invalid": client.post("/v1/area", json={"corners": []}),
        "infinite": client.post("/v1/area", content=json.dumps({"corners": [[0, math.nan]] * 3}),
                                headers={"Content-Type": "application/json"}),
        "large": client.post("/v1/area", json={"corners": [[1.25, 2.5]] * 5000}),
        "streamed": client.post("/v1/area", content=iter([b"[" * 9000] * 2),
                                headers={"Content-Type": "application/json"}),
        "long unit": client.post("/v1/area", json=square | {"unit": "u" * 9000}),
        "long name": client.post("/v1/area", json=square | {"n" * 9000: 1}),
        "many": client.post("/v1/area", json=square | {f"n{i}": 1 for i in range(900)}),
        "nested": client.post("/v1/area", json={"corners": {"c": [1] * 4000}}),
    }.items():
        kind = response.headers.get("content-type", "")
        body = response.json() if kind == "application/json" else response.text
        answers[name] = [response.status_code, body, response.headers["x-request-id"]]
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def asked(made: Made) -> dict[str, Any]:
    found: dict[str, Any] = python(made, ASK)
    return found


def test_an_unwritten_operation_says_where_to_write(asked: dict[str, Any], made: Made) -> None:
    status, body, request_id = asked["unwritten"]
    assert status == 501
    assert body["detail"] == "logic not written"
    assert body["operation"] == "measure_area"
    path, _, line = body["where"].rpartition(":")
    assert (made.folder / path).read_text().splitlines()[int(line) - 1].strip() == "raise NotWritten"
    assert request_id == "abc-1"
    assert asked["insane"][2] != "a b"


def test_health_and_limits(asked: dict[str, Any]) -> None:
    assert asked["before"] == 503
    assert asked["health"][:2] == [200, {"status": "ok"}]
    assert asked["ready"][:2] == [200, {"status": "ready"}]
    assert asked["invalid"][0] == 422
    assert asked["infinite"][0] == 422
    assert asked["infinite"][1]["detail"][0]["input"] == "NaN"
    for name in ("large", "streamed"):
        assert asked[name][:2] == [413, {"detail": "the body is larger than 16384 bytes"}]


def test_the_answer_to_an_invalid_request_is_short_and_has_its_declared_shape(asked: dict[str, Any]) -> None:
    served = asked["openapi"][1]
    schema = {"$ref": "#/components/schemas/HTTPValidationError", "components": served["components"]}
    declared = jsonschema_rs.Draft202012Validator(schema)
    for name in ("invalid", "infinite", "long unit", "long name", "many", "nested"):
        status, body, _ = asked[name]
        assert status == 422, name
        assert declared.is_valid(body), name
        assert body["detail"], name
        assert len(json.dumps(body)) < 10_000, name
    assert asked["long unit"][1]["detail"][0]["loc"] == ["body", "unit"]
    assert "input" not in asked["long unit"][1]["detail"][0]
    assert "input" not in asked["nested"][1]["detail"][0]


def test_the_served_schema_is_the_contract(asked: dict[str, Any]) -> None:
    served = asked["openapi"][1]
    assert served["info"] == {"title": "Room area", "version": "1"}
    assert list(served["paths"]) == ["/v1/area"]
    operation = served["paths"]["/v1/area"]["post"]
    assert operation["operationId"] == "measure_area"
    assert operation["summary"] == "Measure a room"
    assert operation["tags"] == ["rooms"]
    assert "description" not in operation
    assert set(operation["responses"]) == {"200", "409", "422"}
    assert operation["responses"]["409"]["description"] == "The corners cross"
    ours, theirs = room_area.CONTRACT["components"], served["components"]
    pair = [0, 0.5]
    values = [
        {"corners": [pair] * 3}, {"corners": [pair] * 2}, {"corners": [pair] * 101},
        {"corners": [[0, 1001]] * 3}, {"corners": [[0, 0, 0]] * 3}, {"corners": [pair] * 3, "unit": "mm"},
        {"corners": [pair] * 3, "unit": "ft"}, {"corners": [pair] * 3, "extra": 1}, {},
        {"area": 1, "corners": 3}, {"area": -1, "corners": 3},
        {"area": 1, "corners": 3, "note": None}, {"area": 1, "corners": 3, "note": "x" * 81}, {"detail": "x"},
    ]  # fmt: skip
    for name in ("Room", "Area", "Problem"):
        left, right = (
            jsonschema_rs.Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": part})
            for part in (ours, theirs)
        )
        assert [left.is_valid(v) for v in values] == [right.is_valid(v) for v in values], name


def test_a_failed_load_is_not_ready_and_tells_no_secrets(made: Made) -> None:
    said = python(
        made,
        """
import json, sys, time
from fastapi.testclient import TestClient
from room_area.logic import lifecycle
def load():
    raise ConnectionError("password=hunter2")
lifecycle.load = load
from room_area.app import create_app
with TestClient(create_app()) as client:
    while client.get("/readyz").json()["status"] == "starting":
        time.sleep(0.01)
    ready = client.get("/readyz")
    asked = client.post("/v1/area", json={})
    alive = client.get("/healthz").status_code
    print(json.dumps([ready.status_code, ready.json(), asked.status_code, alive]))
""",
    )
    assert said == [503, {"status": "failed", "error": "ConnectionError"}, 503, 200]


def test_a_documented_refusal_and_an_absent_field(written: Made) -> None:
    path = written.folder / OPERATIONS
    refusing = room_area.LOGIC.replace(
        "    scale",
        '    if body.unit == "mm":\n        raise Refusal(409, models.Problem(detail="crossed"))\n    scale',
    ).replace("import models", "import models\nfrom room_area.logic.refusal import Refusal")
    path.write_text(refusing, encoding="utf-8")
    said = python(
        written,
        """
import json, time
from fastapi.testclient import TestClient
from room_area.app import app
with TestClient(app) as client:
    while client.get("/readyz").status_code != 200:
        time.sleep(0.01)
    square = {"corners": [[0, 0], [2, 0], [2, 2], [0, 2]]}
    found = [client.post("/v1/area", json=square | more) for more in ({}, {"unit": "mm"})]
    print(json.dumps([[r.status_code, r.json()] for r in found]))
""",
    )
    assert said == [[200, {"area": 4.0, "corners": 4}], [409, {"detail": "crossed"}]]


def test_it_runs_under_uvicorn_and_logs_one_json_object_a_line(made: Made) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    argv = [".venv/bin/uvicorn", "room_area.app:app", "--fd", str(listener.fileno())]
    server = subprocess.Popen(
        argv,
        cwd=made.folder,
        env=proc.service_env({"PYTHONPATH": "src"}),
        stderr=subprocess.PIPE,
        pass_fds=(listener.fileno(),),
        text=True,
    )
    listener.close()
    base = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while status(f"{base}/readyz") != 200:
            assert server.poll() is None
            assert time.monotonic() < deadline
        body = json.dumps({"corners": [[7.25, 0], [2, 0], [2, 2]]}).encode()
        assert status(f"{base}/v1/area?token=hunter2", body) == 501
        assert status(f"{base}/nowhere?token=hunter2") == 404
    finally:
        server.terminate()
        _, logged = server.communicate(timeout=30)
    lines = [json.loads(line) for line in logged.splitlines()]
    assert "hunter2" not in logged
    assert "7.25" not in logged
    requests = [line for line in lines if line["message"] == "request"]
    asked = next(line for line in requests if line["status"] == 501)
    assert asked["method"] == "POST"
    assert asked["path"] == "/v1/area"
    assert asked["duration_ms"] > 0
    assert re.fullmatch(r"[0-9a-f]{32}", asked["request_id"])
    assert [line["path"] for line in requests if line["status"] == 404] == ["(no route)"]


def status(url: str, body: bytes | None = None) -> int:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"} if body else {})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
