"""Does a schema accept a value? Asked of jsonschema-rs, which knows nothing of the algebra under test."""

from __future__ import annotations

from typing import Any

import jsonschema_rs

from cockpit.contracts.validating import validator


class Judge:
    """The schemas of one run, compiled once each: draft 2020-12, offline."""

    def __init__(self, *, formats: bool) -> None:
        self._formats = formats

    def compiled(self, schema: Any) -> jsonschema_rs.Draft202012Validator:
        """Return the validator of a schema; ValueError if it is no schema."""
        return validator(schema, formats=self._formats)

    def accepts(self, schema: Any, value: Any) -> bool:
        """Return whether `schema` accepts `value`."""
        return self.compiled(schema).is_valid(value)
