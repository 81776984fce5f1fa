"""What is known of a service on disk, of its last test run and of its deployments?"""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.words import LockState
from cockpit.errors import Problem


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """A folder under services/: what can be told without running it.

    `sources` is the sha256 (64 hex digits) over the names and contents of the files that belong to
    it; `contract_digest` that of its `contract.openapi.json` ("sha256:…"), None without one.
    `problems` says what breaks its isolation.
    """

    slug: str
    path: str
    package: str
    sources: str
    lock: LockState = LockState.UNKNOWN
    contract_digest: str | None = None
    template_version: int | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class FailedTest:
    """One test that failed, with the first lines of what it said."""

    name: str
    message: str
    path: str | None = None
    line: int | None = None
    todo: bool = False


@dataclass(frozen=True, slots=True)
class ServiceTests:
    """The outcome of one run of a service's tests on the sources with digest `sources`.

    `todo` counts failures that say "logic not written". `at` is ISO 8601 UTC.
    """

    service: str
    sources: str
    passed: int
    failed: int
    todo: int
    errors: int
    duration_s: float
    at: str
    failures: tuple[FailedTest, ...] = ()

    @property
    def green(self) -> bool:
        """True if at least one test passed and nothing failed, erred or is unwritten."""
        return self.passed > 0 and self.failed == self.todo == self.errors == 0


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment of a service to an environment.

    `state` is "deploying", "live", "failed", "replaced", "stopped". `commit` is the git commit the
    sources came from, with "+dirty" if they differed; `digest` the sha256 of the release.
    """

    id: int
    service: str
    env: str
    target: str
    state: str
    url: str | None
    commit: str | None
    digest: str
    at: str
    error: str | None = None
