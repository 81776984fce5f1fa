"""Which gates does `check` judge? Those that each written status requires, and those of the workspace."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cockpit.domain import gates as g
from cockpit.domain import globs
from cockpit.domain.gates import Gate
from cockpit.domain.handoff import Snapshot
from cockpit.domain.rpt import RptFacts
from cockpit.domain.words import GateVerdict, Status
from cockpit.errors import Problem

_LISTED_AT_MOST = 10_000
_SKIPPED = {".git", ".venv", ".cockpit", "node_modules", "__pycache__"}


@dataclass(frozen=True, slots=True)
class Judged:
    """A gate as `check` sees it: whose it is (None for the workspace's own), and what it counts for.

    `required` says that the written status requires it; `counted` that it takes part in the verdict.
    """

    rpt: str | None
    gate: Gate
    required: bool
    counted: bool

    @property
    def open(self) -> bool:
        """True if it has not passed and counts."""
        return self.counted and self.gate.verdict is not GateVerdict.PASS


def gates_to_check(snapshot: Snapshot, rpts: set[str] | None = None, *, strict: bool) -> list[Judged]:
    """Return every gate of the board and of the workspace, or of the RPTs with an id in `rpts` alone.

    A gate counts if the written status requires it. With `strict` two more kinds count: those that no
    status requires, and what is unknown anywhere. A failure that only a later status would mind does
    not: it is what the work still to be done looks like. Code that violates its contract is no such
    thing: it is refused as soon as the document says that the service is being built.
    """
    judged: list[Judged] = []
    if rpts is None:
        judged += [Judged(None, gate, True, True) for gate in snapshot.gates]
    for row in snapshot.handoffs:
        if rpts is not None and row.id not in rpts:
            continue
        for gate in row.gates:
            required = gate.required_by(row.rpt.status) or _drifted(gate, row.rpt.status)
            advice = gate.spec.needed_for is None or gate.verdict is GateVerdict.UNKNOWN
            judged.append(Judged(row.id, gate, required, required or (strict and advice)))
    return judged


def _drifted(gate: Gate, status: Status) -> bool:
    """True if code under work is known to violate its contract."""
    violates = gate.spec.id == "contract.code" and gate.verdict is GateVerdict.FAIL
    return violates and status.reaches(Status.BUILDING)


def verdict_of(gates: Iterable[Judged]) -> GateVerdict:
    """Return fail if a gate that counts fails, else unknown if one is undecided, else pass."""
    said = {judged.gate.verdict for judged in gates if judged.counted}
    for verdict in (GateVerdict.FAIL, GateVerdict.UNKNOWN):
        if verdict in said:
            return verdict
    return GateVerdict.PASS


def workspace_gates(
    root: Path, rpts: Sequence[RptFacts], slugs: Iterable[str], prototypes: Sequence[str]
) -> tuple[Gate, ...]:
    """Return the gates that no RPT owns: every service, and every prototype, has an RPT."""
    claimed = {rpt.service for rpt in rpts if rpt.service}
    orphans = tuple(
        Problem(
            "service-without-rpt",
            f"no RPT names the service {slug!r}",
            f"write `service: {slug}` in the RPT it belongs to, or run `cockpit new --service {slug}`",
            f"services/{slug}",
        )
        for slug in sorted(slugs)
        if slug not in claimed
    )
    linked = {value for rpt in rpts for value in rpt.links.values()}
    strays = tuple(
        Problem(
            "prototype-without-rpt",
            "no RPT links to this prototype",
            f"link it in an RPT: `links: {{notebook: {path}}}`, or start one with `cockpit new`",
            path,
        )
        for path in _matching(root, prototypes)
        if not any(path == link or path.startswith(link.rstrip("/") + "/") for link in linked)
    )
    return (g.judged("service.documented", orphans), g.judged("prototype.documented", strays))


def _matching(root: Path, patterns: Sequence[str]) -> list[str]:
    """Return the workspace paths that one of the globs `patterns` names."""
    if not patterns:
        return []
    found: list[str] = []
    seen = 0
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in _SKIPPED]
        for name in names:
            seen += 1
            path = Path(folder, name).relative_to(root).as_posix()
            if any(globs.names(pattern, path) for pattern in patterns):
                found.append(path)
        if seen > _LISTED_AT_MOST * 10:
            break
    return sorted(found)[:_LISTED_AT_MOST]
