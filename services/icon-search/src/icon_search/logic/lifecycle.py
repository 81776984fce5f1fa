"""What has to be in memory before the first request?"""

from __future__ import annotations

from icon_search.logic.searcher import Searcher

_searcher: Searcher | None = None


def load() -> None:
    """Load weights and index, and answer once, so that the first request is as fast as the others.

    Called once in a background thread when the service starts. Until it returns, `/readyz` and every
    operation answer 503. If it raises, they go on doing so.
    """
    global _searcher
    searcher = Searcher.load()
    searcher.warm_up()
    _searcher = searcher


def searcher() -> Searcher:
    """Return the searcher. Raises RuntimeError before `load` has returned, which the door does not let happen."""
    if _searcher is None:
        raise RuntimeError("asked before the index was loaded")
    return _searcher
