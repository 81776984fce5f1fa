"""How is the state of endpoints told? Rows for people, and the document `cockpit.probe/v1`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cockpit.domain.health import NOT_DEPLOYED, Health, Probe
from cockpit.domain.rpt import RptFacts
from cockpit.domain.words import HealthState
from cockpit.edges.clock import iso
from cockpit.errors import ExitCode, worst

# What is still on its way is neither good nor bad.
_CODES = {
    HealthState.DOWN: ExitCode.NOT_GOOD,
    HealthState.UNKNOWN: ExitCode.UNDECIDED,
    HealthState.STARTING: ExitCode.UNDECIDED,
    HealthState.WAKING: ExitCode.UNDECIDED,
}


@dataclass(frozen=True, slots=True)
class ProbeRow:
    """One endpoint as it is told: of which RPT, its health, and the probe behind it if there was one."""

    rpt: str | None
    service: str | None
    env: str
    health: Health
    probe: Probe | None = None

    @property
    def id(self) -> str:
        """The endpoint's id, "service@env"; with the RPT's id where there is no service yet."""
        return f"{self.service or self.rpt}@{self.env}"


def rows_of(
    rpts: Iterable[RptFacts], env: str, health: Mapping[str, Health], probes: Mapping[str, Probe]
) -> list[ProbeRow]:
    """Return the row of each of `rpts`: not deployed where `health` (by endpoint id) has none."""
    rows: dict[str, ProbeRow] = {}
    for rpt in rpts:
        known = f"{rpt.service}@{env}"
        row = ProbeRow(rpt.id, rpt.service, env, health.get(known, NOT_DEPLOYED), probes.get(known))
        rows.setdefault(row.id, row)
    return list(rows.values())


def exit_code(rows: Iterable[ProbeRow], *, strict: bool) -> ExitCode:
    """Return 1 if one is down (with `strict` also degraded), else 3 if one is undecided, else 0."""
    codes = _CODES | ({HealthState.DEGRADED: ExitCode.NOT_GOOD} if strict else {})
    return worst(*(codes.get(row.health.state, ExitCode.OK) for row in rows))


def probe_document(rows: Iterable[ProbeRow], at: float) -> dict[str, Any]:
    """Return `rows`, told at `at` (seconds since the epoch), as `cockpit.probe/v1`."""
    return {"schema": "cockpit.probe/v1", "at": iso(at), "probes": [_item(row) for row in rows]}


def _item(row: ProbeRow) -> dict[str, Any]:
    health, probe = row.health, row.probe
    return {
        "id": row.id,
        "rpt": row.rpt,
        "service": row.service,
        "env": row.env,
        "url": health.url,
        "state": health.state,
        "latency_ms": health.latency_ms if probe is None else probe.latency_ms,
        "phases": {} if probe is None else dict(probe.phases),
        "status_code": None if probe is None else probe.status_code,
        "since": None if health.since is None else iso(health.since),
        "error": health.error,
    }
