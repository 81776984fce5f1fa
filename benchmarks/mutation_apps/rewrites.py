"""What only looks different: the same contract in other words, and one that only looks the same."""

from __future__ import annotations

from mutation_apps.mutant import Mutant, breaks, room, same

_ROOM = "class Room(BaseModel):\n"
_INNER = "inner: list[Room] = Field(default_factory=list)"
_UNIT = 'class Unit(StrEnum):\n    METRE = "m"\n    FOOT = "ft"'
_POINT = "class Point(BaseModel):\n    x: float\n    y: float\n    z: float = 0.0\n"
_PAGE = "items: list[Summary]\n    next: str | None = None\n    total: int = Field(ge=0)\n"
_FIELDS = """    id: int = Field(ge=0)
    label: str = Field(max_length=40)
    area: float = Field(ge=0)
    outline: list[tuple[float, float]] = Field(min_length=3)
    parts: list[Annotated[Wall | Opening, Field(discriminator="kind")]]
"""
_TAIL = "    parent: int | None = None\n    note: str | None = None\n"
_TWIN = (
    "class Twin(BaseModel):\n"
    + _FIELDS
    + "    inner: list[Room] = Field(default_factory=list)\n"
    + _TAIL
    + "\n\n"
)


def renamed(name: str, *pairs: tuple[str, str]) -> Mutant:
    """Components under other names, everywhere."""
    return Mutant(name, every=pairs)


MUTANTS: tuple[Mutant, ...] = (
    same("nothing changed"),
    renamed(
        "all components renamed",
        ("Room", "Space"),
        ("Summary", "Entry"),
        ("Plan", "Layout"),
        ("Point", "Vertex"),
        ("Fault", "Problem"),
        ("Leaf", "Atom"),
        ("Grade", "Mark"),
        ("Wall", "Side"),
    ),
    renamed("two components swap their names", ("Hit", "Held"), ("Found", "Hit"), ("Held", "Found")),
    same("recursion unrolled once", (_INNER, _INNER.replace("Room", "Twin")), (_ROOM, _TWIN + _ROOM)),
    breaks(
        "recursion unrolled, and widened there",
        room("/inner/0/area"),
        (_INNER, _INNER.replace("Room", "Twin")),
        (_ROOM, _TWIN.replace("ge=0)\n    outline", "ge=-1)\n    outline") + _ROOM),
    ),
    same(
        "enumeration inlined",
        (_UNIT, 'Unit = Literal["m", "ft"]'),
        ("unit: Unit = Unit.METRE", 'unit: Unit = "m"'),
    ),
    same(
        "model as a typed dictionary",
        (
            _POINT,
            "class Point(TypedDict):\n    x: float\n    y: float\n"
            "    z: NotRequired[Annotated[float, Field(default=0.0)]]\n",
        ),
        imports="from typing_extensions import NotRequired, TypedDict",
    ),
    same(
        "model as a dataclass",
        (_POINT, "@dataclass\n" + _POINT.replace("(BaseModel)", "")),
        imports="from pydantic.dataclasses import dataclass",
    ),
    same(
        "fields inherited",
        (_ROOM + _FIELDS, "class Base(BaseModel):\n" + _FIELDS + "\n\n" + _ROOM.replace("BaseModel", "Base")),
    ),
    same(
        "generic page",
        (
            "class Page(BaseModel):\n    " + _PAGE,
            "T = TypeVar('T')\n\n\nclass Pages(BaseModel, Generic[T]):\n    "
            + _PAGE.replace("Summary", "T")
            + "\n\nPage = Pages[Summary]\n",
        ),
        imports="from typing import Generic, TypeVar",
    ),
    same(
        "list as a model of its own",
        ("tags: list[str] = Field(max_length=16)", "tags: Tags"),
        (
            "class Plan(BaseModel):",
            "class Tags(RootModel[Annotated[list[str], Field(max_length=16)]]): ...\n\n\n"
            "class Plan(BaseModel):",
        ),
        imports="from pydantic import RootModel",
    ),
    same(
        "named type alias",
        ("value: str | float | bool", "value: Value"),
        (
            "class Leaf(BaseModel):",
            'Value = TypeAliasType("Value", "str | float | bool")\n\n\nclass Leaf(BaseModel):',
        ),
        imports="from typing_extensions import TypeAliasType",
    ),
    same("fields in another order", ("x: float\n    y: float\n", "y: float\n    x: float\n")),
    same(
        "titles and descriptions",
        ("seconds: int = Field(gt=0,", 'seconds: int = Field(title="T", description="D", gt=0,'),
    ),
    same(
        "examples and extensions",
        ("area: float = Field(", 'area: float = Field(json_schema_extra={"x-unit": "m2"}, examples=[1.5],'),
    ),
    same(
        "bounds in another place",
        ("seconds: int = Field(gt=0, le=600)", "seconds: Annotated[int, Field(gt=0)] = Field(le=600)"),
    ),
    same(
        "computed field",
        (
            "z: float = 0.0\n",
            "z: float = 0.0\n\n    @computed_field\n    @property\n    def norm(self) -> float: ...\n",
        ),
        imports="from pydantic import computed_field",
    ),
    same(
        "one schema for input and output",
        ('version="1")', 'version="1", separate_input_output_schemas=False)'),
    ),
    same(
        "answers without what was not set",
        ('@router.post("/merge"', '@router.post("/merge", response_model_exclude_unset=True'),
    ),
    same(
        "unions told apart by a function",
        (
            'Annotated[Leaf | Both | Never, Field(discriminator="op")]',
            'Annotated[Annotated[Leaf, Tag("a")] | Annotated[Both, Tag("b")] | Annotated[Never, Tag("c")], '
            'Discriminator(lambda v: "a")]',
        ),
        imports="from pydantic import Discriminator, Tag",
    ),
    same("strict types", ("seconds: int = Field(gt=0,", "seconds: int = Field(strict=True, gt=0,")),
    same("null beside the type", ("hint: str | None\n", "hint: None | Annotated[str, Field()]\n")),
)
