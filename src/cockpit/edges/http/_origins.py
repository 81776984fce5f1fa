"""Which server does a URL name, where may it send us on, and how is it reached?"""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, NamedTuple

from cockpit.edges.http._protocol import Answer

if TYPE_CHECKING:
    import httpx

_LOOKUP_S = 1.0
_REDIRECTS = (301, 302, 303, 307, 308)
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """Scheme, host and port: what a connection, and whatever is sent over it, belongs to."""

    scheme: str
    host: str
    port: int


def next_hop(url: httpx.URL, answer: Answer) -> httpx.URL | None:
    """Return where a redirect leads if it may be followed: the same origin, or https of the same host."""
    import httpx

    if answer.status not in _REDIRECTS or "location" not in answer.headers:
        return None
    try:
        there = url.join(answer.headers["location"])
        here, target = origin_of(url), origin_of(there)
    except (httpx.InvalidURL, ValueError):
        return None
    upgraded = here._replace(scheme="https", port=443) if here.port == 80 else here
    return there if target in (here, upgraded) else None


def origin_of(url: httpx.URL) -> Origin:
    """Return the origin of `url`. Raises ValueError if it is no http(s) URL, names a user or no port."""
    if url.scheme not in _DEFAULT_PORTS or not url.host or url.userinfo:
        raise ValueError("not an http(s) URL of a host, without user and password")
    port = _DEFAULT_PORTS[url.scheme] if url.port is None else url.port
    if not 0 < port < 65_536:
        raise ValueError("no such port")
    return Origin(url.scheme, url.host, port)


async def resolver_answers(origin: Origin) -> bool:
    """Return False if connecting took long because the name was never looked up."""
    try:
        async with asyncio.timeout(_LOOKUP_S):
            await asyncio.get_running_loop().getaddrinfo(origin.host, origin.port)
    except TimeoutError:
        return False
    except OSError as error:
        return not isinstance(error, socket.gaierror) or error.errno != socket.EAI_AGAIN
    return True


def proxy_for(origin: Origin) -> str | None:
    """Return the proxy that this machine names for `origin`; never one for itself."""
    from ipaddress import ip_address

    try:
        loopback = ip_address(origin.host).is_loopback
    except ValueError:
        loopback = origin.host == "localhost" or origin.host.endswith(".localhost")
    if loopback:
        return None
    from urllib.request import getproxies, proxy_bypass

    if proxy_bypass(origin.host):
        return None
    named = getproxies()
    found = named.get(origin.scheme) or named.get("all")
    return found if found and found.startswith(("http://", "https://")) else None
