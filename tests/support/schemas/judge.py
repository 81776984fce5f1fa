"""Does a schema accept a value? Asked of jsonschema-rs, which knows nothing of the algebra under test."""

from __future__ import annotations

from typing import Any

import jsonschema_rs


class Judge:
    """The schemas of one run, compiled once each: draft 2020-12, offline."""

    def __init__(self, *, formats: bool) -> None:
        self._formats = formats

    def compiled(self, schema: Any) -> jsonschema_rs.Draft202012Validator:
        """Return the validator of a schema; ValueError if it is no schema."""
        try:
            # The engine for lookarounds takes "a" for a match of ^[a-z]+-?[a-z]+$ (0.60): only where needed.
            return self._made(schema, jsonschema_rs.RegexOptions())
        except jsonschema_rs.ValidationError:
            return self._made(schema, jsonschema_rs.FancyRegexOptions())

    def _made(self, schema: Any, patterns: Any) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(
            schema, validate_formats=self._formats, offline=True, pattern_options=patterns
        )

    def accepts(self, schema: Any, value: Any) -> bool:
        """Return whether `schema` accepts `value`."""
        return self.compiled(schema).is_valid(value)
