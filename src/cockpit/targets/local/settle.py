"""What became of deployments whose cockpit was killed? Put right from what is wanted and what runs."""

from __future__ import annotations

from cockpit.domain.service import Deployment
from cockpit.edges.store import Store
from cockpit.targets import journal
from cockpit.targets.local import locks, state
from cockpit.targets.local import wanted as wanting
from cockpit.targets.local.places import Places, key_of
from cockpit.targets.names import LOCAL

_INTERRUPTED = "interrupted: the cockpit that deployed it was killed before it could start; deploy again"
_FORGOTTEN = "the local state no longer knows it; deploy again"


def settle(places: Places, store: Store) -> list[str]:
    """Settle every deployment that nobody is working on, and return what was found, in words.

    A deployment whose lock is held has its cockpit; one that the agent is still trying is left to it.
    """
    said = []
    for one, version in journal.unsettled(store, LOCAL):
        if one.state == journal.DEPLOYING:
            with locks.hold(places.service_lock(one.service), 0) as mine:
                found = _finish(places, store, one, version) if mine else None
            said += [f"the deploy of {one.service} to {one.env} {found}"] if found else []
    table = wanting.read(places)
    for one, version in journal.unsettled(store, LOCAL):
        if one.state == journal.LIVE and not _serves(table, one, version):
            with locks.hold(places.service_lock(one.service), 0) as mine:
                table = wanting.read(places)
                if mine and not _serves(table, one, version):
                    known = key_of(one.service, one.env) in table
                    journal.stopped(store, one.service, one.env, None if known else _FORGOTTEN)
                    said.append(f"{one.service} is not deployed to {one.env} any more")
    return said


def _finish(places: Places, store: Store, one: Deployment, version: str) -> str | None:
    """Settle one interrupted deployment and say how; None while the agent is still trying it.

    What is wanted is written before the journal: killed in between, the next settling ends it alike.
    """
    key = key_of(one.service, one.env)
    failure = None
    with wanting.edit(places) as table:
        wanted = table.get(key)
        if wanted is not None and wanted.candidate is not None and wanted.candidate.id == version:
            seen = state.read(places).services.get(key)
            failure = seen.failure(version) if seen is not None else None
            if failure is not None:
                table[key] = wanting.withdrawn(wanted)
            elif seen is not None and seen.live == version:
                table[key] = wanted.taken_over()
            else:
                return None
    if failure is not None:
        journal.failed(store, one.id, failure.reason)
        return f"failed after its cockpit was killed: {failure.reason}"
    if _serves(table, one, version):
        journal.went_live(store, one.id, table[key].url)
        return "went live, though its cockpit was killed"
    journal.failed(store, one.id, _INTERRUPTED)
    return "was interrupted: its cockpit was killed"


def _serves(table: wanting.Table, one: Deployment, version: str) -> bool:
    wanted = table.get(key_of(one.service, one.env))
    return wanted is not None and wanted.run and wanted.serving is not None and wanted.serving.id == version
