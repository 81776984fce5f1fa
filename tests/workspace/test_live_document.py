"""What an endpoint serves at /openapi.json, within bounds, and never taken for what it is not."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cockpit.edges.clock import SystemClock
from cockpit.edges.git import RealGit
from cockpit.edges.store import Store
from cockpit.workspace import live_document
from cockpit.workspace.workspace import Workspace

DOCUMENT = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {}}


class Answers(BaseHTTPRequestHandler):
    """Answers what the server was told to; remembers what it was asked with."""

    def do_GET(self):
        told = self.server.told
        self.server.asked.append((self.path, self.headers.get("If-None-Match")))
        if told.get("etag") and self.headers.get("If-None-Match") == told["etag"]:
            self.send_response(304)
            self.end_headers()
            return
        body = told.get("body", json.dumps(DOCUMENT).encode())
        self.send_response(told.get("status", 200))
        self.send_header("Content-Type", told.get("type", "application/json"))
        self.send_header("Content-Length", str(len(body)))
        if told.get("etag"):
            self.send_header("ETag", told["etag"])
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    made.told, made.asked = {}, []
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def workspace(tmp_path):
    made = Workspace(tmp_path, Store.in_memory(), RealGit(tmp_path), SystemClock())
    yield made
    made.close()


def fetch(workspace, server, base=""):
    return live_document.fetch(workspace, f"http://127.0.0.1:{server.server_address[1]}{base}")


def test_the_document_is_read_below_the_base_of_the_endpoint(workspace, server):
    assert fetch(workspace, server, "/api/").document == DOCUMENT
    assert server.asked == [("/api/openapi.json", None)]


def test_a_document_with_an_etag_is_fetched_once(workspace, server):
    server.told = {"etag": '"one"'}
    assert fetch(workspace, server).document == DOCUMENT
    assert fetch(workspace, server).document == DOCUMENT
    server.told = {"etag": '"two"', "body": json.dumps(DOCUMENT | {"openapi": "3.0.3"}).encode()}
    assert fetch(workspace, server).document["openapi"] == "3.0.3"
    assert [tag for _, tag in server.asked] == [None, '"one"', '"one"']


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"status": 401}, "answers 401: it asks for credentials"),
        ({"status": 404, "body": b"{}"}, "openapi_url=None"),
        ({"status": 500}, "answers 500"),
        ({"status": 302}, "answers 302"),
        ({"type": "text/html; charset=utf-8", "body": b"<html>"}, "a web page"),
        ({"body": b"{"}, "no JSON"),
        ({"body": b"[" * 200_000}, "no JSON"),
        ({"body": b"[1]"}, "no OpenAPI document"),
        ({"body": b'{"openapi": 3}'}, "no OpenAPI document"),
        ({"body": b'{"openapi": "2.0"}'}, "OpenAPI 2.0, not 3.x"),
        ({"body": b" " * 16_000_001}, "larger than 16 MB"),
    ],
)
def test_everything_else_is_unknown_and_says_why(workspace, server, told, said):
    server.told = told
    served = fetch(workspace, server)
    assert served.document is None
    assert said in served.reason


def test_an_endpoint_that_is_not_there_is_unknown(workspace, server):
    port = server.server_address[1]
    server.server_close()
    served = live_document.fetch(workspace, f"http://127.0.0.1:{port}")
    assert served.document is None
    assert "did not answer" in served.reason
