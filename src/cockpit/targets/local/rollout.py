"""How does a version take over? It is proposed to the agent, watched, and withdrawn if it fails."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace

from cockpit.domain.text import one_line
from cockpit.errors import CancelledError, CockpitError, ServiceError
from cockpit.targets.local import keeper, machine, orphans, state
from cockpit.targets.local import wanted as wanting
from cockpit.targets.local.launcher import Cancelled, Emit
from cockpit.targets.local.places import Places
from cockpit.targets.local.state import FailureState, ServiceState
from cockpit.targets.local.wanted import Version

_LOOK_AGAIN_S = 0.03
_GONE_S = machine.DRAIN_S + 5.0
_TELL_EVERY_S = 5.0
_ERROR = re.compile(r"[\w.]*(Error|Exception|Exit|Interrupt)\b")


class RollOut:
    """The exchange with the agent over one service in one environment."""

    def __init__(self, places: Places, key: str) -> None:
        self._places = places
        self._key = key

    def run(self, version: Version, emit: Emit, cancelled: Cancelled) -> str:
        """Let `version` take over and return its URL.

        Raises ServiceError if it fails and CancelledError if asked to stop; what served before goes on
        serving then.
        """
        with wanting.edit(self._places) as table:
            table[self._key] = replace(table[self._key], candidate=version)
        try:
            emit(f"starting it, and waiting until /readyz answers 200 (at most {version.grace_s:g} s)")
            service = self._watch(version, emit, cancelled)
        except CockpitError:
            self._withdraw(version)
            raise
        with wanting.edit(self._places) as table:
            wanted = table[self._key]
            if service.port != wanted.port:
                emit(f"port {wanted.port} is in use by another program")
                wanted = replace(wanted, port=service.port)
            table[self._key] = wanted.taken_over()
            return wanted.url

    def wait_until_gone(self, version: str | None = None) -> None:
        """Wait until the process of `version` (None: every process of the service) has ended."""
        deadline = time.monotonic() + _GONE_S
        while keeper.alive(self._places) and time.monotonic() < deadline:
            seen = state.read(self._places).services.get(self._key)
            if not any(version in (None, p.version) for p in (seen.processes if seen else ())):
                return
            time.sleep(_LOOK_AGAIN_S)
        if not keeper.alive(self._places):
            seen = state.read(self._places).services.get(self._key)
            orphans.end_all(self._places.root, [p.identity for p in seen.processes] if seen else [])

    def _watch(self, version: Version, emit: Emit, cancelled: Cancelled) -> ServiceState:
        """Return what the agent says of the service once `version` has taken over."""
        began, told = time.monotonic(), 0.0
        while True:
            if keeper.ensure(self._places) and time.monotonic() - began > 1.0:
                emit("the process agent was gone; restarted it")
            seen = state.read(self._places).services.get(self._key)
            if seen is not None and seen.live == version.id and _alone(seen, version):
                return seen
            failure = seen.failure(version.id) if seen is not None else None
            if failure is not None:
                raise self._failed(failure, emit)
            if cancelled():
                raise CancelledError("cancelled before it was ready", do="what served before still does")
            waited = time.monotonic() - began
            if waited - told >= _TELL_EVERY_S:
                told = waited
                process = seen.process(version.id) if seen is not None else None
                said = f"/readyz answers {process.note}" if process and process.note else "no answer yet"
                emit(f"waiting: {waited:.0f} s, {said}")
            time.sleep(_LOOK_AGAIN_S)

    def _withdraw(self, version: Version) -> None:
        with wanting.edit(self._places) as table:
            wanted = table.get(self._key)
            if wanted is not None and wanted.candidate is not None and wanted.candidate.id == version.id:
                table[self._key] = wanting.withdrawn(wanted)
        self.wait_until_gone(version.id)

    def _failed(self, failure: FailureState, emit: Emit) -> ServiceError:
        if failure.lines:
            emit("its last lines:")
        for line in failure.lines:
            emit(f"  {line}")
        log = self._places.log(self._key).relative_to(self._places.root).as_posix()
        serving = wanting.read(self._places)[self._key]
        still = "; the version before still serves" if serving.run and serving.serving else ""
        return ServiceError(
            f"{failure.reason}{_telling(failure.lines)}",
            do=f"read {log} (cockpit logs){still}",
            code="deploy-failed",
            path=log,
        )


def _alone(service: ServiceState, version: Version) -> bool:
    """True once no other version accepts connections: it may still be answering those that it has."""
    return all(p.version == version.id or p.left for p in service.processes)


def _telling(lines: tuple[str, ...]) -> str:
    """The line that says most: the last one that names an error, else the last."""
    plain = [_plain(line) for line in lines]
    named = [line for line in plain if _ERROR.match(line)]
    return f": {one_line((named or plain)[-1], 200)}" if lines else ""


def _plain(line: str) -> str:
    """What a line of JSON says: the end of its exception, else its message."""
    try:
        said = json.loads(line)
    except ValueError:
        return line
    text = said.get("exception") or said.get("message") if isinstance(said, dict) else None
    return text.strip().rpartition("\n")[2] if isinstance(text, str) else line
