"""What may stand in cockpit.yaml?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from cockpit.errors import Problem
from cockpit.rpts.placing import problems as placed
from cockpit.rpts.yaml_core import load
from cockpit.targets import names


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


class ConfigFile(_Strict):
    """cockpit.yaml as a whole; `silences` and `policy` are kept for the conformance checker."""

    trunk: str | None = None
    people: dict[str, PersonEntry] = {}
    environments: dict[str, EnvironmentEntry] = {}
    endpoints: dict[str, dict[str, str]] = {}
    prototypes: list[str] = []
    silences: list[Any] = []
    policy: dict[str, Any] = {}


def validated(data: bytes, name: str) -> tuple[ConfigFile, tuple[Problem, ...]]:
    """Return the configuration in `data` and what is wrong with it; the default one if it does not read."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return ConfigFile(), (Problem("encoding", "the file is not UTF-8", "save it as UTF-8", name, 1, 1),)
    block = load(text, name)
    if block.value is None:
        return ConfigFile(), block.problems
    try:
        config = ConfigFile.model_validate(block.value)
    except ValidationError as error:
        found = placed(error, ConfigFile, block, name, name)
        return ConfigFile(), (*block.problems, *found)
    wrong = [
        Problem(
            "endpoint-url",
            f"the endpoint of {service} in {env} is no http(s) URL",
            "write https://host/path, without a user and password",
            name,
            *(block.place(("endpoints", service, env)) or (1, 1)),
        )
        for service, urls in config.endpoints.items()
        for env, url in urls.items()
        if not url.startswith(("http://", "https://")) or "@" in url.split("/")[2]
    ]
    closed = [
        replace(problem, path=name, line=line, column=column)
        for env, entry in config.environments.items()
        if (problem := names.closed(entry.target)) is not None
        for line, column in [block.place(("environments", env, "target")) or (1, 1)]
    ]
    return config, (*block.problems, *wrong, *closed)
