"""Which folder is the workspace? The nearest one above that has `cockpit.yaml`, `rpts/` or is a git root."""

from __future__ import annotations

from pathlib import Path

from cockpit.errors import ConfigError


def find_root(start: Path) -> Path:
    """Return the workspace around `start`: the nearest parent with cockpit.yaml or rpts/, else the git root.

    Raises ConfigError where there is none.
    """
    here = start.resolve()
    candidates = (here, *here.parents)
    for folder in candidates:
        if (folder / "cockpit.yaml").is_file() or (folder / "rpts").is_dir():
            return folder
    for folder in candidates:
        if (folder / ".git").exists():
            return folder
    raise ConfigError(
        f"there is no workspace around {here}",
        do="run cockpit inside a repository with rpts/, start one with `cockpit new`, or try `cockpit demo`",
        code="no-workspace",
    )
