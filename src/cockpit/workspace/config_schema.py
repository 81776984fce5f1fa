"""What may stand in cockpit.yaml?"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from cockpit.domain.conformance import Rule
from cockpit.errors import Problem
from cockpit.rpts.decoding import decode
from cockpit.rpts.placing import fields
from cockpit.rpts.placing import problems as placed
from cockpit.rpts.schema import IsoDate, Line
from cockpit.rpts.yaml_core import Block, Place, load
from cockpit.targets import names

MIN_POLL_S, MAX_POLL_S = 5.0, 3_600.0


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PersonEntry(_Strict):
    """One of `people:`."""

    github: str | None = None
    email: str | None = None


class EnvironmentEntry(_Strict):
    """One of `environments:`."""

    target: Literal["local", "modal", "knative", "banana"] = "local"
    url: str | None = None
    protected: bool = False


def _a_rule(value: str) -> str:
    if value not in tuple(Rule):
        expected = ", ".join(f"'{rule}'" for rule in Rule)
        raise PydanticCustomError("literal_error", "no such rule", {"expected": expected})
    return value


def _a_rule_or_all(value: str) -> str:
    return value if value == "*" else _a_rule(value)


class SilenceEntry(_Strict):
    """One of `silences:`: the findings that it fits are shown and do not count until the day is over."""

    rule: Annotated[str, AfterValidator(_a_rule_or_all)]
    rpt: Annotated[str, StringConstraints(pattern=r"^(\*|RPT-[0-9]{4,})$")] = "*"
    operation: Annotated[str, StringConstraints(pattern=r"^(\*|[A-Z]+ /.*)$", max_length=1000)] = "*"
    location: Line = "*"
    pointer: Annotated[str, StringConstraints(max_length=1000)] = "*"
    reason: Line
    until: IsoDate


class PolicyEntry(_Strict):
    """`policy:`, how much each kind of finding weighs; `strict` also counts what a new optional field may.

    `github_poll_s` is how often GitHub is asked beside the board.
    """

    severities: dict[Annotated[str, AfterValidator(_a_rule)], Literal["error", "warning", "note"]] = {}
    strict: bool = False
    github_poll_s: Annotated[float, Field(ge=MIN_POLL_S, le=MAX_POLL_S)] = 30.0


class ConfigFile(_Strict):
    """cockpit.yaml as a whole."""

    trunk: str | None = None
    people: dict[str, PersonEntry] = {}
    environments: dict[str, EnvironmentEntry] = {}
    endpoints: dict[str, dict[str, str]] = {}
    prototypes: list[str] = []
    silences: list[SilenceEntry] = []
    policy: PolicyEntry = PolicyEntry()


def validated(data: bytes, name: str) -> tuple[ConfigFile, list[Place], tuple[Problem, ...]]:
    """Return the configuration in `data`, where each of its silences stands, and what is wrong with it.

    A field that does not read is left out, an endpoint that cannot be one too; the rest stands. Raises
    UsageError if `data` is no text.
    """
    block = load(decode(data, name), name)
    if block.value is None:
        return ConfigFile(), [], block.problems
    problems = list(block.problems)
    try:
        config = ConfigFile.model_validate(block.value)
    except ValidationError as error:
        problems += placed(error, ConfigFile, block, name, name)
        unread = fields(error)
        rest = block.value.items() if isinstance(block.value, dict) else ()
        config = ConfigFile.model_validate({key: value for key, value in rest if key not in unread})
    problems += _endpoints(config, block, name)
    problems += _closed(config, block, name)
    silences = [block.place(("silences", number)) or (1, 1) for number in range(len(config.silences))]
    return config, silences, tuple(problems)


def _endpoints(config: ConfigFile, block: Block, name: str) -> list[Problem]:
    """Take endpoints that are no URL out of `config`, and say so."""
    wrong = []
    for service, urls in config.endpoints.items():
        for env in [env for env, url in urls.items() if not _is_address(url)]:
            del urls[env]
            place = block.place(("endpoints", service, env)) or (1, 1)
            message = f"the endpoint of {service} in {env} is no http(s) URL"
            do = "write https://host/path, without a user and password"
            wrong.append(Problem("endpoint-url", message, do, name, *place))
    return wrong


def _is_address(url: str) -> bool:
    """True for an http(s) URL with a host and without a user, which a probe can be sent to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = url.isprintable() and " " not in url
    return bool(plain and parts.scheme in ("http", "https") and parts.hostname and port != 0) and (
        "@" not in parts.netloc
    )


def _closed(config: ConfigFile, block: Block, name: str) -> list[Problem]:
    """Environments whose provider has closed."""
    return [
        replace(problem, path=name, line=line, column=column)
        for env, entry in config.environments.items()
        if (problem := names.closed(entry.target)) is not None
        for line, column in [block.place(("environments", env, "target")) or (1, 1)]
    ]
