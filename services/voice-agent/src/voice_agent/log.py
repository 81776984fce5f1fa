"""What happened? One JSON object a line on standard error; no bodies, no query values."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_TEXT_LIMIT = 8000
_log = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. `extra={"fields": {…}}` of a record is merged into it."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage()[:_TEXT_LIMIT],
        }
        request_id = _request_id.get()
        if request_id is not None:
            line["request_id"] = request_id
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)[-_TEXT_LIMIT:]
        return json.dumps(line, ensure_ascii=False, default=str)


def configure() -> None:
    """Send every logger of the process through `JsonLines`, uvicorn's too, its access log aside."""
    root = logging.getLogger()
    if not any(isinstance(handler.formatter, JsonLines) for handler in root.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        root.addHandler(handler)
        root.setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # HTTP clients log whole URLs, and those may hold secrets.
    for name in ("httpx", "httpx2"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # One line a request is enough, and this one has no request id and shows query values.
    logging.getLogger("uvicorn.access").disabled = True


class RequestLog:
    """ASGI middleware: a request id for every request, and one line when it has been answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; other kinds of scope pass through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _id_of(scope)
        _request_id.set(request_id)
        begun = time.perf_counter()
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            fields = {
                "method": scope["method"],
                "path": getattr(scope.get("route"), "path", "(no route)"),
                "status": status,
                "duration_ms": round(1000 * (time.perf_counter() - begun), 2),
            }
            # Probes come every few seconds: they are worth a line only when something is wrong.
            quiet = fields["path"] in ("/healthz", "/readyz") and status < 400
            _log.log(logging.DEBUG if quiet else logging.INFO, "request", extra={"fields": fields})


def _id_of(scope: Scope) -> str:
    """Return the caller's X-Request-Id if it is sane, a new one otherwise."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            given = value.decode("latin-1")
            if _SANE_ID.fullmatch(given):
                return given
    return uuid.uuid4().hex
