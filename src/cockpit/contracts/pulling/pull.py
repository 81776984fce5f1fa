"""What does the contract say once the service's API is taken into it?"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from cockpit.contracts.pulling.operations import Operations
from cockpit.contracts.pulling.schemas import Schemas
from cockpit.domain.openapi import METHODS, follow
from cockpit.errors import UsageError

_NAME = re.compile(r"\{([^{}]*)\}")
_SCHEMAS = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Pulled:
    """The new contract (a fragment where the old one was), and what a person should know of it."""

    contract: dict[str, Any]
    notes: tuple[str, ...]


def pull(contract: dict[str, Any], service: dict[str, Any]) -> Pulled:
    """Return `contract` (a fragment or a document) with what the OpenAPI 3.1 document `service` says.

    What means the same stays as people wrote it, down to a single field. Examples, x-*, descriptions, ids and
    documented errors stay where they still fit; FastAPI's own 422, titles and summaries are not taken.
    Raises UsageError where one of them is nested too deeply.
    """
    try:
        return _pulled(contract, service)
    except RecursionError as error:
        raise UsageError(
            "the documents are nested too deeply to be taken apart",
            do="pull from a document that a service generates",
            code="too-deep",
        ) from error


def _pulled(contract: dict[str, Any], service: dict[str, Any]) -> Pulled:
    schemas = Schemas(contract, service)
    operations = Operations(contract, service, schemas)
    paths = _paths(contract, service, operations)
    new: dict[str, Any] = {}
    for key in [*contract, *(k for k in ("paths", "components") if k not in contract)]:
        if key == "paths":
            new[key] = paths
        elif key == "components":
            new[key] = {}  # its place
        else:
            new[key] = deepcopy(contract[key])
    components = _components(contract, service, new, schemas)
    if components or "components" in contract:
        new["components"] = components
    else:
        del new["components"]
    return Pulled(new, tuple(operations.notes))


def _paths(contract: dict[str, Any], service: dict[str, Any], operations: Operations) -> dict[str, Any]:
    before, after = _dict(contract.get("paths")), _dict(service.get("paths"))
    by_shape = {_NAME.sub("{}", path): path for path in before}
    theirs = {by_shape.get(_NAME.sub("{}", path), path): path for path in after}
    paths: dict[str, Any] = {}
    for path in [*(p for p in before if p in theirs), *(p for p in theirs if p not in before)]:
        mine = _dict(follow(contract, before.get(path)))
        given = _dict(follow(service, after[theirs[path]]))
        renamed = dict(zip(_NAME.findall(theirs[path]), _NAME.findall(path), strict=True))
        paths[path] = _item(path, mine, given, operations, renamed)
    for path, item in before.items():
        for method in METHODS:
            if method in _dict(follow(contract, item)) and method not in _dict(paths.get(path)):
                operations.notes.append(f"{method.upper()} {path}: taken out, the service does not have it")
    return paths


def _item(
    path: str, mine: dict[str, Any], given: dict[str, Any], operations: Operations, renamed: dict[str, str]
) -> dict[str, Any]:
    """Return a path: parameters that all its operations share stay where they were written."""
    methods = [m for m in mine if m in METHODS and m in given]
    methods += [m for m in METHODS if m in given and m not in mine]
    shared = _list(mine.get("parameters"))
    item: dict[str, Any] = {k: deepcopy(v) for k, v in mine.items() if k not in METHODS and k != "parameters"}
    made = {}
    for method in methods:
        known = _dict(mine.get(method)) or None
        own = {"parameters": [*_list(known.get("parameters")), *shared]} if known and shared else {}
        there = _with_shared(given, _dict(given[method]))
        made[method] = operations.merged(
            f"{method.upper()} {path}", {**known, **own} if known else None, there, renamed
        )
    same = [p for p in shared if made and all(p in _list(o.get("parameters")) for o in made.values())]
    if same:
        item["parameters"] = deepcopy(same)
    for method, operation in made.items():
        rest = [p for p in _list(operation.get("parameters")) if p not in same]
        item[method] = {k: v for k, v in operation.items() if k != "parameters" or rest}
        if rest:
            item[method]["parameters"] = rest
    return item


def _with_shared(item: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    """Return the service's operation with the parameters of its path among its own."""
    shared = _list(item.get("parameters"))
    return (
        {**operation, "parameters": [*shared, *_list(operation.get("parameters"))]} if shared else operation
    )


def _components(
    contract: dict[str, Any], service: dict[str, Any], new: dict[str, Any], schemas: Schemas
) -> dict[str, Any]:
    """Return the components that the new contract needs, in the contract's order; unused schemas go."""
    ours, theirs = _dict(contract.get("components")), _dict(service.get("components"))
    found: dict[str, Any] = {}
    # Parts of other kinds (responses, examples, security schemes) that are still referred to.
    for kind in [*ours, *(k for k in ("securitySchemes",) if k not in ours and k in theirs)]:
        if kind == "schemas":
            found[kind] = {}
            continue
        known, more = _dict(ours.get(kind)), _dict(theirs.get(kind))
        if kind == "securitySchemes":
            asked = _asked(new)
            found[kind] = deepcopy(known | {n: s for n, s in more.items() if n in asked and n not in known})
        else:
            found[kind] = {name: schemas.kept(part) for name, part in known.items()}
    before = _dict(ours.get("schemas"))
    made = schemas.components
    order = [*(name for name in before if name in made), *(name for name in made if name not in before)]
    used = _used([new, {k: v for k, v in found.items() if k != "schemas"}], made)
    if used:
        found["schemas"] = {name: made[name] for name in order if name in used}
    return {kind: parts for kind, parts in found.items() if parts}


def _asked(new: dict[str, Any]) -> set[str]:
    """Return the names of the security schemes that the operations require."""
    operations = [o for item in _dict(new.get("paths")).values() for o in _dict(item).values()]
    requirements = [r for o in operations for r in _list(_dict(o).get("security"))]
    return {name for requirement in requirements for name in _dict(requirement)}


def _used(roots: list[Any], schemas: dict[str, Any]) -> set[str]:
    used: set[str] = set()
    waiting = list(roots)
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, str) and value.startswith(_SCHEMAS):
            name = value.removeprefix(_SCHEMAS)
            if name in schemas and name not in used:
                used.add(name)
                waiting.append(schemas[name])
    return used


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
