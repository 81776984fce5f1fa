"""How are plain JSON values of a document said in words? Any shape will do: they are read, not trusted."""

from __future__ import annotations

from typing import Any

_DEPTH = 4
_ITEMS = 60


def words(value: Any, depth: int = 0) -> str:
    """Return a value as one phrase: lists by commas, mappings as "key value"; "…" below four levels."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if depth >= _DEPTH:
        return "…"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        items = list(value.items())[:_ITEMS]
        said = ((str(key), words(item, depth + 1)) for key, item in items)
        return ", ".join(f"{key} {text}" for key, text in said if text)
    if isinstance(value, (list, tuple)):
        return ", ".join(text for text in (words(item, depth + 1) for item in value[:_ITEMS]) if text)
    return str(value)


def records(value: Any) -> list[dict[str, Any]]:
    """Return the mappings of a list; a lone value becomes {"name": value}; anything else is left out."""
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, (list, tuple)):
        return []
    return [item if isinstance(item, dict) else {"name": item} for item in value[:_ITEMS]]


def mapping(value: Any) -> dict[str, Any]:
    """Return the value if it is a mapping, else {}."""
    return value if isinstance(value, dict) else {}
