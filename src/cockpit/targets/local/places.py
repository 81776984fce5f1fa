"""Where does the local target keep its files? Everything is below `.cockpit/local/`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from cockpit.errors import UsageError

# Names become parts of file names, so nothing in them may climb or hide.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def key_of(service: str, env: str) -> str:
    """Return "service@env", which names one running copy. Raises UsageError if it cannot be a file name."""
    for name in (service, env):
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"{name!r} cannot name a local deployment",
                do="use letters, digits, dots, underscores and hyphens",
                code="bad-name",
            )
    return f"{service}@{env}"


@dataclass(frozen=True, slots=True)
class Places:
    """The paths of one workspace; nothing is created by asking."""

    root: Path

    @property
    def folder(self) -> Path:
        """The folder of all local state of the target."""
        return self.root / ".cockpit" / "local"

    @property
    def wanted(self) -> Path:
        """What should run; written by commands only."""
        return self.folder / "wanted.json"

    @property
    def wanted_lock(self) -> Path:
        """Held while wanted.json is edited."""
        return self.folder / "wanted.lock"

    @property
    def state(self) -> Path:
        """What runs; written by the agent only."""
        return self.folder / "state.json"

    @property
    def agent_lock(self) -> Path:
        """Held by the agent as long as it lives."""
        return self.folder / "agent.lock"

    @property
    def agent_log(self) -> Path:
        """What the agent itself says."""
        return self.folder / "agent.log"

    def log(self, key: str) -> Path:
        """What the service with this key says; older lines are in the same name with ".1"."""
        return self.folder / "logs" / f"{key}.log"

    def service_lock(self, service: str) -> Path:
        """Held while one command changes what is deployed of `service`."""
        return self.folder / "locks" / f"{service}.lock"

    def releases(self, service: str) -> Path:
        """The copies of the sources of `service`, one folder a digest."""
        return self.folder / "releases" / service

    def envs(self, service: str) -> Path:
        """The environments of `service`, one folder a lock."""
        return self.folder / "envs" / service
