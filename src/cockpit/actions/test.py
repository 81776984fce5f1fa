"""Test services: each one's own tests, in its own environment, at most two at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cockpit.actions.perform import Cancelled, Emit, Outcome, perform
from cockpit.domain.action import Plan, Risk, Step
from cockpit.domain.handoff import Handoff
from cockpit.domain.service import FailedTest, ServiceFacts, ServiceTests
from cockpit.errors import ExitCode, NotFoundError, Problem, worst

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ServiceRun:
    """How the tests of one service ended."""

    service: str
    outcome: Outcome


def plan(workspace: Workspace, row: Handoff, env: str) -> Plan:
    """Return how the service of `row` is tested. Raises NotFoundError if it has none."""
    rpt = row.rpt
    if row.service is None:
        raise NotFoundError(
            f"{rpt.id} has no service yet",
            do=f"cockpit scaffold {rpt.id}" if rpt.service else "write `service: a-slug` in its front matter",
            code="service-missing",
            path=rpt.path,
        )
    return _plan(row.service, rpt.id, env)


def plans(workspace: Workspace, references: Sequence[str] | None) -> list[Plan]:
    """Return the plan of every service that `references` name, each once; of all services for None.

    A service that has no RPT can be named too. Raises NotFoundError for what is not there.
    """
    snapshot = workspace.snapshot()
    services = _services(workspace)
    rpts = {row.service.slug: row.id for row in reversed(snapshot.handoffs) if row.service is not None}
    found: dict[str, Plan] = {}
    for reference in services if references is None else references:
        if reference in services:
            one = _plan(services[reference], rpts.get(reference, reference), snapshot.env)
        else:
            one = plan(workspace, workspace.resolve(reference, snapshot), snapshot.env)
        found.setdefault(one.service or "", one)
    return list(found.values())


def run(workspace: Workspace, plan: Plan, emit: Emit, cancelled: Cancelled) -> Outcome:
    """Build the environment, run the tests, keep and tell the result."""
    from cockpit.services import testing

    result = testing.run(workspace, plan.service or "", emit, cancelled)
    for failure in result.failures:
        for line in _failure_lines(failure):
            emit(line)
    code = ExitCode.OK if result.green else ExitCode.NOT_GOOD
    return Outcome(code, summary(result), {"schema": "cockpit.test/v1", "services": [_document(result)]})


def run_many(
    workspace: Workspace,
    plans: Sequence[Plan],
    emit: Emit,
    cancelled: Cancelled,
    ended: Callable[[ServiceRun], None] = lambda tested: None,
    how: Callable[[Workspace, Plan, Emit, Cancelled], Outcome] = run,
) -> tuple[ExitCode, list[ServiceRun]]:
    """Run every plan, at most two at a time, and return the exit code of all and each outcome in order.

    Lines carry the service's name where several run; "[1/3] scan-to-plan …" tells how far it is. `ended`
    gets each outcome as soon as it is known; `how` runs one plan. Without a plan nothing was tested, which
    is not good.
    """
    from cockpit.services.testing import AT_ONCE

    total = len(plans)

    def one(number: int, plan: Plan) -> ServiceRun:
        slug = plan.service or ""
        lead = f"{slug} │ " if total > 1 else ""
        if cancelled():
            return ServiceRun(slug, Outcome(ExitCode.INTERRUPTED, "not begun"))
        emit(f"[{number}/{total}] {slug} …")
        _, outcome = perform(workspace, plan, how, lambda line: emit(lead + line), cancelled)
        emit(f"[{number}/{total}] {slug}: {outcome.summary}")
        tested = ServiceRun(slug, outcome)
        ended(tested)
        return tested

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="tests") as pool:
        tested = list(pool.map(one, range(1, total + 1), plans))
    code = worst(*(each.outcome.code for each in tested)) if tested else ExitCode.NOT_GOOD
    return code, tested


def document(tested: Sequence[ServiceRun]) -> dict[str, Any]:
    """Return what ran as `cockpit.test/v1`. A service whose tests could not be run says why in `error`."""
    services = []
    for each in tested:
        said = each.outcome.document
        if said.get("schema") == "cockpit.test/v1":
            services += said["services"]
        else:
            nothing = ServiceTests(each.service, "", 0, 0, 0, 0, 0.0, "")
            why = said.get("error") or _stopped(each).to_json()
            services.append(_document(nothing) | {"summary": each.outcome.summary, "error": why})
    return {"schema": "cockpit.test/v1", "services": services}


def summary(result: ServiceTests) -> str:
    """Return a result as one line: "12 passed, 1 failed in 3.2 s"."""
    counts = (
        (result.passed, "passed"),
        (result.failed, "failed"),
        (result.todo, "todo"),
        (result.errors, "error" if result.errors == 1 else "errors"),
    )
    said = ", ".join(f"{count} {word}" for count, word in counts if count)
    return f"{said or 'no test ran'} in {result.duration_s:.1f} s"


def _services(workspace: Workspace) -> dict[str, ServiceFacts]:
    from cockpit.services import catalogue

    return catalogue.read_all(workspace.root, workspace.cache, workspace.git)


def _plan(facts: ServiceFacts, subject: str, env: str) -> Plan:
    from cockpit.services import testing

    return Plan(
        "test",
        f"test {facts.slug}",
        subject,
        facts.slug,
        env,
        ("cockpit", "test", subject),
        (
            Step("build its environment", testing.build_argv(facts), facts.path),
            Step("run its tests; the report goes to a temporary file", testing.TEST, facts.path),
        ),
        touches=(f"{facts.path}/.venv",),
        risk=Risk.LOCAL,
    )


def _failure_lines(failure: FailedTest) -> list[str]:
    where = f"{failure.path}:{failure.line}" if failure.line else failure.path or ""
    first, *rest = failure.message.splitlines() or [""]
    word = "todo" if failure.todo else "failed"
    return [
        f"{word}: {where + ': ' if where else ''}{first} [{failure.name}]",
        *(f"  {line}" for line in rest),
    ]


def _stopped(tested: ServiceRun) -> Problem:
    return Problem("cancelled", tested.outcome.summary, f"cockpit test {tested.service}")


def _document(result: ServiceTests) -> dict[str, Any]:
    return {
        "service": result.service,
        "passed": result.passed,
        "failed": result.failed,
        "todo": result.todo,
        "errors": result.errors,
        "duration_s": result.duration_s,
        "green": result.green,
        "summary": summary(result),
        "failures": [
            {"test": f.name, "message": f.message, "path": f.path, "line": f.line, "todo": f.todo}
            for f in result.failures
        ],
    }
