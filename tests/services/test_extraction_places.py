"""Is every route, model and field of the document found at its line?"""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.services.extraction import Extracted, extract
from support import tiny_service

APP = """
from __future__ import annotations

import functools
from fastapi import APIRouter, Depends, FastAPI
from tiny import models

app = FastAPI()
router = APIRouter(prefix="/v1")


def logged(function):
    @functools.wraps(function)
    def inner(*args, **named):
        return function(*args, **named)

    return inner


@router.post(
    "/plans/{plan_id}",
    dependencies=[Depends(lambda: None)],
)
@logged
def make_plan(plan_id: int, body: models.Plan) -> models.Plan:
    return body


@router.api_route("/both", methods=["GET", "DELETE"])
async def both() -> models.Page[models.Point]: ...


class Caller:
    def __call__(self, body: models.Made) -> models.Shape: ...


router.add_api_route("/called", Caller(), methods=["PUT"])
app.include_router(router, prefix="/api")


@app.get("/alias")
def alias() -> list[models.Corner]: ...
"""
MODELS = '''
import dataclasses
from decimal import Decimal
from enum import Enum
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, computed_field, create_model
from pydantic.alias_generators import to_camel
from typing_extensions import TypeAliasType, TypedDict

T = TypeVar("T")
Corner = TypeAliasType("Corner", Annotated[list[float], Field(min_length=2)])


class Unit(Enum):
    m = "m"


class Base(BaseModel):
    """A base, whose field is inherited."""

    base_field: int


class Plan(Base):
    price: Decimal  # differs on the way in and out
    unit: Unit
    renamed: Annotated[int, Field(alias="Re-named")]
    split: int = Field(validation_alias="in", serialization_alias="out")

    class Inner(BaseModel):
        deep: int

    inner: Inner
    multi: Annotated[
        int,
        Field(gt=0),
    ]
    camel: "Camel"

    @computed_field
    @property
    def total(self) -> int:
        return 1


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)
    two_words: int


class Point(TypedDict):
    x: float


@dataclasses.dataclass
class Shape:
    sides: int


class Page(BaseModel, Generic[T]):
    items: list[T]


Made = create_model("Made", width=(int, ...))
Plan.model_rebuild()
'''


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, fastapi_env: Path) -> tuple[Path, Extracted]:
    root = tmp_path_factory.mktemp("places")
    folder = tiny_service.app(root, fastapi_env, APP, models=MODELS)
    return folder, extract(root, "tiny")


def test_routes_are_found_at_their_function(service: tuple[Path, Extracted]) -> None:
    folder, found = service
    path = "src/tiny/app.py"
    assert found.routes == {
        "POST /api/v1/plans/{plan_id}": tiny_service.line_of(folder, path, "def make_plan"),
        "GET /api/v1/both": tiny_service.line_of(folder, path, "async def both"),
        "DELETE /api/v1/both": tiny_service.line_of(folder, path, "async def both"),
        "PUT /api/v1/called": tiny_service.line_of(folder, path, "def __call__"),
        "GET /alias": tiny_service.line_of(folder, path, "def alias"),
    }


MODEL_LINES = {
    "Plan-Input": "class Plan(Base)",
    "Plan-Output": "class Plan(Base)",
    "Unit": "class Unit",
    "Inner": "class Inner",
    "Camel": "class Camel",
    "Point": "class Point",
    "Shape": "class Shape",
    "Page_Point_": "class Page",
    "Made": "Made = create_model",
    "Corner": "Corner = TypeAliasType",
}


def test_components_are_found_at_their_class(service: tuple[Path, Extracted]) -> None:
    folder, found = service
    components = set(found.document["components"]["schemas"])
    assert components - {"HTTPValidationError", "ValidationError"} == set(MODEL_LINES)
    for name, text in MODEL_LINES.items():
        assert found.models[name] == tiny_service.line_of(folder, "src/tiny/models.py", text), name


FIELD_LINES = {
    "Plan-Input.base_field": "base_field: int",
    "Plan-Output.base_field": "base_field: int",
    "Plan-Input.price": "price: Decimal",
    "Plan-Output.price": "price: Decimal",
    "Plan-Input.Re-named": "renamed:",
    "Plan-Input.in": "split: int",
    "Plan-Output.out": "split: int",
    "Plan-Input.inner": "inner: Inner",
    "Plan-Input.multi": "multi: Annotated[",
    "Plan-Output.total": "def total",
    "Inner.deep": "deep: int",
    "Camel.twoWords": "two_words",
    "Point.x": "x: float",
    "Shape.sides": "sides: int",
    "Page_Point_.items": "items: list[T]",
    "Made.width": "Made = create_model",
}


def test_properties_are_found_at_their_annotation(service: tuple[Path, Extracted]) -> None:
    folder, found = service
    for name, text in FIELD_LINES.items():
        assert found.fields[name] == tiny_service.line_of(folder, "src/tiny/models.py", text), name


def test_every_property_of_an_own_model_has_a_place(service: tuple[Path, Extracted]) -> None:
    _, found = service
    schemas = found.document["components"]["schemas"]
    wanted = {f"{name}.{key}" for name in found.models for key in schemas[name].get("properties", {})}
    assert set(found.fields) == wanted


def test_equal_names_are_told_apart(tmp_path: Path, fastapi_env: Path) -> None:
    one = "from pydantic import BaseModel\n\n\nclass Thing(BaseModel):\n    a: int\n"
    two = "from pydantic import BaseModel\n\n\n\nclass Thing(BaseModel):\n    b: int\n"
    app = (
        "from fastapi import FastAPI\nfrom tiny import one, two\n\napp = FastAPI()\n\n"
        "@app.post('/x')\ndef x(body: one.Thing) -> two.Thing: ...\n"
    )
    tiny_service.app(tmp_path, fastapi_env, app, one=one, two=two)
    assert extract(tmp_path, "tiny").models == {
        "Thing-Input": "services/tiny/src/tiny/one.py:4",
        "Thing-Output": "services/tiny/src/tiny/two.py:5",
    }
