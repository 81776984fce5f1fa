"""What becomes of a schema when one place in it changes? The changed one, and what is known of the two."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

from support.schemas.changes import MUTATIONS, Effect, Node
from support.schemas.places import Path, at, places, put


def change(
    document: Any, rng: Random, effects: tuple[Effect, ...] = tuple(Effect)
) -> tuple[Any, Effect, str] | None:
    """Return `document` changed in one place, the effect on the whole and the name; None if none was found.

    The effect is OTHER where the place does not let the whole grow with it, unless the change is equal.
    """
    found = places(document)
    spots = list(found)
    for _ in range(40):
        path = rng.choice(spots)
        node = at(document, path)
        if not isinstance(node, dict):
            continue
        if "$ref" in node and rng.random() < 0.5:
            made = _inlined(document, node)
            effect, name = Effect.EQUAL, "inlined"
        else:
            mutation = rng.choice(MUTATIONS)
            changed = mutation(node, rng)
            if changed is None:
                continue
            (made, effect), name = changed, mutation.__name__
        if not _kept(document, path, effect, found, name):
            effect = Effect.OTHER
        if effect in effects:
            return _placed(document, path, made), effect, name
    return None


def mutated(document: Any, rng: Random) -> Any:
    """Return `document` changed in one place, whatever that does; as it was where nothing could be."""
    changed = change(document, rng)
    return copy.deepcopy(document) if changed is None else changed[0]


def _kept(document: Any, path: Path, effect: Effect, found: dict[Path, bool], name: str) -> bool:
    """True if the effect on the part is the effect on the whole."""
    if effect is Effect.EQUAL:
        # A wrapped or rewritten part may pass on other annotations, on which `unevaluated…` depends.
        return name in ("notes", "members", "strictness") or "unevaluated" not in repr(document)
    return found[path]


def _inlined(document: Any, node: Node) -> Any:
    target = at(document, tuple(node["$ref"].removeprefix("#/").split("/")))
    beside = {key: value for key, value in node.items() if key != "$ref"}
    return {**beside, "allOf": [target, *beside.get("allOf", ())]} if beside else copy.deepcopy(target)


def _placed(document: Any, path: Path, made: Any) -> Any:
    """Put the part back; definitions stay at the root, where references look for them."""
    if path or not isinstance(document, dict) or "$defs" not in document or not isinstance(made, dict):
        return put(document, path, made)
    return {**_without_definitions(made, document["$defs"]), "$defs": document["$defs"]}


def _without_definitions(node: Any, definitions: Any) -> Any:
    """A wrapped root carries its definitions inside; they are named from the root alone."""
    if isinstance(node, list):
        return [_without_definitions(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _without_definitions(value, definitions)
        for key, value in node.items()
        if not (key == "$defs" and value is definitions)
    }
