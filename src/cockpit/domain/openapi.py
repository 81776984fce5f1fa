"""What does a reference inside an OpenAPI document name, and which methods may an operation have?"""

from __future__ import annotations

from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_MOST = 200


def lookup(contract: dict[str, Any], reference: str) -> Any | None:
    """Return what a local reference ("#/components/schemas/Plan") names, or None."""
    if reference == "#":
        return contract
    if not reference.startswith("#/"):
        return None
    value: Any = contract
    for part in reference.removeprefix("#/").split("/"):
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def follow(contract: dict[str, Any], value: Any) -> Any:
    """Return `value`, its reference followed as long as it is one; None where that never ends."""
    for _ in range(_MOST):
        if not (isinstance(value, dict) and isinstance(value.get("$ref"), str)):
            return value
        value = lookup(contract, value["$ref"])
    return None
