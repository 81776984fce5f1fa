"""When are two JSON values equal, and of which type is one? 1 equals 1.0, and true is not 1."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any


class Kind(IntEnum):
    """The JSON types, the simplest first; a whole number is a number."""

    NULL = 0
    BOOLEAN = 1
    NUMBER = 2
    STRING = 3
    ARRAY = 4
    OBJECT = 5


class NotJsonError(Exception):
    """A value that JSON does not have: infinity, NaN, or a foreign object."""


def kind_of(value: Any) -> Kind:
    """Return the JSON type of `value`. Raises NotJsonError if it is no JSON value."""
    if value is None:
        return Kind.NULL
    if value is True or value is False:
        return Kind.BOOLEAN
    if isinstance(value, str):
        return Kind.STRING
    if isinstance(value, int | float | Decimal):
        return Kind.NUMBER
    if isinstance(value, list | tuple):
        return Kind.ARRAY
    if isinstance(value, dict):
        return Kind.OBJECT
    raise NotJsonError


# A number with more digits than this is written by nobody in earnest, and costs seconds as a fraction.
_MOST_DIGITS = 400


def exact(number: Any) -> int | Fraction:
    """Return a JSON number as it is written: 0.1 is a tenth. Raises NotJsonError for inf and NaN."""
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
        raise NotJsonError
    if isinstance(number, int):
        if number.bit_length() > _MOST_DIGITS * 4:
            raise NotJsonError
        return number
    written = Decimal(repr(number)) if isinstance(number, float) else number
    if not written.is_finite() or abs(written.adjusted()) > _MOST_DIGITS:
        raise NotJsonError
    fraction = Fraction(written)
    return fraction.numerator if fraction.denominator == 1 else fraction


def written(number: int | Fraction) -> int | float:
    """Return an exact number as Python's json writes it; a float where it is not whole."""
    if isinstance(number, Fraction):
        return number.numerator if number.denominator == 1 else float(number)
    return number


_TRUE, _FALSE = ("boolean", True), ("boolean", False)


def key(value: Any) -> Hashable:
    """Return what is equal for equal JSON values and differs for others. Raises NotJsonError."""
    kind = kind_of(value)
    if kind is Kind.BOOLEAN:
        return _TRUE if value else _FALSE
    if kind is Kind.NUMBER:
        return exact(value)
    if kind is Kind.ARRAY:
        return ("array", *[key(item) for item in value])
    if kind is Kind.OBJECT:
        return ("object", frozenset((name, key(item)) for name, item in value.items()))
    return value  # type: ignore[no-any-return]
