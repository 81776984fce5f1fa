"""Which workspace do the figures hold for? Realistic documents, numbered, in a git repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support import documents


def make_workspace(root: Path, count: int) -> None:
    """Write `count` RPTs, each with contract, persistence, anatomy and merge plan, and commit them."""
    for number in range(1, count + 1):
        name, text = documents.numbered(number)
        documents.write(root, text, name)
    identity = ("-c", "user.name=bench", "-c", "user.email=bench@example.invalid")
    for argv in (("init", "-q", "-b", "main"), ("add", "-A"), (*identity, "commit", "-qm", "documents")):
        subprocess.run(["git", *argv], cwd=root, check=True, capture_output=True)
