"""Which patterns do schemas hold, plain and strange? Drawn, with every short string to try them on."""

from __future__ import annotations

import itertools
from random import Random
from typing import Any

ALPHABET = ("a", "b", "0", "-", "é", "\n")
WORDS = ["".join(parts) for count in range(5) for parts in itertools.product(ALPHABET, repeat=count)]
UNIVERSE = {"type": "string", "pattern": "^[ab0é\\n-]*$", "maxLength": 4}
_ATOMS = (
    "a", "b", "0", "-", "é", ".", "\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "[ab]", "[^a]", "[a-b0]",
    "[^\\d]", "[\\w-]",
    "[\\s\\S]", "\\n", "\\x61", "\\u0062", "[^]", "[a-]", "\\-", "\\p{L}", "\\P{Ll}", "[\\p{Nd}b]",
)  # fmt: skip
_TIMES = ("*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}", "*?", "+?", "{0}")
_EDGES = ("^", "$", "\\b", "\\B", "(?=a)", "(?!a)", "(?=.*b)", "(?!.*0)", "(?<=a)", "(?<!b)", "")


class Drawn:
    """Draws patterns; `strange` ones hold assertions in the middle, and look around."""

    def __init__(self, rng: Random, *, strange: bool) -> None:
        self._rng, self._strange = rng, strange

    def pattern(self) -> str:
        """Return one pattern."""
        rng = self._rng
        inner = self._either(2)
        head = rng.choice(("^", "^", "^", ""))
        tail = rng.choice(("$", "$", "$", ""))
        if "|" in inner and rng.random() < 0.7:
            inner = f"(?:{inner})"
        if self._strange and rng.random() < 0.5:
            head += rng.choice(_EDGES)
        return head + inner + tail

    def _either(self, depth: int) -> str:
        rng = self._rng
        return "|".join(self._row(depth) for _ in range(rng.choice((1, 1, 1, 2, 3))))

    def _row(self, depth: int) -> str:
        rng = self._rng
        parts = []
        for _ in range(rng.choice((0, 1, 1, 2, 3))):
            if depth > 0 and rng.random() < 0.3:
                part = f"{rng.choice(('(', '(?:', '('))}{self._either(depth - 1)})"
            else:
                part = rng.choice(_ATOMS)
            if rng.random() < 0.4:
                part += rng.choice(_TIMES)
            if self._strange and rng.random() < 0.15:
                part += rng.choice(_EDGES)
            parts.append(part)
        return "".join(parts)


def pair(rng: Random) -> tuple[Any, Any, list[Any]]:
    """Return strings of a small universe under one or two patterns, other rules, and the whole universe."""
    drawn = Drawn(rng, strange=rng.random() < 0.4)
    left, right = drawn.pattern(), drawn.pattern()
    a: dict[str, Any] = {"allOf": [UNIVERSE, {"pattern": left}]}
    if rng.random() < 0.4:
        # Close to each other: one may well be in the other.
        left_part, right_part = left.strip("^$"), right.strip("^$")
        right = rng.choice(
            (
                f"^(?:{left_part})?$",
                f"^(?:{left_part}|{right_part})$",
                f"^(?:{left_part})*$",
                left_part,
                f"{left}|{right}",
            )
        )
    b: dict[str, Any] = {"pattern": right}
    chance = rng.random()
    if chance < 0.15:
        b["minLength"] = rng.choice((1, 2))
    elif chance < 0.3:
        b = {"anyOf": [b, {"pattern": drawn.pattern()}]}
    elif chance < 0.4:
        b = {"not": b}
    elif chance < 0.5:
        a["allOf"].append({"not": {"pattern": drawn.pattern()}})
    elif chance < 0.6:
        a, b = _named(a), _named(b)
        return a, b, [{word: 1} for word in WORDS]
    return a, b, WORDS


def _named(names: dict[str, Any]) -> dict[str, Any]:
    """Return the objects with one property whose name follows the rules."""
    return {"type": "object", "propertyNames": names, "minProperties": 1, "maxProperties": 1}
