"""Scaffold a service: from an agreed RPT to a FastAPI service that runs and says what is left to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.actions import agreement, environment
from cockpit.actions.perform import Cancelled, Emit, Outcome
from cockpit.domain.action import Plan, Step
from cockpit.domain.handoff import Handoff
from cockpit.errors import CancelledError, DocumentError, ExitCode, ServiceError

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace


def plan(workspace: Workspace, row: Handoff, env: str) -> Plan:
    """Return what would be written. Raises CockpitError unless the RPT is agreed and has no service."""
    from cockpit.services import operations, scaffold, uv

    rpt = row.rpt
    slug = _ready(workspace, row)
    operations.read(workspace.contract(rpt))
    folder = f"{scaffold.FOLDER}/{slug}"
    return Plan(
        "scaffold",
        f"scaffold {folder}/ from {rpt.id} revision {rpt.revision}",
        rpt.id,
        slug,
        env,
        ("cockpit", "scaffold", rpt.id),
        (
            Step(f"render the service of {len(rpt.operations)} operation(s) from the signed contract"),
            *(Step(label, argv, folder) for label, argv in uv.STEPS),
        ),
        touches=(f"{folder}/",),
    )


def run(workspace: Workspace, plan: Plan, emit: Emit, cancelled: Cancelled) -> Outcome:
    """Render the service, then build its environment. A service whose environment fails stays."""
    from cockpit.services import rendering, scaffold
    from cockpit.workspace import conformance, generated

    row = workspace.resolve(plan.subject, workspace.snapshot(plan.env))
    slug = _ready(workspace, row)
    answers = rendering.Answers(slug, rendering.package_of(slug), row.rpt.id, row.rpt.title)
    shown = f"{scaffold.FOLDER}/{slug}"
    emit(f"rendering {shown}/")
    contract = dict(workspace.contract(row.rpt))
    if cancelled():
        raise CancelledError("stopped; nothing was written", do=f"cockpit scaffold {row.rpt.id}")
    done = scaffold.scaffold(workspace.root, answers, contract)
    emit(f"wrote {len(done.files)} files")
    for note in done.notes:
        emit(f"note: {note}")
    environment.build(workspace, slug, emit, cancelled)
    lost = generated.losses(workspace, row.rpt, slug, emit)
    for note in lost:
        emit(f"note: {note}")
    made = workspace.resolve(row.rpt.path, workspace.snapshot(plan.env))
    conformance.refresh_code(workspace, [made], emit, cancelled)
    document = {
        "schema": "cockpit.scaffold/v1",
        "rpt": row.rpt.id,
        "service": slug,
        "path": shown,
        "files": list(done.files),
        "notes": [*done.notes, *lost],
    }
    return Outcome(
        ExitCode.OK, f"{shown}/ is there; write {shown}/src/{answers.package}/logic/operations.py", document
    )


def _ready(workspace: Workspace, row: Handoff) -> str:
    """Return the slug of the service that may be scaffolded now."""
    from cockpit.services.scaffold import FOLDER

    rpt = row.rpt
    if rpt.service is None:
        raise DocumentError(
            f"{rpt.id} names no service",
            do="write `service: a-slug` in the front matter",
            code="no-service",
            path=rpt.path,
            line=1,
        )
    folder = f"{FOLDER}/{rpt.service}"
    if (workspace.root / folder).exists():
        raise ServiceError(
            f"{folder}/ exists already",
            do=f"bring contract and template changes to it: cockpit update {rpt.service}",
            code="service-exists",
            path=folder,
        )
    agreement.require(row)
    return rpt.service
