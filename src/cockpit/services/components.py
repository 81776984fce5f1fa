"""Which schemas does a contract have, under which names of classes?

Inline schemas of bodies, answers and parameters get names too, so that everything with a type is a component.
"""

from __future__ import annotations

import copy
from typing import Any

from cockpit.services.naming import pascal, unique

SCHEMAS = "#/components/schemas/"
_NAME_MAPS = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas"})
_DATA = frozenset({"default", "const", "enum", "example", "examples"})


class Components:
    """The schemas of a contract by the name of their class, in the order in which they were named."""

    def __init__(self, contract: dict[str, Any]) -> None:
        given = (contract.get("components") or {}).get("schemas") or {}
        self._names: dict[str, str] = {}
        self.schemas: dict[str, Any] = {}
        for name in given:
            self._names[name] = unique(pascal(name), self._names.values())
        for name, schema in given.items():
            self.schemas[self._names[name]] = self._renamed(schema)

    def name_of(self, schema: Any, wish: str) -> str:
        """Return the name of the component that `schema` refers to; an inline one is added as `wish`."""
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        if isinstance(reference, str) and len(schema) == 1 and reference.startswith(SCHEMAS):
            known = self._names.get(reference.removeprefix(SCHEMAS))
            if known is not None:
                return known
        return self.add(schema if schema is not None else {}, wish)

    def add(self, schema: Any, wish: str) -> str:
        """Add a schema as `wish`, or with a number behind it if that is taken; return its name."""
        name = unique(wish, self.schemas)
        self.schemas[name] = self._renamed(schema)
        return name

    def _renamed(self, schema: Any) -> Any:
        """Return a copy of `schema` whose references use the names of classes."""
        result = copy.deepcopy(schema)
        stack = [result]
        while stack:
            value = stack.pop()
            if isinstance(value, list):
                stack += value
            elif isinstance(value, dict):
                self._rename(value)
                _normalise(value)
                stack += _schemas_in(value)
        return result

    def _rename(self, schema: dict[str, Any]) -> None:
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference.startswith(SCHEMAS):
            first, slash, rest = reference.removeprefix(SCHEMAS).partition("/")
            schema["$ref"] = SCHEMAS + self._names.get(first, first) + slash + rest
        discriminator = schema.get("discriminator")
        mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
        if isinstance(mapping, dict):
            for tag, target in mapping.items():
                short = str(target).removeprefix(SCHEMAS)
                mapping[tag] = SCHEMAS + self._names.get(short, short)


def _schemas_in(schema: dict[str, Any]) -> list[Any]:
    """Return what stands below a schema and may be a schema: names are looked through, data is left out."""
    found: list[Any] = []
    for key, value in schema.items():
        if key in _NAME_MAPS and isinstance(value, dict):
            found += value.values()
        elif key not in _DATA and not key.startswith("x-"):
            found.append(value)
    return found


def _normalise(schema: dict[str, Any]) -> None:
    """Write two things as the generator understands them best; they mean the same before and after."""
    if schema.get("format") == "byte" and schema.get("type") == "string":
        # The base64 of OpenAPI 3.0. The generator's type for it would hand decoded text to logic.
        del schema["format"]
        schema["contentEncoding"] = "base64"
    fixed = schema.get("prefixItems")
    if isinstance(fixed, list) and schema.get("items") is False:
        schema["maxItems"] = min(len(fixed), schema.get("maxItems", len(fixed)))
