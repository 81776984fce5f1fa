"""What do FastAPI and Pydantic write by themselves, that nobody meant to promise?"""

from __future__ import annotations

import re
from typing import Any

_OWN_422 = "#/components/schemas/HTTPValidationError"
_WHOLE = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
)  # fmt: skip


def is_own_422(code: str, response: Any) -> bool:
    """True for the 422 that FastAPI adds to every operation with input: a contract need not write it."""
    if code != "422" or not isinstance(response, dict):
        return False
    content = response.get("content")
    media = content.get("application/json") if isinstance(content, dict) else None
    schema = media.get("schema") if isinstance(media, dict) else None
    return isinstance(schema, dict) and schema.get("$ref") == _OWN_422


def is_own_title(title: Any, name: str) -> bool:
    """True for a title that is only the name of the field or component, or of what a function takes."""
    text = str(title)
    return _letters(text) == _letters(name) or text == "Body" or text.startswith(("Response ", "Body_"))


def is_own_summary(summary: Any, operation_id: str) -> bool:
    """True for a summary that is only the function's name."""
    return _letters(str(summary)) == _letters(operation_id)


def function_name(operation: dict[str, Any], path: str, method: str) -> str:
    """Return the name of the route's function out of the id that FastAPI makes of it, path and method."""
    given = str(operation.get("operationId") or "")
    suffix = re.sub(r"\W", "_", path) + f"_{method}"
    name = given.removesuffix(suffix) if given.endswith(suffix) and given != suffix else given
    return re.sub(r"\W", "_", name)


def tidy(keyword: str, value: Any) -> Any:
    """Return a bound as people write it: Pydantic makes a float of every bound."""
    if keyword in _WHOLE and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()
