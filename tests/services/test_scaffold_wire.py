"""Do the generated routes hold on the wire: parameters, media types, statuses, and hostile text?"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.edges import proc
from cockpit.errors import DocumentError
from cockpit.services import modelling, operations, rendering, routing, unwritten, uv
from cockpit.services.rendering import Answers
from cockpit.services.scaffold import scaffold

CONTRACT: dict[str, Any] = yaml.safe_load("""
openapi: 3.1.0
info: {title: 'Wire "tests"', version: "4"}
paths:
  /v1/rooms/{room-id}:
    parameters:
      - {name: room-id, in: path, required: true, schema: {type: string, pattern: "^[a-z]+$"}}
    get:
      operationId: getRoom
      parameters:
        - name: limit
          in: query
          description: How many
          schema: {type: integer, minimum: 1, maximum: 9, default: 5}
        - {name: tag, in: query, schema: {type: array, items: {type: string, maxLength: 3}}}
        - {name: since, in: query, schema: {type: string, format: date}}
        - {name: class, in: query, schema: {type: string, enum: [a, b]}}
        - {name: X-Trace, in: header, schema: {type: string}}
        - {name: Authorization, in: header, schema: {type: string}}
        - {name: session, in: cookie, schema: {type: string}}
      responses:
        "200":
          description: It
          content: {application/json: {schema: {type: object, required: [got], properties: {got: {}}}}}
  /v1/rooms/mine:
    get:
      operationId: get_mine
      responses:
        "200": {description: Mine, content: {application/json: {schema: {type: string}}}}
  /v1/sound:
    post:
      operationId: hear
      x-slo: {max_payload_kb: 1}
      requestBody: {required: true, content: {audio/wav: {schema: {type: string, format: binary}}}}
      responses:
        "201": {description: Echo, content: {audio/wav: {schema: {type: string, format: binary}}}}
        "413": {description: Too long, content: {text/plain: {schema: {type: string}}}}
  /v1/shape:
    put:
      operationId: shape
      x-slo: {max_payload_kb: 1}
      requestBody: {content: {application/geo+json: {schema: {$ref: "#/components/schemas/Line"}}}}
      responses:
        "200":
          description: Shape
          content: {application/geo+json: {schema: {$ref: "#/components/schemas/Line"}}}
        "413": {description: Too large}
        default:
          description: Anything else
          content: {application/json: {schema: {$ref: "#/components/schemas/Wrong"}}}
  /v1/gone:
    delete:
      operationId: list
      deprecated: true
      responses:
        "204": {description: Gone}
components:
  schemas:
    Line: {type: array, items: {type: number}}
    Wrong: {type: object, required: [detail], properties: {detail: {type: string}}}
""")

LOGIC = """
from wire.api import models

def get_room(room_id, limit, tag, since, class_, x_trace, session):
    since = None if since is None else since.isoformat()
    return models.GetRoomResponse(got=[room_id, limit, tag, since, class_, x_trace, session])

def get_mine():
    return "mine"

def hear(body):
    return body[::-1]

def shape(body):
    return [2 * value for value in body or [1]]

def list_():
    return None
"""

ASK = """
import json, time
from fastapi.testclient import TestClient
from wire.app import app
with TestClient(app) as client:
    while client.get("/readyz").status_code != 200:
        time.sleep(0.01)
    room = "/v1/rooms/hall"
    asked = {
        "plain": client.get(room),
        "full": client.get(room + "?limit=9&tag=x&tag=y&since=2026-11-02&class=b",
                           headers={"X-Trace": "t", "Cookie": "session=s"}),
        "limit": client.get(room + "?limit=10"),
        "tag": client.get(room + "?tag=long-one"),
        "class": client.get(room + "?class=c"),
        "path": client.get("/v1/rooms/Hall"),
        "mine": client.get("/v1/rooms/mine"),
        "sound": client.post("/v1/sound", content=b"abc", headers={"Content-Type": "audio/wav"}),
        "silence": client.post("/v1/sound"),
        "shape": client.put("/v1/shape", json=[1.5]),
        "no shape": client.put("/v1/shape"),
        "gone": client.delete("/v1/gone"),
        "long sound": client.post("/v1/sound", content=b"a" * 2000, headers={"Content-Type": "audio/wav"}),
        "large shape": client.put("/v1/shape", json=[1.5] * 900),
        "streamed shape": client.put("/v1/shape", content=iter([b"[" * 900] * 2)),
    }
    found = {n: [r.status_code, r.headers.get("content-type"), r.text] for n, r in asked.items()}
    print(json.dumps([found, client.get("/openapi.json").json()]))
"""


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a service answers whose logic is written, and the schema that it serves."""
    root = tmp_path_factory.mktemp("wire")
    scaffold(root, Answers("wire", "wire", "RPT-0009", 'Wire "tests"'), CONTRACT)
    folder = root / "services" / "wire"
    uv.build(folder, "services/wire", print, lambda: False)
    (folder / "src/wire/logic/operations.py").write_text(LOGIC)
    argv = [".venv/bin/python", "-W", "error", "-c", ASK]
    done = proc.run(argv, folder, env=proc.service_env({"PYTHONPATH": "src"}), timeout_s=120)
    assert done.code == 0, done.err
    found, served = json.loads(done.out)
    return found, served


def test_parameters_reach_logic_by_name(wire: tuple[dict[str, Any], dict[str, Any]]) -> None:
    found, _ = wire
    assert json.loads(found["plain"][2])["got"] == ["hall", 5, None, None, None, None, None]
    assert json.loads(found["full"][2])["got"] == ["hall", 9, ["x", "y"], "2026-11-02", "b", "t", "s"]


@pytest.mark.parametrize("name", ["limit", "tag", "class", "path", "silence"])
def test_what_the_contract_forbids_is_answered_422(
    wire: tuple[dict[str, Any], dict[str, Any]], name: str
) -> None:
    assert wire[0][name][0] == 422


def test_a_fixed_path_comes_before_a_parameter(wire: tuple[dict[str, Any], dict[str, Any]]) -> None:
    assert wire[0]["mine"] == [200, "application/json", '"mine"']


def test_media_types_and_statuses(wire: tuple[dict[str, Any], dict[str, Any]]) -> None:
    found, _ = wire
    assert found["sound"] == [201, "audio/wav", "cba"]
    assert found["shape"] == [200, "application/geo+json", "[3.0]"]
    assert found["no shape"] == [200, "application/geo+json", "[2.0]"]
    assert found["gone"][::2] == [204, ""]


def test_a_body_that_is_too_large_is_answered_as_declared(
    wire: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    found, served = wire
    declared = served["paths"]["/v1/shape"]["put"]["responses"]
    assert "content" not in declared["413"]
    assert found["large shape"] == found["streamed shape"] == [413, None, ""]
    assert found["long sound"][:2] == [413, "text/plain; charset=utf-8"]
    assert "1024 bytes" in found["long sound"][2]


def test_the_served_schema_has_the_constraints(wire: tuple[dict[str, Any], dict[str, Any]]) -> None:
    served = wire[1]
    assert served["info"] == {"title": 'Wire "tests"', "version": "4"}
    get = served["paths"]["/v1/rooms/{room_id}"]["get"]
    by_name = {parameter["name"]: parameter for parameter in get["parameters"]}
    assert set(by_name) == {"room_id", "limit", "tag", "since", "class", "X-Trace", "session"}
    assert by_name["room_id"]["schema"]["pattern"] == "^[a-z]+$"
    limit = by_name["limit"]
    assert (limit["in"], limit["required"], limit["description"]) == ("query", False, "How many")
    assert {k: limit["schema"][k] for k in ("type", "minimum", "maximum", "default")} == {
        "type": "integer", "minimum": 1, "maximum": 9, "default": 5,
    }  # fmt: skip
    assert set(served["paths"]["/v1/shape"]["put"]["responses"]) == {"200", "413", "default"}
    assert list(served["paths"]["/v1/shape"]["put"]["requestBody"]["content"]) == ["application/geo+json"]
    assert list(served["paths"]["/v1/sound"]["post"]["responses"]["201"]["content"]) == ["audio/wav"]
    assert served["paths"]["/v1/gone"]["delete"]["deprecated"] is True
    assert "content" not in served["paths"]["/v1/gone"]["delete"]["responses"]["204"]


def reading_of(operation: dict[str, Any], path: str = "/v1/x") -> operations.Reading:
    return operations.read({"paths": {path: {"post": {"operationId": "act", "responses": {}} | operation}}})


def test_what_is_not_generated_is_said() -> None:
    object_ = {"schema": {"type": "object"}}
    notes = reading_of(
        {
            "security": [{"key": []}],
            "requestBody": {"content": {"text/csv": {}, "application/json": object_}},
            "responses": {
                "200": {
                    "description": "ok",
                    "headers": {"X-Left": {}},
                    "content": {"application/json": object_},
                },
                "422": {"description": "own"},
                "409": {"description": "no", "content": {"application/problem+json": object_}},
            },
        }
    ).notes
    for word in ("security", "text/csv", "headers of 200", "422", "application/problem+json"):
        assert [note for note in notes if word in note], word
    assert len(notes) == 5


def test_a_form_is_refused_with_what_to_write() -> None:
    with pytest.raises(DocumentError) as caught:
        reading_of({"requestBody": {"content": {"multipart/form-data": {"schema": {"type": "object"}}}}})
    assert "base64" in caught.value.problem.do


def test_an_object_as_parameter_is_refused() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    with pytest.raises(DocumentError, match="is an object"):
        modelling.generate(reading_of({"parameters": [{"name": "filter", "in": "query", "schema": schema}]}))


def test_two_operations_never_share_a_function() -> None:
    responses = {"200": {"description": "ok"}}
    item = {
        method: {"operationId": name, "responses": responses}
        for method, name in (("get", "getRoom"), ("post", "get_room"), ("put", "models"), ("patch", "class"))
    }
    found = operations.read({"paths": {"/v1/x": item}}).operations
    assert [operation.function for operation in found] == ["get_room", "models_", "get_room2", "class_"]


texts = st.text(max_size=40) | st.sampled_from(
    [
        '"""',
        "'''",
        "\\",
        '\\"',
        "{{ 7 * 7 }}",
        "{% raw %}",
        "\n    import os\n",
        "#}",
        "a\u2028b",
        "a\0b\x1b[1m",
        "%(x)s",
        '"""\nx = 1',
    ]
)
NAMES = st.sampled_from(["get_room", "GetRoom", "list", "body", "models", "x1", "_private", "None_"])


@given(
    summary=texts,
    description=texts,
    tag=texts,
    kind=st.sampled_from(["application/json", "image/png"]),
    name=NAMES,
)
@settings(max_examples=60, deadline=None)
def test_hostile_text_stays_text(summary: str, description: str, tag: str, kind: str, name: str) -> None:
    operation = reading_of(
        {
            "operationId": name,
            "summary": summary,
            "description": description,
            "tags": [tag],
            "responses": {
                "200": {"description": description or "x", "content": {kind: {"schema": {}}}},
                "409": {"description": summary},
            },
        }
    ).operations[0]
    models = modelling.Models("")
    made = routing.route(operation, models)
    lines = [f"    {option}," for option in made.options]
    lines += [f"    responses={{{status}: {said}}}," for status, said in made.responses]
    source = "\n".join(
        [
            f"@router.post({made.path},",
            *lines,
            ")",
            f"def {made.function}() -> {made.returns}:",
            f"    {made.answer}",
        ]
    )
    tree = ast.parse(source)
    assert len(tree.body) == 1
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    call = function.decorator_list[0]
    assert isinstance(call, ast.Call)
    given_ = {word.arg: word.value for word in call.keywords}
    if summary:
        assert ast.literal_eval(given_["summary"]) == summary
    stub = ast.parse(unwritten.stub(operation, models).text)
    assert len(stub.body) == 1


@pytest.mark.parametrize("title", ['Say "hi" \\ """', "{{ 7 * 7 }}", "a: b # c", "ünï 😀", "'''", "<&>"])
def test_a_hostile_title_stays_text(title: str) -> None:
    import tomllib

    responses = {"200": {"description": "ok"}}
    contract = {"info": {}, "paths": {"/v1/x": {"post": {"operationId": "act", "responses": responses}}}}
    files = rendering.render(Answers("a-b", "a_b", "RPT-0001", title), contract, 1).files
    for name, data in files.items():
        if name.endswith(".py"):
            ast.parse(data)
    project = tomllib.loads(files["pyproject.toml"].decode())["project"]
    assert project["name"] == "a-b"
    assert project["description"] == f"{title}, the service of RPT-0001"
    assert files["README.md"].decode().startswith(f"# {title}\n")
    routes = ast.parse(files["src/a_b/api/routes.py"])
    assert next(ast.literal_eval(n.value) for n in routes.body if isinstance(n, ast.Assign)) == title


def test_what_is_rendered_passes_a_linter(tmp_path: Path) -> None:
    files = rendering.render(Answers("wire", "wire", "RPT-0009", "Wire"), CONTRACT, 1).files
    for name, data in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    argv = ["ruff", "check", "--isolated", "--select", "E,F,W,I,UP,B", "--line-length", "200"]
    argv += ["--config", 'lint.isort.known-first-party=["wire"]', "."]
    done = proc.run(argv, tmp_path, env=proc.service_env(), timeout_s=60)
    assert done.code == 0, done.out
