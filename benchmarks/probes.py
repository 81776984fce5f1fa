"""How long does one sweep over many endpoints take, and does it call any of them down that is up?

    uv run python benchmarks/probes.py [ENDPOINTS]

Prints only; nothing is asserted. The endpoints are ports of a server on loopback in a process of its
own. The budget of the prober (1,000 endpoints warm in 0.06 s) is for a client that comes later; this
one is httpx with one transport for each host. aiohttp is measured beside it where it is installed.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection

from cockpit.domain.health import Endpoint
from cockpit.edges.clock import SystemClock
from cockpit.edges.http import HttpxHttp, run_loop
from cockpit.health.prober import probe_many

BODY = b'{"status": "ready"}'
PAGE = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (
    len(BODY),
    BODY,
)
PATIENCE_S = 30.0
WARM_SWEEPS = 5


class Ready(asyncio.Protocol):
    """Answers every request with PAGE."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(PAGE * data.count(b"\r\n\r\n"))


def serve(count: int, ports: Connection) -> None:
    allow_many_files()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        listening = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
        for one in listening:
            await loop.create_server(Ready, sock=one)
        ports.send([one.getsockname()[1] for one in listening])
        await asyncio.Event().wait()

    asyncio.run(main())


def allow_many_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def measured(name: str, sweep: Callable[[], Awaitable[int]], count: int) -> None:
    """Print the time of the first sweep, of the best warm one, and how many were not seen as up."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            began, cpu = time.perf_counter(), time.process_time()
            missed = count - await sweep()
            cold, cold_cpu = time.perf_counter() - began, time.process_time() - cpu
            warm = []
            for _ in range(WARM_SWEEPS):
                began, cpu = time.perf_counter(), time.process_time()
                missed += count - await sweep()
                warm.append((time.perf_counter() - began, time.process_time() - cpu))
    except TimeoutError:
        print(f"{name:<26} gave up after {PATIENCE_S:g} s")
        return
    best, best_cpu = min(warm)
    print(
        f"{name:<26} cold {cold:6.2f} s ({cold_cpu:.2f} cpu)   warm {best:6.3f} s ({best_cpu:.3f} cpu)"
        f"   false DOWN {missed}"
    )


async def cockpit(ports: list[int]) -> None:
    endpoints = [Endpoint(f"s{p}@local", f"s{p}", "local", f"http://127.0.0.1:{p}") for p in ports]
    clock = SystemClock()
    async with HttpxHttp(clock) as http:

        async def sweep() -> int:
            return sum(probe.ok is True for probe in await probe_many(endpoints, http, clock))

        await measured("cockpit probe", sweep, len(ports))


async def one_pool(ports: list[int]) -> None:
    import httpx

    async with httpx.AsyncClient(timeout=10, limits=httpx.Limits()) as client:

        async def get(port: int) -> bool:
            try:
                return (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200
            except httpx.HTTPError:
                return False

        async def sweep() -> int:
            return sum(await asyncio.gather(*(get(port) for port in ports)))

        await measured("httpx, one pool for all", sweep, len(ports))


async def with_aiohttp(ports: list[int]) -> None:
    try:
        import aiohttp
    except ImportError:
        print(f"{'aiohttp':<26} not installed (uv run --with aiohttp python benchmarks/probes.py)")
        return
    connector = aiohttp.TCPConnector(limit=100, limit_per_host=2)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def get(port: int) -> bool:
            async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                await answer.read()
                return answer.status == 200

        async def sweep() -> int:
            return sum(await asyncio.gather(*(get(port) for port in ports)))

        await measured("aiohttp", sweep, len(ports))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    allow_many_files()
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(count, there), daemon=True)
    server.start()
    try:
        ports = here.recv()
        print(f"one sweep over {count:,} endpoints on loopback")
        run_loop(cockpit(ports))
        run_loop(with_aiohttp(ports))
        run_loop(one_pool(ports))
    finally:
        server.terminate()
        server.join()


if __name__ == "__main__":
    main()
