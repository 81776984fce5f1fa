"""Do these files compile and import here? Runs in the project's own Python: standard library alone.

usage: python in_project.py ASKED.json ANSWER.json, in the project's folder. ASKED is a list of paths
relative to it; the answer is a list of [path, reason] of those that do not.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path


def main(asked: str, answer: str) -> None:
    """Import every file and write which of them fail."""
    paths = [Path(path) for path in json.loads(Path(asked).read_text(encoding="ascii"))]
    roots = {str(_root(path).resolve()) for path in paths}
    sys.path[0:1] = sorted(roots, key=lambda root: (not root.endswith("src"), root))
    failed = []
    for path in paths:
        name = ".".join(path.relative_to(_root(path)).with_suffix("").parts).removesuffix(".__init__")
        try:
            importlib.import_module(name)
        except BaseException as error:  # noqa: BLE001 - whatever a module raises, SystemExit too, is its failure
            failed.append([str(path), f"{type(error).__name__}: {error}"[:500]])
    Path(answer).write_text(json.dumps(failed), encoding="ascii")


def _root(path: Path) -> Path:
    """Return where the import of `path` starts: `src`, or the folder around its outermost package."""
    if path.parts[0] == "src":
        return Path("src")
    folder = path.parent
    while (folder / "__init__.py").is_file() and folder != Path():
        folder = folder.parent
    return folder


if __name__ == "__main__":
    main(*sys.argv[1:3])
