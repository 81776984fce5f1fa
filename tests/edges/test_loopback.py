"""Does the loopback server read requests within its bounds, and end when it is told to?"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from cockpit.edges.loopback import Request, Response, serving
from cockpit.errors import EdgeError

asked: list[Request] = []


@pytest.fixture
def url() -> Iterator[str]:
    asked.clear()

    def answer(request: Request) -> Response:
        asked.append(request)
        return Response(204 if request.method == "DELETE" else 200, {"x-who": "me"}, b"pong")

    with serving(answer, 0) as base:
        yield base


def raw(url: str, data: bytes) -> bytes:
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(data)
        with suppress(OSError):  # it may have answered and hung up already
            connection.shutdown(socket.SHUT_WR)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    return received


def test_a_request_comes_whole_and_its_answer_too(url: str) -> None:
    answer = httpx.post(f"{url}/a%20b?c=d", content=b"ping", headers=[("X-A", "1"), ("X-A", "2")])
    assert (answer.status_code, answer.text, answer.headers["x-who"]) == (200, "pong", "me")
    (request,) = asked
    assert (request.method, request.target, request.body) == ("POST", "/a%20b?c=d", b"ping")
    assert request.headers["x-a"] == "1, 2"


def test_a_body_in_chunks_is_read(url: str) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"pi"
        yield b"ng"

    with httpx.Client() as client:
        assert client.post(url, content=chunks()).text == "pong"
        assert client.get(url).text == "pong"
    assert [request.body for request in asked] == [b"ping", b""]


def test_no_body_where_there_must_be_none(url: str) -> None:
    assert b"pong" not in raw(url, b"HEAD / HTTP/1.0\r\n\r\n")
    assert httpx.delete(url).content == b""


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"content-length: -1", b"400"),
        (b"content-length: 99999999999999999999", b"413"),
        (b"content-length: 99999999999", b"413"),
        (b"content-length: 10", b"400"),
        (b"transfer-encoding: chunked\r\n\r\nzz", b"400"),
        (b"transfer-encoding: chunked\r\n\r\nfffffffffff", b"413"),
        (b"a: " + b"b" * 100_000, b"431"),
    ],
)
def test_a_request_that_cannot_be_read_is_refused(url: str, head: bytes, status: bytes) -> None:
    assert raw(url, b"POST / HTTP/1.1\r\nhost: x\r\n" + head + b"\r\n\r\n").split()[1] == status
    assert not asked
    assert httpx.get(url).status_code == 200


def test_a_port_that_is_taken_is_said(url: str) -> None:
    port = int(url.rpartition(":")[2])
    with pytest.raises(EdgeError) as raised, serving(lambda _: Response(200, {}, b""), port):
        pass
    assert str(port) in raised.value.problem.message


def test_after_the_end_nobody_answers() -> None:
    with serving(lambda _: Response(200, {}, b""), 0) as base:
        pass
    with pytest.raises(httpx.ConnectError):
        httpx.get(base)
