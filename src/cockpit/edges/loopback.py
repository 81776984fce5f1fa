"""How are pages served on loopback, for programs on this machine alone? Bounded in size, time and number."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from cockpit import __version__
from cockpit.errors import EdgeError

HOST = "127.0.0.1"
_MOST_BYTES = 64 * 1024 * 1024
_MOST_AT_ONCE = 64
_PATIENCE_S = 30.0
_CHUNK = 65_536


class Request(NamedTuple):
    """One request: `target` is path and query, header names are in lower case, repeated ones joined."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


class Response(NamedTuple):
    """One answer. content-length is added."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _RefusedError(Exception):
    """A request that is not read to its end: its status, and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@contextmanager
def serving(answer: Callable[[Request], Response], port: int) -> Iterator[str]:
    """Serve `answer` on `port` (0: any free one) in threads; give the base URL, end with the context.

    `answer` is called from several threads. Raises EdgeError if the port cannot be had.
    """

    handler = type("Handler", (_Handler,), {"answer": staticmethod(answer)})
    try:
        server = _Server((HOST, port), handler)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise EdgeError(
            f"port {port} of {HOST} cannot be had: {reason}",
            do="give another --port, or 0 for any that is free",
            code="port",
        ) from error
    thread = threading.Thread(target=server.serve_forever, name="cockpit-loopback", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, *arguments: Any) -> None:
        self._room = threading.Semaphore(_MOST_AT_ONCE)
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Wait for a turn: beyond the bound, connections stay in the queue of the socket."""
        self._room.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of the server; anything else is told."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = f"cockpit/{__version__}"
    sys_version = ""
    timeout = _PATIENCE_S
    error_content_type = "application/json"
    error_message_format = '{"detail": "%(message)s"}'
    answer: Callable[[Request], Response]

    def _answer(self) -> None:
        try:
            body = self._body()
        except _RefusedError as refused:
            # What follows in the connection is no request.
            self.close_connection = True
            self.send_error(refused.status, str(refused))
            return
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            name = name.lower()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        response = type(self).answer(Request(self.command, self.path, headers, body))
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status not in (204, 304):
            self.send_header("content-length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD" and response.status not in (204, 304):
            self.wfile.write(response.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = _answer  # noqa: N815

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            return self._chunks()
        given = self.headers.get("content-length", "0")
        if not given.isascii() or not given.isdigit():
            raise _RefusedError(400, "content-length is no number")
        if int(given[:12]) > _MOST_BYTES or len(given) > 12:
            raise _RefusedError(413, f"the body is larger than {_MOST_BYTES:,} bytes")
        return self._exactly(int(given))

    def _chunks(self) -> bytes:
        body = bytearray()
        while size := self._size():
            if len(body) + size > _MOST_BYTES:
                raise _RefusedError(413, f"the body is larger than {_MOST_BYTES:,} bytes")
            body += self._exactly(size)
            self.rfile.readline(3)
        while self.rfile.readline(_CHUNK) not in (b"\r\n", b"\n", b""):
            pass  # trailers
        return bytes(body)

    def _size(self) -> int:
        try:
            return int(self.rfile.readline(_CHUNK).partition(b";")[0].strip(), 16)
        except ValueError:
            raise _RefusedError(400, "a chunk has no size") from None

    def _exactly(self, size: int) -> bytes:
        data = self.rfile.read(size)
        if len(data) < size:
            raise _RefusedError(400, "the body ends too early")
        return data

    def log_message(self, format: str, *args: Any) -> None:
        """Whoever serves says what was asked."""
