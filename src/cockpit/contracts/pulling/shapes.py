"""Which kinds of values does a schema describe, and which defaults does it set?"""

from __future__ import annotations

from typing import Any

from cockpit.domain.canonical import canonical_json
from cockpit.domain.openapi import follow

_ANY = ("string", "number", "boolean", "array", "object")
_MOST_DEPTH = 60
_MOST_STEPS = 20_000


def kinds(schema: dict[str, Any]) -> set[str]:
    """Return the JSON types that a schema names, its branches included; all where it names none."""
    given = schema.get("type")
    found = {kind for kind in (given if isinstance(given, list) else (given,)) if isinstance(kind, str)}
    for key in ("anyOf", "oneOf"):
        for branch in schema.get(key) or () if isinstance(schema.get(key), list) else ():
            found |= kinds(branch) if isinstance(branch, dict) else set()
    if "integer" in found:
        found |= {"number"}
    return found if found == {"null"} else found - {"null"} or set(_ANY)


def defaults(document: dict[str, Any], schema: Any) -> dict[str, bytes | None] | None:
    """Return every default in a schema by the path of property names that leads to it; None for too much."""
    found: dict[str, bytes | None] = {}
    left = _MOST_STEPS

    def walk(schema: Any, path: str, above: tuple[int, ...]) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            return
        if isinstance(schema, dict) and "default" in schema:
            found[path] = canonical_json(schema["default"])
        schema = follow(document, schema)
        if not isinstance(schema, dict) or id(schema) in above or len(above) > _MOST_DEPTH:
            return
        above = (*above, id(schema))
        if "default" in schema:
            found.setdefault(path, canonical_json(schema["default"]))
        properties = schema.get("properties")
        for name, part in properties.items() if isinstance(properties, dict) else ():
            walk(part, f"{path}/{name}", above)
        for key in ("items", "anyOf", "oneOf", "allOf", "prefixItems"):
            parts = schema.get(key)
            for part in parts if isinstance(parts, list) else (parts,):
                walk(part, path, above)

    walk(schema, "", ())
    return found if left >= 0 else None
