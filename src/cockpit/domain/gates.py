"""Which gates stand between the statuses, who answers each, and with which command?

The table is the one source: rooms report verdicts by gate id, and `stage`, `readiness` and
`next_action` (see `progress.py`) are computed from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.words import GateVerdict, Role, Section, Status
from cockpit.errors import Problem


@dataclass(frozen=True, slots=True)
class GateSpec:
    """One row of the table.

    `needed_for` is the first status that requires the gate; None means that it is shown and counts
    for no status. `command` is what answers a failing gate, `{rpt}` and `{service}` filled in; empty
    where the answer is an edit (key `o` opens the document at the line).
    """

    id: str
    section: Section
    needed_for: Status | None
    promise: str
    who: Role
    command: tuple[str, ...]
    key: str | None


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate with its verdict for one handoff. A failing or unknown one says why in `problems`."""

    spec: GateSpec
    verdict: GateVerdict
    problems: tuple[Problem, ...] = ()

    def required_by(self, status: Status) -> bool:
        """True if a handoff in `status` must have passed this gate."""
        return self.spec.id in REQUIRED[status]


def _edit(gate: str, section: Section, needed_for: Status | None, promise: str, who: Role) -> GateSpec:
    return GateSpec(gate, section, needed_for, promise, who, (), "o")


_S, _R = Section, Role

GATES: tuple[GateSpec, ...] = (
    _edit("header.valid", _S.GOAL, Status.DRAFT, "the front matter reads", _R.RESEARCHER),
    _edit("header.unique", _S.GOAL, Status.DRAFT, "no other RPT has this id or this service", _R.RESEARCHER),
    _edit("header.owners", _S.GOAL, Status.REVIEW, "a researcher and an engineer own it", _R.RESEARCHER),
    _edit("header.fresh", _S.GOAL, None, "its facts are not past review_by", _R.RESEARCHER),
    _edit("domain.valid", _S.DOMAIN, Status.REVIEW, "Domain Context is there and reads", _R.RESEARCHER),
    _edit("contract.valid", _S.CONTRACT, Status.REVIEW, "Type Contract is there and reads", _R.RESEARCHER),
    _edit(
        "persistence.valid",
        _S.PERSISTENCE,
        Status.REVIEW,
        "Persistence Mapping is there and reads",
        _R.RESEARCHER,
    ),
    _edit("anatomy.valid", _S.ANATOMY, Status.REVIEW, "System Anatomy is there and reads", _R.RESEARCHER),
    _edit(
        "domain.evaluation",
        _S.DOMAIN,
        Status.AGREED,
        "the evaluation has a metric, value and split",
        _R.RESEARCHER,
    ),
    _edit("domain.prose", _S.DOMAIN, None, "the prose is free of lint", _R.RESEARCHER),
    _edit(
        "contract.examples",
        _S.CONTRACT,
        Status.AGREED,
        "every operation has a golden example",
        _R.RESEARCHER,
    ),
    _edit("persistence.settled", _S.PERSISTENCE, Status.AGREED, "no open question about data", _R.RESEARCHER),
    GateSpec(
        "contract.signed",
        _S.CONTRACT,
        Status.AGREED,
        "every approver signed this contract",
        _R.APPROVER,
        ("cockpit", "sign", "{rpt}"),
        None,
    ),
    _edit(
        "contract.author",
        _S.CONTRACT,
        None,
        "no signature is known to be committed by somebody else",
        _R.APPROVER,
    ),
    _edit("goal.valid", _S.GOAL, Status.BUILDING, "Goal is there and reads", _R.RESEARCHER),
    _edit("merge.valid", _S.MERGE, Status.BUILDING, "Merge Plan is there and reads", _R.ENGINEER),
    GateSpec(
        "service.exists",
        _S.SERVICE,
        Status.BUILDING,
        "the service is scaffolded",
        _R.ENGINEER,
        ("cockpit", "scaffold", "{rpt}"),
        "s",
    ),
    _edit("service.isolated", _S.SERVICE, Status.BUILDING, "the service stands alone", _R.ENGINEER),
    GateSpec(
        "service.current",
        _S.SERVICE,
        Status.BUILDING,
        "the service was generated from this contract",
        _R.ENGINEER,
        ("cockpit", "update", "{service}"),
        None,
    ),
    GateSpec(
        "service.locked",
        _S.SERVICE,
        Status.DEPLOYED,
        "its lock matches its pyproject",
        _R.ENGINEER,
        ("uv", "lock", "--project", "services/{service}"),
        None,
    ),
    GateSpec(
        "tests.green",
        _S.TESTS,
        Status.DEPLOYED,
        "its tests are green on these sources",
        _R.ENGINEER,
        ("cockpit", "test", "{rpt}"),
        "t",
    ),
    GateSpec(
        "contract.code",
        _S.CONTRACT,
        Status.DEPLOYED,
        "the code conforms to the contract (L1)",
        _R.ENGINEER,
        ("cockpit", "check", "{rpt}"),
        "v",
    ),
    GateSpec(
        "service.live",
        _S.SERVICE,
        Status.DEPLOYED,
        "an endpoint answers",
        _R.ENGINEER,
        ("cockpit", "deploy", "{rpt}", "--env", "{env}"),
        "d",
    ),
    # After the gate above: what is not deployed has nothing to be compared.
    GateSpec(
        "contract.live",
        _S.CONTRACT,
        Status.DEPLOYED,
        "the endpoint conforms to the contract (L2)",
        _R.ENGINEER,
        ("cockpit", "check", "{rpt}", "--live", "--env", "{env}"),
        "v",
    ),
)

# Gates of the workspace itself: no RPT owns them, and they are always required.
WORKSPACE_GATES: tuple[GateSpec, ...] = (
    GateSpec(
        "service.documented",
        _S.SERVICE,
        Status.DRAFT,
        "every service has an RPT",
        _R.ENGINEER,
        ("cockpit", "new", "--service", "{service}"),
        None,
    ),
    GateSpec(
        "prototype.documented",
        _S.GOAL,
        Status.DRAFT,
        "every prototype is linked by an RPT",
        _R.RESEARCHER,
        ("cockpit", "new"),
        None,
    ),
)

GATE: dict[str, GateSpec] = {spec.id: spec for spec in (*GATES, *WORKSPACE_GATES)}

# Status → the ids of the gates that it requires; asked for every gate of every row.
REQUIRED: dict[Status, frozenset[str]] = {
    status: frozenset(
        spec.id for spec in GATE.values() if spec.needed_for is not None and status.reaches(spec.needed_for)
    )
    for status in Status
}


# One object a gate: thousands of rows share what they passed.
_PASSED = {name: Gate(spec, GateVerdict.PASS) for name, spec in GATE.items()}


def passed(gate: str) -> Gate:
    """Return the gate with id `gate` as passed."""
    return _PASSED[gate]


def failed(gate: str, *problems: Problem) -> Gate:
    """Return the gate with id `gate` as failed; it must say at least one reason."""
    if not problems:
        raise ValueError(f"gate {gate} failed without a reason")
    return Gate(GATE[gate], GateVerdict.FAIL, problems)


def undecided(gate: str, *problems: Problem) -> Gate:
    """Return the gate with id `gate` as unknown; it must say what would decide it."""
    if not problems:
        raise ValueError(f"gate {gate} is unknown without a reason")
    return Gate(GATE[gate], GateVerdict.UNKNOWN, problems)


def judged(gate: str, problems: tuple[Problem, ...]) -> Gate:
    """Return the gate as failed if there are problems, as passed otherwise."""
    return failed(gate, *problems) if problems else passed(gate)
