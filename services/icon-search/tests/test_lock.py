"""Is the environment the one that requirements.lock pins, so that tests say something about the image?"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements.lock"


def test_environment_is_the_locked_one() -> None:
    """Every package that is both locked and installed has the locked version."""
    pinned = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
    assert pinned, "requirements.lock pins nothing: run cockpit update"
    wrong = []
    for name, version in pinned.items():
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue  # pinned for another platform
        if installed != version:
            wrong.append(f"{name} {installed} is installed, {version} is locked")
    assert not wrong, "run `cockpit update` in the workspace: " + "; ".join(wrong)
