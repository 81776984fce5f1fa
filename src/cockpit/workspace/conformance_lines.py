"""Where does a finding stand in its contract now? Prose moves lines, and what was found stays true."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cockpit.domain.conformance import LevelReport
from cockpit.domain.rpt import RptFacts
from cockpit.edges import files
from cockpit.errors import CockpitError
from cockpit.workspace import conformance_places, documents
from cockpit.workspace.cache import Cache

_KIND = "contract-lines"


def placed_again(
    root: Path,
    cache: Cache,
    rpts: Iterable[RptFacts],
    reports: Mapping[str, tuple[LevelReport, ...]],
) -> dict[str, tuple[LevelReport, ...]]:
    """Return RPT id → `reports` with every finding at the line of the contract where it stands now.

    A document is read for it only if its file, or the one with its contract, changed since. The places of
    one that does not read stay as they were.
    """
    found = dict(reports)
    kept = cache.read_all(_KIND)
    fresh: dict[str, tuple[str, dict[str, str | None]]] = {}
    for rpt in rpts:
        mine = reports.get(rpt.id, ())
        pointers = {p for one in mine for f in one.report.findings if (p := f.contract_pointer) is not None}
        if not pointers:
            continue
        stamp = _stamp(root, rpt, mine)
        mark, text = kept.get(rpt.id, ("", ""))
        lines = _decode(text) if mark == stamp else {}
        if not pointers <= lines.keys():
            try:
                _, block, path = documents.placed_contract(root, rpt)
            except CockpitError:
                continue
            place = conformance_places.of_block(block, path)
            lines = {pointer: place(pointer) for pointer in pointers}
            fresh[rpt.id] = (stamp, lines)
        found[rpt.id] = tuple(_placed(one, lines) for one in mine)
    if fresh:
        cache.write(_KIND, fresh)
    return found


def _stamp(root: Path, rpt: RptFacts, reports: Sequence[LevelReport]) -> str:
    """What changes when the document does, or the file that its contract stood in."""
    beside = (
        f.contract_at.partition(":")[0] for one in reports for f in one.report.findings if f.contract_at
    )
    marks = ((path, files.stamp(root / path)) for path in dict.fromkeys((rpt.path, *beside)))
    return "|".join(f"{path}={mark.key() if mark else ''}" for path, mark in marks)


def _decode(text: str) -> dict[str, str | None]:
    try:
        lines = json.loads(text)
    except ValueError:
        return {}
    return lines if isinstance(lines, dict) else {}


def _placed(known: LevelReport, lines: Mapping[str, str | None]) -> LevelReport:
    findings = known.report.findings
    if all(lines.get(f.contract_pointer or "", f.contract_at) == f.contract_at for f in findings):
        return known
    moved = tuple(
        replace(f, contract_at=lines.get(f.contract_pointer, f.contract_at))
        if f.contract_pointer is not None
        else f
        for f in findings
    )
    return replace(known, report=replace(known.report, findings=moved))
