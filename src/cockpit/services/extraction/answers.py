"""What comes out of asking a service's code?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cockpit.domain.conformance import Replay
from cockpit.errors import Problem, ServiceError


class ExtractionError(ServiceError):
    """A service's app could not be read or asked (exit 1). `lines` are the last of what it said."""

    def __init__(
        self,
        message: str,
        *,
        do: str,
        code: str | None = None,
        path: str | None = None,
        line: int | None = None,
        lines: Sequence[str] = (),
    ) -> None:
        super().__init__(message, do=do, code=code or "extraction", path=path, line=line)
        self.lines = tuple(lines)


@dataclass(frozen=True, slots=True)
class Extracted:
    """The OpenAPI document that a service's code gives, and where its parts are written.

    `overridden` is True where the app serves something else than what FastAPI makes of its code. `routes`
    maps "POST /v1/plan" to "services/…/routes.py:12", `models` component names and `fields`
    "Plan.total" likewise, as far as they stand in the service's own files. `problems` are what the document
    leaves out. `stubbed` are the modules that were not loaded. `key` is the digest of everything that the
    document depends on; `seconds` what extraction took, then or now.
    """

    document: dict[str, Any]
    entry: str
    overridden: bool
    routes: dict[str, str]
    fields: dict[str, str]
    models: dict[str, str]
    problems: tuple[Problem, ...]
    stubbed: tuple[str, ...]
    key: str
    seconds: float
    cached: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON, without whether it was cached."""
        return {
            "document": self.document,
            "entry": self.entry,
            "overridden": self.overridden,
            "routes": self.routes,
            "fields": self.fields,
            "models": self.models,
            "problems": [problem.to_json() for problem in self.problems],
            "stubbed": list(self.stubbed),
            "key": self.key,
            "seconds": self.seconds,
        }

    @classmethod
    def from_json(cls, item: dict[str, Any]) -> Extracted:
        """Return what `to_json` wrote, as cached."""
        problems = tuple(Problem.from_json(problem) for problem in item["problems"])
        kept = cls(**item | {"problems": problems, "stubbed": tuple(item["stubbed"])})
        return replace(kept, cached=True)


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """One HTTP request to the app. `path` is filled in and not percent-encoded.

    `json` is the body where `has_body` is True; None is JSON's null.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    json: Any = None
    has_body: bool = field(default=False)

    def __post_init__(self) -> None:
        if self.json is not None:
            object.__setattr__(self, "has_body", True)


@dataclass(frozen=True, slots=True)
class ReplayAnswer:
    """What the app did with a request. Logic is never run: a request that is let through has `reached` it.

    `status` and `body` (JSON, or text; bounded) are what the app answered before; `status` is None where it
    let the request through or did not answer, which `error` then explains.
    """

    reached: bool
    status: int | None
    body: Any
    error: str

    @property
    def outcome(self) -> Replay:
        """Confirmed by a 4xx that validation gives; accepted if logic was reached; else not replayed.

        401, 403, 404, 405 and 429 say that the request did not come as far as validation.
        """
        if self.reached:
            return Replay.ACCEPTED
        if self.status is not None and 400 <= self.status < 500 and self.status not in _BEFORE_VALIDATION:
            return Replay.CONFIRMED
        return Replay.NOT_REPLAYED


_BEFORE_VALIDATION = frozenset({401, 403, 404, 405, 408, 429})
