"""How do pydantic's errors become problems at a line, saying what to write instead?"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_args

from cockpit.domain.text import one_line
from cockpit.errors import Problem
from cockpit.rpts.yaml_core import Block, Path

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

_MOST = 40
_HINTS = {
    "id": "write RPT- and four digits or more: RPT-0007",
    "supersedes": "write the id of another RPT: RPT-0003",
    "service": "write lower-case words joined by hyphens: scan-to-plan",
    "env_secret": "write the NAME of an environment variable (OPENAI_API_KEY), never its value",
    **dict.fromkeys(("created", "due", "review_by", "at"), "write the date as 2026-12-15"),
    **dict.fromkeys(
        ("researcher", "engineer", "by", "approvers"), "write a handle: letters, digits, dots and hyphens"
    ),
}


def problems(
    error: ValidationError, model: type[BaseModel], block: Block, name: str, lines: list[str], what: str
) -> list[Problem]:
    """Return what `error` found in `block`, one problem a place; `what` names the block in words."""
    found: dict[Path, Problem] = {}
    items = error.errors(include_url=False, include_context=True)
    paths = [_path(item["loc"], block) for item in items]
    for item, path in zip(items, paths, strict=True):
        # Of a union every branch complains; the branch that got furthest is the one that was meant.
        if any(len(other) > len(path) and other[: len(path)] == path for other in paths):
            continue
        if path in found:
            continue
        line, column = block.place(path) or (1, 1)
        source = lines[line - 1] if line <= len(lines) else ""
        code, message, do = _say(item, path, model, source, what)
        found[path] = Problem(code, message, do, name, line, column)
    return sorted(found.values(), key=lambda p: (p.line or 0, p.column or 0))[:_MOST]


def _path(loc: tuple[int | str, ...], block: Block) -> Path:
    """The part of pydantic's loc that is in the document: it also names union branches and models."""
    path: Path = ()
    for number, part in enumerate(loc):
        if (*path, part) in block.places or (number == len(loc) - 1 and isinstance(part, str)):
            path = (*path, part)
    return path


def _say(item: Any, path: Path, model: type[BaseModel], source: str, what: str) -> tuple[str, str, str]:
    kind, given = item["type"], item.get("input")
    field = str(next((part for part in reversed(path) if isinstance(part, str)), what))
    shown = one_line(field, 60)
    if kind == "missing":
        return ("field-missing", f"{what}: `{shown}` is missing", f"add `{shown}: …` here")
    if kind == "extra_forbidden":
        near = get_close_matches(field, _names(model), n=1)
        do = (
            f"did you mean `{near[0]}`?"
            if near
            else f"take it out; known here: {', '.join(sorted(_names(model))[:12])}"
        )
        return ("field-unknown", f"{what}: there is no field `{shown}`", do)
    if kind == "string_type" and isinstance(given, bool | int | float):
        raw = _raw(source) or str(given)
        return ("number-for-text", f"`{shown}` is a text, and {raw} reads as a number", f'write "{raw}"')
    if kind in (
        "string_type",
        "dict_type",
        "list_type",
        "model_type",
        "model_attributes_type",
        "int_type",
        "float_type",
    ):
        wanted = _WANTED[kind]
        return ("wrong-type", f"`{shown}` must be {wanted[0]}, not {_kind(given)}", f"write {wanted[1]}")
    if kind in ("literal_error", "enum"):
        expected = item.get("ctx", {}).get("expected", "")
        return ("wrong-word", f"`{shown}` cannot be {one_line(str(given), 40)!r}", f"write one of {expected}")
    if field in _HINTS and kind.startswith("string"):
        return ("wrong-form", f"`{shown}` cannot be {one_line(str(given), 60)!r}", _HINTS[field])
    return (
        "wrong-value",
        f"`{shown}`: {one_line(str(item['msg']), 200)}",
        "see the format of an RPT: docs/rpt.md",
    )


_WANTED = {
    "string_type": ("a text", "it as text"),
    "dict_type": ("a mapping", "`key: value` lines below it"),
    "model_type": ("a mapping", "`key: value` lines below it"),
    "model_attributes_type": ("a mapping", "`key: value` lines below it"),
    "list_type": ("a list", "it as `- item` lines, or in [ ]"),
    "int_type": ("a whole number", "a whole number without quotes"),
    "float_type": ("a number", "a number without quotes"),
}


def _kind(value: Any) -> str:
    names = {dict: "a mapping", list: "a list", str: "a text", bool: "true or false", type(None): "nothing"}
    return names.get(type(value), "a number")


def _raw(source: str) -> str:
    match = re.search(r":\s*([-+.0-9eE]+|true|false)\s*(?:#.*)?$", source)
    return match[1] if match else ""


def _names(model: Any, depth: int = 0) -> set[str]:
    """Every field name of a model and of the models inside it: the pool for "did you mean"."""
    if depth > 4:
        return set()
    names: set[str] = set()
    for field, info in getattr(model, "model_fields", {}).items():
        names.add(info.alias or field)
        for part in _models(info.annotation):
            names |= _names(part, depth + 1)
    return names


def _models(annotation: Any) -> list[Any]:
    if hasattr(annotation, "model_fields"):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]
