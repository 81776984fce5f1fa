"""Which folders and files tell that the board has to be read again? Pure but for one walk of folders."""

from __future__ import annotations

import os
from pathlib import Path, PurePath

# Environments and caches hold tens of thousands of files that belong to nobody.
_LEFT_OUT = frozenset({"node_modules", "__pycache__", "build", "dist"})
_MOST_FOLDERS = 4_000


def folders(root: Path) -> tuple[Path, ...]:
    """Return the folders whose entries matter, each watched by itself and not below.

    The workspace's own, rpts/, every service without its environment, git's refs and remotes, and the
    state of the local target. At most 4,000.
    """
    found = [
        folder
        for folder in (root, root / "rpts", root / ".cockpit", root / ".cockpit" / "local")
        if folder.is_dir()
    ]
    git = _git_folder(root)
    if git is not None:
        found.append(git)
    for top in (root / "services", *((git / "refs" / "heads",) if git is not None else ())):
        for folder, below, _ in os.walk(top):
            below[:] = [name for name in below if not name.startswith(".") and name not in _LEFT_OUT]
            found.append(Path(folder))
            if len(found) >= _MOST_FOLDERS:
                return tuple(found)
    return tuple(found)


def matters(root: Path, path: str) -> bool:
    """True if a change of `path` can change the board."""
    name = PurePath(path).name
    try:
        parts = PurePath(path).relative_to(root).parts
    except ValueError:
        # A linked work tree keeps its refs outside the workspace.
        return name in ("HEAD", "packed-refs") or "/refs/heads/" in path
    match parts:
        case (".git", *rest):
            return bool(rest) and rest[0] in ("HEAD", "packed-refs", "refs", "config") and ".lock" not in name
        case (".cockpit", "local"):
            return True
        case (".cockpit", "local", _):
            return name.endswith(".json")
        case (".cockpit", *_):
            return False
        case ("rpts" | "services", *_):
            return not name.endswith((".pyc", "~", ".swp", ".swx")) and name != "4913"
        case (single,):
            return single in ("cockpit.yaml", "rpts", "services")
    return False


def _git_folder(root: Path) -> Path | None:
    """The folder that holds HEAD: .git, or where the file .git of a linked work tree points."""
    git = root / ".git"
    if git.is_dir():
        return git
    try:
        text = git.read_text(encoding="utf-8", errors="replace")[:4096]
    except OSError:
        return None
    target = Path(root, text.removeprefix("gitdir:").strip())
    return target if text.startswith("gitdir:") and target.is_dir() else None
