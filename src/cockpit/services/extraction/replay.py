"""Does the app of a service let a request through? Asked in its own environment, without its logic."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cockpit.domain.text import clean
from cockpit.services.extraction import child, environment
from cockpit.services.extraction.answers import ReplayAnswer, ReplayRequest
from cockpit.services.extraction.extract import Cache, needed

_MOST_REQUESTS = 200


def replay(
    root: Path,
    slug: str,
    requests: Sequence[ReplayRequest],
    limit_s: float = 60.0,
    *,
    each_s: float = 10.0,
    cache: Cache | None = None,
) -> tuple[ReplayAnswer, ...]:
    """Return what the app of `slug` does with each of `requests` (at most 200), in order.

    All are asked in one process within `limit_s` seconds, each within `each_s`. Start-up, logic and what
    stands behind `Depends` are not run: nothing is computed, called or changed. `cache` only tells which
    heavy modules its extraction had to load.

    Raises NotFoundError without such a service, ExtractionError where its app cannot be asked.
    """
    if not requests:
        return ()
    here = environment.home(root, slug)
    environment.build(here)
    asked = [_plain(request) for request in requests[:_MOST_REQUESTS]]
    question = child.Question(limit_s, needed(slug, cache), asked, min(each_s, limit_s))
    answer = child.ask(here, question)
    with child.reading(here):
        found = [
            ReplayAnswer(
                reached=bool(item["reached"]),
                status=None if item["status"] is None else int(item["status"]),
                body=clean(item["body"], 4_000) if isinstance(item["body"], str) else item["body"],
                error=clean(str(item["error"]), 500),
            )
            for item in answer["answers"]
        ]
        if len(found) != len(asked):
            raise ValueError(f"{len(found)} answers to {len(asked)} requests")
    left = len(requests) - len(found)
    return (*found, *[ReplayAnswer(False, None, "", f"only {_MOST_REQUESTS} requests are replayed")] * left)


def _plain(request: ReplayRequest) -> dict[str, Any]:
    item: dict[str, Any] = {
        "method": request.method,
        "path": request.path,
        "query": list(request.query),
        "headers": list(request.headers),
    }
    return item | ({"json": request.json} if request.has_body else {})
