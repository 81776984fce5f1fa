"""What do the endpoints of this workspace answer right now?"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import TYPE_CHECKING

from cockpit.domain.health import Endpoint, Health
from cockpit.edges.http import Http, HttpxHttp, run_loop
from cockpit.health import history
from cockpit.health.prober import Seen, settle
from cockpit.health.state import NEVER_PROBED
from cockpit.workspace.probe_thread import Watcher

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace

__all__ = ["Seen", "Watcher", "probe_now"]


def probe_now(
    workspace: Workspace,
    env: str,
    ids: Collection[str] | None = None,
    http: Http | None = None,
    *,
    wake: bool = False,
) -> list[Seen]:
    """Probe the endpoints of `env` with these ids ("service@env"; None: all) until each is decided.

    Returns each with its last probe and the health that follows, in the order of the RPTs, and keeps
    every probe in the history. `wake` also asks endpoints that scale to zero. Blocks: under 20 s where
    a host hangs. Raises CockpitError where the workspace or its state cannot be read or written.
    """
    endpoints = [e for e in workspace.endpoints(env) if ids is None or e.id in ids]
    if not endpoints:
        return []
    known = history.latest(workspace.store, [e.id for e in endpoints])
    noted: list[Seen] = []

    def note(seen: Seen) -> None:
        known[seen.endpoint.id] = seen.health
        noted.append(seen)

    async def decide(endpoint: Endpoint, client: Http) -> None:
        def before() -> Health:
            return known.get(endpoint.id, NEVER_PROBED)

        await settle(endpoint, before, client, workspace.clock, note, asked=True, wake=wake)

    async def sweep() -> None:
        client = http or HttpxHttp(workspace.clock)
        try:
            await asyncio.gather(*(decide(endpoint, client) for endpoint in endpoints))
        finally:
            await client.close()

    run_loop(sweep())
    history.record(workspace.store, noted)
    last = {seen.endpoint.id: seen for seen in noted}
    return [last[endpoint.id] for endpoint in endpoints]
