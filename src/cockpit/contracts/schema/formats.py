"""Which formats are asserted?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FormatFacts:
    """What is known of a format."""

    name: str
    over: str | None = None
    under: str | None = None
    examples: tuple[str, ...] = ()
    non_examples: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """True if one pattern says all there is to say."""
        return self.over is not None and self.over == self.under


FORMATS: Mapping[str, FormatFacts] = {}
