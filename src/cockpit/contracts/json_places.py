"""Where in a JSON text does each part stand? Lines and columns for JSON pointers, in large texts too."""

from __future__ import annotations

import re
from bisect import bisect_right
from json.decoder import JSONDecoder, scanstring  # type: ignore[attr-defined]

_SPACE = re.compile(r"[ \t\n\r]*")
_MOST_INDEXED = 2_000


class JsonPlaces:
    """Finds parts of one JSON text that is known to be well formed.

    A container is walked once, when something in it is asked for: what is beside the way is skipped by
    the C scanner. So ten thousand questions about a large document cost little more than one.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._skip = JSONDecoder().raw_decode
        # Where a container begins → its keys, each with where the key and where its value begins.
        self._known: dict[int, dict[str, tuple[int, int]]] = {}

    def place(self, pointer: str) -> tuple[int, int]:
        """Return line and column, from 1, of the key that `pointer` leads to.

        A pointer that leads further than the document gives the last part that there is.
        """
        value = self._space(0)
        key = value
        for part in pointer.split("/")[1:]:
            inside = self._inside(value).get(part.replace("~1", "/").replace("~0", "~"))
            if inside is None:
                break
            key, value = inside
        line = bisect_right(self._lines, key) - 1
        return line + 1, key - self._lines[line] + 1

    def _inside(self, start: int) -> dict[str, tuple[int, int]]:
        if start not in self._known:
            if len(self._known) > _MOST_INDEXED:
                self._known.clear()
            self._known[start] = self._walked(start)
        return self._known[start]

    def _walked(self, start: int) -> dict[str, tuple[int, int]]:
        text, found = self._text, {}
        if text[start] not in "{[":
            return {}
        is_object = text[start] == "{"
        at = self._space(start + 1)
        number = 0
        while text[at] not in "}]":
            key, name = at, str(number)
            if is_object:
                name, end = scanstring(text, at + 1)
                at = self._space(self._space(end) + 1)  # over the colon
            found[name] = (key, at)
            number += 1
            at = self._space(self._skip(text, at)[1])
            if text[at] == ",":
                at = self._space(at + 1)
        return found

    def _space(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at
