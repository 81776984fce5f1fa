"""Does a glob name this path? The one meaning for Merge Plans, plans of slices and cockpit.yaml.

`*` stays within a folder, `**` goes through them. As in CODEOWNERS, `services/x/` and `services/x` name all
that lies below, `services/x/*` only the files in it, and `*.ipynb`, without a folder, files in any folder.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from cockpit.domain.wildcards import Part, Wild, beginnings, ends

_WILD: dict[str, Wild] = {one.value: one for one in Wild}


def names(glob: str, path: str) -> bool:
    """True if `path` is named: exactly, by the pattern, or because it lies below the folder that is."""
    if glob == path:
        return True
    shape = _shape(glob)
    found = ends(shape.parts, path, beginnings(path) if shape.anywhere else (0,))
    return len(path) in found or (shape.below and any(path[at] == "/" for at in found))


def precision(glob: str) -> tuple[int, int]:
    """Return how narrowly a glob names: by the folders before its first wildcard, then by its length."""
    literal = re.split(r"[*?\[]", glob, maxsplit=1)[0]
    return literal.count("/"), len(glob)


class _Shape(NamedTuple):
    """What a glob says; whether it names what lies in any folder, and what lies below what it names."""

    parts: tuple[Part, ...]
    anywhere: bool = False
    below: bool = False


@lru_cache(maxsize=2_000)
def _shape(glob: str) -> _Shape:
    path = glob.removeprefix("./").rstrip("/")
    parts: list[Part] = []
    for part in re.split(r"(\*\*/|\*\*|\*|\?|\[!?[^]/]+\])", path):
        if part.startswith("[") and len(part) > 2:
            inner = re.sub(r"[\\^\[&|~]", r"\\\g<0>", part[1:-1]).replace("--", r"-\-")
            try:
                parts.append(re.compile(f"[{'^/' + inner[1:] if inner.startswith('!') else inner}]"))
            except re.error:
                return _Shape((glob,))
        elif part:
            parts.append(_WILD.get(part, part))
    # In any folder: what names no folder, but more than the one path that it spells.
    anywhere = "/" not in glob and re.search(r"[*?\[]", glob) is not None
    last = path.rpartition("/")[2]
    below = re.search(r"[*?\[]", last) is None or glob.endswith("/")
    return _Shape(tuple(parts), anywhere, below)
