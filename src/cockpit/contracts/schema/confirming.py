"""Does an independent validator confirm a witness, and is there a smaller one?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cockpit.contracts.effort import steps
from cockpit.contracts.schema.answer import Formats
from cockpit.contracts.validating import validator
from cockpit.domain.openapi import lookup

_MOST_STEPS = 300_000
_LIGHT = 10_000
_MOST_TRIALS = 400
_MOST_TARGETS = 5_000


class Validator:
    """Holds values against one schema of a document, by jsonschema-rs. Nothing is ever fetched."""

    def __init__(self, document: Any, schema: Any, formats: Formats) -> None:
        self._root = _alone(document, schema)
        self._formats = formats is Formats.ASSERTED
        self._rule: Any = None
        self._light = False

    def accepts(self, value: Any) -> bool | None:
        """Return whether the schema accepts `value`; None where the validator cannot tell within reason."""
        import jsonschema_rs

        if not self._light:
            # Counted for the first value alone: those that follow are smaller.
            count = steps(self._root, value, lambda reference: lookup(self._root, reference), _MOST_STEPS)
            if count > _MOST_STEPS:
                return None
            self._light = count < _LIGHT
        try:
            if self._rule is None:
                self._rule = validator(self._root, formats=self._formats)
            return bool(self._rule.is_valid(value))
        except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
            return None


def _alone(document: Any, schema: Any) -> Any:
    """Return `schema` as a document of its own: with everything of `document` that its references reach."""
    if schema is document or not isinstance(schema, dict) or not isinstance(document, dict):
        return {key: part for key, part in schema.items() if key != "$schema"} if _is_root(schema) else schema
    root: dict[str, Any] = {"allOf": [schema]}
    waiting, reached = [schema], set[str]()
    while waiting:
        for reference in _references(waiting.pop()):
            if reference in reached or len(reached) > _MOST_TARGETS:
                continue
            reached.add(reference)
            target = lookup(document, reference)
            if target is not None and reference.startswith("#/"):
                waiting.append(target)
    if any(not reference.startswith("#/") for reference in reached):
        # Anchors, or the whole document: it comes along as it is.
        return {**document, "allOf": [schema]} if "allOf" not in document else root
    for reference in sorted(reached):
        _place(root, reference, lookup(document, reference))
    return root


def _is_root(schema: Any) -> bool:
    return isinstance(schema, dict) and "$schema" in schema


def _references(schema: Any) -> Iterator[str]:
    stack = [schema]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            stack += part.values()
        elif isinstance(part, list):
            stack += part


def _place(root: dict[str, Any], reference: str, target: Any) -> None:
    """Put `target` where the pointer leads; objects stand for lists on the way, a pointer finds both."""
    names = [name.replace("~1", "/").replace("~0", "~") for name in reference.removeprefix("#/").split("/")]
    at = root
    for name in names[:-1]:
        inner = at.get(name)
        if not isinstance(inner, dict):
            inner = at[name] = {}
        elif name in at:
            inner = at[name] = dict(inner)
        at = inner
    at.setdefault(names[-1], target)


def smallest(value: Any, shows: Callable[[Any], bool]) -> Any:
    """Return a smaller value for which `shows` still holds: parts left out, or in the simplest form."""
    left = [_MOST_TRIALS]

    def tried(candidate: Any, shows: Callable[[Any], bool]) -> bool:
        left[0] -= 1
        return left[0] >= 0 and shows(candidate)

    def smaller(value: Any, shows: Callable[[Any], bool]) -> Any:
        for simple in _SIMPLEST:
            if simple is value or (type(simple) is type(value) and simple == value):
                return value
            if tried(simple, shows):
                return simple
        for part in _parts(value):
            if tried(part, shows):
                return smaller(part, shows)
        if isinstance(value, dict):
            return parts_of_object(value, shows)
        return parts_of_list(value, shows) if isinstance(value, list) else value

    def parts_of_object(value: dict[str, Any], shows: Callable[[Any], bool]) -> dict[str, Any]:
        for name in list(value):
            without = {other: item for other, item in value.items() if other != name}
            if tried(without, shows):
                value = without
        for name in list(value):
            kept = smaller(value[name], lambda item, n=name, v=value: shows({**v, n: item}))  # type: ignore[misc]
            value = {**value, name: kept}
        return value

    def parts_of_list(value: list[Any], shows: Callable[[Any], bool]) -> list[Any]:
        for index in reversed(range(len(value))):
            without = value[:index] + value[index + 1 :]
            if tried(without, shows):
                value = without
        for index in range(len(value)):
            kept = smaller(
                value[index],
                lambda item, i=index, v=value: shows([*v[:i], item, *v[i + 1 :]]),  # type: ignore[misc]
            )
            value = [*value[:index], kept, *value[index + 1 :]]
        return value

    return smaller(value, shows)


_SIMPLEST: tuple[Any, ...] = (None, False, 0, "", [], {}, 1, "a")


def _parts(value: Any) -> Iterator[Any]:
    """Yield what stands inside a value: where a schema recurs, a part may show it by itself."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        if isinstance(item, dict | list):
            yield item
            yield from _parts(item)
