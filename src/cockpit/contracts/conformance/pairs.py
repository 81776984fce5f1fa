"""Which differences count, and which only under an assumption? One direction of a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cockpit.contracts.conformance.differing import MOST_DIFFERENCES, Comparison, Differ, Difference, Gap


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between two schemas.

    `certain` holds whatever is assumed; `conditional` only if undeclared keys of open objects bear names
    that the other side declares.
    """

    certain: tuple[Difference, ...] = ()
    conditional: tuple[Difference, ...] = ()
    gaps: tuple[Gap, ...] = ()


class Pairs:
    """Compares pairs of schemas, the left ones out of one document and the right ones out of another."""

    def __init__(self, left: dict[str, Any], right: dict[str, Any], *, strict: bool, deadline: float) -> None:
        self.left, self.right = left, right
        self.main = Differ(left, right, strict=strict, deadline=deadline)
        self._strict = None if strict else Differ(left, right, strict=True, deadline=deadline)

    def compare(self, left: Any, right: Any) -> Differences:
        """Return where `left` accepts what `right` rejects."""
        main = self.main.compare(left, right)
        if self._strict is None or (main.proved and not main.assumed):
            return Differences(main.differences, (), main.gaps)
        more = self._conditional(main, self._strict.compare(left, right))
        return Differences(main.differences, more, main.gaps)

    def sample(self, schema: Any) -> Any | None:
        """Return a simple value that a schema of the left accepts; None also where none was found."""
        return self.main.checker.subset(schema, False).value

    def _conditional(self, main: Comparison, strict: Comparison) -> tuple[Difference, ...]:
        if len(main.differences) >= MOST_DIFFERENCES:
            return ()
        known = {found.where for found in main.differences} | {gap.where for gap in main.gaps}
        return tuple(found for found in strict.differences if found.where not in known)
