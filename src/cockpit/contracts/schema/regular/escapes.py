r"""What does a character class or an escape in a pattern stand for? ECMA-262 with the u flag.

`\d`, `\w` and `\s` are ECMA-262's: digits and word characters are ASCII, white space is Unicode's. The dot
excludes the line feed alone: so do the validator that confirms witnesses and the engine behind Pydantic,
where ECMA-262 excludes three more line terminators. What is no escape in ECMA-262 but an escaped sign is
that sign.

Wide are the readings of engines that take `\d`, `\w` and `\s` for Unicode's; so does the validator in a
pattern that looks ahead.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NoReturn

from cockpit.contracts.schema.regular import categories, chars
from cockpit.contracts.schema.regular.chars import CharSet
from cockpit.contracts.schema.regular.errors import UnsupportedPatternError

DOT = chars.inverse(chars.of_text("\n"))
_DIGIT = chars.of_ranges([(0x30, 0x39)])
_WORD = chars.of_ranges([(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
_SPACE = chars.of_ranges(
    [(9, 13), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
     (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)]
)  # fmt: skip
_SETS = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_SETS.update({name.upper(): chars.inverse(each) for name, each in _SETS.items()})
_WIDE_SPACE = [(9, 13), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A)]
_WIDE_SPACE += [(0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)]
# Letters of enclosed kinds, and the joiners: word characters in spite of their category.
_WIDE_WORD = [(0x200C, 0x200D), (0x24B6, 0x24E9), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189)]
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_HEX = frozenset("0123456789abcdefABCDEF")


def invalid(why: str) -> NoReturn:
    """Raise that the pattern is not a valid one."""
    raise UnsupportedPatternError(f"it is not a valid pattern: {why}")


@lru_cache(maxsize=8)
def _wide(name: str) -> CharSet:
    if name.isupper():
        return chars.inverse(_wide(name.lower()))
    if name == "s":
        return chars.of_ranges(_WIDE_SPACE)
    if name == "d":
        return categories.named("Nd")
    parts = [categories.named(each) for each in ("L", "M", "Nd", "Nl", "Pc")]
    return chars.union([*parts, chars.of_ranges(_WIDE_WORD)])


def escape(pattern: str, at: int, wide: bool) -> tuple[CharSet | int, int]:
    r"""Read the escape whose backslash stands at `at`; return what it stands for and where it ends.

    It stands for a code point or a set. `\b`, `\B`, `\A`, `\z`, `\k` and back references are not for here.
    """
    if at + 1 >= len(pattern):
        invalid("it ends with a backslash")
    letter = pattern[at + 1]
    end = at + 2
    if letter in _SETS:
        return _wide(letter) if wide else _SETS[letter], end
    if letter in _CONTROLS:
        return _CONTROLS[letter], end
    if letter in "pP":
        return _property(pattern, at)
    if letter == "x":
        return _hex(pattern, end, 2), end + 2
    if letter == "u":
        return _unicode(pattern, end)
    if letter == "c":
        control = pattern[end : end + 1]
        if not (control.isascii() and control.isalpha()):
            invalid(r"\c is not followed by a letter")
        return ord(control) % 32, end + 1
    if letter == "0" and not pattern[end : end + 1].isdigit():
        return 0, end
    if not letter.isascii() or letter.isalnum() or not letter.isprintable():
        invalid(f"\\{letter} is no escape")
    return ord(letter), end


def _hex(pattern: str, at: int, count: int) -> int:
    digits = pattern[at : at + count]
    if len(digits) < count or not _HEX.issuperset(digits):
        invalid(f"{count} hexadecimal digits are missing in an escape")
    return int(digits, 16)


def _unicode(pattern: str, at: int) -> tuple[int, int]:
    if pattern[at : at + 1] == "{":
        end = pattern.find("}", at)
        digits = pattern[at + 1 : end] if end > 0 else ""
        if not digits or len(digits) > 16 or not _HEX.issuperset(digits) or int(digits, 16) > 0x10FFFF:
            invalid(r"\u{…} names no character")
        point, end = int(digits, 16), end + 1
    else:
        point, end = _hex(pattern, at, 4), at + 4
        if 0xD800 <= point < 0xDC00 and pattern[end : end + 2] == "\\u" and pattern[end + 2 : end + 3] != "{":
            low = _hex(pattern, end + 2, 4)
            if 0xDC00 <= low < 0xE000:
                return 0x10000 + (point - 0xD800) * 0x400 + (low - 0xDC00), end + 6
    if 0xD800 <= point < 0xE000:
        raise UnsupportedPatternError("it names half of a surrogate pair, which is no character")
    return point, end


def _property(pattern: str, at: int) -> tuple[CharSet, int]:
    start = at + 2
    if pattern[start : start + 1] == "{":
        end = pattern.find("}", start)
        if end < 0:
            invalid(r"\p{ is not closed")
        name, end = pattern[start + 1 : end], end + 1
    else:
        name, end = pattern[start : start + 1], start + 1
    found = categories.named(name)
    return (chars.inverse(found) if pattern[at + 1] == "P" else found), end


def class_end(pattern: str, at: int) -> int:
    """Return where the class whose bracket opens at `at` ends: the place after its closing bracket."""
    place = at + 1
    while place < len(pattern):
        if pattern[place] == "\\":
            place += 1
        elif pattern[place] == "]":
            return place + 1
        place += 1
    invalid("a [ is not closed")


@lru_cache(maxsize=2_000)
def char_class(text: str, wide: bool) -> CharSet:
    """Return the characters of a class, given with its brackets."""
    negated = text.startswith("[^")
    at, end = 1 + negated, len(text) - 1
    if at == end:
        raise UnsupportedPatternError("engines read an empty class ([] or [^]) differently")
    if "[:" in text or "&&" in text or "~~" in text:
        raise UnsupportedPatternError("engines read [:…:], && and ~~ in a class differently")
    ranges: list[tuple[int, int]] = []
    sets: list[CharSet] = []
    while at < end:
        low, at = _member(text, at, wide)
        if text[at] == "-" and at + 1 < end:
            high, at = _member(text, at + 1, wide)
            if isinstance(low, CharSet) or isinstance(high, CharSet):
                invalid("a range in a class starts or ends with a set")
            if high < low:
                invalid("a range in a class is out of order")
            ranges.append((low, high))
        elif isinstance(low, CharSet):
            sets.append(low)
        else:
            ranges.append((low, low))
    found = chars.union([*sets, chars.of_ranges(ranges)]) if sets else chars.of_ranges(ranges)
    return chars.inverse(found) if negated else found


def _member(text: str, at: int, wide: bool) -> tuple[CharSet | int, int]:
    if text[at] != "\\":
        return ord(text[at]), at + 1
    if text[at + 1] == "b":
        return 8, at + 2
    return escape(text, at, wide)
