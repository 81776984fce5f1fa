"""An HTTP client in memory: answers from a table, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cockpit.edges.http._protocol import LIMITS, Answer, Limits, UnansweredError

Canned = Answer | UnansweredError


class FakeHttp:
    """Answers each URL from its list, the last entry for ever; an unknown URL refuses the connection."""

    def __init__(self, answers: Mapping[str, Canned | Sequence[Canned]] | None = None) -> None:
        self.answers = dict(answers or {})
        self.asked: list[str] = []
        self.sent: list[tuple[str, str, bytes | None]] = []

    async def get(
        self, url: str, limits: Limits = LIMITS, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Return the canned answer to `url` or raise the canned failure."""
        self.asked.append(url)
        canned = self.answers.get(url)
        if canned is None:
            raise UnansweredError("connection refused", do="start the service", code="refused")
        if isinstance(canned, Sequence):
            canned = canned[min(self.asked.count(url), len(canned)) - 1]
        if isinstance(canned, UnansweredError):
            raise canned
        return canned

    async def send(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        limits: Limits = LIMITS,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the canned answer to `url`, whatever the method; what was sent stays in `sent`."""
        self.sent.append((method, url, body))
        return await self.get(url, limits, headers)

    async def close(self) -> None:
        """Nothing is open."""

    @staticmethod
    def page(
        status: int = 200, body: bytes = b"{}", content_type: str = "application/json", ms: float = 5.0
    ) -> Answer:
        """Return an answer as a service would give it after `ms` milliseconds."""
        headers = {"content-type": content_type}
        return Answer(status, "http://fake", headers, body, False, ms, {"first_byte": ms})
