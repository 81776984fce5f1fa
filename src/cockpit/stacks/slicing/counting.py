"""How many lines has somebody to read? Locks, generated and vendored files are not counted."""

from __future__ import annotations

import re

WARN, STOP = 250, 400
_UNREAD = re.compile(
    r"(^|/)([^/]*\.lock|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|go\.sum)$"
    r"|(^|/)(vendor|vendored|third_party|node_modules|dist|generated|__generated__)/"
    r"|(_pb2(_grpc)?\.pyi?|\.min\.(js|css)|\.map|\.snap|\.ipynb|\.svg)$"
    r"|(^|/)services/[^/]+/(contract\.openapi\.json|\.cockpit-template\.json)$"
)
# In a comment at the top, as those who generate say it.
_SAID = re.compile(
    rb"^\s*(?:#|//|/?\*+|<!--|--|;)\s*(?:.*@generated|.*do not edit|(?:code )?generated (?:by|from)"
    rb"|(?:this file (?:is|was) )?auto-?(?:matically )?generated)",
    re.IGNORECASE,
)
_HEAD = 600


def is_generated(path: str, data: bytes) -> bool:
    """True for a file that nobody reads line by line: by its name, or by what its first lines say."""
    if _UNREAD.search(path):
        return True
    return any(_SAID.match(line) for line in data[:_HEAD].splitlines()[:8])
