"""How is jsonschema-rs asked? Offline, patterns bounded, with the formats that Pydantic enforces as well."""

from __future__ import annotations

from typing import Any

from cockpit.contracts.pydantic_formats import CHECKS


def validator(document: Any, *, formats: bool = True) -> Any:
    """Return the validator of a schema that is a document of its own (JSON Schema 2020-12).

    Raises ValueError if it is no schema, or refers to what is not in it.
    """
    import jsonschema_rs

    def made(pattern_options: Any) -> Any:
        return jsonschema_rs.Draft202012Validator(
            document,
            validate_formats=formats,
            formats=CHECKS,
            retriever=_refuse,
            pattern_options=pattern_options,
        )

    # The engine for lookarounds takes "a" for a match of ^[a-z]+-?[a-z]+$ (0.60), and may backtrack long:
    # it is asked only where a pattern needs it, and then a pattern that takes too long rejects nothing.
    try:
        try:
            return made(jsonschema_rs.RegexOptions(size_limit=10_000_000))
        except jsonschema_rs.ValidationError:
            return made(jsonschema_rs.FancyRegexOptions(backtrack_limit=100_000, size_limit=10_000_000))
    except jsonschema_rs.ReferencingError as error:
        raise ValueError(str(error)) from error


def _refuse(uri: str) -> Any:
    raise ValueError(f"{uri} is not part of the document")
