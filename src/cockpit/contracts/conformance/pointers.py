"""Which part of a document is meant? JSON pointers, and references followed to where they lead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from cockpit.domain.openapi import lookup
from cockpit.domain.text import one_line

_MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class Node:
    """A value in a document and the JSON pointer to it, "" for the document itself."""

    value: Any
    pointer: str

    def at(self, *parts: str | int) -> Node:
        """Return the part that the keys lead to; they must exist."""
        value = self.value
        for part in parts:
            value = value[part]
        return Node(value, join(self.pointer, *parts))

    def get(self, key: str) -> Node | None:
        """Return the part under `key`, None where this is no object or has no such key."""
        if not isinstance(self.value, dict) or key not in self.value:
            return None
        return Node(self.value[key], join(self.pointer, key))


class LostError(Exception):
    """A reference leads nowhere, out of the document, or round in a circle; the reason is its text."""


def join(pointer: str, *parts: str | int) -> str:
    """Return `pointer` with the keys added."""
    return pointer + "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def split(pointer: str) -> list[str]:
    """Return the keys of a JSON pointer."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def named(document: dict[str, Any], reference: str) -> Node:
    """Return what a reference inside `document` names. Raises LostError where it names nothing there."""
    shown = one_line(reference, 100)
    if not reference.startswith("#"):
        raise LostError(f"the reference {shown!r} leads out of the document, and nothing is fetched")
    for written in (reference, unquote(reference)):
        value = lookup(document, written)
        if value is not None:
            return Node(value, written[1:])
    raise LostError(f"the reference {shown!r} leads nowhere")


def followed(document: dict[str, Any], node: Node) -> Node:
    """Return `node`, its reference followed as long as it is one. Raises LostError."""
    for _ in range(_MOST_STEPS):
        if not (isinstance(node.value, dict) and isinstance(node.value.get("$ref"), str)):
            return node
        node = named(document, node.value["$ref"])
    raise LostError(f"the reference at {one_line(node.pointer, 100)} leads round in a circle")
