"""Which actions are there? Plans and runs them by name, for every face alike."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cockpit.actions.perform import Cancelled, Emit, Outcome, perform
from cockpit.domain.action import Plan, Run
from cockpit.domain.handoff import Handoff
from cockpit.errors import UsageError

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace

# Every action that a key of the board or a command runs; each module has `plan` and `run`.
NAMES = (
    "scaffold",
    "update",
    "test",
    "validate",
    "deploy",
    "rollback",
    "stop",
    "sign",
    "pull",
    "slice",
    "submit",
)
# Those whose subject is a branch; of all others it is an RPT.
OF_BRANCHES = ("checkout",)


class Workshop:
    """Plans and performs actions in one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def plan(self, action: str, rpt: str, env: str) -> Plan:
        """Return what `action` would do to `rpt`. Raises CockpitError: why it cannot, and what to do.

        For the actions in OF_BRANCHES `rpt` is the name of a branch.
        """
        make = _module(action, "plan")
        plan: Plan = make(self._workspace, rpt if action in OF_BRANCHES else self._row(rpt, env), env)
        return plan

    def perform(self, plan: Plan, emit: Emit, cancelled: Cancelled) -> Run:
        """Run `plan`, journalled, and return how it ended."""
        return self.perform_fully(plan, emit, cancelled)[0]

    def perform_fully(self, plan: Plan, emit: Emit, cancelled: Cancelled) -> tuple[Run, Outcome]:
        """Run `plan` and return the run together with its JSON document."""
        return perform(self._workspace, plan, _module(plan.action, "run"), emit, cancelled)

    def _row(self, rpt: str, env: str) -> Handoff:
        return self._workspace.resolve(rpt, self._workspace.snapshot(env))


def _module(action: str, function: str) -> Any:
    if action not in (*NAMES, *OF_BRANCHES):
        raise UsageError(
            f"there is no action {action!r}",
            do=f"use one of {', '.join((*NAMES, *OF_BRANCHES))}",
            code="no-action",
        )
    return getattr(import_module(f"cockpit.actions.{action}"), function)
