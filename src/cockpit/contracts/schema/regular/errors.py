"""Why was a pattern not decided? It is not regular or not handled, or it grew past a bound."""

from __future__ import annotations


class UnsupportedPatternError(Exception):
    """The pattern is no valid one, or a part of it is not handled or read differently by engines.

    `reason` says which part, in words for the person who wrote the pattern.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooLargeError(Exception):
    """A bound on the size of a pattern or on the states of its automaton was passed; `reason` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
