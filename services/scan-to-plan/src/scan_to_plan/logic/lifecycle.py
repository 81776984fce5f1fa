"""What has to be in memory before the first request?"""

from __future__ import annotations

from functools import cache

from scan_to_plan.model import classifier as weights


@cache
def classifier() -> weights.Classifier:
    """Return the classifier, read once. Raises ArtifactError if its file is not the released one."""
    return weights.load()


def load() -> None:
    """Load the weights; may block. Called once in a background thread when the service starts.

    Until it returns, `/readyz` and every operation answer 503. If it raises, they go on doing so.
    """
    classifier()
