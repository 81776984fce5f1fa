"""What happens to parameters, paths, statuses, headers, media types and security."""

from __future__ import annotations

from mutation_apps.mutant import (
    ANYTHING,
    DROP,
    EDIT,
    GET,
    LIST,
    MAKE,
    MERGE,
    ROOM,
    SEARCH,
    Breach,
    Mutant,
    body,
    breaks,
    parameter,
    same,
)

_LIMIT = "limit: Annotated[int, Query(ge=1, le=100)] = 20"
_ORDER = 'order: Literal["asc", "desc"] = "asc"'
_SINCE = "since: datetime | None = None"
_TAG = "tag: Annotated[list[str], Query(max_length=4)] = []"
_TRACE = 'x_trace: Annotated[str | None, Header(pattern=r"^[a-z0-9]+$")] = None'
_LEVEL = 'level: Annotated[str, Path(pattern=r"^L[0-9]+$")]'
_DETAIL = "detail: bool = True"
_SEARCH = "def search(plan_id: UUID, body: Search)"
_SEARCH_ROUTE = '@router.post("/plans/{plan_id}/search"'
_MAKE_ROUTE = '"/plans", status_code=200, dependencies=[Depends(bearer)], responses={409: {"model": Fault}}'
_DROP_ROUTE = '"/plans/{plan_id}", dependencies=[Depends(bearer)], status_code=204'
_MERGE_ROUTE = '"/merge", responses={"4XX": {"model": Fault}}'
_ANYTHING_ROUTE = '"/anything", responses={"default": {"model": Fault}}'
_BEARER = "bearer = HTTPBearer(auto_error=False)"
_KEYS = "from fastapi.security import APIKeyHeader"
_NOTE = "class Note(BaseModel):\n    text: str\n\n\napp = FastAPI("


def _status(operation: str, status: str) -> Breach:
    return Breach("status-undeclared", operation, status)


MUTANTS: tuple[Mutant, ...] = (
    # Query, header and path parameters
    breaks("limit lowered", parameter(LIST, "query limit"), (_LIMIT, _LIMIT.replace("100", "50"))),
    same("limit raised", (_LIMIT, _LIMIT.replace("100", "1000"))),
    same("limit gt 0", (_LIMIT, _LIMIT.replace("ge=1", "gt=0"))),
    same("limit's default changed", (_LIMIT, _LIMIT.replace("20", "50")), warns=("default-changed",)),
    breaks("order lost a word", parameter(LIST, "query order"), (_ORDER, _ORDER.replace(', "desc"', ""))),
    same("order is any text", (_ORDER, 'order: str = "asc"')),
    breaks("since became a date", parameter(LIST, "query since"), (_SINCE, "since: date | None = None")),
    same("since is never null", (_SINCE, "since: datetime = datetime(2020, 1, 1)")),
    breaks("fewer tags", parameter(LIST, "query tag"), (_TAG, _TAG.replace("4", "3"))),
    same("more tags", (_TAG, _TAG.replace("4", "8"))),
    breaks("trace tightened", parameter(LIST, "header x-trace"), (_TRACE, _TRACE.replace("+$", "{8}$"))),
    same("trace relaxed", (_TRACE, _TRACE.replace("a-z", "a-zA-Z"))),
    breaks(
        "trace required",
        parameter(LIST, "header x-trace"),
        (_LIMIT, _TRACE.replace("str | None", "str").replace(" = None", "") + ",\n    " + _LIMIT),
        (_TRACE + ",", ""),
    ),
    same("header's case changed", (_TRACE, _TRACE.replace("pattern", 'alias="X-Trace", pattern'))),
    breaks(
        "new required query",
        parameter(SEARCH, "query region"),
        (_SEARCH, _SEARCH.replace("body", "region: str, body")),
    ),
    same("new optional query", (_SEARCH, _SEARCH.replace(")", ", region: str | None = None)"))),
    breaks(
        "new required header",
        parameter(SEARCH, "header x-tenant"),
        (_SEARCH, _SEARCH.replace("body", "x_tenant: Annotated[str, Header()], body")),
    ),
    same(
        "new optional cookie",
        (_SEARCH, _SEARCH.replace(")", ", visit: Annotated[str | None, Cookie()] = None)")),
        imports="from fastapi import Cookie",
    ),
    breaks(
        "flag became words", parameter(GET, "query detail"), (_DETAIL, 'detail: Literal["yes", "no"] = "yes"')
    ),
    breaks(
        "plan id became a number",
        parameter(SEARCH, "path plan_id"),
        (_SEARCH, _SEARCH.replace("UUID", "int")),
    ),
    same("plan id became a text", (_SEARCH, _SEARCH.replace("UUID", "str"))),
    same(
        "path parameter renamed",
        (_SEARCH_ROUTE, _SEARCH_ROUTE.replace("plan_id", "key")),
        (_SEARCH, _SEARCH.replace("plan_id", "key")),
    ),
    breaks("level tightened", parameter(ROOM, "path level"), (_LEVEL, _LEVEL.replace("+$", "$"))),
    same("level rewritten", (_LEVEL, _LEVEL.replace("+$", "{1,}$"))),
    breaks(
        "room 0 refused",
        parameter(ROOM, "path room"),
        ("room: Annotated[int, Path(ge=0)]", "room: Annotated[int, Path(ge=1)]"),
    ),
    # Bodies as a whole
    same("body may be left out", (_SEARCH, _SEARCH.replace("body: Search", "body: Search | None = None"))),
    breaks(
        "body embedded",
        body("", SEARCH),
        (_SEARCH, _SEARCH.replace("body: Search", "body: Annotated[Search, Body(embed=True)]")),
    ),
    breaks(
        "body's part required",
        body("", MERGE),
        ("weight: Annotated[float, Body(gt=0, lt=1)] = 0.5", "weight: Annotated[float, Body(gt=0, lt=1)]"),
    ),
    same("body of any type", ("anything(body: dict[str, Any])", "anything(body: Annotated[Any, Body()])")),
    # Without Body() FastAPI takes it for a query parameter.
    breaks(
        "body became a query parameter",
        (
            *parameter(ANYTHING, "query body"),
            Breach("content-type", ANYTHING, "body application/json"),
        ),
        ("anything(body: dict[str, Any])", "anything(body: Any)"),
    ),
    breaks(
        "body's values became texts",
        body("/*", ANYTHING),
        ("anything(body: dict[str, Any])", "anything(body: dict[str, str])"),
    ),
    breaks(
        "body became a list",
        body("", ANYTHING),
        ("anything(body: dict[str, Any])", "anything(body: list[Any])"),
    ),
    breaks(
        "another media type",
        (Breach("content-type", SEARCH, "body application/json"),),
        (
            _SEARCH,
            _SEARCH.replace(
                "body: Search", 'body: Annotated[Search, Body(media_type="application/vnd.survey")]'
            ),
        ),
    ),
    # Operations
    breaks("path renamed", (Breach("operation-missing", MERGE, ""),), ('"/merge"', '"/join"')),
    breaks("method changed", (Breach("operation-missing", EDIT, ""),), ("@router.patch", "@router.put")),
    breaks(
        "route hidden",
        (Breach("operation-missing", SEARCH, ""),),
        (_SEARCH_ROUTE, _SEARCH_ROUTE + ", include_in_schema=False"),
    ),
    same(
        "operation added",
        (
            "app.include_router(router)",
            '@router.get("/ping")\ndef ping() -> str: ...\n\n\napp.include_router(router)',
        ),
        warns=("operation-extra",),
    ),
    same("operation deprecated", ('@router.get("/version"', '@router.get("/version", deprecated=True')),
    same("operation renamed", ("def version()", "def read_version()")),
    same(
        "served under another address",
        ('version="1")', 'version="1", servers=[{"url": "https://x.invalid/api"}])'),
    ),
    same(
        "labelled as OpenAPI 3.0",
        ("app.include_router(router)", 'app.include_router(router)\napp.openapi_version = "3.0.2"'),
    ),
    # Statuses
    breaks(
        "201 in place of 200", (_status(MAKE, "201"),), (_MAKE_ROUTE, _MAKE_ROUTE.replace("=200", "=201"))
    ),
    breaks("200 in place of 204", (_status(DROP, "200"),), (_DROP_ROUTE, _DROP_ROUTE.replace("204", "200"))),
    breaks(
        "503 documented",
        (_status(MAKE, "503"),),
        (_MAKE_ROUTE, _MAKE_ROUTE.replace("409:", '503: {"model": Fault}, 409:')),
    ),
    same("409 never answered", (_MAKE_ROUTE, _MAKE_ROUTE.replace(', responses={409: {"model": Fault}}', ""))),
    same("418 under 4XX", (_MERGE_ROUTE, _MERGE_ROUTE.replace('"4XX"', "418"))),
    breaks(
        "500 beside 4XX",
        (_status(MERGE, "500"),),
        (_MERGE_ROUTE, _MERGE_ROUTE.replace('"4XX"', '500: {"model": Fault}, "4XX"')),
    ),
    breaks(
        "404 with another body under 4XX",
        (Breach("response-widened", MERGE, "404 application/json"),),
        (_MERGE_ROUTE, _MERGE_ROUTE.replace('"4XX"', '404: {"model": Note}, "4XX"')),
        ("app = FastAPI(", _NOTE),
    ),
    same("500 under default", (_ANYTHING_ROUTE, _ANYTHING_ROUTE.replace('"default"', "500"))),
    same(
        "FastAPI's 422 appears",
        ("def version()", 'def version(part: Literal["major", "minor"] = "major")'),
        warns=("status-undeclared",),
    ),
    # Media types and headers of answers
    same("no more CSV", ('responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},', "")),
    breaks(
        "CSV as well",
        (Breach("content-type", SEARCH, "200 text/csv"),),
        (_SEARCH_ROUTE, _SEARCH_ROUTE + ', responses={200: {"content": {"text/csv": {}}}}'),
    ),
    breaks(
        "plain text in place of JSON",
        (Breach("content-type", SEARCH, "200 text/plain"),),
        (_SEARCH_ROUTE, _SEARCH_ROUTE + ", response_class=PlainTextResponse"),
        imports="from fastapi.responses import PlainTextResponse",
    ),
    breaks(
        "header gone",
        (Breach("response-widened", ROOM, "200 header ETag"),),
        ('responses={200: {"headers": {"ETag": {"schema": {"type": "string"}, "required": True}}}},', ""),
    ),
    breaks(
        "header no longer sure",
        (Breach("response-widened", ROOM, "200 header ETag"),),
        ('"required": True', '"required": False'),
    ),
    same("header added", ('{"headers": {', '{"headers": {"Age": {"schema": {"type": "integer"}}, ')),
    # Security
    breaks(
        "login needed",
        (Breach("security-narrowed", SEARCH, "security"),),
        (_SEARCH_ROUTE, _SEARCH_ROUTE + ", dependencies=[Depends(bearer)]"),
    ),
    same(
        "login no longer needed", (_MAKE_ROUTE, _MAKE_ROUTE.replace("dependencies=[Depends(bearer)], ", ""))
    ),
    breaks(
        "another kind of login",
        tuple(Breach("security-narrowed", at, "security") for at in (MAKE, LIST, GET, EDIT, DROP)),
        (_BEARER, 'bearer = APIKeyHeader(name="X-Key", auto_error=False)'),
        imports=_KEYS,
    ),
    same("login's scheme renamed", (_BEARER, 'bearer = HTTPBearer(auto_error=False, scheme_name="token")')),
    breaks(
        "login in another header",
        tuple(Breach("security-narrowed", at, "security") for at in (MAKE, LIST, GET, EDIT, DROP)),
        (_BEARER, "bearer = HTTPBasic(auto_error=False)"),
        imports="from fastapi.security import HTTPBasic",
    ),
)
