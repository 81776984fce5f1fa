"""What runs on this machine? state.json: written by the process agent, read by everybody."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from cockpit.edges import files
from cockpit.edges.proc import Identity
from cockpit.errors import CockpitError
from cockpit.targets.local.places import Places

_SCHEMA = "cockpit.local-state/v1"
_LIMIT = 4_000_000


@dataclass(frozen=True, slots=True)
class ProcessState:
    """One process of a service. Times are epoch seconds.

    `ending` was asked to end, `left` accepts no more connections; `note` is what its /readyz said last.
    """

    version: str
    pid: int
    created: float
    started: float
    ready: bool = False
    ending: bool = False
    left: bool = False
    note: str | None = None

    @property
    def identity(self) -> Identity:
        """What names the process for good."""
        return (self.pid, self.created)


@dataclass(frozen=True, slots=True)
class FailureState:
    """A version that failed as a candidate: why, and the last lines it wrote."""

    version: str
    reason: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceState:
    """One service in one environment, as the agent sees it.

    `port` is the one that is really bound. `live` is the version that took over last; `retry_at` when
    the serving one is started again, after `crashes` endings in a row, the last one for `error`.
    """

    port: int
    live: str | None = None
    crashes: int = 0
    retry_at: float | None = None
    error: str | None = None
    processes: tuple[ProcessState, ...] = ()
    failures: tuple[FailureState, ...] = ()

    def process(self, version: str | None) -> ProcessState | None:
        """Return the process of `version`, if it runs."""
        return next((p for p in self.processes if p.version == version), None)

    def failure(self, version: str) -> FailureState | None:
        """Return how `version` failed, if it did."""
        return next((f for f in self.failures if f.version == version), None)


@dataclass(frozen=True, slots=True)
class AgentState:
    """Everything the agent says.

    `orphans` were left by an agent before it and are being ended; `began` is true once they are, and
    everything that is wanted was started.
    """

    agent: Identity | None = None
    services: dict[str, ServiceState] = field(default_factory=dict)
    orphans: tuple[Identity, ...] = ()
    began: bool = False


def read(places: Places) -> AgentState:
    """Return what the agent wrote last. Nothing where it does not read: the agent writes it anew."""
    try:
        content = json.loads(files.read_bounded(places.state, _LIMIT))
        if content["schema"] != _SCHEMA:
            return AgentState()
        return AgentState(
            None if content["agent"] is None else _identity(content["agent"]),
            {key: _service(item) for key, item in content["services"].items()},
            tuple(_identity(item) for item in content["orphans"]),
            bool(content["began"]),
        )
    except (CockpitError, ValueError, LookupError, TypeError, AttributeError):
        return AgentState()


def write(places: Places, state: AgentState) -> None:
    """Replace what the agent says. Raises EdgeError if it cannot be written."""
    content = {"schema": _SCHEMA, **asdict(state)}
    files.write_atomic(places.state, json.dumps(content, indent=1).encode())


def _service(item: dict[str, Any]) -> ServiceState:
    return ServiceState(
        port=int(item["port"]),
        live=item["live"],
        crashes=int(item["crashes"]),
        retry_at=item["retry_at"],
        error=item["error"],
        processes=tuple(ProcessState(**process) for process in item["processes"]),
        failures=tuple(
            FailureState(f["version"], f["reason"], tuple(map(str, f["lines"]))) for f in item["failures"]
        ),
    )


def _identity(item: Any) -> Identity:
    return (int(item[0]), float(item[1]))
