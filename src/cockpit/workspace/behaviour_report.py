"""Where does what a service did stand in the files, does it count, and how long does it hold?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.domain.behaviour import Behaviour
from cockpit.domain.conformance import LevelReport, Report
from cockpit.domain.handoff import Handoff
from cockpit.domain.service import ServiceFacts
from cockpit.domain.words import Level
from cockpit.edges.clock import iso
from cockpit.errors import CockpitError
from cockpit.workspace import comparing, conformance_keys, conformance_places, conformance_store
from cockpit.workspace.comparing import Contract

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace


def keep(
    workspace: Workspace,
    row: Handoff,
    contract: Contract,
    found: Behaviour,
    *,
    files: ServiceFacts | None = None,
    url: str = "",
) -> Behaviour:
    """Place and silence what was found, keep it as the report of level L3, and return it so.

    It was found of `files`, or else of `url` in the row's environment, and holds until these, the contract
    or the silences change.
    """
    rules = comparing.rules_of(workspace)
    report = conformance_places.placed(found.report, contract.place, conformance_places.nowhere)
    if files is not None and report.findings:
        report = _at_routes(workspace, files.slug, report)
    report = comparing.silenced(report, row.id, rules, workspace)
    serving = None if files is not None else conformance_keys.serving(row.deployments)
    key = (
        conformance_keys.of_code(row.rpt, files, rules)
        if files is not None
        else conformance_keys.of_endpoint(row.rpt, url, serving, rules)
    )
    if key is not None:
        at, env = iso(workspace.clock.epoch()), "" if files is not None else row.env
        deploy = serving.id if serving is not None else None
        known = LevelReport(Level.L3, env, key, at, at, report, deploy)
        conformance_store.keep(workspace.store, row.id, known)
    return replace(found, report=report)


def _at_routes(workspace: Workspace, slug: str, report: Report) -> Report:
    """Place each finding at the route of its operation; an app that does not say where leaves it open."""
    from cockpit.services.extraction import extract

    try:
        routes = extract(workspace.root, slug, cache=workspace.cache).routes
    except CockpitError:
        return report
    findings = tuple(replace(one, service_at=routes.get(one.operation)) for one in report.findings)
    return replace(report, findings=findings)
