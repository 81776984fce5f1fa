"""The gate before a service's app: nothing passes until /readyz says 200, whatever kind of app it is."""

from __future__ import annotations

import asyncio
import importlib.util
from pathlib import Path

import pytest

import cockpit.targets.local

FILE = Path(cockpit.targets.local.__file__).with_name("serve") / "cockpit_serve.py"


@pytest.fixture(scope="module")
def serve():
    spec = importlib.util.spec_from_file_location("cockpit_serve", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def started(gate, patience_s=5.0):
    """Drive the lifespan of `gate` like a server does; return what it sent, shutdown included."""
    sent, asked = [], asyncio.Queue()
    done = asyncio.Event()

    async def send(message):
        sent.append(message)
        done.set()

    task = asyncio.create_task(gate({"type": "lifespan", "asgi": {}, "state": {}}, asked.get, send))
    asked.put_nowait({"type": "lifespan.startup"})
    await asyncio.wait_for(done.wait(), patience_s)
    asked.put_nowait({"type": "lifespan.shutdown"})
    await asyncio.wait({task}, timeout=patience_s)
    error = task.exception() if task.done() else None
    return [message["type"] for message in sent], error


def answering(statuses, lifespan=None, body=b"{}"):
    """An app whose /readyz answers with each of `statuses` in turn, then with the last for good."""
    asked = []

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            if lifespan is None:
                raise RuntimeError("no lifespan here")
            await lifespan(scope, receive, send)
            return
        assert (scope["method"], scope["path"]) == ("GET", "/readyz")
        asked.append(await receive())
        status = statuses[min(len(asked), len(statuses)) - 1]
        if isinstance(status, Exception):
            raise status
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})

    return app


async def plain_lifespan(scope, receive, send):
    assert (await receive())["type"] == "lifespan.startup"
    await send({"type": "lifespan.startup.complete"})
    assert (await receive())["type"] == "lifespan.shutdown"
    await send({"type": "lifespan.shutdown.complete"})


@pytest.mark.parametrize("lifespan", [None, plain_lifespan], ids=["without lifespan", "with lifespan"])
def test_start_up_is_complete_once_it_is_ready(serve, lifespan):
    told = []

    async def main():
        gate = serve.Gate(answering([503, 503, ValueError("not yet"), 200], lifespan), told.append)
        sent, error = await started(gate)
        await asyncio.sleep(0.1)
        return sent, error

    sent, error = asyncio.run(main())
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert error is None
    assert told == ["503", "500", "ready"]


def test_a_failed_start_up_stays_failed(serve):
    async def lifespan(scope, receive, send):
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no weights"})
        raise OSError("no weights")

    told = []
    sent, error = asyncio.run(started(serve.Gate(answering([200], lifespan), told.append)))
    assert sent == ["lifespan.startup.failed"]
    assert isinstance(error, OSError)
    assert told == []


@pytest.mark.parametrize(
    ("body", "gives_up"),
    [
        (b'{"status": "failed", "error": "OSError"}', True),
        (b'{"status": "starting"}', False),
        (b"[]", False),
        (b"\xff{", False),
    ],
)
def test_one_that_says_that_loading_failed_is_not_waited_for(serve, body, gives_up):
    told = []
    gate = serve.Gate(answering([503, 503, 200], plain_lifespan, body), told.append)
    sent, _ = asyncio.run(started(gate))
    assert sent[0] == ("lifespan.startup.failed" if gives_up else "lifespan.startup.complete")
    assert told[:1] == ["503"]


def test_one_that_has_to_leave_before_it_is_ready_fails_its_start_up(serve):
    async def main():
        gate = serve.Gate(answering([503]), lambda line: None)
        asyncio.get_running_loop().call_later(0.2, setattr, gate, "leaving", True)
        return await started(gate)

    sent, _ = asyncio.run(main())
    assert sent[0] == "lifespan.startup.failed"


@pytest.mark.parametrize("leaving", [False, True])
def test_one_that_is_leaving_closes_connections_after_the_answer(serve, leaving):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-a", b"1")]})

    sent = []

    async def send(message):
        sent.append(message)

    gate = serve.Gate(app, lambda line: None)
    gate.leaving = leaving
    asyncio.run(gate({"type": "http"}, None, send))
    assert sent[0]["headers"] == [(b"x-a", b"1")] + [(b"connection", b"close")] * leaving


def test_it_needs_nothing_but_the_standard_library_and_uvicorn():
    import ast

    tree = ast.parse(FILE.read_text())
    names = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    import sys

    assert names - set(sys.stdlib_module_names) == {"uvicorn"}
