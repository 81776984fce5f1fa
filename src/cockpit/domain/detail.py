"""What do the detail tabs show beyond the row? The content of one document, read on demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Detail:
    """The sections of one RPT as plain JSON values ({} where a section is missing or does not read).

    `signature` is the contract as compact lines ("POST /v1/plan  PlanRequest → PlanResponse", …).
    `lines` maps a section's name ("contract", "anatomy", …) to the line where its block begins.
    """

    rpt: str
    goal: dict[str, Any] = field(default_factory=dict)
    domain: dict[str, Any] = field(default_factory=dict)
    persistence: dict[str, Any] = field(default_factory=dict)
    anatomy: dict[str, Any] = field(default_factory=dict)
    merge: dict[str, Any] = field(default_factory=dict)
    signature: tuple[str, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)
