"""Does a service keep its contract, in its code (L1) and where it is deployed (L2)?

Joins what rooms know: the document (rpts), the comparison (contracts), the app (services), the endpoint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cockpit.domain.canonical import canonical_json
from cockpit.domain.conformance import LevelReport, Report, Rule
from cockpit.domain.handoff import Handoff
from cockpit.domain.health import Endpoint
from cockpit.domain.words import Level, Status
from cockpit.edges.clock import iso
from cockpit.edges.http import Http
from cockpit.errors import CockpitError, NotFoundError
from cockpit.workspace import (
    comparing,
    conformance_keys,
    conformance_places,
    conformance_store,
    live_document,
)
from cockpit.workspace.comparing import Contract, Emit, silent
from cockpit.workspace.conformance_rules import Rules

if TYPE_CHECKING:
    from cockpit.services.extraction import Extracted
    from cockpit.workspace.workspace import Workspace

_AT_ONCE = 2
_DEPLOYED = "deployed-sources"
_ASLEEP = "asleep: asking for its document would wake it, and cost money; validate (v) asks"


def code_report(workspace: Workspace, row: Handoff, emit: Emit = silent) -> LevelReport:
    """Compare the contract of `row` with the code of its service, and keep what was found (L1).

    An app that does not say what it is leaves the level unknown, with the reason. Raises NotFoundError
    without a service, DocumentError without a contract that reads.
    """
    rpt, service = row.rpt, row.service
    if service is None:
        raise NotFoundError(
            f"{rpt.id} has no service yet",
            do=f"cockpit scaffold {rpt.id}" if rpt.service else "write `service: a-slug` in its front matter",
            code="service-missing",
            path=rpt.path,
        )
    contract, rules = comparing.contract_of(workspace, rpt), comparing.rules_of(workspace)
    key = conformance_keys.of_code(rpt, service, rules)
    try:
        report = comparing.with_code(workspace, contract, service.slug, rules, emit)
    except NotFoundError:
        raise
    except CockpitError as error:
        report = _unknown(error, emit)
    now = iso(workspace.clock.epoch())
    found = LevelReport(Level.L1, "", key or "", now, now, report)
    return conformance_store.keep(workspace.store, rpt.id, found)


def of_code(workspace: Workspace, row: Handoff) -> LevelReport | None:
    """Return what is known of the code of `row` as it is now, None where nobody compared it."""
    key = conformance_keys.of_code(row.rpt, row.service, comparing.rules_of(workspace))
    known = conformance_store.one(workspace.store, row.id, Level.L1, "")
    return known if known is not None and known.key == key else None


def live_report(
    workspace: Workspace, row: Handoff, emit: Emit = silent, *, wake: bool = False, http: Http | None = None
) -> LevelReport | None:
    """Compare the contract of `row` with what its endpoint serves in `row.env`, and keep it (L2).

    None without an endpoint. One that scales to zero is asked only with `wake`: what is known of the same
    deployment stands until then. Raises DocumentError without a contract that reads.
    """
    rpt = row.rpt
    endpoint = next(iter(workspace.endpoints(row.env, (rpt,))), None)
    if endpoint is None or endpoint.url is None:
        return None
    contract, rules = comparing.contract_of(workspace, rpt), comparing.rules_of(workspace)
    serving = conformance_keys.serving(row.deployments)
    key = conformance_keys.of_endpoint(rpt, endpoint.url, serving, rules) or ""
    if endpoint.scales_to_zero and not wake:
        before = conformance_store.one(workspace.store, rpt.id, Level.L2, row.env)
        if before is not None and before.key == key:
            return before
        report = Report(reason=_ASLEEP)
    else:
        report = _served(workspace, row, endpoint, contract, rules, emit, http)
    now = iso(workspace.clock.epoch())
    deploy = serving.id if serving is not None else None
    found = LevelReport(Level.L2, row.env, key, now, now, report, deploy)
    return conformance_store.keep(workspace.store, rpt.id, found)


def refresh_code(
    workspace: Workspace, rows: Iterable[Handoff], emit: Emit, cancelled: Callable[[], bool]
) -> bool:
    """Compare the code of every row whose report does not hold, and return whether anything was done.

    What could not be decided as a whole (an app that does not import) is tried again. Two at a time.
    """
    rules = comparing.rules_of(workspace)

    def due(row: Handoff) -> bool:
        if row.rpt.status in (Status.RETIRED, Status.WITHDRAWN):
            return False
        key = conformance_keys.of_code(row.rpt, row.service, rules)
        known = row.report(Level.L1)
        return key is not None and (known is None or known.key != key or known.report.reason is not None)

    def one(row: Handoff) -> None:
        if cancelled():
            return
        emit(f"{row.id}: comparing services/{row.rpt.service}/ with the contract …")
        try:
            found = code_report(workspace, row).report
        except CockpitError as error:
            emit(f"{row.id}: {error.problem.message}")
            return
        broken = sum(finding.breaks for finding in found.findings)
        counted = f", {broken} violation{'s' if broken > 1 else ''}" if broken else ""
        emit(f"{row.id}: {found.verdict}{counted}{': ' + found.reason if found.reason else ''}")

    waiting = [row for row in rows if due(row)]
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="conformance") as pool:
        list(pool.map(one, waiting))
    return bool(waiting)


def refresh_live(workspace: Workspace, rows: Iterable[Handoff], emit: Emit) -> bool:
    """Compare what every endpoint of `rows` serves, none that sleeps; return whether anything was done."""
    done = False
    for row in rows:
        try:
            found = live_report(workspace, row)
        except CockpitError as error:
            emit(f"{row.id}: {error.problem.message}")
            continue
        if found is not None:
            reason = f": {found.report.reason}" if found.report.reason else ""
            emit(f"{row.id} in {row.env}: {found.report.verdict}{reason}")
            done = True
    return done


def remember_sources(workspace: Workspace, release: str, sources: str) -> None:
    """Keep which sources a release was made from: its endpoint then has the lines of the same code."""
    workspace.cache.write(_DEPLOYED, {release: ("1", sources)})


def _served(
    workspace: Workspace,
    row: Handoff,
    endpoint: Endpoint,
    contract: Contract,
    rules: Rules,
    emit: Emit,
    http: Http | None,
) -> Report:
    """What comparing with the endpoint's document says; where that is hidden, what its code says."""
    url = str(endpoint.url)
    emit(f"GET {url}{live_document.PATH}")
    served = live_document.fetch(workspace, url, http)
    code = row.report(Level.L1)
    known = code is not None and code.key == conformance_keys.of_code(row.rpt, row.service, rules)
    report = code.report if code is not None and known and code.report.reason is None else None
    same_sources = report is not None and _sources_of(workspace, row) == getattr(row.service, "sources", None)
    if served.document is None:
        emit(str(served.reason))
        if served.hidden and same_sources and report is not None:
            said = f"{served.reason}; it was deployed from these sources, and what was found is of the code"
            return replace(report, assumptions=(*report.assumptions, said))
        return Report(reason=served.reason)
    extracted = _known_code(workspace, row) if report is not None else None
    if extracted is not None and report is not None and _alike(extracted.document, served.document):
        # Same document, same answer: with the lines, and with what the replay found.
        return report
    overridden = code is not None and any(f.rule is Rule.OPENAPI_OVERRIDDEN for f in code.report.findings)
    try:
        found = comparing.compared(
            contract, served.document, rules, overridden=overridden, cache=workspace.cache
        )
    except CockpitError as error:
        return _unknown(error, emit)
    lines = (
        comparing.lines_of(extracted)
        if extracted is not None and same_sources
        else conformance_places.nowhere
    )
    return comparing.silenced(
        conformance_places.placed(found, contract.place, lines), contract.rpt, rules, workspace
    )


def _unknown(error: CockpitError, emit: Emit) -> Report:
    problem = error.problem
    emit(f"{problem.where + ': ' if problem.where else ''}{problem.message}")
    for line in getattr(error, "lines", ()):
        emit(f"  {line}")
    emit(f"→ {problem.do}")
    return Report(reason=problem.message)


def _known_code(workspace: Workspace, row: Handoff) -> Extracted | None:
    """What the app says in the work tree, which was asked when its code was compared."""
    from cockpit.services.extraction import extract

    try:
        return extract(workspace.root, str(row.rpt.service), cache=workspace.cache)
    except CockpitError:
        return None


def _sources_of(workspace: Workspace, row: Handoff) -> str | None:
    serving = conformance_keys.serving(row.deployments)
    kept = workspace.cache.read(_DEPLOYED, serving.digest, "1") if serving is not None else None
    return kept if isinstance(kept, str) else None


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """True if two documents say the same of paths, components and security."""
    parts = ("openapi", "paths", "components", "security")
    return all(canonical_json(one.get(part)) == canonical_json(other.get(part)) for part in parts)
