"""What is asked of an HTTP client, and what does it answer?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cockpit.errors import EdgeError


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one GET: seconds to connect and in all, bytes of body, redirects on its own host."""

    connect_s: float = 3.0
    total_s: float = 10.0
    body_bytes: int = 65_536
    redirects: int = 3


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `body` holds at most the limit; `cut` says that there was more.

    `url` is what answered in the end. Header names are in lower case, repeated ones joined by a comma.
    `elapsed_ms` is the whole exchange without waiting for a turn; `phases` are milliseconds of it:
    connect (with name lookup), tls, first_byte, body. A kept connection has no connect and no tls.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    cut: bool
    elapsed_ms: float
    phases: dict[str, float]


@dataclass(frozen=True, slots=True)
class Exchange:
    """How far an exchange came: milliseconds in all and by phase."""

    elapsed_ms: float = 0.0
    phases: dict[str, float] = field(default_factory=dict)


class UnansweredError(EdgeError):
    """No whole answer came.

    `blames_host` is False where the reason lies on this side (no network, no resolver, a broken URL,
    a broken proxy): then nothing was learned about the host.
    """

    def __init__(
        self, message: str, *, do: str, code: str, blames_host: bool = True, exchange: Exchange | None = None
    ) -> None:
        super().__init__(message, do=do, code=code)
        self.blames_host = blames_host
        self.exchange = exchange or Exchange()


class Http(Protocol):
    """Fetches pages on the event loop it was first used on."""

    async def get(
        self, url: str, limits: Limits = LIMITS, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Return what `GET url` answers, whatever its status. Raises UnansweredError without a whole one.

        `headers` go to the origin of `url` alone. Redirects are followed on that origin (and from http
        to https on the same host); any other redirect is itself the answer.
        """
        ...

    async def send(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        limits: Limits = LIMITS,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return what one request with `method` answers. Raises UnansweredError without a whole answer.

        It is sent once and over a connection of its own; a redirect is itself the answer.
        """
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...
