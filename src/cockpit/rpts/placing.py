"""How do pydantic's errors become problems at a line, saying what to write instead?"""

from __future__ import annotations

from collections.abc import Sequence
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
    "operation": "write a method and a path as the contract does: POST /v1/plan",
    "env_secret": "write the NAME of an environment variable (OPENAI_API_KEY), never its value",
    **dict.fromkeys(
        ("created", "due", "review_by", "at", "until"), "write a date of the calendar as 2026-12-15"
    ),
    **dict.fromkeys(
        ("researcher", "engineer", "by", "approvers"),
        "write a handle: letters, digits, dots and hyphens, without @",
    ),
}
# Kind of error → what is wanted, and what to write.
_WANTED = {
    "string_type": ("a text", "it as text"),
    "dict_type": ("a mapping", "`key: value` lines below it"),
    "model_type": ("a mapping", "`key: value` lines below it"),
    "model_attributes_type": ("a mapping", "`key: value` lines below it"),
    "list_type": ("a list", "it as `- item` lines, or in [ ]"),
    "int_type": ("a whole number", "a whole number without quotes"),
    "float_type": ("a number", "a number without quotes"),
    "bool_type": ("true or false", "true or false, without quotes"),
}


def validate(model: Any, block: Block, path: str, what: str, of: list[Problem]) -> Any | None:
    """Return the block as its model, or None with the reasons in `of`."""
    from pydantic import ValidationError

    if block.value is None:
        if not block.problems:
            line = max((block.place(()) or (1, 1))[0] - 1, 1)
            do = "fill it in, or take the block out"
            of.append(Problem("block-empty", f"{what} is empty", do, path, line, 1))
        return None
    try:
        return model.model_validate(block.value)
    except ValidationError as error:
        of += problems(error, model, block, path, what)
        return None


def problems(
    error: ValidationError, model: type[BaseModel], block: Block, name: str, what: str
) -> list[Problem]:
    """Return what `error` found in `block`, one problem a place; `what` names the block in words."""
    grouped: dict[Path, list[Any]] = {}
    for item in error.errors(include_url=False, include_context=True):
        grouped.setdefault(_path(item, block), []).append(item)
    found = []
    for path, items in grouped.items():
        # Of a union every branch complains; the branch that got furthest is the one that was meant.
        if any(len(other) > len(path) and other[: len(path)] == path for other in grouped):
            continue
        line, column = block.place(path) or (1, 1)
        code, message, do = _say(items, path, model, block, what)
        found.append(Problem(code, message, do, name, line, column))
    return sorted(found, key=lambda p: (p.line or 0, p.column or 0))[:_MOST]


def fields(error: ValidationError) -> set[str]:
    """Return the outermost fields that `error` is about."""
    return {
        str(item["loc"][0]) for item in error.errors(include_url=False, include_input=False) if item["loc"]
    }


def _path(item: Any, block: Block) -> Path:
    """The part of pydantic's loc that is in the document: it also names union branches and models."""
    path: Path = ()
    for part in item["loc"]:
        if (*path, part) in block.places:
            path = (*path, part)
    last = item["loc"][-1] if item["loc"] else None
    return (*path, last) if item["type"] == "missing" and last is not None else path


def _say(
    items: Sequence[Any], path: Path, model: type[BaseModel], block: Block, what: str
) -> tuple[str, str, str]:
    """Code, message and remedy of what is wrong at one place; several items are branches of a union."""
    item = items[0]
    kind, given = item["type"], item.get("input")
    field = next((part for part in reversed(path) if isinstance(part, str)), None)
    shown = f"`{one_line(field, 60)}`" if field is not None else what
    if kind == "missing":
        return ("field-missing", f"{what}: {shown} is missing", f"add {shown[:-1]}: …` here")
    if kind == "extra_forbidden":
        return _unknown(path, str(field), given, model, what)
    if any(other["type"] == "placeholder" for other in items):
        return ("placeholder", f"{shown} is not written yet", "write it in place of the mark")
    if given is None:
        return ("no-value", f"{shown} has no value", "give it one, or take the line out")
    if len(items) > 1:
        return _none_fits(items, given, shown)
    if kind == "string_type" and isinstance(given, bool | int | float):
        raw = block.raw.get(path, str(given))
        reads = "true or false" if isinstance(given, bool) else "a number"
        return ("number-for-text", f"{shown} is a text, and {raw} reads as {reads}", f'write "{raw}"')
    if kind in _WANTED:
        wanted, instead = _WANTED[kind]
        if not path and isinstance(given, str):
            instead = "`key: value` lines, with a space behind each colon"
        return ("wrong-type", f"{shown} must be {wanted}, not {_kind(given)}", f"write {instead}")
    if kind in ("literal_error", "enum"):
        expected = str(item.get("ctx", {}).get("expected", ""))
        near = get_close_matches(str(given), expected.replace(" or ", ", ").replace("'", "").split(", "), n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        return ("wrong-word", f"{shown} cannot be {_quote(given)}", f"{hint}write one of {expected}")
    if field in _HINTS and kind in ("string_pattern_mismatch", "string_too_long", "value_error"):
        return ("wrong-form", f"{shown} cannot be {_quote(given)}", _HINTS[str(field)])
    return _bounds(item, kind, given, shown)


def _bounds(item: Any, kind: str, given: Any, shown: str) -> tuple[str, str, str]:
    context = item.get("ctx", {})
    if kind in ("string_too_short", "too_short"):
        return ("empty", f"{shown} is empty", "write at least one, or take the field out")
    if kind == "string_too_long":
        length, most = len(str(given)), context.get("max_length", 0)
        message = f"{shown} has {length:,} characters, and {most:,} are the most"
        return ("too-long", message, "shorten it; details belong in the prose")
    if kind == "string_pattern_mismatch":
        return ("wrong-form", f"{shown} cannot be {_quote(given)}", "write it on one line")
    for limit, word in (("gt", "above"), ("ge", "at least"), ("lt", "below"), ("le", "at most")):
        if limit in context:
            bound = f"{context[limit]:g}"
            return ("out-of-range", f"{shown} is {_quote(given)}", f"write a number, {word} {bound}")
    said = one_line(str(item["msg"]).removeprefix("Value error, "), 200)
    return ("wrong-value", f"{shown}: {said}", "see the format of an RPT: docs/rpt.md")


def _none_fits(items: Sequence[Any], given: Any, shown: str) -> tuple[str, str, str]:
    """No branch of a union takes the value: say them all."""
    wanted = []
    for item in items:
        kind = item["type"]
        if kind in _WANTED:
            wanted.append(_WANTED[kind][0])
        elif kind in ("literal_error", "enum"):
            wanted.append(str(item.get("ctx", {}).get("expected", "")))
        else:
            return _bounds(item, kind, given, shown)
    either = " or ".join(dict.fromkeys(wanted))
    return ("wrong-type", f"{shown} cannot be {_quote(given)}", f"write {either}")


def _unknown(path: Path, field: str, given: Any, model: Any, what: str) -> tuple[str, str, str]:
    known = _names_at(model, path[:-1])
    shown = one_line(field, 60)
    message = f"{what}: there is no field `{shown}`"
    near = get_close_matches(field, known, n=1)
    if near:
        return ("field-unknown", message, f"did you mean `{near[0]}`?")
    if given is None:
        do = "if it goes on with the text before it, put that text in quotes: a comma ends a value inside { }"
        return ("field-unknown", message, do)
    return ("field-unknown", message, f"take `{shown}` out: known here are {', '.join(known[:14])}")


def _names_at(model: Any, path: Path) -> list[str]:
    """The fields that may stand in the mapping at `path`."""
    models = [model]
    for part in path:
        inner = [
            found
            for candidate in models
            for name, info in candidate.model_fields.items()
            if part in (name, info.alias)
            for found in _models(info.annotation)
        ]
        models = inner or models
    return [info.alias or name for found in models for name, info in found.model_fields.items()]


def _models(annotation: Any) -> list[Any]:
    if hasattr(annotation, "model_fields"):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]


def _quote(given: Any) -> str:
    if isinstance(given, dict | list):
        return _kind(given)
    return f"{one_line(given, 60)!r}" if isinstance(given, str) else str(given)


def _kind(value: Any) -> str:
    names = {dict: "a mapping", list: "a list", str: "a text", bool: "true or false", type(None): "nothing"}
    return names.get(type(value), "a number")
