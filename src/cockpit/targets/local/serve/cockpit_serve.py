"""When does a service take requests, and when no more? uvicorn, held at both ends.

    python cockpit_serve.py PACKAGE.app:app

Runs inside the service's own environment, so it needs nothing but its uvicorn, and knows nothing of
cockpit. COCKPIT_LISTEN_FD is the socket of the service's port, COCKPIT_READY_FD a pipe to whoever waits.

At the start: uvicorn accepts only once start-up is complete, so that is held back until the app's own
/readyz answers 200. What it answers until then is told, a line a change ("503"), and "ready" at last.
{"status": "failed"} in its body means that it never will be, which ends the process.

At the end: SIGINT is uvicorn's own shutdown, which closes idle connections, and with them requests that
are on their way. SIGTERM means that a successor accepts on the same socket: this process accepts no
more and says so ("left"), answers what comes over the connections it has with `Connection: close`, and
ends after the last.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, MutableMapping
from types import FrameType
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_FIRST_PAUSE_S = 0.05
_LONGEST_PAUSE_S = 1.0
_ONE_CHECK_S = 10.0
_LISTENING_S = 0.05  # from the end of start-up until the server has begun to accept
_DRAIN_S = 10.0  # uvicorn closes a connection that has been idle for 5 s
_SHUTDOWN_S = 5
_BODY_BYTES = 65_536
_STARTUP_FAILED = 3


class Gate:
    """The app, its start-up held back until it is ready, its connections closed once it is leaving."""

    def __init__(self, app: App, tell: Callable[[str], None]) -> None:
        self._app = app
        self._tell = tell
        self.leaving = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
        elif scope["type"] == "http":
            await self._app(scope, receive, self._closing(send))
        else:
            await self._app(scope, receive, send)

    def _closing(self, send: Send) -> Send:
        async def closing(message: Message) -> None:
            if self.leaving and message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            await send(message)

        return closing

    async def _lifespan(self, scope: Message, receive: Receive, send: Send) -> None:
        said = []

        async def held(message: Message) -> None:
            said.append(message["type"])
            if message["type"] == "lifespan.startup.complete":
                if not await self._until_ready(scope):
                    await send({"type": "lifespan.startup.failed", "message": "it will not get ready"})
                    return
                asyncio.get_running_loop().call_later(_LISTENING_S, self._tell, "ready")
            await send(message)

        try:
            await self._app(scope, receive, held)
            if said:
                return
        except Exception:
            if said:
                raise
        # An app that knows no lifespan either raises or returns at once.
        await held({"type": "lifespan.startup.complete"})
        while (await receive())["type"] != "lifespan.shutdown":
            continue
        await send({"type": "lifespan.shutdown.complete"})

    async def _until_ready(self, scope: Message) -> bool:
        """Wait until /readyz answers 200; False if it will not, or the process has to end before."""
        pause, before = _FIRST_PAUSE_S, None
        while not self.leaving:
            status, body = await self._readyz(scope)
            if status == 200:
                return True
            if status != before:
                self._tell(str(status))
                before = status
            if _given_up(body):
                return False
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE_S, pause * 1.3)
        return False

    async def _readyz(self, lifespan: Message) -> tuple[int, bytes]:
        """Ask the app itself for /readyz, without a socket; 500 if it raises, 504 if it hangs."""
        scope = {
            "type": "http",
            "asgi": lifespan.get("asgi", {"version": "3.0"}),
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/readyz",
            "raw_path": b"/readyz",
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"127.0.0.1"), (b"user-agent", b"cockpit")],
            "client": ("127.0.0.1", 0),
            "server": ("127.0.0.1", 80),
        }
        if "state" in lifespan:
            scope["state"] = dict(lifespan["state"])
        status, body = 500, b""
        asked = False

        async def receive() -> Message:
            nonlocal asked
            if asked:
                await asyncio.Event().wait()  # this client never leaves; the check ends by itself
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status, body
            if message["type"] == "http.response.start":
                status = int(message["status"])
            elif message["type"] == "http.response.body" and len(body) < _BODY_BYTES:
                body += message.get("body", b"")

        try:
            await asyncio.wait_for(self._app(scope, receive, send), _ONE_CHECK_S)
        except asyncio.TimeoutError:  # noqa: UP041 - another class before Python 3.11
            return 504, b""
        except Exception:  # noqa: BLE001 - whatever the app raises, it is not ready
            return 500, b""
        return status, body


def _given_up(body: bytes) -> bool:
    """True if /readyz says that loading has failed for good: {"status": "failed"}."""
    try:
        said = json.loads(body)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("status") == "failed"


def _teller(descriptor: int) -> Callable[[str], None]:
    os.set_inheritable(descriptor, False)

    def tell(line: str) -> None:
        try:
            os.write(descriptor, line.encode() + b"\n")
        except OSError:
            return  # whoever listened is gone; serving goes on

    return tell


def main(where: str) -> int:
    """Serve the app `where` ("package.app:app") until a signal ends it."""
    import uvicorn

    tell = _teller(int(os.environ.pop("COCKPIT_READY_FD")))
    listener = socket.socket(fileno=int(os.environ.pop("COCKPIT_LISTEN_FD")))
    listener.set_inheritable(False)
    gates: list[Gate] = []

    def make() -> Gate:
        module, _, name = where.partition(":")
        gates.append(Gate(getattr(importlib.import_module(module), name), tell))
        return gates[-1]

    class Server(uvicorn.Server):
        """uvicorn's server, which leaves in two ways."""

        leaves_at: float | None = None

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            """SIGTERM: leave once the connections are done. Anything else, or twice: uvicorn's own way."""
            for gate in gates:
                gate.leaving = True
            if sig == signal.SIGTERM and self.started and self.leaves_at is None:
                self.leaves_at = time.monotonic() + _DRAIN_S
            else:
                super().handle_exit(sig, frame)

        async def on_tick(self, counter: int) -> bool:
            """Ten times a second: has everything been answered?"""
            if self.leaves_at is not None:
                for server in self.servers:
                    server.close()
                if listener.fileno() >= 0:
                    listener.close()
                    tell("left")
                if not self.server_state.connections or time.monotonic() > self.leaves_at:
                    self.should_exit = True
            return await super().on_tick(counter)

    server = Server(
        uvicorn.Config(
            make,
            factory=True,
            interface="asgi3",
            lifespan="on",
            timeout_graceful_shutdown=_SHUTDOWN_S,
            use_colors=False,
        )
    )
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        return 0  # uvicorn has shut down in order, and then raises again what asked for it
    return 0 if server.started else _STARTUP_FAILED


if __name__ == "__main__":
    # The service's own packages come first; this folder holds nothing that it could need.
    sys.path.pop(0)
    sys.exit(main(sys.argv[1]))
