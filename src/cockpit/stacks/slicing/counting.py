"""How many lines has somebody to read? Locks, generated and vendored files are not counted."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

WARN, STOP = 250, 400
_UNREAD = re.compile(
    r"(^|/)([^/]*\.lock|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|go\.sum)$"
    r"|(^|/)(vendor|vendored|third_party|node_modules|dist|generated|__generated__)/"
    r"|(_pb2(_grpc)?\.pyi?|\.min\.(js|css)|\.map|\.snap|\.ipynb|\.svg)$"
    r"|(^|/)services/[^/]+/(contract\.openapi\.json|\.cockpit-template\.json)$"
    r"|(^|/)rpts/[^/]+\.slices\.yaml$"
)
# In a comment at the top, as those who generate say it.
_SAID = re.compile(
    rb"^\s*(?:#|//|/?\*+|<!--|--|;)\s*(?:.*@generated|.*do not edit|(?:code )?generated (?:by|from)"
    rb"|(?:this file (?:is|was) )?auto-?(?:matically )?generated)",
    re.IGNORECASE,
)
_HEAD = 600
SCAFFOLD = ".cockpit-template.json"


def is_generated(path: str, data: bytes) -> bool:
    """True for a file that nobody reads line by line: by its name, or by what its first lines say."""
    if _UNREAD.search(path):
        return True
    return any(_SAID.match(line) for line in data[:_HEAD].splitlines()[:8])


def folders(path: str) -> tuple[str, ...]:
    """Return the folders that a path lies in, each with its slash: ("", "services/", "services/x/")."""
    parts = path.split("/")[:-1]
    return tuple("".join(f"{part}/" for part in parts[:count]) for count in range(len(parts) + 1))


def scaffolded(files: Mapping[str, bytes]) -> frozenset[str]:
    """Return the paths that hold, byte for byte, what the scaffold of their service wrote.

    `files` is what changed, by path, and the records that say what a scaffold wrote into their folders.
    """
    found: set[str] = set()
    for path, data in files.items():
        folder, _, name = path.rpartition("/")
        if name == SCAFFOLD:
            for below, digest in _record(data).items():
                inside = f"{folder}/{below}" if folder else below
                if inside in files and hashlib.sha256(files[inside]).hexdigest() == digest:
                    found.add(inside)
    return frozenset(found)


def _record(data: bytes) -> dict[str, object]:
    try:
        record = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    written = record.get("written") if isinstance(record, dict) else None
    return written if isinstance(written, dict) else {}
