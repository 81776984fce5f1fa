"""Which parent did a tool write into a text for machines? JSON and trailers in bodies and comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from cockpit.stacks.evidence.lists import MOST_TEXT

# Most texts hold none of these, and looking for words is a tenth of looking for patterns.
_SIGNS = ("av pr metadata", "mergify-stack-data:", "Depends-On:", "Based on PR #")
_AV = re.compile(r"<!-- av pr metadata[^{]{0,2000}")
_MERGIFY = re.compile(r"<!-- mergify-stack-data:\s*")
_DEPENDS = re.compile(r"^Depends-On:[ \t]*(?:#|https?://\S{1,300}/pull/)(\d{1,9})\b", re.MULTILINE)
_BASED = re.compile(r"^#{0,3} ?Based on PR #(\d{1,9})\b", re.MULTILINE)


def below(text: str, number: int) -> Iterator[tuple[str, str | int]]:
    """Yield (source, branch or number of the pull request below) of everything in `text` that says so."""
    text = text[:MOST_TEXT]
    if not any(sign in text for sign in _SIGNS):
        return
    said = _json_after(_AV, text)
    if isinstance(said, dict):
        parent, pull = said.get("parent"), said.get("parentPull")
        if isinstance(parent, str) and parent:
            yield "av", parent
        elif isinstance(pull, int) and not isinstance(pull, bool) and pull > 0:
            yield "av", pull
    found = _mergify(_json_after(_MERGIFY, text), number)
    if found is not None:
        yield "mergify", found
    for source, pattern in (("mergify", _DEPENDS), ("git-machete", _BASED)):
        match = pattern.search(text)
        if match is not None and int(match[1]) != number:
            yield source, int(match[1])


def _mergify(said: Any, number: int) -> int | None:
    """Return the number before `number` in Mergify's list, which begins with the lowest."""
    listed = said.get("pulls") if isinstance(said, dict) else None
    if not isinstance(listed, list):
        return None
    numbers = [one.get("number") for one in listed[:500] if isinstance(one, dict)]
    if number not in numbers or numbers[0] == number:
        return None
    lower = numbers[numbers.index(number) - 1]
    return lower if isinstance(lower, int) else None


def _json_after(mark: re.Pattern[str], text: str) -> Any:
    found = mark.search(text)
    if found is None:
        return None
    try:
        return json.JSONDecoder().raw_decode(text, found.end())[0]
    except (ValueError, RecursionError):
        return None
