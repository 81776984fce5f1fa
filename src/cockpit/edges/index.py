"""Did uv fail because it did not reach the package index? Then nothing is known of the project itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

_UNREACHED = re.compile(
    r"error sending request|dns error|tcp connect error|operation timed out|429 Too Many Requests"
    r"|connection (?:refused|reset|closed)|HTTP status server error|network (?:was|connectivity is) disabled",
    re.IGNORECASE,
)


def unreached(said: Iterable[str]) -> bool:
    """True if one of the lines that uv said tells that the index was not reached, or would not answer."""
    return any(_UNREACHED.search(line) for line in said)
