"""What is a handoff? One RPT joined with its service, verdicts, stack, deployments and health."""

from __future__ import annotations

from dataclasses import dataclass, field

from cockpit.domain.conformance import LevelReport
from cockpit.domain.gates import Gate
from cockpit.domain.health import NOT_DEPLOYED, Health
from cockpit.domain.progress import NextAction, Readiness
from cockpit.domain.pull import Server
from cockpit.domain.rpt import RptFacts
from cockpit.domain.service import Deployment, ServiceFacts, ServiceTests
from cockpit.domain.stack import Slicing, Stack
from cockpit.domain.words import Conformance, Level, StackState, Status
from cockpit.errors import Problem


@dataclass(frozen=True, slots=True)
class ContractState:
    """The verdict over all levels; `violations` is None while no level could count them."""

    verdict: Conformance
    levels: dict[Level, Conformance]
    violations: int | None


@dataclass(frozen=True, slots=True)
class StackSummary:
    """The stack as one cell of the board. `blocking` names what holds it up, or None."""

    state: StackState
    merged: int = 0
    total: int = 0
    blocking: str | None = None


@dataclass(frozen=True, slots=True)
class Handoff:
    """The row of the board, with everything its detail shows at hand.

    `reports` holds what was last found of each level, whether or not it still holds: where it does not,
    the level is unknown in `contract.levels` and its gate says why.
    """

    rpt: RptFacts
    stage: Status
    contract: ContractState
    stack: StackSummary
    readiness: Readiness
    next: NextAction
    needs_me: bool
    gates: tuple[Gate, ...]
    env: str
    health: Health = NOT_DEPLOYED
    service: ServiceFacts | None = None
    tests: ServiceTests | None = None
    deployments: tuple[Deployment, ...] = ()
    stacks: tuple[Stack, ...] = ()
    slicing: Slicing | None = None
    reports: tuple[LevelReport, ...] = ()
    seen: bool = False

    @property
    def id(self) -> str:
        """The RPT's id, "RPT-0007"; the key of the row."""
        return self.rpt.id

    def report(self, level: Level) -> LevelReport | None:
        """Return what was last found of `level`, None where nobody looked."""
        return next((report for report in self.reports if report.level is level), None)

    @property
    def unsupported_status(self) -> bool:
        """True if the document claims a status that its gates do not support."""
        return self.rpt.status.on_the_way and not self.stage.reaches(self.rpt.status)


@dataclass(frozen=True, slots=True)
class Counts:
    """The three numbers of the header."""

    needs_me: int
    down: int
    ok: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole board at one moment. `at` is ISO 8601 UTC; `gates` are those that no RPT owns.

    `stale_s` is None while live, else the age in seconds of what is remembered. `me_names` is what `me` is
    called where pull requests are, () where nobody knows. `server` is None where no remote is on GitHub.
    """

    root: str
    env: str
    at: str
    handoffs: tuple[Handoff, ...]
    problems: tuple[Problem, ...] = ()
    gates: tuple[Gate, ...] = ()
    environments: tuple[str, ...] = ("local",)
    me: str | None = None
    me_names: tuple[str, ...] = ()
    branch: str | None = None
    server: Server | None = None
    stacks: tuple[Stack, ...] = ()
    stale_s: float | None = None
    counts: Counts = field(default_factory=lambda: Counts(0, 0, 0))
