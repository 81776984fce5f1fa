"""How do the facts of all rooms become the rows of the board? Pure: facts in, Handoffs out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from cockpit.domain import gates as g
from cockpit.domain.conformance import LevelReport
from cockpit.domain.gates import Gate
from cockpit.domain.handoff import ContractState, Counts, Handoff, StackSummary
from cockpit.domain.health import NOT_DEPLOYED, Health
from cockpit.domain.progress import NextAction, Readiness, next_action, next_status, readiness_of, stage_of
from cockpit.domain.rpt import RptFacts
from cockpit.domain.service import Deployment, ServiceFacts, ServiceTests
from cockpit.domain.stack import Slicing, Stack
from cockpit.domain.text import one_line
from cockpit.domain.words import Conformance, GateVerdict, HealthState, Level, Role, StackState, Status
from cockpit.errors import Problem
from cockpit.workspace import conformance_gates, conformance_keys, joined_gates, stack_next
from cockpit.workspace.conformance_rules import DEFAULT, Rules
from cockpit.workspace.joined_gates import Claims

if TYPE_CHECKING:
    from cockpit.workspace.amendments import Amendment

_NOT_WRITTEN = ("section-missing", "block-missing")
_LEVEL_GATES = {"contract.code": Level.L1, "contract.live": Level.L2}


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
    slicings: Mapping[str, Slicing] = field(default_factory=dict)
    reports: Mapping[str, tuple[LevelReport, ...]] = field(default_factory=dict)
    rules: Rules = DEFAULT
    strangers: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    amendments: Mapping[str, Amendment] = field(default_factory=dict)
    me: str | None = None
    seen: Mapping[str, str] = field(default_factory=dict)


def handoffs(evidence: Evidence) -> tuple[Handoff, ...]:
    """Return one Handoff an RPT, in the order of the documents."""
    claimed = joined_gates.claims(evidence.rpts)
    return tuple([handoff(rpt, evidence, claimed) for rpt in evidence.rpts])


def handoff(rpt: RptFacts, evidence: Evidence, claimed: Claims) -> Handoff:
    """Return the Handoff of `rpt`; `claimed` says what every document claims."""
    slug = rpt.service or ""
    service = evidence.services.get(slug)
    tests = evidence.tests.get(slug)
    health = evidence.health.get(f"{slug}@{evidence.env}", NOT_DEPLOYED)
    deployments = evidence.deployments.get(slug, ())
    found = {gate.spec.id: gate for gate in rpt.gates}
    found["header.unique"] = joined_gates.unique(rpt, claimed)
    amendment = evidence.amendments.get(rpt.path)
    if amendment is not None and "contract.signed" in found:
        found["contract.signed"] = joined_gates.amended(found["contract.signed"], amendment.said)
    found["contract.author"] = g.judged("contract.author", evidence.strangers.get(rpt.path, ()))
    found["header.fresh"] = joined_gates.fresh(rpt, evidence.today)
    found.update([(gate.spec.id, gate) for gate in joined_gates.of_service(rpt, service, tests)])
    found["service.live"] = joined_gates.live(rpt, evidence.env, health, bool(deployments))
    known, current = _known(rpt, evidence, service, health, deployments)
    found["contract.code"] = conformance_gates.code(
        rpt, service, known.get(Level.L1), holds=Level.L1 in current
    )
    found["contract.live"] = conformance_gates.endpoint(
        rpt, evidence.env, health.url, known.get(Level.L2), holds=Level.L2 in current
    )
    gates = tuple([found.get(spec.id) or joined_gates.unread(rpt, spec.id) for spec in g.GATES])
    stage = stage_of(rpt.status, gates)
    readiness = readiness_of(next_status(rpt.status, stage), gates)
    following = _following(rpt, evidence, readiness, health, deployments, current)
    row = Handoff(
        rpt=rpt,
        stage=stage,
        contract=_contract(gates, current),
        stack=evidence.stack_summaries.get(rpt.id) or StackSummary(StackState.NONE),
        readiness=readiness,
        next=following,
        needs_me=needs(rpt, following, evidence.me),
        gates=gates,
        env=evidence.env,
        health=health,
        service=service,
        tests=tests,
        deployments=deployments,
        stacks=evidence.stacks.get(rpt.id, ()),
        slicing=evidence.slicings.get(rpt.id),
        reports=tuple(known.values()),
    )
    seen = evidence.seen.get(rpt.id)
    if seen is not None and seen == fingerprint(row):
        return replace(row, seen=True, needs_me=False)
    return row


def _known(
    rpt: RptFacts,
    evidence: Evidence,
    service: ServiceFacts | None,
    health: Health,
    deployments: tuple[Deployment, ...],
) -> tuple[Mapping[Level, LevelReport], Mapping[Level, LevelReport]]:
    """What was last found of each level, and what of it still holds."""
    reports = evidence.reports.get(rpt.id)
    if not reports:
        return {}, {}
    return conformance_keys.one_each(
        reports,
        lambda report: conformance_keys.holds(report, rpt, service, health.url, deployments, evidence.rules),
    )


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
        Role.APPROVER: tuple(_unsigned(rpt)),
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


def _following(
    rpt: RptFacts,
    evidence: Evidence,
    readiness: Readiness,
    health: Health,
    deployments: tuple[Deployment, ...],
    current: Mapping[Level, LevelReport],
) -> NextAction:
    """What has to happen first: a service in trouble comes before every gate."""
    if rpt.status in (Status.RETIRED, Status.WITHDRAWN):
        return NextAction(rpt.status.value)
    # What cockpit never deployed there has no log that it could show: a probe is all it can do.
    command, key = ("logs", "l") if deployments else ("probe", "p")
    look = ("cockpit", command, rpt.id, "--env", evidence.env)
    if health.state is HealthState.DOWN:
        reason = f": {one_line(health.error, 120)}" if health.error else ""
        return NextAction(f"down{reason}", look, key, Role.ENGINEER, "service.live")
    if health.state is HealthState.DEGRADED:
        commit = next((d.commit for d in deployments if d.state == "live" and d.commit), None)
        budget = f"p95 over {rpt.p95_ms:g} ms" if rpt.p95_ms is not None else "slow"
        since = f" since {commit[:6]}" if commit else ""
        return NextAction(f"{budget}{since}", look, key, Role.ENGINEER, "service.live")
    if rpt.status is Status.BLOCKED:
        return NextAction(rpt.status.value)
    following = next_action(rpt.id, rpt.path, rpt.service, evidence.env, readiness)
    if following.gate == "service.live" and health.state is not HealthState.NOT_DEPLOYED:
        # Something is there that has not answered yet: asking it again decides, deploying it again does not.
        return replace(following, argv=("cockpit", "probe", rpt.id, "--env", evidence.env), key="p")
    broken = current.get(_LEVEL_GATES.get(following.gate or "", Level.L0))
    if broken is not None:
        return _mending(rpt, following, broken)
    signing = following.gate == "contract.signed"
    if signing and rpt.approvers and rpt.digest is not None:
        return replace(following, text=_signing(rpt, evidence.me))
    if (signing and not rpt.approvers) or (following.gate == "service.exists" and rpt.service is None):
        # No command helps before the front matter says who signs, or which service it is.
        line = readiness.missing[0].problems[0].line or 1
        return replace(following, argv=("$EDITOR", f"+{line}", rpt.path), key="o", who=Role.RESEARCHER)
    if following.gate == "service.exists":
        return stack_next.of(rpt, evidence.stacks.get(rpt.id, ()), following.gate) or following
    return following


def _mending(rpt: RptFacts, following: NextAction, found: LevelReport) -> NextAction:
    """A violation is mended by an edit, at the code where that is known; else the command says more."""
    finding = next((finding for finding in found.report.findings if finding.breaks), None)
    if finding is None:
        return following
    at = conformance_gates.problem_of(finding, rpt.path)
    argv = ("$EDITOR", f"+{at.line or 1}", at.path or rpt.path)
    return replace(following, text=conformance_gates.fix(finding), argv=argv, key="o")


def _signing(rpt: RptFacts, me: str | None) -> str:
    """Who has to sign; a signature that a change made void has to be given again."""
    open_ones = _unsigned(rpt)
    before = {signoff.by for signoff in rpt.signoffs}
    verb = "sign again" if any(by in before for by in open_ones) else "sign the contract"
    return verb if me in open_ones else f"{verb}: {', '.join(open_ones)}"


def _unsigned(rpt: RptFacts) -> list[str]:
    """The approvers without a signature over what the document says now."""
    standing = {s.by for s in rpt.signoffs if rpt.digest is not None and s.digest == rpt.digest}
    return [approver for approver in rpt.approvers if approver not in standing]


_AS_CONFORMANCE = {
    GateVerdict.PASS: Conformance.CONFORMS,
    GateVerdict.FAIL: Conformance.VIOLATES,
    GateVerdict.UNKNOWN: Conformance.UNKNOWN,
}


def _contract(gates: Sequence[Gate], current: Mapping[Level, LevelReport]) -> ContractState:
    document = next(gate for gate in gates if gate.spec.id == "contract.valid")
    if any(problem.code in _NOT_WRITTEN for problem in document.problems):
        # What is not there yet violates nothing.
        return ContractState(Conformance.UNKNOWN, dict.fromkeys(Level, Conformance.UNKNOWN), None)
    levels = {Level.L0: _AS_CONFORMANCE[document.verdict]}
    for level in (Level.L1, Level.L2, Level.L3):
        found = current.get(level)
        levels[level] = found.report.verdict if found is not None else Conformance.UNKNOWN
    said = set(levels.values())
    if Conformance.VIOLATES in said:
        # What code and endpoint both do wrong is one violation.
        broken = {f.fingerprint for found in current.values() for f in found.report.findings if f.breaks}
        unread = len(document.problems) if levels[Level.L0] is Conformance.VIOLATES else 0
        return ContractState(Conformance.VIOLATES, levels, len(broken) + unread)
    if said == {Conformance.CONFORMS}:
        return ContractState(Conformance.CONFORMS, levels, 0)
    return ContractState(Conformance.UNKNOWN, levels, None)
