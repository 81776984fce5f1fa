"""Where does a finding stand? JSON pointers into contract and service become lines of files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cockpit.domain.conformance import Finding, Report
from cockpit.rpts.yaml_core import Block

# A JSON pointer → "path:line:column" or "path:line", None where nobody can tell.
Place = Callable[[str], str | None]


def of_block(block: Block, path: str) -> Place:
    """Return what places pointers into the contract that `block` of the file `path` holds."""

    def place(pointer: str) -> str | None:
        found = block.place(_way(block.value, pointer))
        return f"{path}:{found[0]}:{found[1]}" if found is not None else None

    return place


def of_code(routes: Mapping[str, str], models: Mapping[str, str], fields: Mapping[str, str]) -> Place:
    """Return what places pointers into the document of an app, by the lines of routes, models and fields.

    A part of a component stands at its field, else at its model; all else of an operation at its route.
    """

    def place(pointer: str) -> str | None:
        match _parts(pointer):
            case ["components", "schemas", name, "properties", field, *_] if f"{name}.{field}" in fields:
                return fields[f"{name}.{field}"]
            case ["components", "schemas", name, *_]:
                return models.get(name)
            case ["paths", path, method, *_]:
                return routes.get(f"{method.upper()} {path}")
        return None

    return place


def placed(report: Report, contract: Place, service: Place) -> Report:
    """Return `report` with each finding placed in both files."""
    return replace(report, findings=tuple(_placed(finding, contract, service) for finding in report.findings))


def nowhere(pointer: str) -> str | None:
    """Place nothing: a document from elsewhere has no line here."""
    return None


def _placed(finding: Finding, contract: Place, service: Place) -> Finding:
    there, here = finding.contract_pointer, finding.service_pointer
    return replace(
        finding,
        contract_at=contract(there) if there is not None else finding.contract_at,
        service_at=service(here) if here is not None else finding.service_at,
    )


def _parts(pointer: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _way(value: Any, pointer: str) -> tuple[str | int, ...]:
    """The keys of a pointer as the block knows them: numbers where the value is a list."""
    way: list[str | int] = []
    for part in _parts(pointer):
        if isinstance(value, list) and part.isdigit() and int(part) < len(value):
            way.append(int(part))
            value = value[int(part)]
        else:
            way.append(part)
            value = value.get(part) if isinstance(value, dict) else None
    return tuple(way)
