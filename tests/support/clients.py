"""Where is somebody else's real client? On PATH, else uv makes an environment for it alone.

None is a dependency of this project, so that `uv run cockpit` installs none of them, and what they need
decides no version of what cockpit needs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

VERSIONS = {
    "ghstack": "ghstack==0.18.0",
    "git-machete": "git-machete==3.46.1",
    "mergify": "mergify-cli==2026.10.9",
    "stack-pr": "stack-pr==0.1.7",
}
_BEFORE = "2026-11-20T00:00:00Z"
_FOLDER = Path(__file__).resolve().parents[2] / ".venv" / "clients"
_REDIRECTING = ("VIRTUAL_ENV", "UV_PYTHON", "UV_PROJECT_ENVIRONMENT", "PYTHONPATH")


@cache
def found(program: str) -> str | None:
    """Return the client's program, None where there is none and it cannot be had (no uv, no index)."""
    if here := shutil.which(program):
        return here
    made, uv = _FOLDER / "bin" / program, os.environ.get("UV") or shutil.which("uv")
    if not made.exists() and uv is not None and program in VERSIONS:
        env = {name: value for name, value in os.environ.items() if name not in _REDIRECTING}
        env |= {"UV_TOOL_DIR": str(_FOLDER), "UV_TOOL_BIN_DIR": str(_FOLDER / "bin")}
        argv = [uv, "tool", "install", "--quiet", "--exclude-newer", _BEFORE, VERSIONS[program]]
        try:
            subprocess.run(argv, env=env, capture_output=True, timeout=120, check=False)
        except subprocess.TimeoutExpired:
            return None
    return str(made) if made.exists() else None


def absent(program: str) -> str:
    """Return why a test of the real client is skipped."""
    return (
        f"{program} is not here and could not be installed ({VERSIONS[program]} by `uv tool install`); "
        "what it writes is tested from the fixtures all the same"
    )
