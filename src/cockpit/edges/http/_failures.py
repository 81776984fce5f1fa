"""Why did no answer come? httpx's exceptions in words, and whether the host is to blame."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

from cockpit.domain.text import one_line
from cockpit.edges.http._protocol import Exchange, Limits, UnansweredError

# The reason lies on this machine or its network: no host can be judged by it.
_OURS = {
    errno.ENETUNREACH,
    errno.ENETDOWN,
    errno.EADDRNOTAVAIL,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOBUFS,
    errno.ENOMEM,
    errno.EACCES,
    errno.EPERM,
}
_RESET = (errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED)


def unanswered(
    error: BaseException, limits: Limits, exchange: Exchange, *, proxied: bool = False
) -> UnansweredError:
    """Return what `error` means, raised by httpx or by the clock that bounds it; `proxied`: over a proxy."""
    import httpx

    unconnected = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout))
    past_the_proxy = any(isinstance(cause, ssl.SSLError) for cause in _causes(error))

    def said(code: str, message: str, do: str, *, blames_host: bool = True) -> UnansweredError:
        return UnansweredError(message, do=do, code=code, blames_host=blames_host, exchange=exchange)

    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError)):
        return said("bad-url", "the URL cannot be asked", "write https://host/path", blames_host=False)
    if isinstance(error, httpx.ProxyError) or (proxied and unconnected and not past_the_proxy):
        return said(
            "proxy",
            "the proxy of this machine does not let it through",
            "check HTTPS_PROXY and NO_PROXY",
            blames_host=False,
        )
    if isinstance(error, httpx.ConnectTimeout):
        return said(
            "connect-timeout", f"no connection within {limits.connect_s:g} s", "is the host up and reachable?"
        )
    if isinstance(error, (TimeoutError, httpx.TimeoutException)):
        return said("timeout", f"no whole answer within {limits.total_s:g} s", "look at its log")
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = one_line(cause.verify_message, 120)
            return said(
                "certificate", f"its certificate is refused: {reason}", "renew or mend the certificate"
            )
        if isinstance(cause, ssl.SSLError):
            reason = one_line(cause.reason or str(cause), 120)
            return said("tls", f"TLS failed: {reason}", "check the certificate, and https against http")
        if isinstance(cause, socket.gaierror):
            return _unresolved(cause, exchange)
        if isinstance(cause, ConnectionRefusedError):
            return said("refused", "connection refused", "nothing listens there: start or deploy the service")
        if isinstance(cause, OSError) and cause.errno in _OURS:
            reason = one_line(cause.strerror or str(cause), 120)
            return said(
                "offline", f"could not go out: {reason}", "check this machine's network", blames_host=False
            )
        if isinstance(cause, OSError) and cause.errno in _RESET:
            return said("reset", "the connection was reset", "look at its log")
    if isinstance(error, httpx.RemoteProtocolError):
        reason = one_line(str(error), 120)
        return said("protocol", f"what came is no HTTP answer: {reason}", "does the URL name the right port?")
    if isinstance(error, httpx.ConnectError):
        return said("no-connection", f"no connection: {one_line(str(error), 120)}", "is the host reachable?")
    return said("broken-off", "the connection broke off", "look at its log")


def _unresolved(cause: socket.gaierror, exchange: Exchange) -> UnansweredError:
    if cause.errno in (socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_SYSTEM, socket.EAI_MEMORY):
        return UnansweredError(
            "names cannot be looked up here",
            do="check this machine's network",
            code="offline",
            blames_host=False,
            exchange=exchange,
        )
    return UnansweredError(
        "its name does not exist", do="check the host in the URL", code="unresolved", exchange=exchange
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Every exception behind `error`, the nearest first; groups are opened."""
    pending, seen = [error], set[int]()
    while pending:
        current = pending.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            pending.extend(current.exceptions)
        pending.extend(e for e in (current.__cause__, current.__context__) if e is not None)
