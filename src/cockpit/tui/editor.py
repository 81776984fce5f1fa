"""How is a file opened at a line in the person's own editor? Pure: environment in, argv out."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from pathlib import PurePath

# Editors that take the place as file:line, after the flag given here; all others get +line.
_COLON = {"code": ["--goto"], "code-insiders": ["--goto"], "codium": ["--goto"], "cursor": ["--goto"]}
_COLON |= {"subl": [], "hx": [], "helix": [], "zed": []}
_FALLBACKS = ("nano", "vim", "vi")


def editor_argv(
    environ: Mapping[str, str], which: Callable[[str], str | None], path: str, line: int | None
) -> list[str] | None:
    """Return the argv that opens `path` (absolute) at `line`, or None where there is no editor.

    $VISUAL wins over $EDITOR; without them the first of nano, vim and vi that is installed.
    """
    said = environ.get("VISUAL") or environ.get("EDITOR") or ""
    try:
        command = shlex.split(said)
    except ValueError:
        command = []
    if not command:
        found = next((name for name in _FALLBACKS if which(name)), None)
        if found is None:
            return None
        command = [found]
    if line is None:
        return [*command, path]
    flags = _COLON.get(PurePath(command[0]).stem)
    return [*command, f"+{line}", path] if flags is None else [*command, *flags, f"{path}:{line}"]
