"""How is a difference said? What the contract promises, what the service does, what to change."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from cockpit.contracts.conformance.pointers import split
from cockpit.domain.conformance import Direction
from cockpit.domain.text import one_line

_MOST = 100
_CLOSED = ("additionalProperties", "unevaluatedProperties", "items", "unevaluatedItems")
AGREE = "and agree on it again"


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a finding."""

    message: str
    do: str
    keyword: str


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword and its value as one side has them; no `name` where that side has none of its kind."""

    name: str = ""
    value: Any = None

    def text(self, instead: str) -> str:
        """`maximum: 64`, or `instead` where there is none."""
        return f"{self.name}: {short(self.value)}" if self.name else instead


def short(value: Any, limit: int = _MOST) -> str:
    """Return a value as JSON on one line, cut where it is long."""
    try:
        written = json.dumps(value, ensure_ascii=False)
    except (RecursionError, ValueError, TypeError):
        written = "…"
    return one_line(written, limit)


def place(pointer: str) -> str:
    """Return how people call the schema at a JSON pointer: "Room.height" for a property of a component.

    In an operation it is the property alone, and "its schema" where there is none.
    """
    keys = split(pointer)
    if keys[:2] == ["components", "schemas"] and len(keys) > 2:
        return one_line(keys[2] + _below(keys[3:]), 160)
    if "schema" in keys:
        inside = _below(keys[keys.index("schema") + 1 :]).removeprefix(".")
        return f"`{one_line(inside, 160)}`" if inside else "its schema"
    return f"#{one_line(pointer, 160)}"


def _below(keys: list[str]) -> str:
    """The properties and items that the keys lead down to, as far as they are nothing else."""
    known = ""
    while keys:
        if keys[0] == "properties" and len(keys) > 1:
            known, keys = f"{known}.{keys[1]}", keys[2:]
        elif keys[0] == "items":
            known, keys = f"{known}[]", keys[1:]
        elif keys[0] in ("anyOf", "oneOf", "allOf") and len(keys) > 2:
            keys = keys[2:]
        else:
            break
    return known


def say(
    direction: Direction,
    part: Any,
    left: Keyword,
    right: Keyword,
    *,
    missing: str | None,
    key: str | None,
    service_place: str,
    conditional: bool,
) -> Said:
    """Return the words for one difference.

    `part` is the part of the value that decides, `key` the property that bears it. `left` is what the side
    says that allows the value, `right` the one that rejects it.
    """
    request = direction is Direction.REQUEST
    against = (
        f"{right.text('')} against {left.text(f'no {right.name}')}"
        if request
        else f"{left.text(f'no {right.name}')} against {right.text('')}"
    )
    if missing is not None:
        return _missing(request, one_line(missing, 60), service_place)
    if right.name in _CLOSED and right.value is False:
        return _closed(request, right.name, one_line(key or "", 60), service_place)
    shown = short(part)
    if right.name in ("anyOf", "oneOf"):
        return _variant(request, shown, right, one_line(key or "", 60), service_place)
    if request:
        message = f"the contract lets a client send {shown}, the service rejects it ({against})"
        if left.name == right.name:
            change = f"change `{right.text('')}` to `{left.text('')}`"
        else:
            change = f"take `{right.text('')}` out"
        do = f"in the service, {change} at {service_place}; or narrow the contract {AGREE}"
    else:
        message = f"the service may answer {shown}, the contract does not allow it ({against})"
        do = f"in the service, hold {service_place} to `{right.text('')}`; or widen the contract {AGREE}"
    if conditional:
        name = f"`{one_line(key, 60)}`" if key else "a name"
        open_side, other = ("contract", "service") if request else ("service", "contract")
        message += (
            f"; {name} is newly declared by the {other}, and the {open_side} leaves undeclared keys open"
        )
        do = (
            "declare it on both sides alike; or close the object in the contract"
            if request
            else "declare it on both sides alike"
        )
    return Said(message, do, against)


def _missing(request: bool, name: str, service_place: str) -> Said:
    if request:
        return Said(
            f"the contract lets a client leave out `{name}`, the service requires it",
            f"in the service, make `{name}` optional at {service_place}; or require it in the contract",
            f"required: {name} against optional",
        )
    return Said(
        f"the service may leave out `{name}`, which the contract promises",
        f"in the service, always answer `{name}` at {service_place}; or let the contract leave it out",
        f"optional against required: {name}",
    )


def _variant(request: bool, shown: str, right: Keyword, key: str, service_place: str) -> Said:
    """A value that fits no branch of a union, or the wrong number of them; by its tag where it has one."""
    if isinstance(right.value, list) and all(isinstance(text, str) for text in right.value):
        known = ", ".join(short(text, 40) for text in right.value[:12])
        takes, keyword = f"knows only {known}", f"`{key}` is one of {known}"
    else:
        takes, keyword = f"has no branch of `{right.name}` for it", f"no branch of {right.name}"
        if right.name == "oneOf":
            takes, keyword = "has not exactly one branch of `oneOf` for it", "not exactly one of oneOf"
    if request:
        return Said(
            f"the contract lets a client send {shown}, the service {takes}",
            f"in the service, add the variant at {service_place}; or take it out of the contract {AGREE}",
            keyword,
        )
    return Said(
        f"the service may answer {shown}, the contract {takes}",
        f"in the service, take the variant out at {service_place}; or add it to the contract {AGREE}",
        keyword,
    )


def _closed(request: bool, keyword: str, name: str, service_place: str) -> Said:
    of_items = keyword in ("items", "unevaluatedItems")
    what = "one more item" if of_items else f"the undeclared key `{name}`"
    kind = "further items" if of_items else "undeclared keys"
    if request:
        change = "let it take more items" if of_items else 'take `extra="forbid"` out'
        return Said(
            f"the contract lets a client send {what}, the service refuses {kind}",
            f"in the service, {change} at {service_place}; or close it in the contract {AGREE}",
            f"{keyword}: false against no {keyword}",
        )
    change = "bound the items of" if of_items else 'set `extra="forbid"` on'
    return Said(
        f"the service may answer {what}, the contract allows no {kind}",
        f"in the service, {change} {service_place}; or open the contract {AGREE}",
        f"no {keyword} against {keyword}: false",
    )
