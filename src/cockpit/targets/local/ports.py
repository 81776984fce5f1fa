"""Which port does a service answer at? The same one for good, on loopback only."""

from __future__ import annotations

import hashlib
import socket
import time
from collections.abc import Collection
from pathlib import Path

from cockpit.errors import ServiceError

# Below the range that systems give to outgoing connections (from 32768), so that none is in the way.
_FIRST, _COUNT = 20_000, 12_000
_TRIES = 200
_BACKLOG = 2048
_LOOK_AGAIN_S = 0.02


def choose(root: Path, key: str, taken: Collection[int]) -> int:
    """Return a free port for `key`, the same one for the same workspace whenever that is free.

    `taken` are given to others already. Raises ServiceError if 200 ports in a row are in use.
    """
    digest = hashlib.sha256(f"{root}\n{key}".encode()).digest()
    start = int.from_bytes(digest[:4], "big")
    for step in range(_TRIES):
        port = _FIRST + (start + step) % _COUNT
        if port not in taken and _free(port):
            return port
    raise ServiceError(
        f"{_TRIES} ports from {_FIRST + start % _COUNT} on are in use",
        do="end what listens there",
        code="no-port",
    )


def bind(port: int, patience_s: float) -> socket.socket | None:
    """Return a socket bound to `port` that does not listen yet, None if it stays taken for `patience_s`.

    Patience is for a process that was killed and is about to let go of the port.
    """
    deadline = time.monotonic() + patience_s
    while True:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # Inherited by accepted connections; uvicorn, given a descriptor, does not set it itself.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            listener.bind(("127.0.0.1", port))
            return listener
        except OSError:
            listener.close()
            if time.monotonic() >= deadline:
                return None
            time.sleep(_LOOK_AGAIN_S)


def listen(listener: socket.socket) -> None:
    """Let connections queue in `listener` from now on, whether or not a process accepts them."""
    listener.listen(_BACKLOG)


def _free(port: int) -> bool:
    listener = bind(port, 0)
    if listener is None:
        return False
    try:
        listener.listen(1)  # two sockets may be bound with SO_REUSEADDR; only one may listen
        return True
    except OSError:
        return False
    finally:
        listener.close()
