"""What does cockpit.yaml say? Trunk, people, environments, endpoints; all of it optional."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from cockpit.edges import files
from cockpit.edges.clock import SystemClock
from cockpit.errors import CockpitError, ConfigError, Problem
from cockpit.workspace.cache import Cache

NAME = "cockpit.yaml"
_LIMIT = 1_000_000
_FORMAT = "4"
# See documents.py: what was read of a file younger than this is not kept.
_SETTLED_S = 0.05


@dataclass(frozen=True, slots=True)
class Environment:
    """Where services are deployed: `target` is "local", "modal" or "knative"; `url` a base or None.

    A `protected` environment asks for its name to be typed before anything changes there.
    """

    name: str
    target: str = "local"
    url: str | None = None
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Who a handle is."""

    handle: str
    github: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class ConfiguredSilence:
    """Findings that do not count until the day `until` (ISO) is over, and why; "*" fits everything.

    `line` and `column` say where it stands in cockpit.yaml.
    """

    rule: str
    rpt: str
    operation: str
    location: str
    pointer: str
    reason: str
    until: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class ConfiguredPolicy:
    """How much each kind of finding weighs (rule → error, warning or note); `strict` makes no assumption.

    `github_poll_s` is how often GitHub is asked beside the board, in seconds.
    """

    severities: dict[str, str] = field(default_factory=dict)
    strict: bool = False
    github_poll_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Config:
    """cockpit.yaml as read. `endpoints` is service → environment → URL."""

    trunk: str | None = None
    people: tuple[Person, ...] = ()
    environments: tuple[Environment, ...] = (Environment("local"),)
    endpoints: dict[str, dict[str, str]] = field(default_factory=dict)
    prototypes: tuple[str, ...] = ()
    silences: tuple[ConfiguredSilence, ...] = ()
    policy: ConfiguredPolicy = ConfiguredPolicy()
    problems: tuple[Problem, ...] = ()

    def environment(self, name: str | None) -> Environment:
        """Return the environment `name`, the first one for None. Raises ConfigError if it is not there."""
        if name is None:
            return self.environments[0]
        for environment in self.environments:
            if environment.name == name:
                return environment
        known = ", ".join(e.name for e in self.environments)
        raise ConfigError(
            f"there is no environment {name!r}",
            do=f"use one of {known}, or add it under `environments:` in {NAME}",
            code="no-environment",
            path=NAME,
        )

    def handle_of(self, email: str | None, override: str | None) -> str | None:
        """Return who "me" is: `override` if given, else the person with this e-mail address, else None."""
        if override:
            return override
        wanted = (email or "").strip().casefold()
        for person in self.people:
            if wanted and (person.email or "").casefold() == wanted:
                return person.handle
        return None


def load(root: Path, cache: Cache) -> Config:
    """Return the configuration of the workspace at `root`; the default one without a file.

    What does not read is as it would be without it, and the problems say so: the board still opens.
    """
    path = root / NAME
    mark = files.stamp(path)
    if mark is None:
        return Config()
    key = f"{_FORMAT}:{mark.key()}"
    known = _from_json(cache.read("config", NAME, key))
    if known is not None:
        return known
    config = _read(path)
    if mark.mtime_ns < (SystemClock().epoch() - _SETTLED_S) * 1e9:
        cache.write("config", {NAME: (key, asdict(config))})
    return config


def _read(path: Path) -> Config:
    from cockpit.workspace.config_schema import validated

    try:
        data, places, problems = validated(files.read_bounded(path, _LIMIT, NAME), NAME)
    except CockpitError as error:
        problem = error.problem
        return Config(problems=(replace(problem, line=problem.line or 1, column=problem.column or 1),))
    environments = tuple(
        Environment(name, e.target, e.url, e.protected) for name, e in data.environments.items()
    )
    return Config(
        trunk=data.trunk,
        people=tuple(Person(handle, p.github, p.email) for handle, p in data.people.items()),
        environments=environments or (Environment("local"),),
        endpoints=data.endpoints,
        prototypes=tuple(data.prototypes),
        silences=tuple(
            ConfiguredSilence(**entry.model_dump(), line=line, column=column)
            for entry, (line, column) in zip(data.silences, places, strict=True)
        ),
        policy=ConfiguredPolicy(**data.policy.model_dump()),
        problems=problems,
    )


def _from_json(kept: Any) -> Config | None:
    """The configuration that was kept, or None where it is something else."""
    try:
        return Config(
            trunk=kept["trunk"],
            people=tuple(Person(**p) for p in kept["people"]),
            environments=tuple(Environment(**e) for e in kept["environments"]),
            endpoints=kept["endpoints"],
            prototypes=tuple(kept["prototypes"]),
            silences=tuple(ConfiguredSilence(**s) for s in kept["silences"]),
            policy=ConfiguredPolicy(**kept["policy"]),
            problems=tuple(Problem.from_json(p) for p in kept["problems"]),
        )
    except (KeyError, TypeError):
        return None
