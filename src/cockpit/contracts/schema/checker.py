"""How are many pairs of schemas out of the same two documents checked?"""

from __future__ import annotations

import json
from typing import Any

from cockpit.contracts.schema.answer import Answer, Formats, Outcome


class Checker:
    """Checks pairs of schemas, those on the left out of document `a` and those on the right out of `b`.

    A document is the JSON value against which local references are resolved: a whole OpenAPI 3.1
    document, or the schema itself. `assume_declared`: an undeclared key of an open object on the left
    never bears a name that the right declares.
    """

    def __init__(
        self, a: Any, b: Any, *, formats: Formats = Formats.ASSERTED, assume_declared: bool = False
    ) -> None:
        self._a, self._b = a, b

    def subset(self, a: Any, b: Any) -> Answer:
        """Return whether everything that schema `a` accepts is accepted by schema `b`."""
        if json.dumps([self._a, a], sort_keys=True) == json.dumps([self._b, b], sort_keys=True):
            return Answer(Outcome.SUBSET)
        return Answer(Outcome.UNKNOWN, reason="these two schemas are not decided yet")


def subset(a: Any, b: Any, *, formats: Formats = Formats.ASSERTED, assume_declared: bool = False) -> Answer:
    """Return whether everything that schema `a` accepts is accepted by `b`; references are local to each."""
    return Checker(a, b, formats=formats, assume_declared=assume_declared).subset(a, b)
