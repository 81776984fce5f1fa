"""What happens to answers: fields that a service promises, widened, narrowed and rewritten."""

from __future__ import annotations

from mutation_apps.mutant import (
    ANYTHING,
    EDIT,
    GET,
    LIST,
    MAKE,
    MERGE,
    ROOM,
    SEARCH,
    Breach,
    Mutant,
    answer,
    breaks,
    parameter,
    plan,
    room,
    same,
)

_AREA = "area: float = Field(ge=0)"
_LABEL = "label: str = Field(max_length=40)"
_INNER = "inner: list[Room] = Field(default_factory=list)"
_OUTLINE = "outline: list[tuple[float, float]] = Field(min_length=3)"
_PARTS = 'list[Annotated[Wall | Opening, Field(discriminator="kind")]]'
_DOOR = "door: bool"
_SCALE = "scale: float = Field(gt=0, le=1)"
_CONFIDENCE = "confidence: int = Field(ge=0, le=100)"
_CHECKSUM = 'checksum: str = Field(pattern=r"^[0-9a-f]{8}$")'
_ORIGIN = "origin: tuple[float, float]"
_TAGS = "tags: list[str] = Field(max_length=16)"
_META = "meta: dict[str, int | str]"
_HINT = "hint: str | None\n"
_STATE = 'state: Literal["queued", "running", "done"]'
_MADE = "made: AwareDatetime"
_GRADES = "MIDDLE = 2\n    HIGH = 3"
_FOUND = "class Found(BaseModel):\n"
_FAULT = '"missing", "busy", "refused"'
_PAGE = "next: str | None = None"
_ROOM = "class Room(BaseModel):\n"
_RETURN = "-> Page: ..."

# Every operation that answers with a Fault, and at which status.
_FAULTS = ((MAKE, "409"), (GET, "404"), (EDIT, "404"), (MERGE, "4XX"), (ANYTHING, "default"))


def _faults(pointer: str) -> tuple[Breach, ...]:
    return sum((answer(pointer, operation, status) for operation, status in _FAULTS), ())


def _summaries(pointer: str) -> tuple[Breach, ...]:
    return answer("/items/0" + pointer, LIST) + answer(pointer, EDIT)


MUTANTS: tuple[Mutant, ...] = (
    # Numbers
    breaks("integer became a number", answer("/took_ms", SEARCH), ("took_ms: int", "took_ms: float")),
    same("number became an integer", (_AREA, _AREA.replace("float", "int"))),
    breaks("bound dropped", room("/area"), (_AREA, "area: float")),
    breaks("bound raised", plan("/confidence"), (_CONFIDENCE, _CONFIDENCE.replace("100", "200"))),
    same("bound lowered", (_CONFIDENCE, _CONFIDENCE.replace("100", "90"))),
    same("ge 0 became gt -1", (_CONFIDENCE, _CONFIDENCE.replace("ge=0", "gt=-1"))),
    same(
        "integer as a whole number", (_CONFIDENCE, "confidence: float = Field(ge=0, le=100, multiple_of=1)")
    ),
    breaks(
        "fractions of a per cent",
        plan("/confidence"),
        (_CONFIDENCE, "confidence: float = Field(ge=0, le=100)"),
    ),
    breaks("gt 0 became ge 0", plan("/scale"), (_SCALE, _SCALE.replace("gt", "ge"))),
    same("le 1 became lt 1", (_SCALE, _SCALE.replace("le=", "lt="))),
    breaks("number as a decimal", room("/area"), (_AREA, "area: Decimal")),
    same("number always finite", (_AREA, "area: float = Field(ge=0, allow_inf_nan=False)")),
    # Texts
    breaks("longer texts", room("/label"), (_LABEL, _LABEL.replace("40", "60"))),
    same("shorter texts", (_LABEL, _LABEL.replace("40", "20"))),
    breaks("pattern relaxed", plan("/checksum"), (_CHECKSUM, _CHECKSUM.replace("{8}", "{8,16}"))),
    same("pattern tightened", (_CHECKSUM, _CHECKSUM.replace("[0-9a-f]{8}", "[0-9]{8}"))),
    same("pattern in two halves", (_CHECKSUM, _CHECKSUM.replace("{8}", "{4}[a-f0-9]{4}"))),
    same("pattern with a choice", (_CHECKSUM, _CHECKSUM.replace("[0-9a-f]{8}", "(?:[0-9]|[a-f]){8}"))),
    breaks(
        "pattern without anchors",
        plan("/checksum"),
        (_CHECKSUM, 'checksum: str = Field(pattern=r"[0-9a-f]{8}")'),
    ),
    breaks("UUID became a text", plan("/id"), ("id: UUID\n    made", "id: str\n    made")),
    breaks("date-time became a date", plan("/made"), (_MADE, "made: date")),
    breaks("date-time became a text", plan("/made"), (_MADE, "made: str")),
    same("date-time without its zone", (_MADE, "made: datetime")),
    # Choices
    breaks("state added", _summaries("/state"), (_STATE, _STATE.replace('"done"', '"done", "failed"'))),
    same("state never answered", (_STATE, _STATE.replace('"queued", ', ""))),
    breaks("fault's code added", _faults("/code"), (_FAULT, _FAULT + ', "broken"')),
    breaks(
        "grade added to answers and a parameter",
        plan("/grade"),
        (_GRADES, _GRADES + "\n    TOP = 4"),
    ),
    breaks(
        "grade taken from answers and a parameter",
        parameter(ROOM, "query grade"),
        (_GRADES, "MIDDLE = 2"),
    ),
    breaks(
        "unit added to answers and a body",
        plan("/unit"),
        ('FOOT = "ft"', 'FOOT = "ft"\n    INCH = "in"'),
    ),
    breaks(
        "unit taken from answers and a body",
        (Breach("request-narrowed", MAKE, "body application/json", "/scan/unit"),),
        ('\n    FOOT = "ft"', ""),
    ),
    breaks("boolean became 0 or 1", room("/parts/0/door"), (_DOOR, "door: Literal[0, 1]")),
    same("boolean always true", (_DOOR, "door: Literal[True]")),
    breaks("boolean or null", room("/parts/0/door"), (_DOOR, "door: bool | None")),
    # null and what may be missing
    same("never null", (_HINT, "hint: str\n")),
    breaks("may be missing", plan(""), (_HINT, "hint: str | None = None\n")),
    same("never missing", (_PAGE, "next: str | None")),
    same("null first", (_PAGE, "next: None | str = None")),
    breaks("field gone", room(""), (_LABEL + "\n", "\n")),
    same(
        "optional field gone from an open model",
        ("    note: str | None = None\n\n\nclass Plan", "\n\nclass Plan"),
    ),
    same("field added to an open model", (_FOUND, _FOUND + "    cached: bool\n")),
    breaks("field added to a closed model", _faults(""), ("code: Literal[", "hint: str\n    code: Literal[")),
    breaks(
        "closed model opened",
        _faults(""),
        (
            'class Fault(BaseModel):\n    model_config = ConfigDict(extra="forbid")\n\n',
            "class Fault(BaseModel):\n",
        ),
    ),
    breaks("list or null", room("/inner"), (_INNER, "inner: list[Room] | None = None")),
    breaks("answer or null", answer("", LIST), (_RETURN, "-> Page | None: ...")),
    # Lists, tuples, dictionaries
    breaks("list unbounded", plan("/tags"), (_TAGS, "tags: list[str]")),
    breaks("outline may be a line", room("/outline"), (_OUTLINE, _OUTLINE.replace("3", "2"))),
    same("outline closed", (_OUTLINE, _OUTLINE.replace("3", "4"))),
    breaks("pair became a list", plan("/origin"), (_ORIGIN, "origin: list[float]")),
    same("pair as a list of two", (_ORIGIN, "origin: list[float] = Field(min_length=2, max_length=2)")),
    same("pair of integers", (_ORIGIN, "origin: tuple[int, int]")),
    breaks("pair became a triple", plan("/origin"), (_ORIGIN, "origin: tuple[float, float, float]")),
    same("dictionary of integers", (_META, "meta: dict[str, int]")),
    breaks("dictionary with null", plan("/meta/*"), (_META, "meta: dict[str, int | str | None]")),
    breaks("dictionary with fractions", plan("/meta/*"), (_META, "meta: dict[str, float | str]")),
    # Unions
    breaks(
        "variant added",
        room("/parts/0"),
        (_PARTS, _PARTS.replace("Opening", "Opening | Column")),
        (_ROOM, 'class Column(BaseModel):\n    kind: Literal["column"]\n    radius: float\n\n\n' + _ROOM),
    ),
    same("variant never answered", (_PARTS, "list[Wall]")),
    same("variants in another order", (_PARTS, _PARTS.replace("Wall | Opening", "Opening | Wall"))),
    same("no discriminator", (_PARTS, "list[Wall | Opening]")),
    breaks(
        "tag got a default",
        room("/parts/0"),
        ('kind: Literal["opening"]', 'kind: Literal["opening"] = "opening"'),
    ),
    same("tag lost its default", ('kind: Literal["wall"] = "wall"', 'kind: Literal["wall"]')),
    breaks("another model as well", answer("", LIST), (_RETURN, "-> Page | Found: ...")),
    breaks("anything at all", answer("", LIST), (_RETURN, "-> Any: ...")),
    breaks(
        "no declared answer",
        answer("", LIST),
        (_RETURN, "-> Response: ..."),
        imports="from fastapi import Response",
    ),
    same("union with a part it had", ("-> list[Point | Wall]", "-> list[Wall | Point | Wall]")),
    # Names and serialisation
    breaks(
        "renamed on the wire",
        _summaries(""),
        ("title: str\n", 'title: str = Field(serialization_alias="name")\n'),
    ),
    breaks(
        "written as a text",
        _summaries("/rooms"),
        (_STATE, _STATE + '\n\n    @field_serializer("rooms")\n    def _rooms(self, value: int) -> str: ...'),
        imports="from pydantic import field_serializer",
    ),
)
