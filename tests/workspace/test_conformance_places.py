"""Pointers of findings become lines: of the document's block, and of routes, models and fields."""

from __future__ import annotations

import pytest

from cockpit.domain.conformance import Direction, Finding, Report, Rule, Severity
from cockpit.rpts.yaml_core import load
from cockpit.workspace import conformance_places as places

BLOCK = load(
    """\
paths:
  /v1/plan:
    post:
      responses:
        "200": {content: {application/json: {schema: {$ref: "#/components/schemas/Plan"}}}}
components:
  schemas:
    Plan:
      oneOf:
        - {type: object}
        - type: object
          properties:
            a/b~c: {type: number}
""",
    "rpts/x.md",
    first_line=40,
)


@pytest.mark.parametrize(
    ("pointer", "at"),
    [
        ("", "rpts/x.md:40:1"),
        ("/paths/~1v1~1plan/post", "rpts/x.md:42:5"),
        ("/paths/~1v1~1plan/post/responses/200/content", "rpts/x.md:44:17"),
        ("/components/schemas/Plan/oneOf/1/properties/a~1b~0c", "rpts/x.md:52:13"),
        ("/components/schemas/Plan/oneOf/1/properties/gone/items", "rpts/x.md:51:11"),
        ("/components/schemas/Plan/oneOf/9", "rpts/x.md:48:7"),
        ("/info/title", "rpts/x.md:40:1"),
    ],
)
def test_a_pointer_into_the_contract_is_its_line_or_that_of_what_holds_it(pointer, at):
    assert places.of_block(BLOCK, "rpts/x.md")(pointer) == at


CODE = places.of_code(
    {"POST /v1/plan": "routes.py:12"}, {"Plan": "models.py:10"}, {"Plan.total": "models.py:14"}
)


@pytest.mark.parametrize(
    ("pointer", "at"),
    [
        ("/components/schemas/Plan/properties/total/anyOf/1", "models.py:14"),
        ("/components/schemas/Plan/properties/other", "models.py:10"),
        ("/components/schemas/Plan/required", "models.py:10"),
        ("/components/schemas/Other", None),
        ("/paths/~1v1~1plan/post/responses/200", "routes.py:12"),
        ("/paths/~1v1~1plan", None),
        ("", None),
    ],
)
def test_a_pointer_into_the_app_is_the_line_of_its_field_model_or_route(pointer, at):
    assert CODE(pointer) == at


def test_a_report_is_placed_in_both_files_and_what_has_no_pointer_stays():
    finding = Finding(
        Rule.RESPONSE_WIDENED, Severity.ERROR, "POST /v1/plan", Direction.RESPONSE, "200", "", "m", "d"
    )
    pointing = Finding(
        Rule.RESPONSE_WIDENED, Severity.ERROR, "POST /v1/plan", Direction.RESPONSE, "200", "", "m", "d",
        contract_pointer="/paths/~1v1~1plan/post",
        service_pointer="/components/schemas/Plan/properties/total",
    )  # fmt: skip
    bare, placed = places.placed(Report((finding, pointing)), places.of_block(BLOCK, "p"), CODE).findings
    assert (bare.contract_at, bare.service_at) == (None, None)
    assert (placed.contract_at, placed.service_at) == ("p:42:5", "models.py:14")
    assert places.placed(Report((pointing,)), places.nowhere, places.nowhere).findings == (pointing,)
