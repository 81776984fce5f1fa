"""How long did each phase of an exchange take?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.edges.clock import Clock
from cockpit.edges.http._protocol import Exchange


class Stopwatch:
    """Milliseconds by phase, told by httpcore's trace events; redirects and a second try add up."""

    def __init__(self, clock: Clock) -> None:
        self._now = clock.monotonic
        self._start = self._mark = self._now()
        self._phases: dict[str, float] = {}
        self._connected = self._answered = False

    def begin(self) -> None:
        """A request begins."""
        self._mark = self._now()
        self._connected = self._answered = False

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of an event of httpcore."""
        if event == "connection.connect_tcp.complete":
            self._connected = True
            self._add("connect")
        elif event == "connection.connect_tcp.failed":
            self._connected = True
        elif event == "connection.start_tls.complete":
            self._add("tls")
        elif event == "http11.receive_response_headers.complete":
            self._answered = True
            self._add("first_byte")

    def finish(self) -> None:
        """The body has come."""
        self._add("body")

    @property
    def reused_in_vain(self) -> bool:
        """True if the request went over a kept connection and nothing came back."""
        return not self._connected and not self._answered

    def reading(self) -> Exchange:
        """Return what was measured so far."""
        return Exchange(round((self._now() - self._start) * 1000, 3), dict(self._phases))

    def _add(self, phase: str) -> None:
        now = self._now()
        self._phases[phase] = round(self._phases.get(phase, 0.0) + (now - self._mark) * 1000, 3)
        self._mark = now
