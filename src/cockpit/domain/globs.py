"""Does a glob name this path? The one meaning for Merge Plans, plans of slices and cockpit.yaml.

`*` stays within a folder, `**` goes through them. As in CODEOWNERS, `services/x/` and `services/x` name all
that lies below, `services/x/*` only the files in it, and `*.ipynb`, without a folder, files in any folder.
"""

from __future__ import annotations

import re
from functools import lru_cache


def names(glob: str, path: str) -> bool:
    """True if `path` is named: exactly, by the pattern, or because it lies below the folder that is."""
    return glob == path or _expression(glob).match(path) is not None


def precision(glob: str) -> tuple[int, int]:
    """Return how narrowly a glob names: by the folders before its first wildcard, then by its length."""
    literal = re.split(r"[*?\[]", glob, maxsplit=1)[0]
    return literal.count("/"), len(glob)


@lru_cache(maxsize=2_000)
def _expression(glob: str) -> re.Pattern[str]:
    """Return the expression of a glob; `glob.translate` has this only from Python 3.13 on."""
    path = glob.removeprefix("./").rstrip("/")
    # In any folder: what names no folder, but more than the one path that it spells.
    text = "(?:.*/)?" if "/" not in glob and re.search(r"[*?\[]", glob) else ""
    for part in re.split(r"(\*\*/|\*\*|\*|\?|\[!?[^]/]+\])", path):
        if part.startswith("[") and len(part) > 2:
            inner = re.sub(r"[\\^\[&|~]", r"\\\g<0>", part[1:-1]).replace("--", r"-\-")
            text += f"[{'^/' + inner[1:] if inner.startswith('!') else inner}]"
        else:
            known = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
            text += known.get(part, re.escape(part))
    last = path.rpartition("/")[2]
    below = "" if re.search(r"[*?\[]", last) and not glob.endswith("/") else "(?:/.*)?"
    try:
        return re.compile(f"{text}{below}\\Z", re.DOTALL)
    except re.error:
        return re.compile(re.escape(glob) + r"\Z")
