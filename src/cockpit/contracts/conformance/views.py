"""Which properties take part in a request, and which in an answer? readOnly and writeOnly are left out."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from cockpit.contracts.conformance.pointers import LostError, Node, followed
from cockpit.contracts.rewriting import rewrite


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
        properties = schema.get("properties")
        if not isinstance(properties, dict):
            return schema
        names = {name for name, part in properties.items() if _has(document, part, unsent)}
        if not names:
            return schema
        kept: dict[str, Any] = {name: part for name, part in properties.items() if name not in names}
        new = schema | {"properties": {**kept, **dict.fromkeys(names, True)} if receives else kept}
        if isinstance(schema.get("required"), list):
            # A name may be of any type in a nonsense document, and then it is not hashable.
            new["required"] = [
                name for name in schema["required"] if not isinstance(name, str) or name not in names
            ]
        return new

    return rewrite(document, change)


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
