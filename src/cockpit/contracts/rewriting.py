"""Where in an OpenAPI document do schemas stand? Each can be rewritten where it stands."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import Any

from cockpit.domain.openapi import METHODS

Change = Callable[[dict[str, Any]], Any]


class _Kind(Enum):
    """What kind of object stands somewhere in a document."""

    DOCUMENT = auto()
    COMPONENTS = auto()
    PATH_ITEM = auto()
    OPERATION = auto()
    PARAMETER = auto()
    BODY = auto()
    RESPONSE = auto()
    MEDIA = auto()
    SCHEMA = auto()


class _Holds(Enum):
    """How the value of a key holds objects: it is one, it lists them, or it names them."""

    ONE = auto()
    LIST = auto()
    MAP = auto()


_CONTENT = {"content": (_Holds.MAP, _Kind.MEDIA)}
_GRAMMAR: dict[_Kind, dict[str, tuple[_Holds, _Kind]]] = {
    _Kind.DOCUMENT: {
        "paths": (_Holds.MAP, _Kind.PATH_ITEM),
        "webhooks": (_Holds.MAP, _Kind.PATH_ITEM),
        "components": (_Holds.ONE, _Kind.COMPONENTS),
    },
    _Kind.COMPONENTS: {
        "schemas": (_Holds.MAP, _Kind.SCHEMA),
        "responses": (_Holds.MAP, _Kind.RESPONSE),
        "parameters": (_Holds.MAP, _Kind.PARAMETER),
        "headers": (_Holds.MAP, _Kind.PARAMETER),
        "requestBodies": (_Holds.MAP, _Kind.BODY),
        "pathItems": (_Holds.MAP, _Kind.PATH_ITEM),
    },
    _Kind.PATH_ITEM: {
        "parameters": (_Holds.LIST, _Kind.PARAMETER),
        **dict.fromkeys(METHODS, (_Holds.ONE, _Kind.OPERATION)),
    },
    _Kind.OPERATION: {
        "parameters": (_Holds.LIST, _Kind.PARAMETER),
        "requestBody": (_Holds.ONE, _Kind.BODY),
        "responses": (_Holds.MAP, _Kind.RESPONSE),
    },
    _Kind.PARAMETER: {"schema": (_Holds.ONE, _Kind.SCHEMA), **_CONTENT},
    _Kind.BODY: _CONTENT,
    _Kind.RESPONSE: {**_CONTENT, "headers": (_Holds.MAP, _Kind.PARAMETER)},
    _Kind.MEDIA: {"schema": (_Holds.ONE, _Kind.SCHEMA)},
    _Kind.SCHEMA: {
        **dict.fromkeys(
            ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"),
            (_Holds.MAP, _Kind.SCHEMA),
        ),
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), (_Holds.LIST, _Kind.SCHEMA)),
        **dict.fromkeys(
            (
                "not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames",
                "unevaluatedItems", "unevaluatedProperties",
            ),
            (_Holds.ONE, _Kind.SCHEMA),
        ),
    },
}  # fmt: skip


def rewrite(document: dict[str, Any], change: Change) -> dict[str, Any]:
    """Return `document` with `change` applied to every schema that is an object, inner ones first.

    What stays the same is shared with `document`, which is never changed. The document must not be
    nested deeper than Python recurses (see conformance/bounds.py).
    """
    result: dict[str, Any] = _rewritten(document, _Kind.DOCUMENT, change)
    return result


def _rewritten(value: Any, kind: _Kind, change: Change) -> Any:
    if not isinstance(value, dict):
        return value
    grammar = _GRAMMAR[kind]
    copy: dict[str, Any] | None = None
    for key, item in value.items():
        known = grammar.get(key)
        if known is None:
            continue
        new = _held(item, *known, change)
        if new is not item:
            copy = dict(value) if copy is None else copy
            copy[key] = new
    result = value if copy is None else copy
    return change(result) if kind is _Kind.SCHEMA else result


def _held(item: Any, holds: _Holds, kind: _Kind, change: Change) -> Any:
    if holds is _Holds.ONE:
        return _rewritten(item, kind, change)
    if holds is _Holds.LIST and isinstance(item, list):
        parts = [_rewritten(part, kind, change) for part in item]
        return item if all(new is old for new, old in zip(parts, item, strict=True)) else parts
    if holds is _Holds.MAP and isinstance(item, dict):
        named = {name: _rewritten(part, kind, change) for name, part in item.items()}
        return item if all(named[name] is item[name] for name in item) else named
    return item
