"""Where does a part of a schema stand? A chain that becomes a JSON pointer only when somebody asks."""

from __future__ import annotations

from typing import Any

# A JSON pointer, or the place around and the names from there on.
Place = str | tuple[Any, ...]


def pointer(place: Place) -> str:
    """Return a place as a JSON pointer."""
    tokens: list[str] = []
    while not isinstance(place, str):
        place, *inner = place
        tokens[:0] = [escaped(token) for token in inner]
    return "".join([place, *(f"/{token}" for token in tokens)])


def escaped(name: Any) -> str:
    """Return a name as a token of a JSON pointer."""
    return str(name).replace("~", "~0").replace("/", "~1")
