"""Which surface did a point hit? The four classes; their numbers are part of the contract."""

from __future__ import annotations

FLOOR, CEILING, WALL, OTHER = range(4)
NAMES = ("floor", "ceiling", "wall", "other")
