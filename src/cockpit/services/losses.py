"""What does a contract say that the generated models do not hold requests and answers to?"""

from __future__ import annotations

from typing import Any

# Keywords that neither a type nor a Field says.
_LOST = (
    "not", "if", "dependentRequired", "dependentSchemas", "contains", "uniqueItems", "propertyNames",
    "patternProperties", "minProperties", "maxProperties", "unevaluatedProperties", "unevaluatedItems",
    "readOnly", "writeOnly",
)  # fmt: skip
_MAPS = ("properties", "patternProperties", "$defs")
_ONE = ("items", "additionalProperties")
_MANY = ("allOf", "anyOf", "oneOf", "prefixItems")


def lost(schemas: dict[str, Any]) -> list[str]:
    """Return one line for each keyword that is lost, with its place."""
    found = []
    stack: list[tuple[str, Any]] = list(schemas.items())
    while stack:
        where, value = stack.pop()
        if not isinstance(value, dict):
            continue
        found += [
            f"{where}: `{keyword}` is not checked by the models; check it in logic"
            for keyword in _keywords(value)
        ]
        for keyword in _MAPS:
            below = value.get(keyword)
            stack += (
                [(f"{where}/{key}", part) for key, part in below.items()] if isinstance(below, dict) else []
            )
        stack += [(f"{where}/{keyword}", value.get(keyword)) for keyword in _ONE]
        for keyword in _MANY:
            parts = value.get(keyword)
            stack += (
                [(f"{where}/{i}", part) for i, part in enumerate(parts)] if isinstance(parts, list) else []
            )
    return sorted(found)


def _keywords(schema: dict[str, Any]) -> list[str]:
    found = [keyword for keyword in _LOST if schema.get(keyword) not in (None, False)]
    fixed = schema.get("prefixItems")
    if isinstance(fixed, list) and not len(fixed) == schema.get("minItems") == schema.get("maxItems"):
        # Only a tuple of one length is a type of Python.
        found.append("prefixItems")
    choices = [schema["const"]] if "const" in schema else schema.get("enum") or []
    if any(isinstance(choice, float | list | dict) for choice in choices):
        found.append("const" if "const" in schema else "enum")
    return found
