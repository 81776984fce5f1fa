"""How is the board written as JSON? The documents `cockpit.status/v1` and `cockpit.check/v1`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cockpit.domain.handoff import Handoff, Snapshot
from cockpit.edges.clock import iso
from cockpit.stacks import listing
from cockpit.workspace.check import Judged, verdict_of
from cockpit.workspace.levels import report_of


def status_document(snapshot: Snapshot) -> dict[str, Any]:
    """Return the board as `cockpit.status/v1`."""
    counts = snapshot.counts
    return {
        "schema": "cockpit.status/v1",
        "root": snapshot.root,
        "env": snapshot.env,
        "environments": list(snapshot.environments),
        "me": snapshot.me,
        "branch": snapshot.branch,
        "at": snapshot.at,
        "server": listing.told(snapshot.server, datetime.fromisoformat(snapshot.at).timestamp()),
        "counts": {"needs_me": counts.needs_me, "down": counts.down, "ok": counts.ok},
        "handoffs": [row_document(row) for row in snapshot.handoffs],
        "errors": [problem.to_json() for problem in snapshot.problems],
    }


def row_document(row: Handoff) -> dict[str, Any]:
    """Return one row of `cockpit.status/v1`."""
    rpt, health = row.rpt, row.health
    return {
        "id": rpt.id,
        "title": rpt.title,
        "path": rpt.path,
        "status": rpt.status,
        "stage": row.stage,
        "status_supported": not row.unsupported_status,
        "service": rpt.service,
        "owners": {"researcher": rpt.owners.researcher, "engineer": rpt.owners.engineer},
        "due": rpt.due,
        "contract": {
            "verdict": row.contract.verdict,
            "levels": {level.value: verdict for level, verdict in row.contract.levels.items()},
            "violations": row.contract.violations,
        },
        "stack": {
            "state": row.stack.state,
            "merged": row.stack.merged,
            "total": row.stack.total,
            "blocking": row.stack.blocking,
        },
        "health": {
            "state": health.state,
            "latency_ms": health.latency_ms,
            "since": None if health.since is None else iso(health.since),
            "url": health.url,
            "error": health.error,
        },
        "readiness": {
            "percent": row.readiness.percent,
            "sections": {section.value: part.percent for section, part in row.readiness.sections.items()},
            "missing": [gate.spec.id for gate in row.readiness.missing],
        },
        "needs_me": row.needs_me,
        "next": {"text": row.next.text, "argv": list(row.next.argv), "key": row.next.key},
        "errors": [problem.to_json() for problem in rpt.problems],
    }


def check_document(snapshot: Snapshot, gates: Sequence[Judged]) -> dict[str, Any]:
    """Return the gates as `cockpit.check/v1`; each with its RPT, None for those of the workspace.

    A gate of conformance has the findings of the report that decides it, as `cockpit.diff/v1` has them.
    """
    rows = {row.id: row for row in snapshot.handoffs}
    return {
        "schema": "cockpit.check/v1",
        "at": snapshot.at,
        "verdict": verdict_of(gates),
        "gates": [
            {
                "id": judged.gate.spec.id,
                "rpt": judged.rpt,
                "verdict": judged.gate.verdict,
                "required": judged.required,
                "counted": judged.counted,
                "promise": judged.gate.spec.promise,
                "errors": [problem.to_json() for problem in judged.gate.problems],
                **_report(rows.get(judged.rpt or ""), judged.gate.spec.id),
            }
            for judged in gates
        ],
        "errors": [problem.to_json() for problem in snapshot.problems],
    }


def _report(row: Handoff | None, gate: str) -> dict[str, Any]:
    """Return what stands behind a gate of conformance; {} for another gate, or where nothing does."""
    known = report_of(row, gate) if row is not None else None
    if known is None:
        return {}
    return {
        "report": known.report.to_json() | {"env": known.env or None, "at": known.at, "since": known.since}
    }
