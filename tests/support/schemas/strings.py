"""Which strings does a pattern or a format accept? A few of them, drawn; the judge has the last word."""

from __future__ import annotations

import re
from random import Random
from typing import Any

FORMATS = {
    "uuid": ["00000000-0000-4000-8000-000000000000", "3fa85f64-5717-4562-b3fc-2c963f66afa6"],
    "date": ["2020-02-29", "1999-12-31", "2021-02-29"],
    "time": ["00:00:00Z", "23:59:60Z", "12:30:00+02:00", "12:30:00"],
    "date-time": ["2020-01-01T00:00:00Z", "1999-12-31T23:59:59.5+01:00", "2020-01-01 00:00:00"],
    "duration": ["P1D", "PT1H30M", "P1Y2M", "P"],
    "email": ["a@b.co", "x.y+z@example.org", "a@b", "@"],
    "uri": ["http://a.example/", "urn:x:y", "mailto:a@b.co", "a"],
    "ipv4": ["127.0.0.1", "255.255.255.255", "256.0.0.1", "1.2.3"],
    "ipv6": ["::1", "2001:db8::1", ":::"],
    "hostname": ["example.org", "a", "-a"],
    "binary": ["", "x"],
    "int32": ["1"],
}
PLAIN = [
    "",
    "a",
    "b",
    "ab",
    "aa",
    "abc",
    "A",
    "0",
    "1",
    "12",
    "-1",
    "a1",
    "x" * 11,
    "é",
    "😀",
    " ",
    "\n",
    "null",
]
_CATEGORIES = {
    "CATEGORY_DIGIT": "0123456789",
    "CATEGORY_NOT_DIGIT": "aZ_ é",
    "CATEGORY_WORD": "azAZ09_",
    "CATEGORY_NOT_WORD": "- .é",
    "CATEGORY_SPACE": " \t\n",
    "CATEGORY_NOT_SPACE": "a0é",
}


def matching(pattern: str, rng: Random) -> str:
    """Return a string that `pattern` likely matches; "" where the pattern is not understood."""
    try:
        tree = re._parser.parse(pattern)  # type: ignore[attr-defined]
    except (re.error, OverflowError, RecursionError):
        return ""
    text = "".join(_drawn(tree, rng, {}))
    if not pattern.startswith("^") and rng.random() < 0.3:
        text = rng.choice("a0 -") + text
    if not pattern.endswith("$") and rng.random() < 0.3:
        text += rng.choice("a0 -")
    return text


def _drawn(tree: Any, rng: Random, groups: dict[int, str]) -> list[str]:
    out: list[str] = []
    for op, given in tree:
        name = str(op)
        if name == "LITERAL":
            out.append(chr(given))
        elif name == "NOT_LITERAL":
            out.append(next(c for c in rng.sample("ab01-é", 6) if ord(c) != given))
        elif name == "ANY":
            out.append(rng.choice("ab0 é"))
        elif name == "IN":
            out.append(_member(given, rng))
        elif name == "BRANCH":
            out += _drawn(rng.choice(given[1]), rng, groups)
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, inner = given
            for _ in range(rng.randint(least, min(int(most), least + rng.choice((0, 1, 2, 4))))):
                out += _drawn(inner, rng, groups)
        elif name == "SUBPATTERN":
            text = "".join(_drawn(given[3], rng, groups))
            if given[0] is not None:
                groups[given[0]] = text
            out.append(text)
        elif name == "ATOMIC_GROUP":
            out += _drawn(given, rng, groups)
        elif name == "GROUPREF":
            out.append(groups.get(given, ""))
    return out


def _member(parts: Any, rng: Random) -> str:
    negated = str(parts[0][0]) == "NEGATE"
    if negated:
        allowed = [c for c in "ab01AZ_- .é😀" if not any(_holds(part, c) for part in parts[1:])]
        return rng.choice(allowed or ["~"])
    op, given = rng.choice(parts)
    if str(op) == "LITERAL":
        return chr(given)
    if str(op) == "RANGE":
        least, most = given
        return chr(rng.choice((least, most, rng.randint(least, most))))
    return rng.choice(_CATEGORIES.get(str(given), "a"))


def _holds(part: Any, character: str) -> bool:
    op, given = str(part[0]), part[1]
    if op == "LITERAL":
        return ord(character) == given
    if op == "RANGE":
        return bool(given[0] <= ord(character) <= given[1])
    return character in _CATEGORIES.get(str(given), "")
