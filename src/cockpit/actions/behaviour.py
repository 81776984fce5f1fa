"""Test the behaviour of services (level L3): as their files stand, or as they are deployed somewhere."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cockpit.actions.perform import Cancelled, Emit, Outcome
from cockpit.domain import behaviour as words
from cockpit.domain.action import Plan, Risk, Step
from cockpit.domain.behaviour import Behaviour
from cockpit.domain.handoff import Handoff
from cockpit.domain.health import Endpoint
from cockpit.domain.service import ServiceFacts
from cockpit.domain.words import Conformance
from cockpit.errors import EdgeError, ExitCode, NotFoundError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cockpit.workspace.behaviour import Asked
    from cockpit.workspace.workspace import Workspace

_GRACE_S = 60.0  # where the anatomy names no cold_start_s
_CODE = {
    Conformance.CONFORMS: ExitCode.OK,
    Conformance.VIOLATES: ExitCode.NOT_GOOD,
    Conformance.UNKNOWN: ExitCode.UNDECIDED,
}


@dataclass(frozen=True, slots=True)
class Running:
    """Where a service answers for the time of a test. `env` is "" where it runs only for that, as `files`."""

    url: str
    env: str
    files: ServiceFacts | None = None
    ended: Callable[[], str | None] = field(default=lambda: None)


def plan(workspace: Workspace, row: Handoff, env: str | None) -> Plan:
    """Return how the behaviour of `row` is tested: deployed in `env`, or for None as its files stand.

    Raises NotFoundError if there is nothing to ask.
    """
    rpt = row.rpt
    argv: tuple[str, ...] = ("cockpit", "test", rpt.id, "--level", "L3")
    if env is not None:
        endpoint = _endpoint(workspace, row, env)
        ask = Step(f"ask {endpoint.url} its golden examples, and what its contract allows")
        title = f"test the behaviour of {endpoint.service} in {env}"
        # Requests reach a service that others may use, and may be paid for.
        return Plan(
            "test", title, rpt.id, endpoint.service, env, (*argv, "--env", env), (ask,), risk=Risk.SHARED
        )
    if row.service is None:
        raise NotFoundError(
            f"{rpt.id} has no service yet",
            do=f"cockpit scaffold {rpt.id}" if rpt.service else "write `service: a-slug` in its front matter",
            code="service-missing",
            path=rpt.path,
        )
    from cockpit.services import testing

    folder, slug = row.service.path, row.service.slug
    steps = (
        Step("build its environment", testing.build_argv(row.service), folder),
        Step("run it for the time of the test, on a free port", (), folder),
        Step("ask it its golden examples, and what its contract allows"),
    )
    return Plan(
        "test",
        f"test the behaviour of {slug}",
        rpt.id,
        slug,
        row.env,
        argv,
        steps,
        touches=(f"{folder}/.venv",),
    )


def plans(workspace: Workspace, references: Sequence[str] | None, env: str | None) -> list[Plan]:
    """Return the plan of every RPT that `references` name, each once; for None of every one with a service.

    Where all are tested in `env`, those that are not deployed there are left out. Raises NotFoundError for
    what is not there.
    """
    snapshot = workspace.snapshot(env)
    if references is None:
        there = None if env is None else {endpoint.service for endpoint in workspace.endpoints(env)}
        rows = [
            row
            for row in snapshot.handoffs
            if (row.service is not None if there is None else row.rpt.service in there)
        ]
    else:
        rows = [workspace.resolve(reference, snapshot) for reference in references]
    return list({row.id: plan(workspace, row, env) for row in rows}.values())


def run(
    workspace: Workspace,
    plan: Plan,
    emit: Emit,
    cancelled: Cancelled,
    env: str | None,
    asked: Asked,
    wake: bool,
) -> Outcome:
    """Ask the service, keep the report of level L3, and tell how it went."""
    from cockpit.workspace import behaviour_report, comparing
    from cockpit.workspace.behaviour import observe

    row = workspace.resolve(plan.subject, workspace.snapshot(env))
    contract = comparing.contract_of(workspace, row.rpt)
    began = workspace.clock.monotonic()
    with _running(workspace, row, env, wake, emit, cancelled) as there:
        found = observe(
            contract.document,
            there.url,
            f"services/{plan.service}",
            asked,
            workspace.clock,
            emit,
            cancelled,
            ended=there.ended,
        )
    took = workspace.clock.monotonic() - began
    found = behaviour_report.keep(workspace, row, contract, found, files=there.files, url=there.url)
    verdict = found.report.verdict
    said = summary(found, took)
    service = _document(plan.service or "", there, found, took, said)
    return Outcome(_CODE[verdict], said, {"schema": "cockpit.test/v1", "level": "L3", "services": [service]})


def summary(found: Behaviour, took_s: float) -> str:
    """Return a run as one line: "conforms: 6 examples and 1 property run passed in 4.2 s"."""
    counts = [(found.counts[outcome], outcome.value) for outcome in words.Outcome]
    said = ", ".join(f"{count} {word}" for count, word in counts if count) or "nothing was asked"
    reason = f"; {found.report.reason}" if found.report.reason else ""
    return f"{found.report.verdict}: {said} in {took_s:.1f} s{reason}"


@contextmanager
def _running(
    workspace: Workspace, row: Handoff, env: str | None, wake: bool, emit: Emit, cancelled: Cancelled
) -> Iterator[Running]:
    """Give where the service answers: in `env`, or started here for the time of the block."""
    if env is not None:
        endpoint = _endpoint(workspace, row, env)
        if endpoint.scales_to_zero and not wake:
            raise EdgeError(
                f"{endpoint.service} scales to zero in {env}: a request would wake it, which is paid for",
                do="ask all the same: add --wake",
                code="asleep",
            )
        yield Running(endpoint.url or "", env)
        return
    from cockpit.services import testing
    from cockpit.targets.local import trial

    slug = row.rpt.service or ""
    with testing.built(workspace, slug, emit, cancelled) as (files, broken):
        if broken is not None:
            raise ServiceError(
                f"the environment of {slug} cannot be built: {broken.message}",
                do=f"cockpit test {slug}",
                code="environment",
                path=broken.path,
                line=broken.line,
            )
        emit(f"starting {slug} for the time of the test …")
        grace_s = max(_GRACE_S, row.rpt.cold_start_s or 0.0)
        with trial.running(workspace.root, slug, grace_s, cancelled) as started:
            yield Running(started.url, "", files, started.ended)


def _endpoint(workspace: Workspace, row: Handoff, env: str) -> Endpoint:
    """Return the endpoint of the row's service in `env`. Raises NotFoundError if it has none."""
    for endpoint in workspace.endpoints(env, (row.rpt,)):
        if endpoint.url is not None:
            return endpoint
    raise NotFoundError(
        f"{row.rpt.service or row.id} is not deployed in {env}",
        do=f"cockpit deploy {row.id} --env {env}; without --env its files are tested as they stand",
        code="not-deployed",
    )


def _document(service: str, there: Running, found: Behaviour, took_s: float, said: str) -> dict[str, Any]:
    counts = found.counts
    return {
        "service": service,
        "passed": counts[words.Outcome.PASSED],
        "failed": counts[words.Outcome.FAILED],
        "todo": counts[words.Outcome.TODO],
        "errors": counts[words.Outcome.UNKNOWN],
        "duration_s": round(took_s, 3),
        "green": found.report.verdict is Conformance.CONFORMS,
        "summary": said,
        "failures": [],
        "level": "L3",
        "env": there.env or None,
        "url": there.url if there.env else None,
        "seed": found.seed,
        "logic_missing": list(found.todo),
        "checks": [check.to_json() for check in found.checks],
        **found.report.to_json(),
    }
