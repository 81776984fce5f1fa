"""What happens to bodies: fields of what a client sends, narrowed, widened and rewritten."""

from __future__ import annotations

from mutation_apps.mutant import EDIT, MERGE, SEARCH, Mutant, body, breaks, same

_CODE = 'code: str = Field(pattern=r"^[A-Z]{2}-[0-9]{4}$")'
_NAME = "name: str = Field(min_length=1, max_length=80)"
_POINTS = "points: list[Point] = Field(min_length=3, max_length=1000)"
_LABELS = "labels: dict[str, str] = Field(default_factory=dict, max_length=8)"
_SECONDS = "seconds: int = Field(gt=0, le=600)"
_STEP = "step: float = Field(default=0.5, ge=0, multiple_of=0.25)"
_WORKERS = "workers: int = Field(default=4, multiple_of=2, ge=2, le=64)"
_BUDGET = "budget: Annotated[int | str,"
_MODE = 'mode: Literal["fast", "exact", "draft"] = "fast"'
_NOTIFY = "notify: str | None = None"
_SEED = "seed: int | None = Field(default=None, ge=0, le=2**31 - 1)"
_WEIGHTS = "weights: dict[str, float] = Field(default_factory=dict)"
_CALLBACK = "callback: AnyUrl | None = None"
_TOKEN = 'token: str = Field(alias="accessToken", min_length=8)'
_LEVELS = "levels: set[int] = Field(default_factory=set, max_length=5)"
_CORNER = "corner: tuple[int, int] = (0, 0)"
_FOCAL = "focal_mm: float = Field(gt=0, le=400)"
_SOURCE = "Annotated[Upload | Remote | Catalogue, Field("
_TAGS = 'tags: list[Annotated[str, Field(pattern=r"^[a-z]+$")]] | None = None'
_CONTACT = 'contact: str | None = Field(default=None, pattern=r"^[^@]+@[^@]+$")'
_TERMS = "terms: list[Term] = Field(min_length=1)"
_TOP = "top: int = Field(default=10, ge=1, le=50)"
_LEAF = "value: str | float | bool"
_FIELD = 'field: Literal["label", "area", "grade"]'
_FORBID = 'model_config = ConfigDict(extra="forbid")\n\n    '

MUTANTS: tuple[Mutant, ...] = (
    # Texts and patterns
    breaks("pattern tightened", body("/scan/code"), (_CODE, _CODE.replace("[0-9]{4}", "[1-9][0-9]{3}"))),
    same("pattern relaxed", (_CODE, _CODE.replace("{2}", "{2,3}"))),
    same("pattern rewritten", (_CODE, _CODE.replace("[A-Z]{2}", "[A-Z][A-Z]").replace("[0-9]", r"[\d]"))),
    same("pattern unanchored at its end", (_CODE, _CODE.replace("{4}$", "{4}"))),
    same(
        "pattern with the length it implies",
        (_CODE, _CODE.replace('")', '", min_length=7, max_length=7)')),
    ),
    breaks(
        "length that the pattern cannot have",
        body("/scan/code"),
        (_CODE, _CODE.replace('")', '", min_length=8)')),
    ),
    breaks(
        "lookahead added",
        body("/scan/code"),
        (_CODE, _CODE.replace("^[", "^(?!XX)[")),
        (
            "class Scan(BaseModel):\n",
            'class Scan(BaseModel):\n    model_config = {"regex_engine": "python-re"}\n',
        ),
    ),
    breaks("shortest length raised", body("/scan/name"), (_NAME, _NAME.replace("=1,", "=2,"))),
    breaks("longest length lowered", body("/scan/name"), (_NAME, _NAME.replace("=80", "=64"))),
    same("longest length raised", (_NAME, _NAME.replace("=80", "=120"))),
    same("lengths written as a pattern", (_NAME, r'name: str = Field(pattern=r"^[\s\S]{1,80}$")')),
    breaks(
        "lengths written as a pattern without line ends",
        body("/scan/name"),
        (_NAME, 'name: str = Field(pattern=r"^.{1,80}$")'),
    ),
    same(
        "constraints moved into constr",
        (_NAME, "name: constr(min_length=1, max_length=80)"),
        imports="from pydantic import constr",
    ),
    breaks(
        "items' pattern tightened",
        body("/tags/0", EDIT),
        (_TAGS, _TAGS.replace("+$", "{1,20}$")),
    ),
    same("items' pattern relaxed", (_TAGS, _TAGS.replace("+$", "*$"))),
    breaks("list became a set", body("/tags", EDIT), (_TAGS, _TAGS.replace("list[", "set["))),
    same("contact relaxed", (_CONTACT, _CONTACT.replace("[^@]+$", r"[\s\S]+$"))),
    # A dot is no line end, which [^@] is.
    breaks(
        "contact relaxed but for one", body("/contact", EDIT), (_CONTACT, _CONTACT.replace("[^@]+$", ".+$"))
    ),
    breaks(
        "contact without spaces",
        body("/contact", EDIT),
        (_CONTACT, _CONTACT.replace("[^@]", r"[^@\s]")),
    ),
    breaks(
        "contact became an e-mail address",
        body("/contact", EDIT),
        (_CONTACT, "contact: EmailStr | None = None"),
        imports="from pydantic import EmailStr",
    ),
    breaks(
        "text became a URL",
        body("/settings/notify"),
        (_NOTIFY, "notify: AnyUrl | None = None"),
    ),
    breaks(
        "URL got a longest length",
        body("/settings/callback"),
        (_CALLBACK, "callback: HttpUrl | None = None"),
        imports="from pydantic import HttpUrl",
    ),
    same("URL became a text", (_CALLBACK, "callback: str | None = None")),
    breaks("date became date-time", body("/scan/taken"), ("taken: date", "taken: datetime")),
    same("date became a text", ("taken: date", "taken: str")),
    breaks(
        "any UUID became UUID 4",
        body("/source/id"),
        ('kind: Literal["catalogue"]\n    id: UUID', 'kind: Literal["catalogue"]\n    id: UUID4'),
        imports="from pydantic import UUID4",
    ),
    # Numbers
    same("gt 0 became ge 1", (_SECONDS, _SECONDS.replace("gt=0", "ge=1"))),
    same("le 600 became lt 601", (_SECONDS, _SECONDS.replace("le=600", "lt=601"))),
    breaks("ge 2", body("/settings/limits/seconds"), (_SECONDS, _SECONDS.replace("gt=0", "ge=2"))),
    breaks("le became lt", body("/settings/limits/seconds"), (_SECONDS, _SECONDS.replace("le=", "lt="))),
    breaks("step doubled", body("/settings/limits/step"), (_STEP, _STEP.replace("0.25", "0.5"))),
    same("step halved", (_STEP, _STEP.replace("0.25", "0.125"))),
    same("bounds between the multiples", (_WORKERS, _WORKERS.replace("ge=2, le=64", "ge=1, le=65"))),
    breaks("multiple of 4", body("/settings/limits/workers"), (_WORKERS, _WORKERS.replace("of=2", "of=4"))),
    same("multiple of 1", (_WORKERS, _WORKERS.replace("of=2", "of=1"))),
    breaks("budget only text", body("/settings/limits/budget"), (_BUDGET, _BUDGET.replace("int | ", ""))),
    same("budget in another order", (_BUDGET, _BUDGET.replace("int | str", "str | int"))),
    same("budget may be a fraction", (_BUDGET, _BUDGET.replace("int", "float"))),
    breaks("seed one lower", body("/settings/seed"), (_SEED, _SEED.replace("2**31 - 1", "2**31 - 2"))),
    same("seed one higher", (_SEED, _SEED.replace("2**31 - 1", "2**31"))),
    same("gt became ge", (_FOCAL, _FOCAL.replace("gt", "ge"))),
    breaks(
        "small numbers refused", body("/scan/camera/focal_mm"), (_FOCAL, _FOCAL.replace("gt=0", "gt=0.1"))
    ),
    same("integer became a number", ("retries: int = Field(default=3", "retries: float = Field(default=3")),
    breaks(
        "number became an integer",
        body("/scan/points/0/x") + body("/first/x", MERGE),
        ("x: float\n", "x: int\n"),
    ),
    breaks("top lowered", body("/top", SEARCH), (_TOP, _TOP.replace("50", "40"))),
    breaks(
        "decimal became a float",
        body("/price", EDIT),
        ("price: Decimal | None = None", "price: float | None = None"),
    ),
    breaks(
        "boolean became 0 or 1",
        body("/source/compressed"),
        ("compressed: bool = False", "compressed: Literal[0, 1] = 0"),
    ),
    same(
        "boolean written as its two values",
        ("compressed: bool = False", "compressed: Literal[True, False] = False"),
    ),
    # Choices and unions
    breaks("choice removed", body("/settings/mode"), (_MODE, _MODE.replace(', "draft"', ""))),
    same("choice added", (_MODE, _MODE.replace('"draft"', '"draft", "slow"'))),
    same("choices in another order", (_MODE, _MODE.replace('"fast", "exact"', '"exact", "fast"'))),
    same(
        "choices as a union of constants",
        (_MODE, 'mode: Literal["fast"] | Literal["exact"] | Literal["draft"] = "fast"'),
    ),
    same(
        "choices as a pattern", (_MODE, 'mode: str = Field(default="fast", pattern="^(fast|exact|draft)$")')
    ),
    breaks(
        "choices as a pattern that forgot one",
        body("/settings/mode"),
        (_MODE, 'mode: str = Field(default="fast", pattern="^(fast|exact)$")'),
    ),
    breaks("variant removed", body("/source"), (_SOURCE, _SOURCE.replace(" | Catalogue", ""))),
    same(
        "variant added",
        (_SOURCE, _SOURCE.replace("Catalogue", "Catalogue | Stream")),
        ("Source = ", 'class Stream(BaseModel):\n    kind: Literal["stream"]\n\n\nSource = '),
    ),
    same("variants in another order", (_SOURCE, _SOURCE.replace("Upload | Remote", "Remote | Upload"))),
    same("no discriminator", (_SOURCE + 'discriminator="kind")]', _SOURCE + 'description="any")]')),
    same("tag got a default", ('kind: Literal["upload"]', 'kind: Literal["upload"] = "upload"')),
    breaks(
        "tag's word changed",
        body("/source"),
        ('kind: Literal["remote"]', 'kind: Literal["url"]'),
    ),
    breaks("union lost a type", body("/query/value", SEARCH), (_LEAF, "value: str | float")),
    same("union gained a type it had", (_LEAF, "value: int | str | float | bool")),
    breaks(
        "choice removed below recursion",
        body("/query/field", SEARCH),
        (_FIELD, _FIELD.replace(', "grade"', "")),
    ),
    same("choice added below recursion", (_FIELD, _FIELD.replace('"grade"', '"grade", "note"'))),
    breaks("recursive list needs two", body("/query/terms", SEARCH), (_TERMS, _TERMS.replace("1", "2"))),
    breaks(
        "recursive list bounded",
        body("/query/terms", SEARCH),
        (_TERMS, _TERMS.replace("=1", "=1, max_length=20")),
    ),
    same("recursive list may be empty", (_TERMS, _TERMS.replace("1", "0"))),
    # null and what may be left out
    breaks("null refused", body("/settings/notify"), (_NOTIFY, 'notify: str = ""')),
    same("null allowed", ("compressed: bool = False", "compressed: bool | None = False")),
    breaks("optional became required", body("/settings"), (_NOTIFY, "notify: str | None")),
    same(
        "required became optional",
        (_TOKEN, 'token: str = Field(default="12345678", alias="accessToken", min_length=8)'),
    ),
    breaks(
        "default taken away",
        body("/scan/points/0") + body("/first", MERGE),
        ("z: float = 0.0", "z: float"),
    ),
    breaks(
        "new required field",
        body("/settings"),
        ("class Settings(BaseModel):\n", "class Settings(BaseModel):\n    region: str\n"),
    ),
    same(
        "new optional field with a type",
        ("class Settings(BaseModel):\n", "class Settings(BaseModel):\n    nick: str | None = None\n"),
        warns=("request-narrowed",),
    ),
    same(
        "new optional field of any type",
        ("class Settings(BaseModel):\n", "class Settings(BaseModel):\n    extra: Any = None\n"),
    ),
    same("field taken from an open model", (_CALLBACK + "\n", "\n")),
    breaks(
        "field taken from a closed model",
        body("/scan/camera"),
        ("matrix: list[list[float]] | None = None", ""),
    ),
    same(
        "default changed", ("compressed: bool = False", "compressed: bool = True"), warns=("default-changed",)
    ),
    # Objects
    breaks(
        "nested model closed",
        body("/scan"),
        ("class Scan(BaseModel):\n    ", "class Scan(BaseModel):\n    " + _FORBID),
    ),
    breaks(
        "body closed",
        body(""),
        ("class PlanRequest(BaseModel):\n    ", "class PlanRequest(BaseModel):\n    " + _FORBID),
    ),
    same(
        "closed model opened", ("class Camera(BaseModel):\n    " + _FORBID, "class Camera(BaseModel):\n    ")
    ),
    breaks("alias dropped", body(""), (_TOKEN, "token: str = Field(min_length=8)")),
    breaks("alias in another case", body(""), (_TOKEN, _TOKEN.replace("accessToken", "access_token"))),
    same(
        "alias among several",
        (_TOKEN, 'token: str = Field(validation_alias=AliasChoices("accessToken", "token"), min_length=8)'),
        imports="from pydantic import AliasChoices",
    ),
    breaks("fewer labels", body("/scan/labels"), (_LABELS, _LABELS.replace("8", "4"))),
    breaks(
        "label values bounded",
        body("/scan/labels/*"),
        (_LABELS, _LABELS.replace("str]", "Annotated[str, Field(max_length=100)]]")),
    ),
    # Pydantic refuses other names than these, and its document does not say so: for L3 to find, not for L1.
    same(
        "label names have a pattern",
        (_LABELS, _LABELS.replace("dict[str", 'dict[Annotated[str, Field(pattern="^[a-z]+$")]')),
    ),
    breaks(
        "weights became integers", body("/settings/weights/*"), (_WEIGHTS, _WEIGHTS.replace("float", "int"))
    ),
    same("weights of any type", (_WEIGHTS, _WEIGHTS.replace("float", "Any"))),
    # Lists and tuples
    breaks("more points needed", body("/scan/points"), (_POINTS, _POINTS.replace("=3", "=4"))),
    breaks("one point fewer at most", body("/scan/points"), (_POINTS, _POINTS.replace("1000", "999"))),
    same("more points allowed", (_POINTS, _POINTS.replace("1000", "2000"))),
    same(
        "pair written as a list of two",
        (_CORNER, "corner: list[int] = Field(default=[0, 0], min_length=2, max_length=2)"),
    ),
    breaks("pair became a triple", body("/corner"), (_CORNER, "corner: tuple[int, int, int] = (0, 0, 0)")),
    same("pair of numbers", (_CORNER, "corner: tuple[float, float] = (0, 0)")),
    breaks(
        "first of the pair not negative",
        body("/corner/0"),
        (_CORNER, "corner: tuple[Annotated[int, Field(ge=0)], int] = (0, 0)"),
    ),
    same("set became a list", (_LEVELS, "levels: list[int] = Field(default_factory=list, max_length=5)")),
    breaks(
        "levels not negative",
        body("/levels/0"),
        (_LEVELS, _LEVELS.replace("set[int]", "set[Annotated[int, Field(ge=0)]]")),
    ),
)
