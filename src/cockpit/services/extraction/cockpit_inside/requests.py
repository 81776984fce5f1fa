"""Does the application let a request through to its logic? Asked over ASGI, without running logic.

The request passes the app's own middleware, routing and validation. What depends on a running service is
left out: start-up is not run, functions behind `Depends` and security are replaced by nothing once their own
parameters are read, and where FastAPI would call the endpoint the request has "reached" it and ends.
"""

from __future__ import annotations

import asyncio
import importlib
import json
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

_BODY_LIMIT = 64_000
_NO_BODY = object()


class _ReachedError(BaseException):
    """The request came as far as the endpoint. No Exception, because the app must not catch it."""


class Door:
    """Sends requests to one application."""

    def __init__(self, app: Any) -> None:
        routing: Any = importlib.import_module("fastapi.routing")
        self._app = app
        self._reached = False
        solve = routing.solve_dependencies

        async def validate(*args: Any, **named: Any) -> Any:
            dependant = named.get("dependant")
            if dependant is not None:
                _replace(dependant)
            solved = await solve(*args, **named)
            errors = solved.errors if hasattr(solved, "errors") else solved[1]
            if not errors:
                self._reached = True
                raise _ReachedError
            return solved

        routing.solve_dependencies = validate

    def ask(self, request: dict[str, Any], limit_s: float) -> dict[str, Any]:
        """Return {reached, status, body, error} for {method, path, query, headers, json?}."""
        self._reached = False
        answer: dict[str, Any] = {"reached": False, "status": None, "body": "", "error": ""}
        try:
            status, body = asyncio.run(asyncio.wait_for(self._send(request), limit_s))
            answer |= {"status": status, "body": body}
        except TimeoutError:
            answer["error"] = f"no answer within {limit_s:g} s"
        except BaseException as error:  # noqa: BLE001 - whatever the app raises is its answer
            if not self._reached:
                answer["error"] = f"{type(error).__name__}: {error}"[:500]
        answer["reached"] = self._reached
        if self._reached:
            answer |= {"status": None, "body": ""}
        return answer

    async def _send(self, request: dict[str, Any]) -> tuple[int | None, Any]:
        payload = json.dumps(request["json"]).encode() if "json" in request else b""
        scope = _scope(request, payload)
        status: int | None = None
        kind = ""
        body = b""
        sent = False

        async def receive() -> dict[str, Any]:
            nonlocal sent
            if sent:
                await asyncio.sleep(3600)
            sent = True
            return {"type": "http.request", "body": payload, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            nonlocal status, kind, body
            if message["type"] == "http.response.start":
                status = message["status"]
                kind = next(
                    (v.decode("latin-1") for k, v in message["headers"] if k.lower() == b"content-type"), ""
                )
            elif message["type"] == "http.response.body" and len(body) <= _BODY_LIMIT:
                body += message.get("body", b"")

        await self._app(scope, receive, send)
        return status, _read(body, kind)


def _read(body: bytes, kind: str) -> Any:
    if len(body) <= _BODY_LIMIT and "json" in kind:
        try:
            return json.loads(body)
        except ValueError:
            pass
    return body[:_BODY_LIMIT].decode("utf-8", "replace")


def _scope(request: dict[str, Any], payload: bytes) -> dict[str, Any]:
    path: str = request["path"]
    headers = [(b"host", b"testserver"), (b"accept", b"*/*")]
    headers += [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in request["headers"]
    ]
    named = {name for name, _ in headers}
    if "json" in request and b"content-type" not in named:
        headers.append((b"content-type", b"application/json"))
    if payload:
        headers.append((b"content-length", str(len(payload)).encode()))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request["method"].upper(),
        "scheme": "http",
        "path": path,
        "raw_path": quote(path, safe="/:@!$&'()*+,;=~%").encode(),
        "query_string": urlencode([(name, value) for name, value in request["query"]]).encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 50_000),
        "server": ("testserver", 80),
        "state": {},
    }


def _replace(dependant: Any) -> None:
    """Let every dependency do nothing once its own parameters are validated."""
    for part in dependant.dependencies:
        if not getattr(part.call, "cockpit_nothing", False):
            part.call = _nothing()
            # Some versions of FastAPI keep what they worked out from the function that was there before.
            known = getattr(part, "__dict__", {})
            for name in [name for name in known if isinstance(vars(type(part)).get(name), cached_property)]:
                del known[name]
        _replace(part)


def _nothing() -> Any:
    async def nothing(**_: Any) -> None:
        return None

    nothing.cockpit_nothing = True  # type: ignore[attr-defined]
    return nothing
