"""What was a running service asked, what did it answer, and what does that say about its contract?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cockpit.domain.conformance import Report


class Outcome(StrEnum):
    """How one example, or the generated requests to one operation, ended."""

    PASSED = "passed"
    FAILED = "failed"
    TODO = "todo"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer.

    `operation` is "POST /v1/plan" as the contract writes the path. `sent` is the request's JSON body, None
    without one (`has_body` tells that from JSON's null); `sent_bytes` is the size of any body. `headers` are
    those of the answer, names in lower case. `cut` says that the body was longer than what was read of it.
    `curl` asks the same again in a shell, with secrets by the name of their variable.
    """

    operation: str
    curl: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    sent: Any = None
    has_body: bool = False
    sent_bytes: int = 0
    cut: bool = False
    elapsed_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Check:
    """How one golden example (`kind` "golden") or the generated requests to one operation ended.

    `name` is the example's name, or "" for generated ones; `requests` how many were sent; `said` the first
    thing that is wrong, "" where nothing is.
    """

    kind: str
    operation: str
    name: str
    outcome: Outcome
    requests: int
    elapsed_ms: float
    said: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {
            "kind": self.kind,
            "operation": self.operation,
            "name": self.name,
            "outcome": self.outcome.value,
            "requests": self.requests,
            "elapsed_ms": round(self.elapsed_ms, 3),
            "said": self.said,
        }


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Everything that one run of level L3 found. `todo` names logic that nobody wrote yet."""

    report: Report
    checks: tuple[Check, ...] = ()
    todo: tuple[str, ...] = ()
    seed: int | None = None
    counts: Mapping[Outcome, int] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        counts = {outcome: sum(c.outcome is outcome for c in self.checks) for outcome in Outcome}
        object.__setattr__(self, "counts", counts)
