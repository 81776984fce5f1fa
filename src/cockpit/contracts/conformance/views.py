"""Which properties take part in a request, and which in an answer? readOnly and writeOnly are left out."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from cockpit.contracts.conformance.pointers import LostError, Node, followed
from cockpit.contracts.rewriting import rewrite

_MOST_PARTS = 30


class Unsent(StrEnum):
    """The keyword of properties that do not travel: readOnly in requests, writeOnly in answers."""

    IN_REQUESTS = "readOnly"
    IN_ANSWERS = "writeOnly"


def view(document: dict[str, Any], unsent: Unsent, *, receives: bool) -> dict[str, Any]:
    """Return `document` with the properties that do not travel left out, also of `required`.

    On the side that `receives`, such a property takes any value: were it only left out, an object that is
    closed would reject it, though the other side merely should not send it.
    """

    def change(schema: dict[str, Any]) -> dict[str, Any]:
        branches = schema.get("allOf")
        if isinstance(branches, list):
            # What one branch declares, another one or the schema itself may require.
            inherited = {name for branch in branches for name in _unsent(document, branch, unsent)}
            if inherited:
                schema = _not_requiring(schema, inherited)
                schema["allOf"] = [
                    _not_requiring(branch, inherited) if isinstance(branch, dict) else branch
                    for branch in branches
                ]
        properties = schema.get("properties")
        names = _declared(document, schema, unsent)
        if not names or not isinstance(properties, dict):
            return schema
        kept: dict[str, Any] = {name: part for name, part in properties.items() if name not in names}
        changed = {**kept, **dict.fromkeys(names, True)} if receives else kept
        return _not_requiring(schema, names) | {"properties": changed}

    return rewrite(document, change)


def _unsent(document: dict[str, Any], schema: Any, unsent: Unsent) -> set[str]:
    """The names of the properties that do not travel, of a schema or of what it refers to."""
    found: set[str] = set()
    waiting = [schema]
    for _ in range(_MOST_PARTS):
        if not waiting:
            break
        try:
            inner = followed(document, Node(waiting.pop(), "")).value
        except LostError:
            continue
        if isinstance(inner, dict):
            found |= _declared(document, inner, unsent)
            branches = inner.get("allOf")
            waiting += branches if isinstance(branches, list) else []
    return found


def _declared(document: dict[str, Any], schema: dict[str, Any], unsent: Unsent) -> set[str]:
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return set()
    return {name for name, part in properties.items() if _has(document, part, unsent)}


def _not_requiring(schema: dict[str, Any], names: set[str]) -> dict[str, Any]:
    if not isinstance(schema.get("required"), list):
        return dict(schema)
    # A name may be of any type in a nonsense document, and then it is not hashable.
    kept = [name for name in schema["required"] if not isinstance(name, str) or name not in names]
    return schema | {"required": kept}


def _has(document: dict[str, Any], schema: Any, unsent: Unsent) -> bool:
    if not isinstance(schema, dict):
        return False
    if schema.get(unsent.value) is True:
        return True
    try:
        named = followed(document, Node(schema, "")).value
    except LostError:
        return False
    return isinstance(named, dict) and named.get(unsent.value) is True
