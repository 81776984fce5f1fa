"""What does each operation answer? One function an operation; write them here."""

from __future__ import annotations

from scan_to_plan.api import models
from scan_to_plan.logic.not_written import NotWritten


def create_plan(body: models.Scan) -> models.Plan:
    """Find the rooms in a scan."""
    raise NotWritten
