"""How is a JSON value shown on one line, so that the part that decides stands out?"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_LEAST_ROOM = 12  # cells that the deciding part keeps, however narrow the line is
_HALF_ESCAPE = re.compile(r"(?<!\\)\\(u[0-9a-f]{0,3})?$")
# json escapes what ASCII has of control characters; beyond it some do not print, or turn the line around.
_HIDDEN = re.compile(r"[^\x20-\x7e]")


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
    for full in (True, False):
        before = "".join(_opening(holder, key, full) for holder, key in way)
        after = "".join(_closing(holder, key, full) for holder, key in reversed(way))
        room = width - len(before) - len(after)
        text = dump(part)
        if len(text) <= room:
            return Marked(before, text, after, missing)
    text = short(part, max(_LEAST_ROOM, room))
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
    text = dump(value)
    if len(text) <= room:
        return text
    if isinstance(value, str):
        size, end = f" ({len(value):,} characters)", '…"'
    elif isinstance(value, list):
        size, end = f" ({len(value):,} items)", " …]"
    elif isinstance(value, dict):
        size, end = f" ({len(value):,} keys)", " …}"
    else:
        size, end = "", "…"
    return _HALF_ESCAPE.sub("", text[: max(1, room - len(size) - len(end))]) + end + size


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


def _opening(holder: Any, key: str | int, full: bool) -> str:
    """Everything of an object or an array before the part that `key` names."""
    if isinstance(holder, dict):
        names = list(holder)
        earlier = names[: names.index(key)]
        shown = [f"{dump(name)}: {dump(holder[name])}, " for name in earlier] if full else []
        return "{" + ("".join(shown) or ("…, " if earlier else "")) + f"{dump(key)}: "
    shown = [f"{dump(item)}, " for item in holder[:key]] if full else []
    return "[" + ("".join(shown) or ("…, " if key else ""))


def _closing(holder: Any, key: str | int, full: bool) -> str:
    """Everything of an object or an array after the part that `key` names."""
    if isinstance(holder, dict):
        names = list(holder)
        later = names[names.index(key) + 1 :]
        shown = [f", {dump(name)}: {dump(holder[name])}" for name in later] if full else []
        return ("".join(shown) or (", …" if later else "")) + "}"
    later = holder[int(key) + 1 :]
    shown = [f", {dump(item)}" for item in later] if full else []
    return ("".join(shown) or (", …" if later else "")) + "]"


def _escaped(found: re.Match[str]) -> str:
    character = found.group()
    if character.isprintable():
        return character
    return json.dumps(character)[1:-1]
