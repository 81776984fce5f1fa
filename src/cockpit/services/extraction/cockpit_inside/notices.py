"""What must a reader of the document know that the document does not say?"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from typing import Any, NamedTuple

from .lines import Places

_HEALTH = ("/healthz", "/readyz", "/livez")
_METHODS = frozenset({"GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"})
_BODYLESS = (204, 205, 304)


class Notice(NamedTuple):
    """One thing, with its remedy and its place ("path:line"), None where no line is at fault."""

    code: str
    message: str
    do: str
    at: str | None = None


def contexts(app: Any) -> list[Any]:
    """Return every route of the app with what its routers add; old versions of FastAPI copy them instead."""
    routing = importlib.import_module("fastapi.routing")
    expand = getattr(routing, "iter_route_contexts", None)
    return list(expand(app.routes)) if expand is not None else list(app.routes)


def is_operation(context: Any) -> bool:
    """True for a route that FastAPI describes."""
    kind = importlib.import_module("fastapi.routing").APIRoute
    return isinstance(getattr(context, "original_route", context), kind)


def overridden(app: Any) -> str | None:
    """Return in which way what the app serves may be something else than what its code says."""
    applications = importlib.import_module("fastapi.applications")
    if "openapi" in vars(app):
        return "app.openapi is replaced"
    if type(app).openapi is not applications.FastAPI.openapi:
        return f"{type(app).__name__}.openapi replaces FastAPI's"
    for function in (applications.FastAPI.openapi, applications.get_openapi):
        if not function.__module__.startswith("fastapi."):
            return f"FastAPI's {function.__name__} is replaced"
    if vars(app).get("openapi_schema") is not None:
        return "app.openapi_schema is set by hand"
    for context in contexts(app):
        if getattr(context, "path", None) == app.openapi_url:
            endpoint = getattr(context, "endpoint", None)
            if getattr(endpoint, "__module__", "") != "fastapi.applications":
                return f"{app.openapi_url} is answered by a route of its own"
            break
    return None


def notices(app: Any, document: dict[str, Any], places: Places) -> Iterator[Notice]:
    """Yield what the document of `app` leaves out."""
    if app.openapi_url is None:
        yield Notice(
            "openapi-not-served",
            "openapi_url is None, so a deployed service cannot be asked for its document",
            "leave openapi_url at its default",
        )
    version = document.get("openapi")
    if not str(version).startswith("3.1"):
        yield Notice(
            "openapi-version",
            f"openapi_version is {version}: FastAPI changes the label only, the document is written as 3.1",
            "leave openapi_version at its default",
        )
    own = {app.openapi_url, app.docs_url, app.redoc_url, app.swagger_ui_oauth2_redirect_url, *_HEALTH}
    for context in contexts(app):
        yield from _of_route(context, own, places)


def _of_route(context: Any, own: set[str | None], places: Places) -> Iterator[Notice]:
    route, path = getattr(context, "original_route", context), getattr(context, "path", None)
    endpoint = getattr(context, "endpoint", None)
    at = places.of_function(endpoint) if endpoint is not None else None
    kind = type(route).__name__
    if kind in ("Mount", "Host") or endpoint is None:
        yield Notice(
            "mounted-app",
            f"what is mounted at {path or getattr(route, 'host', '')!r} answers, and is not in the document",
            "include its routes with include_router, or keep it out of this service",
        )
    elif "WebSocket" in kind:
        yield Notice(
            "websocket-route", f"{path} is a WebSocket, which OpenAPI cannot say", "describe it in prose", at
        )
    elif not is_operation(context) or not context.include_in_schema:
        if path not in own:
            yield Notice(
                "hidden-route",
                f"{path} answers, and is not in the document",
                "take include_in_schema=False away, so that the contract can be held against it",
                at,
            )
    else:
        yield from _of_operation(context, path, at)


def _of_operation(context: Any, path: str | None, at: str | None) -> Iterator[Notice]:
    name = f"{'/'.join(sorted(context.methods & _METHODS))} {path}"
    if context.openapi_extra:
        yield Notice(
            "openapi-extra",
            f"{name} has openapi_extra, which is in the document whatever the code does",
            "say it with parameters and models",
            at,
        )
    status = context.status_code or 200
    declared = context.responses.get(status, context.responses.get(str(status), {}))
    silent = context.response_field is None and status not in _BODYLESS and not declared.get("content")
    if silent and not _answers_with_a_response(context):
        yield Notice(
            "response-undeclared",
            f"{name} declares no model for its answer, so the document allows any",
            "annotate what the function returns, or give response_model",
            at,
        )


def _answers_with_a_response(context: Any) -> bool:
    """True where a response class of its own, that is not JSON, describes the answer."""
    kind = getattr(context.response_class, "value", context.response_class)
    media = getattr(kind, "media_type", None)
    return inspect.isclass(kind) and media != "application/json"
