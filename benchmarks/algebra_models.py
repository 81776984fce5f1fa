"""Which models do services really declare? Pydantic models of many shapes, for their JSON Schemas."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class Colour(Enum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1
    MIDDLE = 2
    HIGH = 3


class Point(BaseModel):
    x: float
    y: float
    z: float | None = None


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=40)
    count: int = Field(gt=0, le=100)
    ratio: float = Field(default=0.5, ge=0, lt=1)


class Room(BaseModel):
    name: str = Field(pattern="^[a-z0-9-]{1,40}$")
    height: float = Field(gt=0)
    corners: list[Point] = Field(min_length=3, max_length=64)
    colour: Colour = Colour.RED


class Plan(BaseModel):
    """Rooms and how sure the model is."""

    id: UUID
    made: datetime
    rooms: list[Room]
    level: Level
    confidence: float = Field(ge=0, le=1)
    tags: set[str] = set()
    scores: dict[str, float] = {}


class Tree(BaseModel):
    value: int
    children: list[Tree] = []


class Folder(BaseModel):
    name: str
    entries: list[Document | Folder] = []


class Document(BaseModel):
    title: str
    parent: Folder | None = None


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = Field(ge=0, le=9)


class Dog(BaseModel):
    kind: Literal["dog"]
    tricks: list[str] = []


class Bird(BaseModel):
    kind: Literal["bird"]
    span: float | None = None


class Owner(BaseModel):
    pet: Annotated[Cat | Dog | Bird, Field(discriminator="kind")]
    former: list[Annotated[Cat | Dog, Field(discriminator="kind")]] = []


class Price(BaseModel):
    amount: Decimal
    currency: str = Field(pattern="^[A-Z]{2}$")
    until: date | None = None


class Shape(BaseModel):
    size: tuple[int, int]
    box: tuple[float, float, float, float] | None = None
    mode: Literal["fast", "exact"] = "fast"


class Query(BaseModel):
    text: str = Field(min_length=1, max_length=2000)
    limit: int = Field(default=10, ge=1, le=100)
    filters: dict[str, str | int | bool] = {}
    after: str | None = None


class Free(BaseModel):
    model_config = ConfigDict(extra="allow")
    payload: Any
    labels: dict[Annotated[str, Field(max_length=8)], list[int]] = {}


class Steps(BaseModel):
    steps: list[Annotated[int, Field(multiple_of=5)]] = Field(min_length=1)
    ratio: float | int = 0
    code: str = Field(pattern="^\\d{2,3}$")


class Detection(BaseModel):
    label: str
    score: float = Field(ge=0, le=1)
    box: tuple[int, int, int, int]


class Batch(BaseModel):
    model_config = ConfigDict(extra="forbid")
    items: list[Detection] | Detection
    model: Literal["small", "large"]
    seed: int | None = None


class Wide(BaseModel):
    """Forty fields, as the models of an ML service grow."""

    a1: int
    a2: int = Field(ge=0)
    a3: int = Field(ge=0, le=10)
    a4: float
    a5: float = Field(gt=0)
    a6: float | None = None
    a7: str
    a8: str = Field(max_length=8)
    a9: str | None = None
    a10: bool
    b1: list[int]
    b2: list[float] = []
    b3: list[str] | None = None
    b4: dict[str, int] = {}
    b5: Colour
    b6: Level = Level.LOW
    b7: Point
    b8: Point | None = None
    b9: list[Point] = []
    b10: dict[str, Point] = {}
    c1: Cat
    c2: Dog | None = None
    c3: tuple[int, str]
    c4: Literal["x", "y"]
    c5: Literal[1, 2, 3] = 1
    c6: Any = None
    c7: int | str
    c8: int | str | None = None
    c9: list[int | None] = []
    c10: bool = False
    d1: str = "a"
    d2: str = Field(default="a", pattern="^[a-z]+$")
    d3: str = Field(default="a", min_length=1)
    d4: float = 0.0
    d5: float = Field(default=1.0, le=1)
    d6: int = 0
    d7: list[list[int]] = []
    d8: Closed
    d9: Tree
    d10: Query | None = None


MODELS: tuple[Any, ...] = (
    Point, Closed, Room, Plan, Tree, Folder, Owner, Price, Shape, Query, Free, Steps, Batch, Wide,
    list[Room], dict[str, Tree], Cat | Dog, Annotated[Cat | Dog | Bird, Field(discriminator="kind")],
)  # fmt: skip


def schemas() -> list[tuple[str, dict[str, Any]]]:
    """Return the name and the JSON Schema of every model, as Pydantic writes it."""
    return [(getattr(model, "__name__", str(model)), TypeAdapter(model).json_schema()) for model in MODELS]
