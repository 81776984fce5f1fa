"""How do the facts of all rooms become the rows of the board? Pure: facts in, Handoffs out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from cockpit.domain import gates as g
from cockpit.domain.gates import Gate
from cockpit.domain.handoff import ContractState, Counts, Handoff, StackSummary
from cockpit.domain.health import NOT_DEPLOYED, Health
from cockpit.domain.progress import NextAction, next_action, next_status, readiness_of, stage_of
from cockpit.domain.rpt import RptFacts, SignOff
from cockpit.domain.service import Deployment, ServiceFacts, ServiceTests
from cockpit.domain.stack import Stack
from cockpit.domain.words import (
    Conformance,
    GateVerdict,
    HealthState,
    Level,
    LockState,
    Role,
    StackState,
    Status,
)
from cockpit.errors import Problem

_ALIVE = (HealthState.UP, HealthState.DEGRADED, HealthState.ASLEEP, HealthState.WAKING)
_LEVEL_GATES = {Level.L1: "contract.code", Level.L2: "contract.live"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was found, by key: services and tests by slug, health by "service@env"."""

    rpts: Sequence[RptFacts]
    env: str = "local"
    today: date = field(default_factory=lambda: date(1970, 1, 1))
    services: Mapping[str, ServiceFacts] = field(default_factory=dict)
    tests: Mapping[str, ServiceTests] = field(default_factory=dict)
    deployments: Mapping[str, tuple[Deployment, ...]] = field(default_factory=dict)
    health: Mapping[str, Health] = field(default_factory=dict)
    stacks: Mapping[str, tuple[Stack, ...]] = field(default_factory=dict)
    stack_summaries: Mapping[str, StackSummary] = field(default_factory=dict)
    me: str | None = None
    seen: Mapping[str, str] = field(default_factory=dict)


def handoffs(evidence: Evidence) -> tuple[Handoff, ...]:
    """Return one Handoff an RPT, in the order of the documents."""
    ids = Counter(rpt.id for rpt in evidence.rpts)
    slugs = Counter(rpt.service for rpt in evidence.rpts if rpt.service)
    return tuple(handoff(rpt, evidence, ids, slugs) for rpt in evidence.rpts)


def handoff(rpt: RptFacts, evidence: Evidence, ids: Counter[str], slugs: Counter[str]) -> Handoff:
    """Return the Handoff of `rpt`; `ids` and `slugs` count how often each is claimed."""
    slug = rpt.service or ""
    service = evidence.services.get(slug)
    tests = evidence.tests.get(slug)
    health = evidence.health.get(f"{slug}@{evidence.env}", NOT_DEPLOYED)
    found = {gate.spec.id: gate for gate in rpt.gates}
    found["header.unique"] = _unique(rpt, ids, slugs)
    found["header.fresh"] = _fresh(rpt, evidence.today)
    found.update((gate.spec.id, gate) for gate in _service_gates(rpt, service, tests))
    found["service.live"] = _live(rpt, evidence.env, health)
    gates = tuple(found[spec.id] if spec.id in found else _unread(rpt, spec.id) for spec in g.GATES)
    stage = stage_of(rpt.status, gates)
    readiness = readiness_of(next_status(rpt.status, stage), gates)
    following = _urgent(rpt, health, evidence.env) or next_action(
        rpt.id, rpt.path, rpt.service, evidence.env, readiness
    )
    row = Handoff(
        rpt=rpt,
        stage=stage,
        contract=_contract(gates),
        stack=evidence.stack_summaries.get(rpt.id, StackSummary(StackState.NONE)),
        readiness=readiness,
        next=following,
        needs_me=needs(rpt, following, evidence.me),
        gates=gates,
        env=evidence.env,
        health=health,
        service=service,
        tests=tests,
        deployments=evidence.deployments.get(slug, ()),
        stacks=evidence.stacks.get(rpt.id, ()),
    )
    seen = evidence.seen.get(rpt.id) == fingerprint(row)
    return replace(row, seen=True, needs_me=False) if seen else row


def fingerprint(row: Handoff) -> str:
    """Return what a person has seen when they mark a row: it needs them again once this changes."""
    failing = ",".join(gate.spec.id for gate in row.readiness.missing)
    return f"{row.stage}|{row.health.state}|{row.next.text}|{failing}"


def needs(rpt: RptFacts, following: NextAction, me: str | None) -> bool:
    """True if the next action is `me`'s to take. Where nobody knows who "me" is, anybody's counts."""
    if following.who is None or rpt.status in (Status.RETIRED, Status.WITHDRAWN):
        return False
    if me is None:
        return True
    responsible: dict[Role, tuple[str | None, ...]] = {
        Role.RESEARCHER: (rpt.owners.researcher,),
        Role.ENGINEER: (rpt.owners.engineer,),
        Role.APPROVER: tuple(a for a in rpt.approvers if a not in {s.by for s in _standing(rpt)}),
    }
    return me in responsible[following.who]


def count(rows: Iterable[Handoff]) -> Counts:
    """Return the header's numbers: who needs me, what is down, and what needs nobody and is not down."""
    mine = down = fine = 0
    for row in rows:
        is_down = row.health.state is HealthState.DOWN
        mine += row.needs_me
        down += is_down
        fine += not row.needs_me and not is_down
    return Counts(mine, down, fine)


def _standing(rpt: RptFacts) -> tuple[SignOff, ...]:
    return tuple(s for s in rpt.signoffs if rpt.digest is not None and s.digest == rpt.digest)


def _urgent(rpt: RptFacts, health: Health, env: str) -> NextAction | None:
    """A service that is down comes before every gate."""
    if health.state is not HealthState.DOWN:
        return None
    reason = f": {health.error}" if health.error else ""
    argv = ("cockpit", "logs", rpt.id, "--env", env)
    return NextAction(f"down{reason}", argv, "l", Role.ENGINEER, "service.live")


def _unique(rpt: RptFacts, ids: Counter[str], slugs: Counter[str]) -> Gate:
    problems = []
    if ids[rpt.id] > 1:
        problems.append(
            Problem(
                "duplicate-id",
                f"{rpt.id} is the id of {ids[rpt.id]} documents",
                "give this one a free number, in its file name and in `id:`",
                rpt.path,
                1,
                1,
            )
        )
    if rpt.service and slugs[rpt.service] > 1:
        problems.append(
            Problem(
                "duplicate-service",
                f"the service {rpt.service!r} is claimed by {slugs[rpt.service]} RPTs",
                "one service has one RPT: rename one, or let one supersede the other and retire it",
                rpt.path,
                1,
                1,
            )
        )
    return g.judged("header.unique", tuple(problems))


def _fresh(rpt: RptFacts, today: date) -> Gate:
    if rpt.review_by is None:
        return g.passed("header.fresh")
    try:
        due = date.fromisoformat(rpt.review_by)
    except ValueError:
        return g.undecided(
            "header.fresh",
            Problem("date", f"review_by {rpt.review_by!r} is no date", "write YYYY-MM-DD", rpt.path, 1),
        )
    if due >= today:
        return g.passed("header.fresh")
    return g.failed(
        "header.fresh",
        Problem(
            "stale-document",
            f"its facts were to be reviewed by {rpt.review_by}, {(today - due).days} days ago",
            "read it again, mend what changed, and move review_by forward",
            rpt.path,
            1,
        ),
    )


def _service_gates(
    rpt: RptFacts, service: ServiceFacts | None, tests: ServiceTests | None
) -> tuple[Gate, ...]:
    if service is None:
        missing = Problem(
            "service-missing",
            f"services/{rpt.service}/ does not exist" if rpt.service else "the RPT names no service",
            "scaffold (s)" if rpt.service else "write `service: a-slug` in the front matter",
            rpt.path,
        )
        waiting = Problem("waits", "there is no service yet", "scaffold it first", rpt.path)
        rest = ("service.isolated", "service.current", "service.locked", "tests.green")
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
        return g.undecided(
            "service.current",
            Problem("waits", "the contract does not read", "mend the Type Contract first", rpt.path),
        )
    if service.contract_digest == rpt.contract_digest:
        return g.passed("service.current")
    said = (
        "it has no contract.openapi.json"
        if service.contract_digest is None
        else "it was generated from an earlier contract"
    )
    return g.failed(
        "service.current",
        Problem("service-behind", said, f"cockpit update {service.slug}", service.path),
    )


def _locked(service: ServiceFacts) -> Gate:
    if service.lock in (LockState.FRESH, LockState.ABSENT):
        return g.passed("service.locked")
    problem = Problem(
        "lock-stale" if service.lock is LockState.STALE else "lock-unknown",
        f"its lock is {service.lock}",
        f"uv lock --project {service.path}",
        f"{service.path}/pyproject.toml",
        1,
    )
    if service.lock is LockState.STALE:
        return g.failed("service.locked", problem)
    return g.undecided("service.locked", problem)


def _green(service: ServiceFacts, tests: ServiceTests | None) -> Gate:
    if tests is None or tests.sources != service.sources:
        said = "its tests were never run here" if tests is None else "the sources changed since the last run"
        return g.undecided("tests.green", Problem("not-tested", said, "test (t)", service.path))
    if tests.green:
        return g.passed("tests.green")
    counts = ((tests.failed, "failed"), (tests.todo, "todo"), (tests.errors, "errors"))
    said = ", ".join(f"{n} {word}" for n, word in counts if n) or "no test ran"
    first = tests.failures[0] if tests.failures else None
    return g.failed(
        "tests.green",
        Problem(
            "tests-red",
            f"tests: {said}",
            f"{first.message[:120]}" if first else "test (t)",
            first.path if first else service.path,
            first.line if first else None,
        ),
    )


def _live(rpt: RptFacts, env: str, health: Health) -> Gate:
    if health.state in _ALIVE:
        return g.passed("service.live")
    problem = Problem(
        f"endpoint-{health.state}",
        f"{health.state.replace('-', ' ')} in {env}" + (f": {health.error}" if health.error else ""),
        "deploy (d)" if health.state is HealthState.NOT_DEPLOYED else "probe (p), logs (l)",
        rpt.path,
    )
    if health.state in (HealthState.DOWN, HealthState.NOT_DEPLOYED):
        return g.failed("service.live", problem)
    return g.undecided("service.live", problem)


def _unread(rpt: RptFacts, gate: str) -> Gate:
    if gate in _LEVEL_GATES.values():
        return g.undecided(
            gate,
            Problem(
                "not-checked-yet",
                "not checked yet",
                "the conformance checker of a later version decides it",
                rpt.path,
            ),
        )
    return g.undecided(
        gate,
        Problem("not-read", "the document does not read far enough", "mend what stands above", rpt.path),
    )


_AS_CONFORMANCE = {
    GateVerdict.PASS: Conformance.CONFORMS,
    GateVerdict.FAIL: Conformance.VIOLATES,
    GateVerdict.UNKNOWN: Conformance.UNKNOWN,
}


def _contract(gates: Sequence[Gate]) -> ContractState:
    by_id = {gate.spec.id: gate for gate in gates}
    levels = {
        Level.L0: _AS_CONFORMANCE[by_id["contract.valid"].verdict],
        Level.L1: _AS_CONFORMANCE[by_id["contract.code"].verdict],
        Level.L2: _AS_CONFORMANCE[by_id["contract.live"].verdict],
        Level.L3: Conformance.UNKNOWN,
    }
    said = set(levels.values())
    if Conformance.VIOLATES in said:
        failing = [by_id[i] for i in ("contract.valid", *_LEVEL_GATES.values())]
        broken = sum(len(gate.problems) for gate in failing if gate.verdict is GateVerdict.FAIL)
        return ContractState(Conformance.VIOLATES, levels, broken)
    if said == {Conformance.CONFORMS}:
        return ContractState(Conformance.CONFORMS, levels, 0)
    return ContractState(Conformance.UNKNOWN, levels, None)
