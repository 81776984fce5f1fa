"""How is an OpenAPI 3.0 document read as 3.1? Its schemas are rewritten in JSON Schema 2020-12.

- `nullable: true` adds null to the type that stands beside it. By the letter (3.0.3) it means nothing without
  one; beside the variants of a union people mean null by it, and it becomes a variant.
- `exclusiveMinimum: true` makes the bound that stands beside it exclusive; the same for the maximum.
- What stands beside `$ref` is ignored in 3.0, and so it is dropped.
- `example` becomes `examples`; the formats `binary` and `byte` become what 3.1 says of content.
"""

from __future__ import annotations

from typing import Any

from cockpit.contracts.rewriting import rewrite

_BOUNDS = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))


def is_30(document: dict[str, Any]) -> bool:
    """True if `document` says that it is OpenAPI 3.0."""
    version = document.get("openapi")
    return isinstance(version, str) and (version == "3.0" or version.startswith("3.0."))


def upgraded(document: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI 3.0 document as 3.1, any other as it is. `document` is not changed.

    Every schema keeps its place, so that a JSON pointer into the result also holds in `document`.
    """
    if not is_30(document):
        return document
    return {**rewrite(document, schema_from_30), "openapi": "3.1.0"}


def schema_from_30(schema: dict[str, Any]) -> dict[str, Any]:
    """Return one schema object of OpenAPI 3.0 in JSON Schema 2020-12; what it holds must be done already."""
    if isinstance(schema.get("$ref"), str):
        return {"$ref": schema["$ref"]}
    new = {key: value for key, value in schema.items() if key not in ("nullable", "example")}
    if schema.get("nullable") is True and isinstance(schema.get("type"), str):
        new["type"] = [schema["type"], "null"]
    elif schema.get("nullable") is True and "type" not in schema:
        new |= _with_null(schema)
    for exclusive, bound in _BOUNDS:
        if isinstance(schema.get(exclusive), bool):
            del new[exclusive]
            if schema[exclusive] and bound in schema:
                new[exclusive] = new.pop(bound)
    if "example" in schema:
        new["examples"] = [schema["example"]]
    if schema.get("format") == "binary":
        del new["format"]
        new["contentMediaType"] = "application/octet-stream"
    elif schema.get("format") == "byte":
        del new["format"]
        new["contentEncoding"] = "base64"
    return new


def _with_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the unions of a schema with null as their last variant, which moves none of the others."""
    found: dict[str, Any] = {}
    if isinstance(schema.get("anyOf"), list):
        found["anyOf"] = [*schema["anyOf"], {"type": "null"}]
    variants = schema.get("oneOf")
    # A variant that takes null already would make it match twice, which oneOf forbids.
    if isinstance(variants, list) and all(isinstance(v, dict) and _is_typed(v) for v in variants):
        found["oneOf"] = [*variants, {"type": "null"}]
    return found


def _is_typed(schema: dict[str, Any]) -> bool:
    return isinstance(schema.get("type"), str) and schema["type"] != "null"
