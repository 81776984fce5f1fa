"""Which gates does `check` judge? Those that each written status requires, and those of the workspace."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from cockpit.domain import gates as g
from cockpit.domain.gates import Gate
from cockpit.domain.handoff import Snapshot
from cockpit.domain.rpt import RptFacts
from cockpit.errors import Problem

_LISTED_AT_MOST = 10_000
_SKIPPED = {".git", ".venv", ".cockpit", "node_modules", "__pycache__"}

Judged = tuple[str | None, Gate, bool]


def gates_to_check(snapshot: Snapshot, rpts: set[str] | None = None, *, strict: bool) -> list[Judged]:
    """Return (RPT id or None, gate, whether it is required) of the whole board, or of `rpts` alone.

    A gate is required if the document's written status requires it; with `strict` every gate that
    any status up to the written one could ask for, and those that no status requires, count too.
    """
    judged: list[Judged] = []
    if rpts is None:
        judged += [(None, gate, True) for gate in snapshot.gates]
    for row in snapshot.handoffs:
        if rpts is not None and row.id not in rpts:
            continue
        status = row.rpt.status
        for gate in row.gates:
            required = gate.required_by(status) or (strict and gate.spec.needed_for is None)
            judged.append((row.id, gate, required))
    return judged


def workspace_gates(
    root: Path, rpts: Sequence[RptFacts], slugs: Iterable[str], prototypes: Sequence[str]
) -> tuple[Gate, ...]:
    """Return the gates that no RPT owns: every service, and every prototype, has an RPT."""
    claimed = {rpt.service for rpt in rpts if rpt.service}
    orphans = tuple(
        Problem(
            "service-without-rpt",
            f"services/{slug}/ has no RPT",
            f"cockpit new --service {slug}, or name it in the `service:` of the RPT it belongs to",
            f"services/{slug}",
        )
        for slug in sorted(slugs)
        if slug not in claimed
    )
    linked = {value for rpt in rpts for value in rpt.links.values()}
    strays = tuple(
        Problem(
            "prototype-without-rpt",
            f"{path} matches `prototypes:` in cockpit.yaml and no RPT links to it",
            f"link it in an RPT: `links: {{notebook: {path}}}`, or start one with `cockpit new`",
            path,
        )
        for path in _matching(root, prototypes)
        if not any(path == link or path.startswith(link.rstrip("/") + "/") for link in linked)
    )
    return (g.judged("service.documented", orphans), g.judged("prototype.documented", strays))


def _matching(root: Path, globs: Sequence[str]) -> list[str]:
    """Return the workspace paths that match one of `globs` (shell style, * crosses folders)."""
    if not globs:
        return []
    found: list[str] = []
    seen = 0
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in _SKIPPED]
        for name in names:
            seen += 1
            path = Path(folder, name).relative_to(root).as_posix()
            if any(fnmatchcase(path, pattern) for pattern in globs):
                found.append(path)
        if seen > _LISTED_AT_MOST * 10:
            break
    return sorted(found)[:_LISTED_AT_MOST]
