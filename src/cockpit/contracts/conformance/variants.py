"""How are the branches of a union told apart? By type, by constants, or by a property that names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cockpit.contracts.conformance.pointers import LostError, Node, followed, join

_ALL_TYPES = frozenset({"null", "boolean", "number", "string", "array", "object"})
_MOST_TAGS = 50
_MOST_PARTS = 30


@dataclass(frozen=True, slots=True)
class Outline:
    """What is plain about a branch. It accepts no other types (integers are numbers here) than `types`.

    `values` are the only ones that it accepts, None where there is no such list. `tags` are the texts that
    a property of it may have, if it is there; `required` are the properties that must be.
    """

    types: frozenset[str] = _ALL_TYPES
    values: tuple[Any, ...] | None = None
    tags: dict[str, frozenset[str]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()

    def schema(self, *, tagged: bool = False) -> dict[str, Any]:
        """Return the outline as a schema: everything that the branch accepts fits it.

        With `tagged` the properties that tell variants must be there, which a branch may not ask for.
        """
        found: dict[str, Any] = {}
        if self.types != _ALL_TYPES:
            found["type"] = sorted(self.types)
        if self.values is not None:
            found["enum"] = list(self.values)
        if self.tags:
            found["properties"] = {name: {"enum": sorted(texts)} for name, texts in self.tags.items()}
            required = frozenset(self.tags) if tagged else self.required & frozenset(self.tags)
            if required:
                found["required"] = sorted(required)
            if tagged:
                found["type"] = "object"
        return found

    def excludes(self, other: Outline) -> bool:
        """True if no value fits both, provided that the properties which tell variants are there."""
        if not self.types & other.types:
            return True
        if self.values is not None and other.values is not None:
            mine = {(type(value), str(value)) for value in self.values}
            return not any((type(value), str(value)) in mine for value in other.values)
        return any(
            not texts & other.tags[name] for name, texts in self.tags.items() if name in other.tags
        ) and self.types == other.types == frozenset({"object"})


def outline(document: dict[str, Any], node: Node) -> Outline:
    """Return what is plain about the schema at `node`."""
    found = Outline()
    waiting = [node]
    for _ in range(_MOST_PARTS):
        if not waiting:
            break
        at = waiting.pop()
        try:
            at = followed(document, at)
        except LostError:
            continue
        schema = at.value
        if not isinstance(schema, dict):
            continue
        required = frozenset(_texts(schema.get("required")))
        found = _both(found, Outline(_types(schema), _values(schema), _tags(document, at, schema), required))
        branches = schema.get("allOf")
        if isinstance(branches, list):
            waiting += [Node(branch, join(at.pointer, "allOf", i)) for i, branch in enumerate(branches)]
    return found


def tag_of(outlines: Sequence[Outline], value: Any) -> str | None:
    """Return the property whose text in `value` is that of no variant, None where that is not the reason."""
    if not isinstance(value, dict):
        return None
    for name in outlines[0].tags if outlines else ():
        known = [found.tags.get(name) for found in outlines]
        if name in value and all(
            texts is not None and not (isinstance(value[name], str) and value[name] in texts)
            for texts in known
        ):
            return name
    return None


def _both(one: Outline, other: Outline) -> Outline:
    values = one.values if one.values is not None else other.values
    return Outline(one.types & other.types, values, {**one.tags, **other.tags}, one.required | other.required)


def _types(schema: dict[str, Any]) -> frozenset[str]:
    given = schema.get("type")
    kinds = [given] if isinstance(given, str) else given
    if not isinstance(kinds, list):
        return _ALL_TYPES
    return frozenset("number" if kind == "integer" else kind for kind in kinds if isinstance(kind, str))


def _values(schema: dict[str, Any]) -> tuple[Any, ...] | None:
    if "const" in schema:
        return (schema["const"],)
    given = schema.get("enum")
    return tuple(given) if isinstance(given, list) and len(given) <= _MOST_TAGS else None


def _tags(document: dict[str, Any], node: Node, schema: dict[str, Any]) -> dict[str, frozenset[str]]:
    found = {}
    properties = schema.get("properties")
    for name, part in properties.items() if isinstance(properties, dict) else ():
        try:
            inner = followed(document, Node(part, join(node.pointer, name))).value
        except LostError:
            continue
        values = _values(inner) if isinstance(inner, dict) else None
        if values and all(isinstance(value, str) for value in values):
            found[name] = frozenset(values)
    return found


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
