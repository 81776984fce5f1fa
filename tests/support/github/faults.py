"""How does a GitHub misbehave? Each fault is an answer in place of the right one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Fault:
    """Answers the next `times` requests whose path contains `path` by `status`, `headers` and `body`.

    `change` alters the right answer's body in place of that; `delay_s` makes it late; `when` looks at the
    request's body.
    """

    path: str = ""
    times: int = 1
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    change: Callable[[Any], Any] | None = None
    delay_s: float = 0.0
    when: Callable[[dict[str, Any]], bool] = lambda body: True


def bad_gateway(path: str = "graphql", times: int = 1, status: int = 502) -> Fault:
    """A time-out at GitHub's edge: an HTML page."""
    return Fault(path, times, status, {"Content-Type": "text/html"}, b"<html>Unicorn!</html>")


def too_heavy(most: int) -> Fault:
    """502 for every page of more than `most`."""
    fault = bad_gateway(times=10_000)
    fault.when = lambda body: ((body.get("variables") or {}).get("first") or 0) > most
    return fault


def secondary(retry_after: int | None = 60, path: str = "graphql", status: int = 403) -> Fault:
    """The secondary limit."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    message = b'{"message": "You have exceeded a secondary rate limit. Please wait."}'
    return Fault(path, 1, status, headers, message)


def primary(reset_in: int = 600) -> Fault:
    """The hourly limit of GraphQL: HTTP 200 with errors."""
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + reset_in)}
    message = b'{"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}]}'
    return Fault("graphql", 1, 200, headers, message)


def partial(change: Callable[[Any], Any]) -> Fault:
    """Data and errors together; `change` takes something out of the data."""
    return Fault("graphql", 1, change=change)


def saying(status: int, message: str, path: str = "", headers: dict[str, str] | None = None) -> Fault:
    """A refusal in words."""
    return Fault(path, 1, status, headers or {}, b'{"message": "%s"}' % message.encode())


def late(seconds: float, path: str = "graphql") -> Fault:
    """The right answer, too late."""
    return Fault(path, 1, delay_s=seconds)


def huge(megabytes: int) -> Fault:
    """More than anybody reads."""
    return Fault("graphql", 1, body=b'{"data": "' + b"x" * (megabytes * 1_000_000))
