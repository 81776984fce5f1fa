"""Which two documents are versions of one API? Components that refer to each other, a few of them changed."""

from __future__ import annotations

from random import Random
from typing import Any

from support.schemas import nasty, realistic
from support.schemas.attack import renamed
from support.schemas.mutations import change


def document(rng: Random) -> dict[str, Any]:
    """Return a document with the definitions of several others; its root accepts what any of them does."""
    definitions: dict[str, Any] = {}
    for number in range(3):
        drawn = (realistic if rng.random() < 0.6 else nasty).document(rng)
        made = renamed(drawn, f"m{number}") if isinstance(drawn, dict) else {"not": {}}
        definitions |= made.get("$defs", {})
        definitions[f"root{number}"] = {key: value for key, value in made.items() if key != "$defs"}
    return {"$defs": definitions, "anyOf": [{"$ref": f"#/$defs/{name}"} for name in definitions]}


def pair(rng: Random) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Return two versions of a document, and the names of the definitions that both have."""
    a = document(rng)
    b = a
    for _ in range(4):
        changed = change(b, rng)
        if changed is not None and "$defs" in changed[0]:
            b = changed[0]
    return a, b, [name for name in a["$defs"] if name in b["$defs"]]


def alone(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Return one definition as a document of its own."""
    return {"$ref": f"#/$defs/{name}", "$defs": document["$defs"]}
