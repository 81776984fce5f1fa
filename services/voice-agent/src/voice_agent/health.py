"""Does the process answer (`/healthz`), and is what it needs in memory (`/readyz`)?"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from fastapi import APIRouter, HTTPException
from fastapi.responses import JSONResponse

_log = logging.getLogger(__name__)


class Readiness:
    """Whether `load` has returned: "starting", "ready" or "failed"."""

    def __init__(self, load: Callable[[], None]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._begun = False
        self.state = "starting"
        self.error: str | None = None

    def begin(self) -> None:
        """Run `load` in a background thread, once for this process."""
        with self._lock:
            if self._begun:
                return
            self._begun = True
        threading.Thread(target=self._run, name="load", daemon=True).start()

    def _run(self) -> None:
        try:
            self._load()
        except Exception as error:
            self.error = type(error).__name__[:100]
            self.state = "failed"
            _log.exception("loading failed")
        else:
            self.state = "ready"
            _log.info("ready")

    async def require(self) -> None:
        """Let a request pass only if the service is ready; otherwise it is answered with 503."""
        if self.state != "ready":
            raise HTTPException(503, f"not ready: {self.state}", headers={"Retry-After": "1"})

    def router(self) -> APIRouter:
        """Return the two health routes; both stay out of the schema."""
        router = APIRouter(include_in_schema=False)

        @router.get("/healthz")
        async def healthz() -> JSONResponse:
            return JSONResponse({"status": "ok"})

        @router.get("/readyz")
        async def readyz() -> JSONResponse:
            if self.state == "ready":
                return JSONResponse({"status": "ready"})
            said = {"status": self.state} | ({"error": self.error} if self.error else {})
            return JSONResponse(said, status_code=503, headers={"Retry-After": "1"})

        return router
