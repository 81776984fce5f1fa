"""Which operation does a path mean? Templates are matched segment by segment; written-out ones come first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from cockpit.domain.openapi import METHODS, follow

_PART = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: "POST /v1/plan", its parameters (those of the path included), itself."""

    label: str
    parameters: tuple[dict[str, Any], ...]
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Route:
    """A path template, ready to be matched, and its operations by method ("POST")."""

    template: str
    pattern: re.Pattern[str]
    names: tuple[str, ...]
    operations: Mapping[str, Operation]

    def match(self, path: str) -> dict[str, str] | None:
        """Return the path's parameters, decoded, or None if the path is another one."""
        found = self.pattern.fullmatch(path)
        return None if found is None else dict(zip(self.names, map(unquote, found.groups()), strict=True))


def routes(contract: dict[str, Any]) -> tuple[Route, ...]:
    """Return the routes of a contract, those that fix more of the path first."""
    paths = contract.get("paths")
    found = []
    for template, item in (paths if isinstance(paths, dict) else {}).items():
        item = follow(contract, item)
        if isinstance(item, dict):
            found.append(_route(contract, str(template), item))
    return tuple(sorted(found, key=lambda route: [bool(_PART.search(s)) for s in route.template.split("/")]))


def _route(contract: dict[str, Any], template: str, item: dict[str, Any]) -> Route:
    # re.split with a group gives text and name by turns.
    parts = _PART.split(template)
    pattern = "".join("([^/]+)" if i % 2 else re.escape(part) for i, part in enumerate(parts))
    operations = {
        method.upper(): Operation(f"{method.upper()} {template}", _parameters(contract, item, value), value)
        for method in METHODS
        if isinstance(value := item.get(method), dict)
    }
    return Route(template, re.compile(pattern), tuple(parts[1::2]), operations)


def _parameters(
    contract: dict[str, Any], item: dict[str, Any], operation: dict[str, Any]
) -> tuple[dict[str, Any], ...]:
    """Return the parameters, the operation's own before those of its path that have the same name."""
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    for holder in (item, operation):
        given = holder.get("parameters")
        for parameter in given if isinstance(given, list) else ():
            parameter = follow(contract, parameter)
            if isinstance(parameter, dict):
                merged[str(parameter.get("in")), str(parameter.get("name"))] = parameter
    return tuple(merged.values())
