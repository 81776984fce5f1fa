"""The app that every mutant is made from: a survey service as a handoff would have one.

Its OpenAPI document is the contract. It holds what FastAPI and Pydantic v2 write in practice: nested and
recursive models, discriminated and plain unions, tuples, patterns, formats, dictionaries, aliases, closed
and open models, parameters everywhere, security, and several statuses.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Depends, FastAPI, Header, Path, Query
from fastapi.security import HTTPBearer
from pydantic import AnyUrl, AwareDatetime, BaseModel, ConfigDict, Field

bearer = HTTPBearer(auto_error=False)


class Unit(StrEnum):
    METRE = "m"
    FOOT = "ft"


class Grade(IntEnum):
    LOW = 1
    MIDDLE = 2
    HIGH = 3


class Point(BaseModel):
    x: float
    y: float
    z: float = 0.0


class Upload(BaseModel):
    kind: Literal["upload"]
    data: str = Field(min_length=4, max_length=4096)
    compressed: bool = False


class Remote(BaseModel):
    kind: Literal["remote"]
    url: AnyUrl
    retries: int = Field(default=3, ge=0, le=10)


class Catalogue(BaseModel):
    kind: Literal["catalogue"]
    id: UUID
    revision: int | None = Field(default=None, ge=1)


Source = Annotated[Upload | Remote | Catalogue, Field(discriminator="kind")]


class Camera(BaseModel):
    model_config = ConfigDict(extra="forbid")

    focal_mm: float = Field(gt=0, le=400)
    pose: tuple[float, float, float]
    matrix: list[list[float]] | None = None


class Scan(BaseModel):
    name: str = Field(min_length=1, max_length=80)
    code: str = Field(pattern=r"^[A-Z]{2}-[0-9]{4}$")
    taken: date
    points: list[Point] = Field(min_length=3, max_length=1000)
    camera: Camera | None = None
    labels: dict[str, str] = Field(default_factory=dict, max_length=8)
    unit: Unit = Unit.METRE


class Limits(BaseModel):
    seconds: int = Field(gt=0, le=600)
    step: float = Field(default=0.5, ge=0, multiple_of=0.25)
    workers: int = Field(default=4, multiple_of=2, ge=2, le=64)
    budget: Annotated[int | str, Field(description="A number of credits, or a word")] = "auto"


class Settings(BaseModel):
    limits: Limits
    mode: Literal["fast", "exact", "draft"] = "fast"
    notify: str | None = None
    seed: int | None = Field(default=None, ge=0, le=2**31 - 1)
    weights: dict[str, float] = Field(default_factory=dict)
    callback: AnyUrl | None = None


class PlanRequest(BaseModel):
    source: Source
    scan: Scan
    settings: Settings
    token: str = Field(alias="accessToken", min_length=8)
    levels: set[int] = Field(default_factory=set, max_length=5)
    corner: tuple[int, int] = (0, 0)


class Wall(BaseModel):
    kind: Literal["wall"] = "wall"
    length: float = Field(ge=0)
    thickness: float | None = None


class Opening(BaseModel):
    kind: Literal["opening"]
    width: float = Field(ge=0.3, le=4)
    door: bool


class Room(BaseModel):
    id: int = Field(ge=0)
    label: str = Field(max_length=40)
    area: float = Field(ge=0)
    outline: list[tuple[float, float]] = Field(min_length=3)
    parts: list[Annotated[Wall | Opening, Field(discriminator="kind")]]
    inner: list[Room] = Field(default_factory=list)
    parent: int | None = None
    note: str | None = None


class Plan(BaseModel):
    id: UUID
    made: AwareDatetime
    grade: Grade
    rooms: list[Room]
    scale: float = Field(gt=0, le=1)
    unit: Unit
    confidence: int = Field(ge=0, le=100)
    checksum: str = Field(pattern=r"^[0-9a-f]{8}$")
    origin: tuple[float, float]
    tags: list[str] = Field(max_length=16)
    meta: dict[str, int | str]
    hint: str | None


class Summary(BaseModel):
    id: UUID
    title: str
    rooms: int = Field(ge=0)
    state: Literal["queued", "running", "done"]


class Page(BaseModel):
    items: list[Summary]
    next: str | None = None
    total: int = Field(ge=0)


class Leaf(BaseModel):
    op: Literal["is"]
    field: Literal["label", "area", "grade"]
    value: str | float | bool


class Both(BaseModel):
    op: Literal["and", "or"]
    terms: list[Term] = Field(min_length=1)


class Never(BaseModel):
    op: Literal["not"]
    term: Term


Term = Annotated[Leaf | Both | Never, Field(discriminator="op")]


class Search(BaseModel):
    query: Term
    top: int = Field(default=10, ge=1, le=50)
    after: datetime | None = None


class Hit(BaseModel):
    room: Room
    score: float = Field(ge=0, le=1)


class Found(BaseModel):
    hits: list[Hit]
    took_ms: int


class Fault(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: Literal["missing", "busy", "refused"]
    detail: str


class Edit(BaseModel):
    title: str | None = Field(default=None, min_length=1)
    tags: list[Annotated[str, Field(pattern=r"^[a-z]+$")]] | None = None
    price: Decimal | None = None
    contact: str | None = Field(default=None, pattern=r"^[^@]+@[^@]+$")


Both.model_rebuild()
Never.model_rebuild()

app = FastAPI(title="survey", version="1")
router = APIRouter(prefix="/v1")


@router.post("/plans", status_code=200, dependencies=[Depends(bearer)], responses={409: {"model": Fault}})
def make_plan(body: PlanRequest) -> Plan: ...


@router.get(
    "/plans",
    dependencies=[Depends(bearer)],
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def list_plans(
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    order: Literal["asc", "desc"] = "asc",
    since: datetime | None = None,
    tag: Annotated[list[str], Query(max_length=4)] = [],  # noqa: B006 - FastAPI copies it
    x_trace: Annotated[str | None, Header(pattern=r"^[a-z0-9]+$")] = None,
) -> Page: ...


@router.get("/plans/{plan_id}", dependencies=[Depends(bearer)], responses={404: {"model": Fault}})
def get_plan(plan_id: UUID, detail: bool = True) -> Plan: ...


@router.patch("/plans/{plan_id}", dependencies=[Depends(bearer)], responses={404: {"model": Fault}})
def edit_plan(plan_id: UUID, body: Edit) -> Summary: ...


@router.delete("/plans/{plan_id}", dependencies=[Depends(bearer)], status_code=204)
def drop_plan(plan_id: UUID) -> None: ...


@router.post("/plans/{plan_id}/search")
def search(plan_id: UUID, body: Search) -> Found: ...


@router.get(
    "/rooms/{room}/levels/{level}",
    responses={200: {"headers": {"ETag": {"schema": {"type": "string"}, "required": True}}}},
)
def room_level(
    room: Annotated[int, Path(ge=0)],
    level: Annotated[str, Path(pattern=r"^L[0-9]+$")],
    grade: Grade | None = None,
) -> Room: ...


@router.post("/merge", responses={"4XX": {"model": Fault}})
def merge(first: Point, second: Point, weight: Annotated[float, Body(gt=0, lt=1)] = 0.5) -> Point: ...


@router.post("/anything", responses={"default": {"model": Fault}})
def anything(body: dict[str, Any]) -> list[Point | Wall]: ...


@router.get("/version")
def version() -> dict[str, str]: ...


app.include_router(router)
