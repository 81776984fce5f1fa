"""Where in a schema does a wider part make the whole wider? All places, and whether that holds there."""

from __future__ import annotations

from typing import Any

from support.schemas.values import resolve

Path = tuple[str | int, ...]
_ONE = (
    "additionalProperties",
    "items",
    "propertyNames",
    "then",
    "else",
    "unevaluatedItems",
    "unevaluatedProperties",
)
_MANY = ("properties", "patternProperties", "dependentSchemas")
_LISTS = ("allOf", "anyOf", "prefixItems")


def at(schema: Any, path: Path) -> Any:
    """Return the part at `path`."""
    for step in path:
        schema = schema[step]
    return schema


def put(schema: Any, path: Path, part: Any) -> Any:
    """Return a copy of `schema` with `part` at `path`."""
    if not path:
        return part
    if isinstance(schema, list):
        return [put(item, path[1:], part) if n == path[0] else item for n, item in enumerate(schema)]
    return {key: put(value, path[1:], part) if key == path[0] else value for key, value in schema.items()}


def places(document: Any) -> dict[Path, bool]:
    """Return the paths of all subschemas in use, and whether widening there can only widen the whole."""
    walk = _Walk(document)
    walk.visit((), not _speaks_of_rest(document))
    return walk.found


class _Walk:
    def __init__(self, document: Any) -> None:
        self._document = document
        self._done: set[tuple[Path, bool]] = set()
        self.found: dict[Path, bool] = {}

    def visit(self, path: Path, grows: bool) -> None:
        if (path, grows) in self._done:
            return
        self._done.add((path, grows))
        self._mark(path, grows)
        node = at(self._document, path)
        for step, keeps in _children(node):
            if step[0] == "oneOf" and (tag := self._tag(node)):
                self._variant((*path, *step), tag, grows)
            else:
                self.visit((*path, *step), grows and keeps)
        if isinstance(node, dict) and "$ref" in node:
            self.visit(_target(node), grows)

    def _mark(self, path: Path, grows: bool) -> None:
        self.found[path] = self.found.get(path, True) and grows

    def _tag(self, node: dict[str, Any]) -> str | None:
        tag = node.get("discriminator", {}).get("propertyName")
        return tag if tag is not None and _apart(self._document, node["oneOf"], tag) else None

    def _variant(self, path: Path, tag: str, grows: bool) -> None:
        """A required tag keeps the variants apart: all but the tag may grow, and not the variant itself."""
        self._mark(path, False)
        node = at(self._document, path)
        if "$ref" in node:
            path = _target(node)
            self._mark(path, False)
            node = at(self._document, path)
        for step, keeps in _children(node):
            self.visit((*path, *step), grows and keeps and step[0] == "properties" and step[1] != tag)


def _target(node: dict[str, Any]) -> Path:
    return tuple(node["$ref"].removeprefix("#/").split("/")) if node["$ref"] != "#" else ()


def _children(node: Any) -> list[tuple[Path, bool]]:
    """The parts of one node, each with whether the node grows with it."""
    found: list[tuple[Path, bool]] = []
    for key, part in node.items() if isinstance(node, dict) else ():
        if key in _ONE:
            found.append(((key,), True))
        elif key in _MANY:
            found += [((key, name), True) for name in part]
        elif key in _LISTS:
            found += [((key, number), True) for number in range(len(part))]
        elif key in ("not", "if"):
            found.append(((key,), False))
        elif key == "contains":
            found.append(((key,), "maxContains" not in node))
        elif key == "oneOf":
            found += [((key, number), False) for number in range(len(part))]
    return found


def _apart(document: Any, variants: list[Any], tag: str) -> bool:
    seen: list[Any] = []
    for variant in variants:
        target = (
            resolve(document, variant["$ref"]) if isinstance(variant, dict) and "$ref" in variant else variant
        )
        if not isinstance(target, dict) or tag not in target.get("required", ()):
            return False
        tagged = target.get("properties", {}).get(tag)
        constant = tagged.get("const") if isinstance(tagged, dict) else None
        if target.get("type") != "object" or not isinstance(constant, str) or constant in seen:
            return False
        seen.append(constant)
    return True


def _speaks_of_rest(node: Any) -> bool:
    """True if `unevaluated…` stands anywhere: then a part's annotations count as well as its values."""
    if isinstance(node, list):
        return any(_speaks_of_rest(item) for item in node)
    if not isinstance(node, dict):
        return False
    return any(key.startswith("unevaluated") for key in node) or any(
        _speaks_of_rest(v) for v in node.values()
    )
