"""How is the mock reached? Over HTTP on loopback, or over TLS with a certificate of its own."""

from __future__ import annotations

import hashlib
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from support.github import graphql_api, rest_api
from support.github.faults import Fault
from support.github.state import Github

LIMIT = 5_000


class MockGithub(Github):
    """A repository's GitHub with its address, what it was asked, and how it is to misbehave next."""

    def __init__(self, path: Path, **rest: Any) -> None:
        super().__init__(path, **rest)
        self.url = ""
        self.tokens: set[str] | None = None
        self.asked: list[tuple[str, str, int]] = []
        self.headers: list[dict[str, str]] = []
        self.faults: list[Fault] = []
        self.away = False
        self.remaining = LIMIT
        self.reset_at = time.time() + 3_600

    def fail(self, *faults: Fault) -> None:
        """Misbehave soon, in this order."""
        self.faults += faults

    def count(self, what: str, status: int | None = None) -> int:
        """Return how many requests' paths contain `what`."""
        return sum(what in path and status in (None, code) for _, path, code in self.asked)

    def rate(self) -> dict[str, Any]:
        """Return what `rateLimit` tells."""
        reset = datetime.fromtimestamp(self.reset_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        used = LIMIT - self.remaining
        return {"cost": 1, "limit": LIMIT, "remaining": self.remaining, "resetAt": reset, "used": used}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _handle(self) -> None:
        mock = self.server.mock
        size = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(size)
        parts = urlsplit(self.path)
        path = unquote(parts.path).removeprefix("/api/v3").removeprefix("/api").rstrip("/")
        try:
            body = json.loads(raw) if raw else {}
        except ValueError:
            self._send(path, 400, {"message": "Problems parsing JSON"})
            return
        mock.headers.append(dict(self.headers))
        if mock.away:  # it breaks off in the middle of an answer
            self.close_connection = True
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[")
            return
        fault = next((f for f in mock.faults if f.path in path and f.times > 0 and f.when(body)), None)
        if fault is not None:
            fault.times -= 1
            time.sleep(fault.delay_s)
            if fault.body is not None:
                self._send(path, fault.status, fault.body, fault.headers)
                return
        if not self._may_enter():
            self._send(path, 401, {"message": "Bad credentials"})
            return
        status, said = self._answer(mock, path, parts.query, body)
        if fault is not None and fault.change is not None:
            said = fault.change(said)
        self._send(path, status, said, fault.headers if fault is not None else {})

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle

    def _may_enter(self) -> bool:
        tokens = self.server.mock.tokens
        sent = self.headers.get("Authorization", "").partition(" ")[2]
        return tokens is None or sent in tokens

    def _answer(self, mock: MockGithub, path: str, query: str, body: Any) -> tuple[int, Any]:
        if path == "/graphql":
            points = graphql_api.cost(body)
            if mock.remaining < points:
                return 200, {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
            with mock.lock:
                mock.remaining -= points
                return 200, graphql_api.execute(mock, body, mock.rate() | {"cost": points})
        for name in mock.former:
            if path == f"/repos/{name}" or path.startswith(f"/repos/{name}/"):
                status = 301 if self.command == "GET" else 307
                moved = f"{mock.url}/repositories/1{path.removeprefix(f'/repos/{name}')}"
                return status, {"message": "Moved Permanently", "url": f"{moved}?{query}"}
        if path.startswith("/repositories/1"):
            path = f"/repos/{mock.full_name}{path.removeprefix('/repositories/1')}"
        asked = dict(parse_qsl(query))
        return rest_api.answer(mock, self.command, path, asked, body, mock.url)

    def _send(self, path: str, status: int, said: Any, headers: dict[str, str] | None = None) -> None:
        mock = self.server.mock
        data = said if isinstance(said, bytes) else b"" if said is None else json.dumps(said).encode()
        sent = {
            "Content-Type": "application/json; charset=utf-8",
            "X-RateLimit-Limit": str(LIMIT),
            "X-RateLimit-Remaining": str(mock.remaining),
            "X-RateLimit-Reset": str(int(mock.reset_at)),
        }
        if status in (301, 307) and isinstance(said, dict):
            sent["Location"] = said.get("url", "")
        if self.command == "GET" and status == 200:
            sent["ETag"] = f'W/"{hashlib.sha256(data).hexdigest()}"'
            if self.headers.get("If-None-Match") == sent["ETag"]:
                status, data = 304, b""
        mock.asked.append((self.command, path, status))
        self.send_response(status)
        for name, value in (sent | (headers or {})).items():
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Say nothing; what was asked is remembered."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], mock: MockGithub) -> None:
        super().__init__(address, _Handler)
        self.mock = mock

    def handle_error(self, request: Any, address: Any) -> None:
        """A client that went away is no news; anything else is told as usual."""
        import sys

        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, address)


@contextmanager
def serving(
    mock: MockGithub, port: int = 0, certificate: tuple[Path, Path] | None = None
) -> Iterator[MockGithub]:
    """Serve `mock` and set its `url`; `certificate` (PEM, key) makes it TLS."""
    server = _Server(("127.0.0.1", port), mock)
    scheme, host = "http", "127.0.0.1"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme, host = "https", "localhost"
    mock.url = f"{scheme}://{host}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield mock
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def self_made_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for localhost with openssl; clients trust it by SSL_CERT_FILE."""
    import subprocess

    pem, key = folder / "localhost.pem", folder / "localhost.key"
    argv = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(pem)]
    subprocess.run([*argv, *names], check=True, capture_output=True)
    return pem, key
