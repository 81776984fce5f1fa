"""What has to be in memory before the first request?"""

from __future__ import annotations


def load() -> None:
    """Load weights and indexes; may block. Called once in a background thread when the service starts.

    Until it returns, `/readyz` and every operation answer 503. If it raises, they go on doing so.
    """
