"""What is the same of two OpenAPI documents, whatever their components are called and their notes say?"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from cockpit.domain.openapi import lookup

# What asserts nothing, neither of a value nor of an operation.
_NOTES = frozenset(
    {
        "title", "description", "summary", "externalDocs", "example", "examples", "tags", "operationId",
        "info", "servers", "discriminator",
    }
)  # fmt: skip
# Keywords whose value maps names of people's choice, so that a name may be one of the words above.
_NAMED = frozenset(
    {
        "properties", "patternProperties", "$defs", "dependentSchemas", "responses", "headers", "content",
        "paths", "callbacks", "links", "encoding", "securitySchemes",
    }
)  # fmt: skip
_DATA = frozenset({"default", "enum", "const", "required", "dependentRequired", "scopes", "security"})
_DEEPEST = 200


class UnclearError(Exception):
    """The document has no identity: a reference leads nowhere or elsewhere, or it is nested too deeply."""


def identity(document: dict[str, Any]) -> str:
    """Return a digest (64 hex digits) that documents share only if they mean the same.

    A component counts by what it says where it is used, and not by its name. Raises UnclearError.
    """
    components = document.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    rest = {key: value for key, value in document.items() if key != "components"}
    return _Identity(document).digest({**rest, "securitySchemes": schemes or {}})


def same(one: tuple[dict[str, Any], Any], other: tuple[dict[str, Any], Any]) -> bool:
    """True if a part of one document means the same as a part of another; each is (document, part)."""
    try:
        return _Identity(one[0]).digest(one[1]) == _Identity(other[0]).digest(other[1])
    except UnclearError:
        return False


class _Identity:
    """References become the digest of what they name; one that leads back says how many steps up."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._known: dict[str, str] = {}
        self._open: list[str] = []
        self._highest = 0  # the step furthest up that a reference led back to

    def digest(self, value: Any) -> str:
        try:
            bare = self._bare(value, named=False, depth=0)
            written = json.dumps(bare, sort_keys=True, separators=(",", ":"))
        except (TypeError, ValueError, RecursionError):
            raise UnclearError from None
        return hashlib.sha256(written.encode(errors="surrogatepass")).hexdigest()

    def _bare(self, value: Any, *, named: bool, depth: int) -> Any:
        if depth > _DEEPEST:
            raise UnclearError
        if isinstance(value, list):
            return [self._bare(item, named=False, depth=depth + 1) for item in value]
        if not isinstance(value, dict):
            return value
        found: dict[str, Any] = {}
        for key, item in value.items():
            if named:
                found[key] = self._bare(item, named=False, depth=depth + 1)
            elif key == "$ref":
                found[key] = self._referred(item)
            elif key in _DATA:
                found[key] = item
            elif key not in _NOTES and not key.startswith("x-"):
                found[key] = self._bare(item, named=key in _NAMED, depth=depth + 1)
        return found

    def _referred(self, reference: Any) -> str:
        if not isinstance(reference, str) or not reference.startswith("#/"):
            raise UnclearError
        if reference in self._open:
            at = self._open.index(reference)
            self._highest = min(self._highest, at)
            return f"{len(self._open) - at} up"
        known = self._known.get(reference)
        if known is not None:
            return known
        target = lookup(self._document, reference)
        if target is None or len(self._open) > _DEEPEST:
            raise UnclearError
        outer, self._highest = self._highest, len(self._open)
        self._open.append(reference)
        found = self.digest(target)
        self._open.pop()
        # What leads back above itself says something only there.
        if self._highest >= len(self._open):
            self._known[reference] = found
        self._highest = min(outer, self._highest)
        return found
