"""The real client: httpx, one small transport for each origin, bounded in every direction.

One pool over many hosts is quadratic in httpx (each queued request scans every connection), so each
origin has its own transport. Transports know no cookies, no .netrc and no redirects of their own.
"""

from __future__ import annotations

import asyncio
import socket
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Self

from cockpit import __version__
from cockpit.edges.clock import Clock
from cockpit.edges.http._failures import unanswered
from cockpit.edges.http._origins import Origin, next_hop, origin_of, proxy_for, resolver_answers
from cockpit.edges.http._protocol import LIMITS, Answer, Exchange, Limits, UnansweredError
from cockpit.edges.http._stopwatch import Stopwatch

if TYPE_CHECKING:
    import ssl

    import httpx

_IN_ALL = 100
_PER_HOST = 2
_KEEP_OPEN_S = 90.0
_SILENT_RESOLVER = socket.gaierror(socket.EAI_AGAIN, "the resolver does not answer")
# No compression: a small compressed body can unfold to gigabytes.
_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": f"cockpit/{__version__}",
}


class _Lane:
    """One origin: its transport and the turns that its callers wait for."""

    def __init__(self, transport: httpx.AsyncHTTPTransport, *, proxied: bool) -> None:
        self.transport = transport
        self.proxied = proxied
        self.turn = asyncio.Semaphore(_PER_HOST)
        self.users = 0


class HttpxHttp:
    """Fetches pages, at most 100 at once and two from one origin. Use it on one event loop, then close it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lanes: OrderedDict[Origin, _Lane] = OrderedDict()
        self._turn = asyncio.Semaphore(_IN_ALL)
        self._context: ssl.SSLContext | None = None
        self._keep = _lanes_to_keep()

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close every connection."""
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        lanes = list(self._lanes.values())
        self._lanes.clear()
        for lane in lanes:
            await lane.transport.aclose()

    async def get(
        self, url: str, limits: Limits = LIMITS, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Return what `GET url` answers, whatever its status. Raises UnansweredError without a whole one."""
        sent = {**_HEADERS, **(headers or {})}

        async def ask(first: httpx.URL, lane: _Lane, watch: Stopwatch) -> Answer:
            return await self._follow(first, lane, limits, sent, watch, limits.redirects)

        return await self._exchange(url, limits, ask)

    async def send(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        limits: Limits = LIMITS,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return what one request answers. It is sent once, and a redirect is itself the answer."""
        import httpx

        # A connection of its own: what was sent over a kept one that the host closes just then is lost.
        sent = {**_HEADERS, "Connection": "close", **(headers or {})}

        async def ask(there: httpx.URL, lane: _Lane, watch: Stopwatch) -> Answer:
            watch.begin()
            request = httpx.Request(
                method, there, content=body, headers=sent, extensions=_extensions(limits, watch)
            )
            return await _receive(await lane.transport.handle_async_request(request), there, limits, watch)

        return await self._exchange(url, limits, ask)

    async def _exchange(
        self,
        url: str,
        limits: Limits,
        ask: Callable[[httpx.URL, _Lane, Stopwatch], Awaitable[Answer]],
    ) -> Answer:
        """Let `ask` have its turn on the lane of `url`, within `limits`, and tell its failures apart."""
        import httpx

        try:
            first = httpx.URL(url)
            origin = origin_of(first)
        except (httpx.InvalidURL, ValueError) as error:
            raise unanswered(httpx.InvalidURL(str(error)), limits, Exchange()) from error
        await _warm_up()
        async with self._using(origin) as lane, lane.turn, self._turn:
            watch = Stopwatch(self._clock)
            try:
                async with asyncio.timeout(limits.total_s):
                    return await ask(first, lane, watch)
            except httpx.ConnectTimeout as error:
                if not lane.proxied and not await resolver_answers(origin):
                    raise unanswered(_SILENT_RESOLVER, limits, watch.reading()) from error
                raise unanswered(error, limits, watch.reading(), proxied=lane.proxied) from error
            except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, OSError) as error:
                raise unanswered(error, limits, watch.reading(), proxied=lane.proxied) from error

    async def _follow(
        self,
        url: httpx.URL,
        lane: _Lane,
        limits: Limits,
        headers: Mapping[str, str],
        watch: Stopwatch,
        left: int,
    ) -> Answer:
        """Ask, and ask again where the same host sends us on, `left` times at most."""
        answer = await self._ask(url, lane, limits, headers, watch)
        there = next_hop(url, answer)
        if there is None:
            return answer
        if left == 0:
            raise UnansweredError(
                f"it redirects to itself more than {limits.redirects} times",
                do="name the final URL",
                code="redirects",
                exchange=watch.reading(),
            )
        if origin_of(there) == origin_of(url):
            return await self._follow(there, lane, limits, headers, watch, left - 1)
        # From http to https of the same host: what was meant for the one origin stays behind.
        async with self._using(origin_of(there)) as secure:
            return await self._follow(there, secure, limits, _HEADERS, watch, left - 1)

    async def _ask(
        self, url: httpx.URL, lane: _Lane, limits: Limits, headers: Mapping[str, str], watch: Stopwatch
    ) -> Answer:
        import httpx

        async def ask() -> Answer:
            watch.begin()
            request = httpx.Request("GET", url, headers=headers, extensions=_extensions(limits, watch))
            return await _receive(await lane.transport.handle_async_request(request), url, limits, watch)

        try:
            return await ask()
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            # A host may close a kept connection just as it is used again (RFC 9110, 9.2.2): not its fault.
            if not watch.reused_in_vain:
                raise
            return await ask()

    @asynccontextmanager
    async def _using(self, origin: Origin) -> AsyncIterator[_Lane]:
        """Give the lane of `origin`, and keep it open meanwhile."""
        lane = self._lanes.get(origin)
        if lane is None:
            lane = self._lanes[origin] = self._open(origin)
        self._lanes.move_to_end(origin)
        lane.users += 1
        try:
            yield lane
        finally:
            lane.users -= 1
            if len(self._lanes) > self._keep:
                await self._close_idle()

    async def _close_idle(self) -> None:
        """Close the transports that were not used for longest: each may hold an open file."""
        idle = [origin for origin, lane in self._lanes.items() if lane.users == 0]
        for lane in [self._lanes.pop(origin) for origin in idle[: len(self._lanes) - self._keep]]:
            await lane.transport.aclose()

    def _open(self, origin: Origin) -> _Lane:
        import httpx

        if self._context is None:
            self._context = httpx.create_ssl_context()
        proxy = proxy_for(origin)
        transport = httpx.AsyncHTTPTransport(
            verify=self._context,
            trust_env=False,
            limits=httpx.Limits(
                max_connections=_PER_HOST, max_keepalive_connections=1, keepalive_expiry=_KEEP_OPEN_S
            ),
            proxy=proxy,
        )
        return _Lane(transport, proxied=proxy is not None)


def _extensions(limits: Limits, watch: Stopwatch) -> dict[str, Any]:
    """What httpcore is told of one request: its time limits, and who watches it."""
    waits = dict.fromkeys(("read", "write", "pool"), limits.total_s)
    return {"timeout": {"connect": limits.connect_s, **waits}, "trace": watch.trace}


async def _receive(response: httpx.Response, url: httpx.URL, limits: Limits, watch: Stopwatch) -> Answer:
    import httpx

    assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - an async transport gives one
    body, cut = bytearray(), False
    try:
        async for chunk in response.stream:
            body += chunk
            if len(body) > limits.body_bytes:
                cut = True
                break
        watch.finish()
    finally:
        await response.stream.aclose()
    measured = watch.reading()
    return Answer(
        status=response.status_code,
        url=str(url),
        headers={name.lower(): value for name, value in response.headers.items()},
        body=bytes(body[: limits.body_bytes]),
        cut=cut,
        elapsed_ms=measured.elapsed_ms,
        phases=measured.phases,
    )


async def _warm_up() -> None:
    """Load what httpx loads late: a tenth of a second that would be counted as the first host's latency."""
    import httpcore

    await httpcore.AnyIOBackend().sleep(0)


def _lanes_to_keep() -> int:
    """A quarter of the files that this process may open, at most 1,000: the rest is for everything else."""
    import resource

    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1000 if allowed == resource.RLIM_INFINITY else max(_IN_ALL, min(1000, allowed // 4))
