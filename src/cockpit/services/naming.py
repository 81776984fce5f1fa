"""How do names of a contract become names of Python?"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+")


def snake(name: str) -> str:
    """Return `name` as a Python name in snake case: "planId" → "plan_id", "X-Trace" → "x_trace"."""
    words = _WORD.findall(name)
    joined = "_".join(word.lower() for word in words) or "value"
    if joined[0].isdigit():
        joined = f"n{joined}"
    return f"{joined}_" if keyword.iskeyword(joined) or joined in _RESERVED else joined


def pascal(name: str) -> str:
    """Return `name` as the name of a class: "create_plan" → "CreatePlan", "acme.plan-v2" → "AcmePlanV2"."""
    if re.fullmatch(r"[A-Z][A-Za-z0-9]*", name):
        return name if name not in _TAKEN else f"{name}Model"
    joined = "".join(word[0].upper() + word[1:] for word in _WORD.findall(name)) or "Value"
    if joined[0].isdigit():
        joined = f"N{joined}"
    return f"{joined}Model" if joined in _TAKEN else joined


def unique(name: str, taken: Iterable[str]) -> str:
    """Return `name`, with a number behind it if it is among `taken`."""
    used = set(taken)
    number = 2
    candidate = name
    while candidate in used:
        candidate = f"{name}{number}"
        number += 1
    return candidate


# `body` is the request's body; the others are names that the generated modules need for themselves.
_RESERVED = frozenset(
    {
        "body", "models", "operations", "router",
        "bool", "bytes", "compile", "date", "datetime", "dict", "float", "int", "list", "set", "str", "time",
        "timedelta", "tuple", "type",
    }
)  # fmt: skip
# Names that the generated models import or define themselves.
_TAKEN = frozenset(
    {
        "Annotated", "Any", "AnyUrl", "AwareDatetime", "BaseModel", "ConfigDict", "ContractModel", "Decimal",
        "EmailStr", "Enum", "False", "Field", "Literal", "MISSING", "None", "RootModel", "StringConstraints",
        "True", "TypeAliasType", "UUID",
    }
)  # fmt: skip
