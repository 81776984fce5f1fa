"""Which words does cockpit use? Every state has one word, used in documents, JSON and on screen."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """What a document says of itself. The first five are ordered; the others pass through."""

    DRAFT = "draft"
    REVIEW = "review"
    AGREED = "agreed"
    BUILDING = "building"
    DEPLOYED = "deployed"
    BLOCKED = "blocked"
    WITHDRAWN = "withdrawn"
    RETIRED = "retired"

    @property
    def on_the_way(self) -> bool:
        """True for the five statuses whose gates are computed."""
        return self in PROGRESS

    def reaches(self, other: Status) -> bool:
        """True if this status stands at or after `other`; False if either is outside the five."""
        return self in PROGRESS and other in PROGRESS and PROGRESS.index(self) >= PROGRESS.index(other)

    @property
    def following(self) -> Status:
        """The next of the five statuses; `deployed` and the pass-through ones follow themselves."""
        if self not in PROGRESS:
            return self
        return PROGRESS[min(PROGRESS.index(self) + 1, len(PROGRESS) - 1)]


PROGRESS = (Status.DRAFT, Status.REVIEW, Status.AGREED, Status.BUILDING, Status.DEPLOYED)


class GateVerdict(StrEnum):
    """The outcome of one gate."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"


class Conformance(StrEnum):
    """Whether a service keeps its contract; never "ok" by default."""

    CONFORMS = "conforms"
    VIOLATES = "violates"
    UNKNOWN = "unknown"


class Level(StrEnum):
    """The four levels of contract validation: document, code, deployed endpoint, behaviour."""

    L0 = "L0"
    L1 = "L1"
    L2 = "L2"
    L3 = "L3"


class HealthState(StrEnum):
    """The state of an endpoint."""

    UP = "up"
    DEGRADED = "degraded"
    STARTING = "starting"
    ASLEEP = "asleep"
    WAKING = "waking"
    DOWN = "down"
    UNKNOWN = "unknown"
    PAUSED = "paused"
    NOT_DEPLOYED = "not-deployed"


class Section(StrEnum):
    """The parts of a handoff that readiness is counted over; it is the minimum of them."""

    GOAL = "goal"
    DOMAIN = "domain"
    CONTRACT = "contract"
    PERSISTENCE = "persistence"
    ANATOMY = "anatomy"
    MERGE = "merge"
    SERVICE = "service"
    TESTS = "tests"


class Role(StrEnum):
    """Who has to act."""

    RESEARCHER = "researcher"
    ENGINEER = "engineer"
    APPROVER = "approver"


class StackState(StrEnum):
    """The state of the stack as a whole, as far as its sources can tell."""

    NONE = "none"
    OPEN = "open"
    BLOCKED = "blocked"
    MERGED = "merged"
    UNKNOWN = "unknown"


class LockState(StrEnum):
    """The state of a service's lock. `absent` is neutral: some repositories keep it out of git."""

    FRESH = "fresh"
    STALE = "stale"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class RunState(StrEnum):
    """How far a run of an action is."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
