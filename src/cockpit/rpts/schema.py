"""What may stand in the front matter and in each block? Pydantic models of `rpt/v1`.

The format is DESIGN.md's. Numbers are not taken for strings: a version written 1.10 would have lost
its zero, so it must be quoted.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.types import StrictInt
from pydantic_core import PydanticCustomError

from cockpit.domain.words import Status


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _of_the_calendar(value: str) -> str:
    date.fromisoformat(value)  # ValueError for 2026-02-31
    return value


def _written(value: str) -> str:
    if value.strip() in PLACEHOLDERS:
        raise PydanticCustomError("placeholder", "not written yet")
    return value


# What a template, or somebody in a hurry, writes where something is still to be written.
PLACEHOLDERS = frozenset({"…", "...", "TODO", "TBD", "FIXME", "XXX"})

Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(_written)]
Line = Annotated[
    str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\n]*$"), AfterValidator(_written)
]
Handle = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=63)]
RptId = Annotated[str, StringConstraints(pattern=r"^RPT-[0-9]{4,}$")]
IsoDate = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_of_the_calendar)
]
Number = Annotated[float, BeforeValidator(_number)]
Positive = Annotated[Number, Field(gt=0)]
NotNegative = Annotated[Number, Field(ge=0)]
Kind = Literal["input", "output", "cache", "artifact", "feedback"]
Json = Any


class Owners(_Strict):
    researcher: Handle | None = None
    engineer: Handle | None = None


class SignOff(_Strict):
    by: Handle
    role: Line
    at: IsoDate
    revision: StrictInt
    digest: Line


class FrontMatter(_Strict):
    """The front matter; every field but id, title and status may be missing in a draft."""

    schema_: Annotated[Literal["rpt/v1"], Field(alias="schema")]
    id: RptId
    title: Line
    status: Annotated[Status, Field(strict=False)]
    revision: Annotated[StrictInt, Field(ge=1)] = 1
    service: Slug | None = None
    owners: Owners = Owners()
    approvers: list[Handle] = []
    created: IsoDate | None = None
    due: IsoDate | None = None
    review_by: IsoDate | None = None
    supersedes: RptId | None = None
    links: dict[str, Line] = {}
    signoffs: list[SignOff] = []


class Goal(_Strict):
    goal: Text
    non_goals: Annotated[list[Text], Field(min_length=1)]
    consumers: Annotated[list[Text], Field(min_length=1)]


class Term(_Strict):
    term: Line
    meaning: Text


class Representation(_Strict):
    name: Line
    shape: Line
    unit: Line | None = None
    frame: Line | None = None
    example: Json = None


class Evaluation(_Strict):
    metric: Line | None = None
    value: Json = None
    split: Line | None = None
    baseline: Json = None
    command: Line | None = None
    note: Text | None = None


class Domain(_Strict):
    """`glossary` is a list of {term, meaning}, or a mapping from term to meaning."""

    glossary: list[Term] | dict[str, Text] = []
    representations: list[Representation] = []
    evaluation: Evaluation | list[Evaluation] | None = None
    out_of_scope_inputs: list[Text] = []
    limits: list[Text] = []


class Entity(_Strict):
    name: Line
    kind: Kind
    owner: Line | None = None
    key: Json = None
    fields: Json = None
    volume_per_day: Json = None
    retention_days: NotNegative | Literal["forever", "unknown"] | None = None
    pii: Literal["none", "personal", "sensitive", "unknown"] = "unknown"
    today: Text | None = None
    open_questions: list[Text] = []


class Persistence(_Strict):
    """Either `entities`, or `none` with the reason why nothing is kept."""

    entities: list[Entity] = []
    none: Text | None = None


class Step(_Strict):
    id: Line
    kind: Literal["rule", "model", "llm", "io"]
    calls: Json = None
    after: list[Line] = []
    note: Text | None = None


class Weights(_Strict):
    name: Line
    source: Line
    revision_or_sha256: Line | None = None
    size_mb: NotNegative | None = None
    license: Line | None = None


class External(_Strict):
    provider: Line
    model: Line | None = None
    env_secret: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")] | None = None
    budget_per_call: Json = None
    fallback: Text | None = None


class Compute(_Strict):
    cpu: Json = None
    gpu: Json = None
    memory_mb: Positive | None = None
    cold_start_s: NotNegative | None = None
    min: NotNegative | None = None
    max: NotNegative | None = None
    concurrency: Positive | None = None


class Anatomy(_Strict):
    steps: Annotated[list[Step], Field(min_length=1)]
    weights: list[Weights] = []
    external: list[External] = []
    compute: Compute | None = None
    env: Json = None


class Slice(_Strict):
    id: Line
    title: Line
    paths: Annotated[list[Line], Field(min_length=1)]
    depends_on: list[Line] = []
    reviewer_role: Line | None = None
    max_lines: Annotated[StrictInt, Field(gt=0)] | None = None


class Merge(_Strict):
    slices: Annotated[list[Slice], Field(min_length=1)]


class Contract(BaseModel):
    """An OpenAPI 3.1 document or fragment; only its outermost shape is judged here."""

    model_config = ConfigDict(extra="allow", frozen=True)

    openapi: str | None = None
    paths: dict[str, dict[str, Any]] = {}
    components: dict[str, Any] = {}


BLOCKS: dict[str, type[BaseModel]] = {
    "goal": Goal,
    "domain": Domain,
    "contract": Contract,
    "persistence": Persistence,
    "anatomy": Anatomy,
    "merge": Merge,
}
