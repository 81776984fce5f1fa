"""Does a pulled contract say what the service does, in the words that people had for it?"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from cockpit.contracts.conformance import compare
from cockpit.contracts.document import complete
from cockpit.contracts.pulling import pull
from cockpit.domain.conformance import Rule
from cockpit.domain.words import Conformance

FROZEN = json.loads((Path(__file__).parent / "conformance" / "mutants.json").read_text(encoding="utf-8"))
CONTRACT: dict[str, Any] = yaml.safe_load("""
x-slo: {p95_ms: 40}
paths:
  /v1/plans/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}, description: Its name}]
    post:
      operationId: plan
      summary: Plan a home
      x-slo: {p95_ms: 50}
      security: [{key: []}]
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Scan"}
            examples: {small: {value: {points: [1], unit: m}}, large: {value: {points: [900]}}}
      responses:
        "200":
          description: The plan
          headers: {Age: {schema: {type: integer}}, ETag: {required: true, schema: {type: string}}}
          content: {application/json: {schema: {$ref: "#/components/schemas/Plan"}}}
        "202": {description: Later}
        "409": {description: The walls cross}
    get: {operationId: gone, responses: {"200": {description: x}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Scan:
      type: object
      required: [points]
      properties:
        points:
          {type: array, x-shape: "[n]", description: Heights, items: {type: integer, minimum: 0, x-unit: mm}}
        unit: {enum: [m, mm], description: The unit}
    Plan: {type: object, required: [area], properties: {area: {type: number, x-tolerance: 0.1}}}
    Unused: {type: string}
""")


def service() -> dict[str, Any]:
    """A service that keeps CONTRACT, as FastAPI would describe it."""
    validation = {"$ref": "#/components/schemas/HTTPValidationError"}
    document: dict[str, Any] = yaml.safe_load("""
openapi: 3.1.0
info: {title: x, version: "1"}
paths:
  /v1/plans/{key}:
    post:
      operationId: plan_v1_plans__key__post
      summary: Plan
      parameters: [{name: key, in: path, required: true, schema: {type: string, title: Key}}]
      requestBody:
        content: {application/json: {schema: {$ref: "#/components/schemas/ScanIn"}}}
      responses:
        "200":
          description: Successful Response
          headers: {etag: {required: true, schema: {type: string}}}
          content: {application/json: {schema: {$ref: "#/components/schemas/Plan"}}}
components:
  schemas:
    ScanIn:
      type: object
      title: ScanIn
      required: [points]
      properties:
        points: {type: array, title: Points, items: {type: integer, minimum: 0.0}}
        unit: {anyOf: [{type: string, const: mm}, {type: string, const: m}], title: Unit}
    Plan: {type: object, title: Plan, required: [area], properties: {area: {type: number, title: Area}}}
    HTTPValidationError: {type: object}
""")
    document["paths"]["/v1/plans/{key}"]["post"]["responses"]["422"] = {
        "description": "Validation Error",
        "content": {"application/json": {"schema": validation}},
    }
    return document


def pulled(change: Any = None) -> tuple[dict[str, Any], tuple[str, ...]]:
    document = service()
    if change is not None:
        change(document)
    found = pull(copy.deepcopy(CONTRACT), document)
    return found.contract, found.notes


def scan(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document["components"]["schemas"]
    return (schemas.get("ScanIn") or schemas["Scan"])["properties"]


def test_what_means_the_same_stays_as_it_was_written() -> None:
    new, notes = pulled()
    post = copy.deepcopy(CONTRACT["paths"]["/v1/plans/{id}"]["post"])
    del post["responses"]["202"]
    post["responses"]["200"]["headers"] = {
        "Age": {"schema": {"type": "integer"}},
        "etag": {"required": True, "schema": {"type": "string"}},
    }
    assert new["paths"]["/v1/plans/{id}"]["post"] == post
    assert new["paths"]["/v1/plans/{id}"]["parameters"] == CONTRACT["paths"]["/v1/plans/{id}"]["parameters"]
    kept = {k: v for k, v in CONTRACT["components"]["schemas"].items() if k != "Unused"}
    assert new["components"] == {**CONTRACT["components"], "schemas": kept}
    assert new["x-slo"] == CONTRACT["x-slo"]
    said = "\n".join(notes)
    assert "409 stays" in said
    assert "202 is taken out" in said
    assert "GET /v1/plans/{id}: taken out" in said


def test_a_changed_bound_changes_that_bound_alone() -> None:
    def change(document: dict[str, Any]) -> None:
        scan(document)["points"]["items"]["maximum"] = 500.0

    new, notes = pulled(change)
    items = scan(new)["points"]["items"]
    assert items == {"type": "integer", "minimum": 0, "x-unit": "mm", "maximum": 500}
    assert isinstance(items["maximum"], int)
    assert scan(new)["unit"] == scan(CONTRACT)["unit"]
    assert scan(new)["points"]["description"] == "Heights"
    media = new["paths"]["/v1/plans/{id}"]["post"]["requestBody"]["content"]["application/json"]
    assert set(media["examples"]) == {"small"}
    assert any("the example large no longer fits" in note for note in notes)


def test_notes_of_another_type_do_not_stay() -> None:
    def change(document: dict[str, Any]) -> None:
        scan(document)["points"] = {"type": "string", "title": "Points"}

    new, _ = pulled(change)
    assert scan(new)["points"] == {"type": "string"}


def test_new_parts_come_without_what_fastapi_writes_by_itself() -> None:
    def change(document: dict[str, Any]) -> None:
        document["paths"]["/v1/more/{n}"] = {
            "post": {
                "operationId": "make_more_v1_more__n__post",
                "summary": "Make More",
                "parameters": [{"name": "q", "in": "query", "required": False,
                    "schema": {"anyOf": [{"type": "integer"}, {"type": "null"}], "title": "Q"}}],
                "responses": {
                    "200": {"description": "Successful Response", "content": {"application/json": {
                        "schema": {"$ref": "#/components/schemas/More", "title": "Response Make More"}}}},
                    "422": document["paths"]["/v1/plans/{key}"]["post"]["responses"]["422"],
                },
            }
        }  # fmt: skip
        document["components"]["schemas"]["More"] = {
            "title": "More", "type": "object", "properties": {"next": {"$ref": "#/components/schemas/More"}},
        }  # fmt: skip

    new, notes = pulled(change)
    operation = new["paths"]["/v1/more/{n}"]["post"]
    assert operation["operationId"] == "make_more"
    assert "summary" not in operation
    assert operation["parameters"] == [{"name": "q", "in": "query", "schema": {"type": "integer"}}]
    assert set(operation["responses"]) == {"200"}
    more = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/More"}}}
    assert new["components"]["schemas"]["More"] == more
    assert "HTTPValidationError" not in json.dumps(new)
    assert "POST /v1/more/{n}: new" in notes


def test_an_output_that_differs_from_its_input_gets_a_name_of_its_own() -> None:
    base = FROZEN["base"]
    first = pull({}, base).contract
    changed = copy.deepcopy(base)
    schemas = changed["components"]["schemas"]
    schemas["Point-Output"] = copy.deepcopy(schemas["Point"])
    schemas["Point-Output"]["required"].append("norm")
    schemas["Point-Output"]["properties"]["norm"] = {"type": "number"}
    answer = changed["paths"]["/v1/merge"]["post"]["responses"]["200"]["content"]["application/json"]
    answer["schema"] = {"$ref": "#/components/schemas/Point-Output"}
    new = pull(first, changed).contract
    assert new["components"]["schemas"]["Point"] == first["components"]["schemas"]["Point"]
    assert "norm" in new["components"]["schemas"]["PointOutput"]["properties"]


def merge_patch(base: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    result = copy.deepcopy(base) if isinstance(base, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge_patch(result.get(key), value)
    return result


@pytest.mark.parametrize("name", FROZEN["mutants"])
def test_a_service_conforms_to_what_was_pulled_from_it(name: str) -> None:
    """Whatever changed in a real FastAPI app, and pulling once more changes nothing."""
    document = merge_patch(FROZEN["base"], FROZEN["mutants"][name]["patch"])
    new = pull(pull({}, FROZEN["base"]).contract, document).contract
    report = compare(complete(new, "survey", "1"), document)
    assert report.verdict is Conformance.CONFORMS
    assert {f.rule for f in report.findings} <= {Rule.STATUS_UNDECLARED}
    assert pull(new, document).contract == new


@pytest.mark.parametrize(
    "contract",
    [{}, {"paths": {"/": 1}}, {"paths": {"/v1/plans/{id}": {"post": {"parameters": [3], "responses": []}}},
     "components": {"schemas": {"Scan": True}, "responses": 1}}],
)  # fmt: skip
def test_a_contract_that_makes_no_sense_is_replaced(contract: dict[str, Any]) -> None:
    new = pull(contract, service()).contract
    assert "post" in new["paths"]["/v1/plans/{id}" if "/v1/plans/{id}" in new["paths"] else "/v1/plans/{key}"]
