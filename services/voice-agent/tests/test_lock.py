"""Is the environment the one that requirements.lock pins, so that tests say something about the image?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

LOCK = Path(__file__).parents[1] / "requirements.lock"


def pins() -> Iterator[tuple[str, str]]:
    """Every package with its version that the lock pins for this Python and this platform."""
    lines = LOCK.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    for line in lines:
        if not re.match(r"[A-Za-z0-9._-]+(\[[^]]*\])?\s*==", line):
            continue
        pinned = Requirement(re.split(r"\s(?:--hash|#)", line)[0])
        if pinned.marker is None or pinned.marker.evaluate():
            yield pinned.name, next(iter(pinned.specifier)).version


def test_environment_is_the_locked_one() -> None:
    """Every package that is locked for this environment is installed with the locked version."""
    pinned = list(pins())
    assert pinned, "requirements.lock pins nothing: run cockpit update"
    wrong = []
    for name, version in pinned:
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{name} is not installed, {version} is locked")
            continue
        if Version(installed) != Version(version):
            wrong.append(f"{name} {installed} is installed, {version} is locked")
    assert not wrong, "run `cockpit update` in the workspace: " + "; ".join(wrong)
