"""How does an event loop of our own run, so that a resolver that hangs can hold nobody up?"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

_AT_ONCE = 128
_T = TypeVar("_T")


def run_loop(main: Coroutine[Any, Any, _T]) -> _T:
    """Run `main` on a fresh event loop of the calling thread and return what it returns. Blocks."""
    with asyncio.Runner() as runner:
        runner.get_loop().set_default_executor(_NameThreads())
        return runner.run(main)


class _NameThreads(ThreadPoolExecutor):
    """Gives each call (asyncio sends name lookups here) a daemon thread of its own.

    A lookup cannot be cancelled, may take half a minute, and would hold up the lookups behind it and
    the end of the process. Beyond 128 at once a lookup fails as if the resolver did not answer.
    """

    def __init__(self) -> None:
        super().__init__(max_workers=1)
        self._room = threading.Semaphore(_AT_ONCE)

    def submit(self, fn: Callable[..., _T], /, *args: Any, **kwargs: Any) -> Future[_T]:
        """Call `fn` in a new daemon thread."""
        future: Future[_T] = Future()
        if not self._room.acquire(blocking=False):
            future.set_exception(socket.gaierror(socket.EAI_AGAIN, "too many lookups under way"))
            return future

        def work() -> None:
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits for the future
                if future.set_running_or_notify_cancel():
                    future.set_exception(error)
            else:
                if future.set_running_or_notify_cancel():
                    future.set_result(result)
            finally:
                self._room.release()

        threading.Thread(target=work, name="cockpit-lookup", daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for nobody."""
