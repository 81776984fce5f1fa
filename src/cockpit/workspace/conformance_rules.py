"""Which findings count, and how much, on a day? The policy and the silences of cockpit.yaml."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date

from cockpit.errors import Problem
from cockpit.workspace.config import NAME, Config, ConfiguredPolicy, ConfiguredSilence


@dataclass(frozen=True, slots=True)
class Rules:
    """The policy, and the silences that are in force."""

    policy: ConfiguredPolicy = field(default_factory=ConfiguredPolicy)
    silences: tuple[ConfiguredSilence, ...] = ()

    def of(self, rpt: str) -> tuple[ConfiguredSilence, ...]:
        """Return the silences that can concern the RPT with id `rpt`."""
        return tuple(silence for silence in self.silences if silence.rpt in ("*", rpt))

    def stamp(self, rpt: str) -> str:
        """Return what changes when anything that counts for the RPT with id `rpt` does."""
        parts = [asdict(silence) | {"line": 0, "column": 0} for silence in self.of(rpt)]
        said = json.dumps([asdict(self.policy), parts], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


DEFAULT = Rules()


def on(config: Config, day: date) -> Rules:
    """Return the rules of `config` as they are on `day`: a silence ends when its last day is over."""
    if not config.silences and config.policy == DEFAULT.policy:
        return DEFAULT
    return Rules(config.policy, tuple(s for s in config.silences if date.fromisoformat(s.until) >= day))


def expired(config: Config, day: date) -> tuple[Problem, ...]:
    """Return one problem for each silence that is over on `day`, at its line."""
    return tuple(
        Problem(
            "silence-expired",
            f"this silence ended on {silence.until}; what it silenced counts again",
            "mend what it silenced and take it out, or give it a new reason and date",
            NAME,
            silence.line,
            silence.column,
        )
        for silence in config.silences
        if date.fromisoformat(silence.until) < day
    )
