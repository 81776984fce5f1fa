"""What does the board need to know of an RPT? The facts of one document, as read and judged alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from cockpit.domain.gates import Gate
from cockpit.domain.words import Status
from cockpit.errors import Problem


@dataclass(frozen=True, slots=True)
class Owners:
    """The handles of the two people who hand over to each other; None where not yet named."""

    researcher: str | None = None
    engineer: str | None = None


@dataclass(frozen=True, slots=True)
class SignOff:
    """One signature: `at` is the date as written, `digest` "sha256:<64 hex>" of what was signed."""

    by: str
    role: str
    at: str
    revision: int
    digest: str


@dataclass(frozen=True, slots=True)
class PlannedSlice:
    """One slice of the Merge Plan; `paths` are globs relative to the workspace."""

    id: str
    title: str
    paths: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    reviewer_role: str | None = None
    max_lines: int | None = None


@dataclass(frozen=True, slots=True)
class RptFacts:
    """One RPT document as the board needs it: small, JSON-able, cached by the file's stamp.

    `id` is "RPT-0007"; where the document does not say it, it is derived from the file name, and
    where that fails it is the file name. `path` is relative to the workspace. Dates are ISO text.
    `digest` is the digest of contract, persistence and anatomy as they stand now ("sha256:…"), None
    while one of them does not read. `contract_digest` is that of the resolved contract alone.
    `gates` holds every gate that the document decides alone; `problems` everything that does not read
    or contradicts itself, whatever the status. `places` says where fields of the front matter stand
    (line and column from 1), for what only shows beside other documents.
    """

    id: str
    path: str
    title: str
    status: Status
    revision: int = 1
    service: str | None = None
    owners: Owners = field(default_factory=Owners)
    approvers: tuple[str, ...] = ()
    created: str | None = None
    due: str | None = None
    review_by: str | None = None
    supersedes: str | None = None
    links: dict[str, str] = field(default_factory=dict)
    signoffs: tuple[SignOff, ...] = ()
    digest: str | None = None
    contract_digest: str | None = None
    operations: tuple[str, ...] = ()
    p95_ms: float | None = None
    cold_start_s: float | None = None
    slices: tuple[PlannedSlice, ...] = ()
    gates: tuple[Gate, ...] = ()
    problems: tuple[Problem, ...] = ()
    places: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def number(self) -> int | None:
        """7 for "RPT-0007"; None where the id has no number."""
        tail = self.id.rpartition("-")[2]
        return int(tail) if tail.isascii() and tail.isdigit() else None
