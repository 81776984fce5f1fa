"""What did comparing a service with its contract find? The words that every level and face shares."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cockpit.domain.words import Conformance, Level


class Rule(StrEnum):
    """What kind of difference a finding is. The ids are stable: other programs rely on them."""

    OPERATION_MISSING = "operation-missing"
    OPERATION_EXTRA = "operation-extra"
    REQUEST_NARROWED = "request-narrowed"
    RESPONSE_WIDENED = "response-widened"
    STATUS_UNDECLARED = "status-undeclared"
    CONTENT_TYPE = "content-type"
    SECURITY_NARROWED = "security-narrowed"
    OPENAPI_OVERRIDDEN = "openapi-overridden"
    DEFAULT_CHANGED = "default-changed"
    # Beside the promises: what a client sends in vain, and what is to go.
    PARAMETER_IGNORED = "parameter-ignored"
    DEPRECATED = "deprecated"
    # Seen in behaviour alone (L3).
    GOLDEN_DIFFERS = "golden-differs"
    SERVER_ERROR = "server-error"


class Severity(StrEnum):
    """How much a finding weighs: an unsilenced error makes the verdict "violates"."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Direction(StrEnum):
    """Which way the value of a finding travels."""

    REQUEST = "request"
    RESPONSE = "response"


class Replay(StrEnum):
    """What the running app did with the witness of a narrowed request."""

    NOT_REPLAYED = "not-replayed"
    CONFIRMED = "confirmed"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Witness:
    """A JSON value that one side accepts and the other rejects. None in `value` is JSON's null."""

    value: Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference between contract and service.

    `operation` is "POST /v1/plan" as the contract writes the path; `location` says which part of it:
    "body application/json", "query limit", "path id", "header X-Token", "200 application/json",
    "200 header ETag", "security". `pointer` is the JSON pointer of the deciding part inside the value
    ("/rooms/0/height", "" for the whole). `message` says what the contract promises and what the service
    does; `do` what to change. `keyword` is the one keyword that decides ("maximum: 128 against
    maximum: 64"), "" where there is none.

    `contract_pointer` and `service_pointer` are JSON pointers into the two documents; `contract_at` and
    `service_at` are "path:line:column" and "path:line", None where nobody could tell. `silenced` is the
    reason given in cockpit.yaml, None where the finding counts. `fingerprint` never depends on a line.
    """

    rule: Rule
    severity: Severity
    operation: str
    direction: Direction
    location: str
    pointer: str
    message: str
    do: str
    witness: Witness | None = None
    keyword: str = ""
    contract_pointer: str | None = None
    service_pointer: str | None = None
    contract_at: str | None = None
    service_at: str | None = None
    silenced: str | None = None
    replay: Replay = Replay.NOT_REPLAYED
    replayed: str = ""

    @property
    def fingerprint(self) -> str:
        """What stays the same while lines move: rule, operation, direction, location and pointer."""
        return "|".join((self.rule, self.operation, self.direction, self.location, self.pointer))

    @property
    def breaks(self) -> bool:
        """True if this finding alone makes the service violate its contract."""
        return self.severity is Severity.ERROR and self.silenced is None

    def to_json(self) -> dict[str, Any]:
        """Return the finding as `cockpit.diff/v1` pins it; `witness` is absent where there is none."""
        item: dict[str, Any] = {
            "rule": self.rule.value,
            "severity": self.severity.value,
            "silenced": self.silenced,
            "operation": self.operation,
            "direction": self.direction.value,
            "location": self.location,
            "pointer": self.pointer,
            "message": self.message,
            "do": self.do,
            "keyword": self.keyword,
            "contract_pointer": self.contract_pointer,
            "service_pointer": self.service_pointer,
            "contract_at": self.contract_at,
            "service_at": self.service_at,
            "replay": self.replay.value,
            "replayed": self.replayed,
        }
        if self.witness is not None:
            item["witness"] = {"value": self.witness.value}
        return item

    @classmethod
    def from_json(cls, item: dict[str, Any]) -> Finding:
        """Return the finding that `to_json` wrote."""
        rest = {key: value for key, value in item.items() if key != "witness"}
        rest["rule"] = Rule(item["rule"])
        rest["severity"] = Severity(item["severity"])
        rest["direction"] = Direction(item["direction"])
        rest["replay"] = Replay(item["replay"])
        witness = Witness(item["witness"]["value"]) if "witness" in item else None
        return cls(**rest, witness=witness)


@dataclass(frozen=True, slots=True)
class Undecided:
    """A part of the comparison that nobody could decide, and what would decide it."""

    operation: str
    direction: Direction
    location: str
    pointer: str
    reason: str

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {
            "operation": self.operation,
            "direction": self.direction.value,
            "location": self.location,
            "pointer": self.pointer,
            "reason": self.reason,
        }

    @classmethod
    def from_json(cls, item: dict[str, Any]) -> Undecided:
        """Return what `to_json` wrote."""
        return cls(**item | {"direction": Direction(item["direction"])})


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one comparison.

    `assumptions` are the sentences under which the verdict holds; `reason` says why it is unknown, None
    otherwise. "conforms" is given only when everything was proved.
    """

    findings: tuple[Finding, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    assumptions: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def verdict(self) -> Conformance:
        """Violates if an unsilenced error exists, else unknown if any part is undecided, else conforms."""
        if any(finding.breaks for finding in self.findings):
            return Conformance.VIOLATES
        if self.undecided or self.reason is not None:
            return Conformance.UNKNOWN
        return Conformance.CONFORMS

    def to_json(self) -> dict[str, Any]:
        """Return the report as the fields of `cockpit.diff/v1`, without its schema."""
        return {
            "verdict": self.verdict.value,
            "assumptions": list(self.assumptions),
            "reason": self.reason,
            "findings": [finding.to_json() for finding in self.findings],
            "undecided": [part.to_json() for part in self.undecided],
        }

    @classmethod
    def from_json(cls, item: dict[str, Any]) -> Report:
        """Return the report that `to_json` wrote."""
        return cls(
            findings=tuple(Finding.from_json(part) for part in item["findings"]),
            undecided=tuple(Undecided.from_json(part) for part in item["undecided"]),
            assumptions=tuple(item["assumptions"]),
            reason=item["reason"],
        )


@dataclass(frozen=True, slots=True)
class LevelReport:
    """What is known of one level of one RPT: the report and what it was made from.

    `key` is the digest of everything that the report depends on (contract, sources or live document,
    silences, the checker's version): it holds while that is unchanged. `env` is "" for L1. `at` and
    `since` are ISO 8601 UTC: when it was made, and since when the verdict is what it is. `deploy` is the
    id of the deployment that brought the verdict, None where nobody can tell.
    """

    level: Level
    env: str
    key: str
    at: str
    since: str
    report: Report
    deploy: int | None = None
