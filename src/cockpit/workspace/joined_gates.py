"""Which gates need more than the document itself: other documents, the calendar, the service, its health?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from cockpit.domain import gates as g
from cockpit.domain.gates import Gate
from cockpit.domain.health import Health
from cockpit.domain.rpt import RptFacts
from cockpit.domain.service import ServiceFacts, ServiceTests
from cockpit.domain.text import one_line
from cockpit.domain.words import HealthState, LockState, Status
from cockpit.errors import Problem

# An endpoint that answers, or that would if somebody paid for waking it.
_ALIVE = (HealthState.UP, HealthState.DEGRADED, HealthState.ASLEEP, HealthState.WAKING)
_OVER = (Status.RETIRED, Status.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Claims:
    """Which documents claim an id, and which claim a service; retired and withdrawn ones give theirs up."""

    ids: dict[str, list[str]]
    services: dict[str, list[str]]


def claims(rpts: Sequence[RptFacts]) -> Claims:
    """Return the claims of all documents: id → paths, service → ids."""
    ids: dict[str, list[str]] = {}
    services: dict[str, list[str]] = {}
    for rpt in rpts:
        ids.setdefault(rpt.id, []).append(rpt.path)
        if rpt.service and rpt.status not in _OVER:
            services.setdefault(rpt.service, []).append(rpt.id)
    return Claims(ids, services)


def unique(rpt: RptFacts, claimed: Claims) -> Gate:
    """No other document has this id or this service."""
    problems = []
    others = [path for path in claimed.ids[rpt.id] if path != rpt.path]
    if others:
        problems.append(
            _at(
                rpt,
                "id",
                "duplicate-id",
                f"{rpt.id} is also the id of {', '.join(others[:3])}",
                "give it a free number: in its file name and in `id:`",
            )
        )
    owners = claimed.services.get(rpt.service or "", [])
    if len(owners) > 1 and rpt.status not in _OVER:
        named = [owner for owner in owners if owner != rpt.id] or owners[1:]
        problems.append(
            _at(
                rpt,
                "service",
                "duplicate-service",
                f"the service {rpt.service!r} is also claimed by {', '.join(named[:3])}",
                f"choose one RPT for {rpt.service}: rename the service here, or retire the other RPT",
            )
        )
    return g.judged("header.unique", tuple(problems))


def amended(signed: Gate, said: str) -> Gate:
    """Return the gate of signatures with what the change does to those who rely on what was signed."""
    if not said:
        return signed
    told = tuple(
        replace(problem, message=f"{problem.message}; {said}") if problem.code == "signoff-void" else problem
        for problem in signed.problems
    )
    return replace(signed, problems=told)


def fresh(rpt: RptFacts, today: date) -> Gate:
    """The document's facts are not past the date by which they were to be reviewed."""
    due = date.fromisoformat(rpt.review_by) if rpt.review_by is not None else None
    if due is None or due >= today:
        return g.passed("header.fresh")
    days = (today - due).days
    message = f"its facts were to be reviewed by {rpt.review_by}, {days} day{'s' if days > 1 else ''} ago"
    do = "review the facts: mend what changed, and move `review_by` forward"
    return g.failed("header.fresh", _at(rpt, "review_by", "stale-document", message, do))


def of_service(rpt: RptFacts, service: ServiceFacts | None, tests: ServiceTests | None) -> tuple[Gate, ...]:
    """The service is there, stands alone, fits the contract, its lock and its tests."""
    if service is None:
        if rpt.service:
            message, do = f"services/{rpt.service}/ does not exist", "scaffold (s)"
        else:
            message, do = "the RPT names no service", "name the service: `service: a-slug`"
        waiting = Problem("waits", "there is no service yet", "scaffold it first", rpt.path)
        rest = ("service.isolated", "service.current", "service.locked", "tests.green")
        missing = _at(rpt, "service", "service-missing", message, do)
        return (g.failed("service.exists", missing), *(g.undecided(gate, waiting) for gate in rest))
    return (
        g.passed("service.exists"),
        g.judged("service.isolated", service.problems),
        _current(rpt, service),
        _locked(service),
        _green(service, tests),
    )


def _current(rpt: RptFacts, service: ServiceFacts) -> Gate:
    if rpt.contract_digest is None:
        waits = Problem("waits", "the contract does not read", "mend the Type Contract first", rpt.path)
        return g.undecided("service.current", waits)
    if service.contract_digest == rpt.contract_digest:
        return g.passed("service.current")
    missing = service.contract_digest is None
    said = "it has no contract.openapi.json" if missing else "it was generated from an earlier contract"
    do = f"update the service: cockpit update {service.slug}"
    return g.failed("service.current", Problem("service-behind", said, do, service.path))


def _locked(service: ServiceFacts) -> Gate:
    if service.lock in (LockState.FRESH, LockState.ABSENT):
        return g.passed("service.locked")
    do = f"lock again: uv lock --project {service.path}"
    where = f"{service.path}/pyproject.toml"
    if service.lock is LockState.STALE:
        return g.failed("service.locked", Problem("lock-stale", "its lock is stale", do, where, 1))
    unknown = Problem("lock-unknown", "whether its lock is fresh is unknown", do, where, 1)
    return g.undecided("service.locked", unknown)


def _green(service: ServiceFacts, tests: ServiceTests | None) -> Gate:
    if tests is None or tests.sources != service.sources:
        said = "its tests were never run here" if tests is None else "its sources changed since the last run"
        return g.undecided("tests.green", Problem("not-tested", said, "test (t)", service.path))
    if tests.green:
        return g.passed("tests.green")
    counts = ((tests.failed, "failed"), (tests.todo, "todo"), (tests.errors, "errors"))
    said = ", ".join(f"{n} {word}" for n, word in counts if n) or "no test ran"
    first = tests.failures[0] if tests.failures else None
    message, where, line = f"tests: {said}", service.path, None
    if first is not None:
        message += f"; {first.name}: {one_line(first.message, 200)}"
        where, line = first.path or service.path, first.line
    only_todo = tests.todo and not tests.failed and not tests.errors
    do = f"write the logic ({tests.todo} to do)" if only_todo else f"fix the tests ({said})"
    return g.failed("tests.green", Problem("tests-red", message, do, where, line))


def live(rpt: RptFacts, env: str, health: Health, deployed: bool) -> Gate:
    """An endpoint answers, or sleeps until somebody calls; `deployed` says that cockpit has its log."""
    if health.state in _ALIVE:
        return g.passed("service.live")
    word = health.state.replace("-", " ")
    reason = f": {one_line(health.error, 200)}" if health.error else ""
    deploy = health.state is HealthState.NOT_DEPLOYED
    logs = health.state is HealthState.DOWN and deployed
    do = "deploy (d)" if deploy else "read the logs (l)" if logs else "probe (p)"
    problem = Problem(f"endpoint-{health.state}", f"{word} in {env}{reason}", do, rpt.path)
    if health.state in (HealthState.DOWN, HealthState.NOT_DEPLOYED):
        return g.failed("service.live", problem)
    return g.undecided("service.live", problem)


def unread(rpt: RptFacts, gate: str) -> Gate:
    """A gate that nobody could decide, because the document does not read so far."""
    message = "the document does not read far enough"
    return g.undecided(gate, Problem("not-read", message, "mend what stands above", rpt.path))


def _at(rpt: RptFacts, field: str, code: str, message: str, do: str) -> Problem:
    """A problem at a field of the front matter, at the beginning of the file where it is not written."""
    return Problem(code, message, do, rpt.path, *rpt.places.get(field, (1, 1)))
