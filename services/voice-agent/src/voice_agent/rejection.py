"""How is a request answered that is invalid (422) or too large (413)?"""

from __future__ import annotations

import json
from typing import Any

from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# For operations whose x-slo names no max_payload_kb.
MAX_BODY_BYTES = 32 * 2**20
# What an answer repeats of an invalid request: enough to find the faults, never the whole request.
MAX_FAULTS = 50
MAX_TEXT = 200


def invalid(error: RequestValidationError) -> Response:
    """Return FastAPI's own answer, without what is long in it."""
    faults = [_shortened(fault) for fault in error.errors()[:MAX_FAULTS]]
    # NaN and infinity, which Python's parser takes and JSON cannot say, become text.
    said = json.loads(json.dumps(jsonable_encoder(faults)), parse_constant=str)
    return JSONResponse({"detail": said}, status_code=422)


def _shortened(fault: dict[str, Any]) -> dict[str, Any]:
    short = {key: _cut(value) for key, value in fault.items()}
    short["loc"] = [_cut(part) for part in fault["loc"]]
    if "ctx" in fault:
        short["ctx"] = {name: _cut(value) for name, value in fault["ctx"].items()}
    given = fault.get("input")
    if not isinstance(given, str | int | float | None) or len(str(given)) > MAX_TEXT:
        short.pop("input", None)
    return short


def _cut(value: Any) -> Any:
    """Return `value`, a text only as far as it is short."""
    return value[:MAX_TEXT] + "…" if isinstance(value, str) and len(value) > MAX_TEXT else value


def too_large(scope: Scope) -> Response:
    """Return the answer to a body beyond the limit: JSON, or what the contract declares for 413 instead."""
    route = scope.get("route")
    declared = getattr(route, "responses", {})
    said = next((declared[status] for status in (413, "4XX", "default") if status in declared), None)
    if said is not None and not said.keys() & {"model", "content"}:
        return Response(status_code=413)
    limit = getattr(route, "max_body_size", None) or MAX_BODY_BYTES
    text = f"the body is larger than {limit} bytes"
    if said is not None and "text/plain" in said.get("content", ()):
        return PlainTextResponse(text, status_code=413)
    return JSONResponse({"detail": text}, status_code=413)


class BodyLimitAnswer:
    """ASGI middleware: answers with `too_large` where Starlette's limit answers with its own plain text."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; other kinds of scope pass through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        replaced = False

        async def send_ours(message: Message) -> None:
            nonlocal replaced
            if replaced:
                return  # the body of the plain text
            if message["type"] == "http.response.start" and message["status"] == 413:
                kind = Headers(raw=message["headers"]).get("content-type", "")
                replaced = kind.startswith("text/plain")
            if replaced:
                await too_large(scope)(scope, receive, send)
            else:
                await send(message)

        await self._app(scope, receive, send_ours)
