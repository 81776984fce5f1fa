"""Update a service: bring contract and template changes to it, without overwriting what people wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.actions import agreement, environment
from cockpit.actions.perform import Cancelled, Emit, Outcome
from cockpit.domain.action import Plan, Step
from cockpit.domain.handoff import Handoff
from cockpit.errors import CancelledError, DocumentError, ExitCode, NotFoundError

if TYPE_CHECKING:
    from cockpit.services.updating import Update
    from cockpit.workspace.workspace import Workspace


def plan(workspace: Workspace, row: Handoff, env: str) -> Plan:
    """Return which files would change.

    Raises CockpitError if there is no service, if cockpit did not scaffold it, or if the contract changed
    and is not signed.
    """
    from cockpit.services import uv

    update = _prepared(workspace, row)
    steps = [Step("render the old and the new template, and merge them with what you edited")]
    steps += [Step(f"change {path}" if data is not None else f"take away {path}")
              for path, data in update.changes.items()]  # fmt: skip
    steps += [Step(f"ask you to decide: {problem.message}") for problem in update.conflicts]
    if not update.conflicts:
        steps += [Step(label, argv, update.shown) for label, argv in uv.STEPS]
    before, after = update.before.version, update.after.version
    said = f"template v{before} → v{after}" if before != after else f"template v{before}"
    return Plan(
        "update",
        f"update {update.shown}/ to {row.rpt.id} revision {row.rpt.revision}, {said}",
        row.id,
        row.rpt.service,
        env,
        ("cockpit", "update", row.rpt.service or row.id),
        tuple(steps),
        touches=tuple(f"{update.shown}/{path}" for path in update.changes) or (f"{update.shown}/",),
    )


def run(workspace: Workspace, plan: Plan, emit: Emit, cancelled: Cancelled) -> Outcome:
    """Apply all of it, or nothing and list what people have to decide; then renew lock and environment."""
    from cockpit.services import updating
    from cockpit.workspace import conformance, generated

    row = workspace.resolve(plan.subject, workspace.snapshot(plan.env))
    update = _prepared(workspace, row)
    if cancelled():
        raise CancelledError("stopped; nothing was changed", do=f"cockpit update {row.rpt.service}")
    updating.apply(update)
    document = {
        "schema": "cockpit.update/v1",
        "rpt": row.id,
        "service": row.rpt.service,
        "from": update.before.version,
        "to": update.after.version,
        "changed": sorted(update.changes),
        "conflicts": [problem.to_json() for problem in update.conflicts],
        "notes": list(update.notes),
    }
    for note in update.notes:
        emit(f"note: {note}")
    if update.conflicts:
        for problem in update.conflicts:
            emit(f"{problem.where}: {problem.message}")
            emit(f"→ {problem.do}")
        count = len(update.conflicts)
        said = f"not updated: {count} conflict{'s' if count != 1 else ''} to decide; the service is as it was"
        return Outcome(ExitCode.NOT_GOOD, said, document)
    for path, data in update.changes.items():
        emit(f"{'changed' if data is not None else 'took away'} {update.shown}/{path}")
    environment.build(workspace, update.after.answers.slug, emit, cancelled)
    lost = generated.losses(workspace, row.rpt, update.after.answers.slug, emit)
    for note in lost:
        emit(f"note: {note}")
    made = workspace.resolve(row.rpt.path, workspace.snapshot(plan.env))
    conformance.refresh_code(workspace, [made], emit, cancelled)
    document["notes"] = [*update.notes, *lost]
    changed = len(update.changes)
    said = f"{changed} file{'s' if changed != 1 else ''} changed" if changed else "nothing to change"
    return Outcome(ExitCode.OK, f"{update.shown}/ is up to date: {said}", document)


def _prepared(workspace: Workspace, row: Handoff) -> Update:
    from cockpit.services import rendering, updating

    rpt = row.rpt
    if rpt.service is None:
        raise DocumentError(
            f"{rpt.id} names no service",
            do="write `service: a-slug` in the front matter",
            code="no-service",
            path=rpt.path,
            line=1,
        )
    if not (workspace.root / updating.FOLDER / rpt.service).is_dir():
        raise NotFoundError(
            f"{updating.FOLDER}/{rpt.service}/ does not exist",
            do=f"cockpit scaffold {rpt.id}",
            code="no-service",
            path=rpt.path,
        )
    if row.service is None or row.service.contract_digest != rpt.contract_digest:
        agreement.require(row)
    answers = rendering.Answers(rpt.service, rendering.package_of(rpt.service), rpt.id, rpt.title)
    return updating.prepare(workspace.root, answers, dict(workspace.contract(rpt)))
