"""Where are the example handoffs that the demo begins with?"""

from __future__ import annotations

import shutil
from pathlib import Path

from cockpit.errors import EdgeError

FOLDERS = ("rpts", "services", "prototypes")
_LEFT_OUT = shutil.ignore_patterns(
    ".venv", "__pycache__", "*.pyc", ".pytest_cache", ".hypothesis", ".ruff_cache", ".mypy_cache", "uv.lock"
)


def copy(folder: Path, name: str) -> list[str]:
    """Copy `rpts`, `services` or `prototypes` of the examples into `folder`; return the names inside.

    Raises EdgeError where this installation carries no examples.
    """
    source = _root() / name
    shutil.copytree(source, folder / name, ignore=_LEFT_OUT, dirs_exist_ok=True)
    return sorted(entry.name for entry in (folder / name).iterdir())


def _root() -> Path:
    package = Path(__file__).parents[2]
    for candidate in (package / "examples", *package.parents[:2]):
        if all((candidate / name).is_dir() for name in FOLDERS):
            return candidate
    raise EdgeError(
        "the example handoffs are not part of this installation",
        do="clone cockpit's repository and run `uv run cockpit demo` there",
        code="no-examples",
    )
