"""Validate a handoff: is its code what the contract says (L1), and what is deployed (L2)?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cockpit.actions.perform import Cancelled, Emit, Outcome
from cockpit.domain.action import Plan, Risk, Step
from cockpit.domain.conformance import LevelReport, Replay, Report, Severity
from cockpit.domain.handoff import Handoff
from cockpit.domain.health import Endpoint
from cockpit.domain.text import one_line
from cockpit.domain.words import Conformance
from cockpit.errors import CancelledError, ExitCode, NotFoundError

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace

_CODES = {
    Conformance.CONFORMS: ExitCode.OK,
    Conformance.VIOLATES: ExitCode.NOT_GOOD,
    Conformance.UNKNOWN: ExitCode.UNDECIDED,
}


def plan(workspace: Workspace, row: Handoff, env: str) -> Plan:
    """Return what would be compared. Raises CockpitError if there is no contract, or nothing beside it."""
    rpt = row.rpt
    workspace.contract(rpt)
    endpoint = _endpoint(workspace, row, env)
    if row.service is None and endpoint is None:
        raise NotFoundError(
            f"{rpt.id} has neither code nor an endpoint in {env} that could be compared",
            do=f"cockpit scaffold {rpt.id}" if rpt.service else "write `service: a-slug` in its front matter",
            code="service-missing",
            path=rpt.path,
        )
    steps: list[Step] = []
    if row.service is not None:
        steps += (
            Step("take the OpenAPI document out of its app, in its own environment", folder=row.service.path),
            Step("compare it with the contract, both ways (L1)"),
            Step("send requests that its document rejects to the app, in its process"),
        )
    wakes = endpoint is not None and endpoint.scales_to_zero
    if endpoint is not None:
        waking = ": this wakes it, and costs money" if wakes else ""
        steps.append(Step(f"GET {endpoint.url}/openapi.json and compare it (L2){waking}"))
    return Plan(
        "validate",
        f"validate {rpt.service or rpt.id} against {rpt.id}",
        rpt.id,
        rpt.service,
        env,
        ("cockpit", "check", rpt.id, *(("--live", "--env", env) if endpoint is not None else ())),
        tuple(steps),
        risk=Risk.SHARED if wakes else Risk.NONE,
    )


def run(workspace: Workspace, plan: Plan, emit: Emit, cancelled: Cancelled) -> Outcome:
    """Compare code and endpoint, tell each finding, and keep what was found."""
    from cockpit.workspace import conformance

    row = workspace.resolve(plan.subject, workspace.snapshot(plan.env))
    found: list[LevelReport] = []
    if row.service is not None:
        found.append(conformance.code_report(workspace, row, emit))
        tell(found[-1], emit)
        # What was just found of the code tells lines and replays of the endpoint.
        row = workspace.resolve(plan.subject, workspace.snapshot(plan.env))
    if cancelled():
        raise CancelledError("stopped; the endpoint was not asked", do=f"cockpit check {row.id} --live")
    live = conformance.live_report(workspace, row, emit, wake=True)
    if live is not None:
        found.append(live)
        tell(live, emit)
    verdicts = {one.report.verdict for one in found}
    worst = next(
        v for v in (Conformance.VIOLATES, Conformance.UNKNOWN, Conformance.CONFORMS) if v in verdicts
    )
    return Outcome(_CODES[worst], f"{plan.service or row.id}: {summary(found)}", document(row, found))


def tell(found: LevelReport, emit: Emit) -> None:
    """Tell what was found of one level: each finding with its value and places, then the verdict."""
    from cockpit.workspace import finding_text

    for finding in found.report.findings:
        for line in finding_text.plain(finding_text.lines(finding)):
            emit(line)
    for part in found.report.undecided:
        for line in finding_text.plain(finding_text.undecided_lines(part)):
            emit(line)
    emit(summary([found]))


def summary(found: list[LevelReport]) -> str:
    """Return reports as one line: "L1 violates (2 violations), L2 conforms"."""
    return ", ".join(f"{one.level} {one.report.verdict}{_counts(one.report)}" for one in found)


def document(row: Handoff, found: list[LevelReport]) -> dict[str, Any]:
    """Return reports as `cockpit.validate/v1`."""
    return {
        "schema": "cockpit.validate/v1",
        "rpt": row.id,
        "service": row.rpt.service,
        "env": row.env,
        "levels": {
            one.level.value: {"at": one.at, "since": one.since, "deploy": one.deploy} | one.report.to_json()
            for one in found
        },
    }


def _counts(report: Report) -> str:
    if report.reason is not None:
        return f" ({one_line(report.reason, 200)})"
    broken = sum(finding.breaks for finding in report.findings)
    warned = sum(f.severity is Severity.WARNING and f.silenced is None for f in report.findings)
    lax = sum(finding.replay is Replay.ACCEPTED for finding in report.findings)
    counts = (
        (broken, "violation"),
        (warned, "warning"),
        (lax, "not confirmed by replay"),
        (len(report.undecided), "undecided"),
    )
    said = [
        f"{n} {word}{'s' if n > 1 and word in ('violation', 'warning') else ''}" for n, word in counts if n
    ]
    return f" ({', '.join(said)})" if said else ""


def _endpoint(workspace: Workspace, row: Handoff, env: str) -> Endpoint | None:
    return next(iter(workspace.endpoints(env, (row.rpt,))), None)
