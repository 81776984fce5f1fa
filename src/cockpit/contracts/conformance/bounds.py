"""Can a document be compared at all? What it must be, and how large and deep it may be."""

from __future__ import annotations

from typing import Any

from cockpit.domain.text import one_line
from cockpit.errors import UsageError

MAX_DEPTH = 150
MAX_VALUES = 5_000_000


def keywords(document: Any, whose: str) -> frozenset[str]:
    """Return which of readOnly and writeOnly occur in `document`.

    `whose` names it in errors: "the contract". Raises UsageError if it is no OpenAPI 3 document, or grows
    beyond what is compared.
    """
    if not isinstance(document, dict):
        raise UsageError(
            f"{whose} is not an OpenAPI document: it is no mapping",
            do="give an OpenAPI 3.0 or 3.1 document",
            code="not-openapi",
        )
    # A fragment of an RPT's contract may leave its version out.
    version = document.get("openapi", "3.1.0" if "paths" in document and "swagger" not in document else None)
    if not isinstance(version, str) or not version.startswith("3."):
        said = document.get("swagger", version)
        shown = f"it says version {one_line(str(said), 30)}" if said is not None else "it has no `openapi`"
        raise UsageError(
            f"{whose} is not an OpenAPI 3 document: {shown}",
            do="convert it to OpenAPI 3.0 or 3.1 first",
            code="not-openapi",
        )
    for key in ("paths", "components"):
        if document.get(key) is not None and not isinstance(document[key], dict):
            raise UsageError(
                f"{whose}: /{key} is no mapping", do=f"write `{key}:` as a mapping", code="not-openapi"
            )
    return _measured(document, whose)


def _measured(document: dict[str, Any], whose: str) -> frozenset[str]:
    """Walk level by level, so that depth costs no stack and circles end."""
    found: set[str] = set()
    level: list[Any] = [document]
    values = 0
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                if "readOnly" in value:
                    found.add("readOnly")
                if "writeOnly" in value:
                    found.add("writeOnly")
                below += [item for item in value.values() if isinstance(item, dict | list)]
                values += len(value)
            else:
                below += [item for item in value if isinstance(item, dict | list)]
                values += len(value)
        if values > MAX_VALUES:
            raise UsageError(
                f"{whose} grows beyond {MAX_VALUES:,} values",
                do="compare a part of it, and repeat no aliases",
                code="document-too-large",
            )
        if not below:
            return frozenset(found)
        level = below
    raise UsageError(
        f"{whose} is nested deeper than {MAX_DEPTH} levels",
        do="name inner schemas under components/schemas and refer to them",
        code="document-too-deep",
    )
