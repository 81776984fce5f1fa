r"""Which characters does \p{…} name? General categories of Unicode, as the running Python knows them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import groupby

from cockpit.contracts.schema.regular import chars
from cockpit.contracts.schema.regular.chars import CharSet
from cockpit.contracts.schema.regular.errors import UnsupportedPatternError

_LONG = {
    "letter": "L", "cased_letter": "LC", "uppercase_letter": "Lu", "lowercase_letter": "Ll",
    "titlecase_letter": "Lt", "modifier_letter": "Lm", "other_letter": "Lo",
    "mark": "M", "combining_mark": "M", "nonspacing_mark": "Mn", "spacing_mark": "Mc", "enclosing_mark": "Me",
    "number": "N", "decimal_number": "Nd", "digit": "Nd", "letter_number": "Nl", "other_number": "No",
    "punctuation": "P", "punct": "P", "connector_punctuation": "Pc", "dash_punctuation": "Pd",
    "open_punctuation": "Ps", "close_punctuation": "Pe", "initial_punctuation": "Pi",
    "final_punctuation": "Pf", "other_punctuation": "Po",
    "symbol": "S", "math_symbol": "Sm", "currency_symbol": "Sc", "modifier_symbol": "Sk",
    "other_symbol": "So",
    "separator": "Z", "space_separator": "Zs", "line_separator": "Zl", "paragraph_separator": "Zp",
    "other": "C", "control": "Cc", "format": "Cf", "private_use": "Co", "unassigned": "Cn",
}  # fmt: skip
_SHORT = frozenset(_LONG.values())
# Large blocks that are of one kind, and assigned for good, need not be looked through.
_IDEOGRAPHS = (
    (0x3400, 0x4DB5), (0x4E00, 0x9FA5), (0xAC00, 0xD7A3), (0x17000, 0x187EC), (0x20000, 0x2A6D6),
    (0x2A700, 0x2B734), (0x2B740, 0x2B81D), (0x2B820, 0x2CEA1), (0x2CEB0, 0x2EBE0), (0x30000, 0x3134A),
)  # fmt: skip
_PRIVATE = ((0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))
_UNASSIGNED = ((0x34000, 0xDFFFF), (0xE1000, 0xEFFFF))
_KNOWN = sorted((*_IDEOGRAPHS, *_PRIVATE, *_UNASSIGNED))


def named(name: str) -> CharSet:
    """Return the characters that a name between the braces of `\\p{…}` stands for."""
    key, equals, value = name.rpartition("=")
    if not equals or key in ("gc", "General_Category"):
        if not equals and value == "Any":
            return chars.ANY
        if not equals and value == "ASCII":
            return chars.of_ranges([(0, 0x7F)])
        short = value if value in _SHORT else _LONG.get(value.lower())
        if short is not None:
            return _category(short)
    raise UnsupportedPatternError(f"\\p{{{name[:40]}}} is not a general category, and only those are handled")


@lru_cache(maxsize=64)
def _category(short: str) -> CharSet:
    table = _table()
    if short == "LC":
        return chars.union(table[each] for each in ("Lu", "Ll", "Lt"))
    if short == "Cn":
        return chars.inverse(chars.union(each for name, each in table.items() if name != "Cn"))
    if short == "C":
        return chars.inverse(chars.union(each for name, each in table.items() if name[0] != "C"))
    return chars.union(each for name, each in table.items() if name.startswith(short))


@lru_cache(maxsize=1)
def _table() -> dict[str, CharSet]:
    """Every category's characters; read once, when the first pattern asks."""
    found: dict[str, list[tuple[int, int]]] = {"Lo": [*_IDEOGRAPHS], "Co": [*_PRIVATE], "Cn": [*_UNASSIGNED]}
    at = 0
    for first, last in (*_KNOWN, (0x110000, 0x110000)):
        for name, run in groupby(map(unicodedata.category, map(chr, range(at, first)))):
            end = at + len(list(run))
            found.setdefault(name, []).append((at, end - 1))
            at = end
        at = last + 1
    return {name: chars.of_ranges(ranges) for name, ranges in found.items()}
