"""What is the canonical form of a contract, and its digest?

The contract without the annotations description, summary, title and externalDocs, as canonical JSON
(RFC 8785). Names stay: a property called "title" is part of the contract. Examples and x-* fields count.
Rooms that must agree on a digest (documents, services) share it here.
"""

from __future__ import annotations

import hashlib
from typing import Any

_ANNOTATIONS = frozenset({"description", "summary", "title", "externalDocs"})
# Keywords whose value maps names of people's choice to objects, in OpenAPI 3.1 and JSON Schema 2020-12.
_NAME_MAPS = frozenset(
    {
        "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "schemas",
        "responses", "parameters", "headers", "requestBodies", "securitySchemes", "links", "callbacks",
        "paths", "pathItems", "content", "encoding", "variables", "examples", "webhooks", "mapping",
    }
)  # fmt: skip
_DATA = frozenset({"default", "enum", "const", "example", "value", "required", "dependentRequired"})


def contract_digest(contract: Any) -> str | None:
    """Return "sha256:<hex>" of a contract alone, the `openapi` and `info` that may be left out aside."""
    if not isinstance(contract, dict):
        return None
    parts = {key: value for key, value in contract.items() if key not in ("openapi", "info")}
    return sha256(bare(parts))


def bare(contract: Any) -> Any:
    """Return the contract without its annotations."""
    return _keywords(contract)


def _keywords(value: Any) -> Any:
    if isinstance(value, list):
        return [_keywords(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {}
    for key, item in value.items():
        if key in _ANNOTATIONS:
            continue
        if key in _DATA or key.startswith("x-"):
            result[key] = item
        elif key in _NAME_MAPS and isinstance(item, dict):
            result[key] = {name: _keywords(part) for name, part in item.items()}
        elif key == "examples":
            result[key] = item
        else:
            result[key] = _keywords(item)
    return result


def sha256(value: Any) -> str | None:
    """Return "sha256:<hex>" of the canonical JSON of `value`, or None where it has no canonical form."""
    import rfc8785

    try:
        return "sha256:" + hashlib.sha256(rfc8785.dumps(value)).hexdigest()
    except (rfc8785.CanonicalizationError, RecursionError):
        return None
