"""What does the app do with a request, as far as its validation? No logic, no start-up is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.domain.conformance import Replay
from cockpit.services.extraction import ExtractionError, ReplayAnswer, ReplayRequest, replay
from support import tiny_service
from support.tiny_service import HEAD

APP = f"""{HEAD}
from pathlib import Path
from typing import Annotated

import numpy as np
from fastapi import Depends, Header, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.security import HTTPBearer
from pydantic import field_validator


async def ready():
    raise HTTPException(503, "not ready")


def header(x_limit: Annotated[int, Header(le=9)]):
    Path("ran").touch()
    return x_limit


async def session():
    Path("ran").touch()
    yield 1


app = FastAPI(dependencies=[Depends(ready)])


class Thing(BaseModel):
    size: int = Field(ge=0, le=64)


class Checked(BaseModel):
    size: float

    @field_validator("size")
    @classmethod
    def finite(cls, value):
        if not np.isfinite(value) or value > np.float64(5):
            raise ValueError("too large")
        return value


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    return JSONResponse({{"own": len(error.errors())}}, status_code=422)


@app.post("/v1/things/{{kind}}")
def make_thing(kind: int, body: Thing, limit: int = 5, session: int = Depends(session)) -> Thing:
    Path("ran").touch()
    return body


@app.post("/v1/guarded", dependencies=[Depends(HTTPBearer())])
def guarded(body: Thing, value: int = Depends(header)) -> Thing:
    Path("ran").touch()
    return body


@app.post("/v1/checked")
def checked(body: Checked) -> Checked: ...


@app.post("/v1/optional")
def optional(body: Thing | None = None) -> str: ...


@app.get("/v1/words")
def words(q: list[str] = []) -> str: ...


@app.get("/v1/stream", response_class=StreamingResponse)
async def stream():
    Path("ran").touch()
    yield "a"


@app.middleware("http")
async def outer(request: Request, call_next):
    if request.headers.get("x-blocked"):
        return JSONResponse({{"detail": "who are you"}}, status_code=401)
    if request.headers.get("x-slow"):
        import asyncio
        await asyncio.sleep(600)
    if request.headers.get("x-broken"):
        raise RuntimeError("broken outside")
    return await call_next(request)
"""


def post(path: str, json: object, **headers: str) -> ReplayRequest:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return ReplayRequest("POST", path, headers=named, json=json, has_body=True)


REACHED = ReplayAnswer(True, None, "", "")
ASKED = {
    "too large": (post("/v1/things/1", {"size": 65}), ReplayAnswer(False, 422, {"own": 1}, "")),
    "fits": (post("/v1/things/1", {"size": 64}), REACHED),
    "lax text": (post("/v1/things/1", {"size": "7"}), REACHED),
    "lax truth": (post("/v1/things/1", {"size": True}), REACHED),
    "path": (post("/v1/things/one", {"size": 1}), ReplayAnswer(False, 422, {"own": 1}, "")),
    "query": (
        ReplayRequest("POST", "/v1/things/1", (("limit", "x"),), (), {"size": 1}),
        ReplayAnswer(False, 422, {"own": 1}, ""),
    ),
    "null": (post("/v1/things/1", None), ReplayAnswer(False, 422, {"own": 1}, "")),
    "no body": (ReplayRequest("POST", "/v1/things/1"), ReplayAnswer(False, 422, {"own": 1}, "")),
    "null that is meant": (post("/v1/optional", None), REACHED),
    "header of a dependency": (
        post("/v1/guarded", {"size": 1}, x_limit="10"),
        ReplayAnswer(False, 422, {"own": 1}, ""),
    ),
    "guarded": (post("/v1/guarded", {"size": 1}, x_limit="9"), REACHED),
    "validator of its own": (post("/v1/checked", {"size": 6}), ReplayAnswer(False, 422, {"own": 1}, "")),
    "validator that is content": (post("/v1/checked", {"size": 4}), REACHED),
    "stream": (ReplayRequest("GET", "/v1/stream"), REACHED),
    "spaces and signs": (ReplayRequest("POST", "/v1/things/a b%2F/ü", json={}), None),
}


def test_every_request_gets_the_answer_of_validation(tmp_path: Path, fastapi_env: Path) -> None:
    folder = tiny_service.app(tmp_path, fastapi_env, APP)
    said = replay(tmp_path, "tiny", [request for request, _ in ASKED.values()])
    for (name, (_, wanted)), answer in zip(ASKED.items(), said, strict=True):
        if wanted is not None:
            assert answer == wanted, name
    assert said[-1].status == 404
    assert not (folder / "ran").exists()


def test_the_outcome_is_told_in_the_words_of_findings() -> None:
    assert REACHED.outcome is Replay.ACCEPTED
    assert ReplayAnswer(False, 422, {}, "").outcome is Replay.CONFIRMED
    assert ReplayAnswer(False, 400, {}, "").outcome is Replay.CONFIRMED
    assert ReplayAnswer(False, 413, {}, "").outcome is Replay.CONFIRMED
    for status in (200, 401, 403, 404, 405, 429, 500, 503, None):
        assert ReplayAnswer(False, status, "", "").outcome is Replay.NOT_REPLAYED


def test_what_stops_a_request_on_its_way_is_no_confirmation(tmp_path: Path, fastapi_env: Path) -> None:
    tiny_service.app(tmp_path, fastapi_env, APP)
    blocked, slow, broken, after = replay(
        tmp_path,
        "tiny",
        [
            post("/v1/things/1", {"size": 65}, **{name: "1"})
            for name in ("x_blocked", "x_slow", "x_broken", "x")
        ],
        limit_s=20,
        each_s=1,
    )
    assert (blocked.status, blocked.body) == (401, {"detail": "who are you"})
    assert (slow.status, slow.error) == (None, "no answer within 1 s")
    assert broken.error == "RuntimeError: broken outside"
    assert {answer.outcome for answer in (blocked, slow, broken)} == {Replay.NOT_REPLAYED}
    assert after.outcome is Replay.CONFIRMED


def test_an_app_that_does_not_import_cannot_be_asked(tmp_path: Path, fastapi_env: Path) -> None:
    tiny_service.app(tmp_path, fastapi_env, "import fastapi\n1 / 0\n")
    with pytest.raises(ExtractionError, match="ZeroDivisionError"):
        replay(tmp_path, "tiny", [post("/x", {})])


def test_nothing_is_asked_of_nobody(tmp_path: Path) -> None:
    assert replay(tmp_path, "no-such", []) == ()
