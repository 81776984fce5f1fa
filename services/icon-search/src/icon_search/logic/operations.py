"""What does each operation answer? One function an operation; write them here."""

from __future__ import annotations

import logging

from icon_search.api import models
from icon_search.logic import lifecycle
from icon_search.logic.refusal import Refusal
from icon_search.model.picture import PictureError

_log = logging.getLogger(__name__)


def search_icons(body: models.SearchRequest) -> models.SearchResponse:
    """Find the icons nearest to a text or to a picture."""
    searcher, query = lifecycle.searcher(), body.query
    try:
        if isinstance(query, models.TextQuery):
            asked, hits = len(query.text), searcher.of_text(query.text, body.k)
        else:
            asked, hits = len(query.png), searcher.of_picture(query.png, body.k)
    except PictureError as error:
        raise Refusal(400, models.PictureProblem(code=error.code, message=str(error))) from error
    version = searcher.index.version
    # The query log of the RPT. What was asked may name a person, so its length is kept and itself is not.
    fields = {"kind": query.kind, "characters": asked, "k": body.k, "icon": hits[0].icon, "score": hits[0].score}
    _log.info("query", extra={"fields": fields | {"index_version": version}})
    return models.SearchResponse(
        hits=[models.Hit(icon=hit.icon, score=hit.score) for hit in hits], index_version=version
    )
