"""Which application does the server run? `voice_agent.app:app`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.types import ASGIApp

from voice_agent import log, rejection
from voice_agent.api import routes
from voice_agent.health import Readiness
from voice_agent.logic import lifecycle
from voice_agent.logic.not_written import NotWritten
from voice_agent.logic.refusal import Refusal


class Application(FastAPI):
    """FastAPI whose every answer passes the request log, those to errors and to large bodies included."""

    def build_middleware_stack(self) -> ASGIApp:
        """Return FastAPI's own stack with the log around it."""
        return log.RequestLog(rejection.BodyLimitAnswer(super().build_middleware_stack()))


def create_app() -> FastAPI:
    """Return the application: generated routes, health, one log line a request."""
    log.configure()
    readiness = Readiness(lifecycle.load)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        readiness.begin()
        yield

    app = Application(
        title=routes.TITLE,
        version=routes.VERSION,
        lifespan=lifespan,
        max_body_size=rejection.MAX_BODY_BYTES,
    )
    app.include_router(readiness.router())
    app.include_router(routes.router, dependencies=[Depends(readiness.require)])

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return rejection.invalid(error)

    @app.exception_handler(413)
    async def too_large(request: Request, error: Exception) -> Response:
        return rejection.too_large(request.scope)

    @app.exception_handler(NotWritten)
    async def not_written(request: Request, error: NotWritten) -> JSONResponse:
        said = {"detail": "logic not written", "operation": error.operation, "where": error.where}
        return JSONResponse(said, status_code=501)

    @app.exception_handler(Refusal)
    async def refusal(request: Request, error: Refusal) -> JSONResponse:
        return JSONResponse(jsonable_encoder(error.body), status_code=error.status)

    return app


app = create_app()
