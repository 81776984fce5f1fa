"""Does an independent validator confirm a witness, and is there a smaller one?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from cockpit.contracts.effort import steps
from cockpit.contracts.schema.answer import Formats
from cockpit.domain.openapi import lookup

_MOST_STEPS = 300_000
_MOST_TRIALS = 400
_MOST_TARGETS = 5_000


class Validator:
    """Holds values against one schema of a document, by jsonschema-rs. Nothing is ever fetched."""

    def __init__(self, document: Any, schema: Any, formats: Formats) -> None:
        self._root = _alone(document, schema)
        self._formats = formats is Formats.ASSERTED
        self._rule: Any = None

    def accepts(self, value: Any) -> bool | None:
        """Return whether the schema accepts `value`; None where the validator cannot tell within reason."""
        import jsonschema_rs

        lookup_here: Callable[[str], Any] = lambda reference: lookup(self._root, reference)  # noqa: E731
        if steps(self._root, value, lookup_here, _MOST_STEPS) > _MOST_STEPS:
            return None
        try:
            if self._rule is None:
                self._rule = jsonschema_rs.Draft202012Validator(
                    self._root, validate_formats=self._formats, retriever=_offline
                )
            return bool(self._rule.is_valid(value))
        except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
            return None


def _offline(uri: str) -> Any:
    raise ValueError(f"{uri} is not fetched")


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
    trials = _MOST_TRIALS
    found = value
    again = True
    while again and trials > 0:
        again = False
        for candidate in _smaller(found):
            trials -= 1
            if trials <= 0:
                break
            if _weight(candidate) < _weight(found) and shows(candidate):
                found, again = candidate, True
                break
    return found


def _parts(value: Any) -> Iterator[Any]:
    """Yield what stands inside a value: where a schema recurs, a part may show it by itself."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        if isinstance(item, dict | list):
            yield item
            yield from _parts(item)


def _weight(value: Any) -> tuple[int, int]:
    written = json.dumps(value, ensure_ascii=False, default=str)
    return len(written), sum(map(ord, written[:200]))


_SIMPLEST: tuple[Any, ...] = (None, False, 0, "", [], {}, 1, "a")


def _smaller(value: Any) -> Iterator[Any]:
    """Yield values that are simpler in one place, the greatest steps first."""
    yield from _SIMPLEST
    yield from _parts(value)
    if isinstance(value, dict):
        for name in value:
            yield {other: item for other, item in value.items() if other != name}
        for name, item in value.items():
            for smaller in _smaller(item):
                yield {**value, name: smaller}
    elif isinstance(value, list):
        for index in range(len(value)):
            yield value[:index] + value[index + 1 :]
        for index, item in enumerate(value):
            for smaller in _smaller(item):
                yield [*value[:index], smaller, *value[index + 1 :]]
