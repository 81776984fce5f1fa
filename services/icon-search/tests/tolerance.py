"""Where does an answer differ from the golden one by more than the `x-tolerance` of its schema?

docs/rpt.md says what `x-tolerance` means. Every scaffolded service carries a copy of this module in its
tests, so that a service and cockpit judge alike: it needs nothing but the standard library.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

# What a number may lose by being printed and read again.
_PRINTED = 1e-12

Fits = Callable[[Any, Any], bool]
Lookup = Callable[[str], Any]


class Tolerance(NamedTuple):
    """How far a number may be from the golden one: by `absolute`, or by `relative` times the golden one."""

    absolute: float = 0.0
    relative: float = 0.0

    def allows(self, wanted: float) -> float:
        """Return the largest distance from `wanted` that this allows."""
        try:
            return max(self.absolute, self.relative * abs(wanted))
        except OverflowError:  # an integer that is too large for a float
            return self.absolute


class Difference(NamedTuple):
    """One place where the answer is not the golden one; `pointer` is a JSON pointer into both."""

    pointer: str
    said: str


def tolerance_of(value: Any) -> Tolerance | None:
    """Return the tolerance that an `x-tolerance` states: a number, or {abs, rel}; None if it is neither."""
    if _is_size(value):
        return Tolerance(absolute=value)
    if not isinstance(value, dict) or not value or not value.keys() <= {"abs", "rel"}:
        return None
    if not all(_is_size(part) for part in value.values()):
        return None
    return Tolerance(value.get("abs", 0.0), value.get("rel", 0.0))


def differences(schema: Any, wanted: Any, got: Any, lookup: Lookup, fits: Fits) -> Iterator[Difference]:
    """Yield where `got` differs from `wanted`, the golden answer, under `schema`.

    `lookup` returns what a local reference of the contract names; `fits(schema, value)` whether a value is
    valid, which decides the branches of anyOf, oneOf and if.
    """
    pending: list[tuple[list[Any], Any, Any, tuple[Tolerance, ...], str]] = [([schema], wanted, got, (), "")]
    while pending:
        schemas, wanted, got, inherited, at = pending.pop()
        found = _applying(schemas, wanted, lookup, fits)
        stated = [tolerance_of(part["x-tolerance"]) for part in found if "x-tolerance" in part]
        # Where several are stated the tightest holds; where none is, the one above does.
        here = tuple(one for one in stated if one is not None) or inherited
        if _is_number(wanted) and _is_number(got):
            if not _near(wanted, got, here):
                yield Difference(
                    at, f"{_shown(wanted)}{_within(wanted, here)} is promised, {_shown(got)} came"
                )
        elif isinstance(wanted, dict) and isinstance(got, dict):
            for key in [key for key in wanted if key not in got]:
                said = f"{_shown(wanted[key])} is promised, the answer lacks it"
                yield Difference(f"{at}/{_escaped(key)}", said)
            for key in [key for key in got if key not in wanted]:
                said = f"the golden answer has no such key, {_shown(got[key])} came"
                yield Difference(f"{at}/{_escaped(key)}", said)
            for key in [key for key in reversed(wanted) if key in got]:
                below = list(_of_key(found, key, fits))
                pending.append((below, wanted[key], got[key], here, f"{at}/{_escaped(key)}"))
        elif isinstance(wanted, list) and isinstance(got, list):
            if len(wanted) != len(got):
                yield Difference(at, f"{len(wanted)} items are promised, {len(got)} came")
                continue
            for index in reversed(range(len(wanted))):
                below = list(_of_index(found, index))
                pending.append((below, wanted[index], got[index], here, f"{at}/{index}"))
        elif type(wanted) is not type(got) or wanted != got:
            yield Difference(at, f"{_shown(wanted)} is promised, {_shown(got)} came")


def _near(wanted: float, got: float, tolerances: tuple[Tolerance, ...]) -> bool:
    if wanted == got:
        return True
    allowed = min((one.allows(wanted) for one in tolerances), default=0.0)
    try:
        distance = abs(got - wanted)
        if not (isinstance(wanted, int) and isinstance(got, int)):
            allowed += _PRINTED * max(abs(wanted), abs(got))
        return distance <= allowed
    except OverflowError:
        return False


def _applying(schemas: list[Any], value: Any, lookup: Lookup, fits: Fits) -> list[dict[str, Any]]:
    """Every schema that speaks of `value`: references followed, and the branches that it takes."""
    found: list[dict[str, Any]] = []
    pending, seen = list(schemas), set[int]()
    while pending:
        schema = pending.pop()
        if not isinstance(schema, dict) or id(schema) in seen:
            continue
        seen.add(id(schema))
        found.append(schema)
        reference = schema.get("$ref")
        if isinstance(reference, str):
            pending.append(lookup(reference))
        pending += _list(schema.get("allOf"))
        for keyword in ("anyOf", "oneOf"):
            pending += [branch for branch in _list(schema.get(keyword)) if fits(branch, value)]
        if "if" in schema:
            pending.append(schema.get("then" if fits(schema["if"], value) else "else"))
    return found


def _of_key(schemas: list[dict[str, Any]], key: str, fits: Fits) -> Iterator[Any]:
    for schema in schemas:
        properties, patterns = schema.get("properties"), schema.get("patternProperties")
        named = [properties[key]] if isinstance(properties, dict) and key in properties else []
        for pattern, below in patterns.items() if isinstance(patterns, dict) else ():
            if fits({"propertyNames": {"pattern": pattern}}, {key: None}):
                named.append(below)
        yield from named or [schema.get("additionalProperties")]


def _of_index(schemas: list[dict[str, Any]], index: int) -> Iterator[Any]:
    for schema in schemas:
        first = _list(schema.get("prefixItems"))
        yield first[index] if index < len(first) else schema.get("items")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_size(value: Any) -> bool:
    try:
        return _is_number(value) and value >= 0 and math.isfinite(value)
    except OverflowError:
        return False


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _within(wanted: float, tolerances: tuple[Tolerance, ...]) -> str:
    allowed = min((one.allows(wanted) for one in tolerances), default=0.0)
    return f" ± {allowed:.6g}" if allowed else ""


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:79] + "…"


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
