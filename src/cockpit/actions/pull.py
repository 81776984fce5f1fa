"""Pull a service's API into the contract of its RPT: shown as a diff before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cockpit.actions.perform import Cancelled, Emit, Outcome
from cockpit.domain.action import Plan, Risk, Step
from cockpit.domain.canonical import contract_digest
from cockpit.domain.handoff import Handoff
from cockpit.errors import DocumentError, ExitCode, UsageError

if TYPE_CHECKING:
    from cockpit.rpts.contract_edit import ContractEdit
    from cockpit.workspace.workspace import Workspace

CODE = "code"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What pulling would do. `plan` is None where the contract says all of it already.

    `signature` and `diff` are unified diffs, of the contract at a glance and of its text; `notes` say what
    a person should know.
    """

    plan: Plan | None
    signature: tuple[str, ...]
    diff: tuple[str, ...]
    notes: tuple[str, ...]
    edit: ContractEdit

    def to_json(self) -> dict[str, Any]:
        """Return it as the fields of `cockpit.pull/v1`."""
        return {
            "changed": self.plan is not None,
            "touches": list(self.plan.touches) if self.plan else [],
            "signature_diff": list(self.signature),
            "diff": list(self.diff),
            "notes": list(self.notes),
        }


def plan(workspace: Workspace, row: Handoff, env: str) -> Plan:
    """Return what pulling from the service's code would write. Raises CockpitError where that is nothing."""
    planned = prepare(workspace, row, env, CODE).plan
    if planned is None:
        raise DocumentError(
            f"the contract of {row.id} already says what its service does",
            do="nothing",
            code="pulled-already",
            path=row.rpt.path,
        )
    return planned


def prepare(workspace: Workspace, row: Handoff, env: str, source: str) -> Prepared:
    """Work out the new contract from `source`: "code", a URL, or a file. Raises CockpitError."""
    from cockpit.contracts.openapi30 import upgraded
    from cockpit.contracts.pulling import pull
    from cockpit.rpts.contract_edit import ContractEdit

    rpt = row.rpt
    edit = ContractEdit(workspace.root / rpt.path, workspace.root)
    name, document, warnings = _document(workspace, row, source)
    pulled = pull(edit.contract, upgraded(document))
    before = edit.contract
    edit.replace(pulled.contract)
    notes = (*warnings, *pulled.notes)
    if not edit.touches:
        return Prepared(None, (), (), notes, edit)
    void = contract_digest(before) != contract_digest(pulled.contract)
    signers = [s.by for s in rpt.signoffs if s.digest == rpt.digest] if void else []
    steps = [Step(f"write the contract {contract_digest(pulled.contract)}")]
    if signers:
        steps.append(Step(f"the sign-offs of {', '.join(signers)} become void: they sign again"))
    argv = ("cockpit", "contract", "pull", rpt.id, "--from", source)
    planned = Plan(
        "pull",
        f"pull the API of {name} into the contract of {rpt.id}",
        rpt.id,
        rpt.service,
        env,
        argv,
        tuple(steps),
        touches=edit.touches,
        risk=Risk.SHARED,
    )
    return Prepared(planned, _signature_diff(before, pulled.contract), tuple(edit.diff()), notes, edit)


def run(workspace: Workspace, plan: Plan, emit: Emit, cancelled: Cancelled) -> Outcome:
    """Write the contract, if document and service still say what was planned."""
    row = workspace.resolve(plan.subject, workspace.snapshot(plan.env))
    prepared = prepare(workspace, row, plan.env, plan.argv[-1])
    if prepared.plan != plan:
        raise DocumentError(
            f"{row.id} or its service changed since you looked at the diff",
            do="look at the new one: `cockpit contract pull` again",
            code="changed",
            path=row.rpt.path,
        )
    prepared.edit.save()
    for note in prepared.notes:
        emit(note)
    document = {"schema": "cockpit.pull/v1", "rpt": row.id, **prepared.to_json()}
    return Outcome(ExitCode.OK, f"{row.id} says now what its service does; read it, then sign it", document)


def _document(workspace: Workspace, row: Handoff, source: str) -> tuple[str, dict[str, Any], tuple[str, ...]]:
    """Return the service's name, its OpenAPI document, and what speaks against trusting it."""
    doubt: tuple[str, ...] = ()
    if source == CODE:
        if row.service is None:
            raise UsageError(
                f"{row.id} has no service to pull from",
                do=f"name a running one with --from URL, or `cockpit scaffold {row.id}`",
                code="service-missing",
                path=row.rpt.path,
            )
        from cockpit.services.extraction import extract

        extracted = extract(workspace.root, row.service.slug, cache=workspace.cache)
        name, document = f"services/{row.service.slug}", extracted.document
        if extracted.overridden:
            doubt = ("the app writes its own OpenAPI document: this is what it says of itself",)
    else:
        from cockpit.workspace.openapi_source import outside

        found = outside(source)
        name, document = found.name, found.value
    version = document.get("openapi") if isinstance(document, dict) else None
    if not isinstance(version, str) or not version.startswith("3."):
        raise UsageError(
            f"{name} is no OpenAPI 3 document", do="name the document of a service", code="not-openapi"
        )
    if not document.get("paths"):
        raise UsageError(
            f"{name} has no operation: nothing would be left of the contract",
            do="name the document of a service that has some",
            code="no-operation",
        )
    return name, document, doubt


def _signature_diff(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    import difflib

    from cockpit.contracts.signature import lines

    found = difflib.unified_diff(lines(before), lines(after), "now", "pulled", lineterm="", n=1)
    return tuple(found)
