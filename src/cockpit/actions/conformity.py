"""What does a deployment say of the contract? Of the code before it, and of what serves after it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.actions.perform import Cancelled, Emit, Outcome
from cockpit.domain.action import Plan
from cockpit.domain.conformance import Report
from cockpit.domain.handoff import Handoff
from cockpit.domain.words import Conformance, Level
from cockpit.errors import CockpitError, ExitCode, ServiceError

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace


def before(workspace: Workspace, row: Handoff, emit: Emit, cancelled: Cancelled) -> None:
    """Compare the code with its contract (L1) and say what was found.

    A violation stops no deploy to an environment of one's own. A protected one refuses it (ServiceError):
    whoever means it silences the finding in cockpit.yaml, with a reason and a date.
    """
    from cockpit.workspace import conformance

    conformance.refresh_code(workspace, [row], emit, cancelled)
    known = conformance.of_code(workspace, row)
    if known is None or known.report.verdict is not Conformance.VIOLATES:
        return
    said = _first(known.report)
    if workspace.config.environment(row.env).protected:
        raise ServiceError(
            f"the code violates the contract, and {row.env} is protected: {said}",
            do=f"mend it (cockpit check {row.id}), or silence it in cockpit.yaml with a reason and a date",
            code="contract-violated",
            path=row.service.path if row.service is not None else row.rpt.path,
        )
    emit(f"note: the code violates the contract: {said}")


def after(
    workspace: Workspace, plan: Plan, outcome: Outcome, emit: Emit, made: tuple[str, str] | None = None
) -> Outcome:
    """Compare what serves now with the contract (L2), and add what was found to the outcome's summary.

    A service that is live stays so: its exit code says that it was deployed. `made` is the release that was
    copied and the digest of the sources as they were before.
    """
    from cockpit.workspace import conformance

    if outcome.code is not ExitCode.OK:
        return outcome
    try:
        row = workspace.resolve(plan.subject, workspace.snapshot(plan.env))
        if made is not None and row.service is not None and row.service.sources == made[1]:
            # Nothing was edited while the sources were copied: the release is made of these.
            conformance.remember_sources(workspace, *made)
        found = conformance.live_report(workspace, row, emit)
    except CockpitError as error:
        emit(f"not compared with the contract: {error.problem.message}")
        return outcome
    if found is None:
        return outcome
    emit(f"{Level.L2}: {found.report.verdict}")
    if found.report.verdict is Conformance.VIOLATES:
        return replace(
            outcome, summary=f"{outcome.summary}; it violates its contract: {_first(found.report)}"
        )
    return outcome


def _first(report: Report) -> str:
    """The first violation in words, and how many there are more."""
    broken = [finding for finding in report.findings if finding.breaks]
    more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
    return f"{broken[0].operation}: {broken[0].message}{more}"
