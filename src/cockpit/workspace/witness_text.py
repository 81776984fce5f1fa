"""How is a JSON value shown on one line, so that the part that decides stands out?"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sized
from dataclasses import dataclass
from typing import Any

_LEAST_ROOM = 12  # cells that the deciding part keeps, however narrow the line is
_HALF_ESCAPE = re.compile(r"(?<!\\)\\(u[0-9a-f]{0,3})?$")
# json escapes what ASCII has of control characters; beyond it some do not print, or turn the line around.
_HIDDEN = re.compile(r"[^\x20-\x7e]")
_ENCODER = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Marked:
    """One line in three parts; `part` is the one that decides.

    `missing` is the name of the property that the pointer names and the value lacks, "" otherwise: then
    `part` is the object that ought to have it.
    """

    before: str
    part: str
    after: str
    missing: str = ""

    @property
    def text(self) -> str:
        """The whole line."""
        return self.before + self.part + self.after


def marked(value: Any, pointer: str, width: int) -> Marked:
    """Return `value` as compact JSON in about `width` characters, the part at `pointer` apart.

    What does not fit is left out as "…": first what stands beside the way to the part, then the middle of
    the part, last the beginning of the way. Whatever is no printable character is written as its escape.
    """
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    way, part, missing = _walk(value, steps)
    whole, fits = _begun(value, width)
    if fits:
        # Everything has room: what stands beside the way is written too.
        before = "".join(_opening(holder, key, full=True) for holder, key in way)
        text = dump(part)
        return Marked(before, text, whole[len(before) + len(text) :], missing)
    before = "".join(_opening(holder, key, full=False) for holder, key in way)
    after = "".join(_closing(holder, key) for holder, key in reversed(way))
    text = short(part, max(_LEAST_ROOM, width - len(before) - len(after)))
    spare = max(0, width - len(text) - len(after) - 1)
    if len(before) > spare + 1:
        before = "…" + before[len(before) - spare :]
    if len(after) > width:
        after = after[: max(1, width - len(text))] + "…"
    return Marked(before, text, after, missing)


def dump(value: Any) -> str:
    """Return `value` as JSON on one line, every character that does not print as its escape.

    "…" stands for what is too deep, or too long a number, to be written.
    """
    try:
        return _HIDDEN.sub(_escaped, json.dumps(value, ensure_ascii=False))
    except (RecursionError, ValueError):
        return "…"


def short(value: Any, room: int) -> str:
    """Return `value` as JSON if that fits `room` characters, else its beginning and its size."""
    text, fits = _begun(value, room)
    if fits or text == "…":
        return text
    if isinstance(value, str):
        size, end = _size(value, "character"), '…"'
    elif isinstance(value, list):
        size, end = _size(value, "item"), " …]"
    elif isinstance(value, dict):
        size, end = _size(value, "key"), " …}"
    else:
        size, end = "", "…"
    return _HALF_ESCAPE.sub("", text[: max(1, room - len(size) - len(end))]) + end + size


def _size(value: Sized, noun: str) -> str:
    return f" ({len(value):,} {noun}{'' if len(value) == 1 else 's'})"


def _begun(value: Any, room: int) -> tuple[str, bool]:
    """Return `value` as `dump` writes it and True, or only a beginning longer than `room` and False.

    However large the value is, little more than `room` characters of it are written.
    """
    parts: list[str] = []
    size = 0
    if isinstance(value, str) and len(value) > room:
        value = value[: room + 1]
    try:
        for part in _ENCODER.iterencode(value):
            parts.append(_HIDDEN.sub(_escaped, part[: room + 1]))
            size += len(parts[-1])
            if size > room or len(part) > room:
                return "".join(parts), False
    except (RecursionError, ValueError):
        return "…", False
    return "".join(parts), True


def _walk(value: Any, steps: list[str]) -> tuple[list[tuple[Any, str | int]], Any, str]:
    """Return the containers with the keys that lead on, the part at the end, and the name it lacks."""
    way: list[tuple[Any, str | int]] = []
    for number, step in enumerate(steps):
        if isinstance(value, dict) and step in value:
            key: str | int = step
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            key = int(step)
        else:
            last = number == len(steps) - 1
            return way, value, step if last and isinstance(value, dict) else ""
        way.append((value, key))
        value = value[key]
    return way, value, ""


def _opening(holder: Any, key: str | int, *, full: bool) -> str:
    """Everything of an object or an array before the part that `key` names, or "…" for it."""
    if isinstance(holder, dict):
        named = f"{dump(key)}: "
        if not full:
            return "{" + ("" if next(iter(holder)) == key else "…, ") + named
        earlier = itertools.takewhile(lambda name: name != key, holder)
        return "{" + "".join(f"{dump(name)}: {dump(holder[name])}, " for name in earlier) + named
    if not full:
        return "[…, " if key else "["
    return "[" + "".join(f"{dump(item)}, " for item in holder[: int(key)])


def _closing(holder: Any, key: str | int) -> str:
    """What stands behind the part that `key` names: "…" where there is more."""
    if isinstance(holder, dict):
        return "}" if next(reversed(holder)) == key else ", …}"
    return "]" if int(key) == len(holder) - 1 else ", …]"


def _escaped(found: re.Match[str]) -> str:
    character = found.group()
    # Variation selectors print, but as wide as each terminal likes.
    if character.isprintable() and character not in "\ufe0e\ufe0f":
        return character
    return json.dumps(character)[1:-1]
