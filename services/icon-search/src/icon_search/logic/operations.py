"""What does each operation answer? One function an operation; write them here."""

from __future__ import annotations

from icon_search.api import models
from icon_search.logic.not_written import NotWritten


def search_icons(body: models.SearchRequest) -> models.SearchResponse:
    """Find the icons nearest to a text or to a picture."""
    raise NotWritten
