"""How does uv keep to requirements.lock where there is no uv.lock? It is locked anew to those versions.

`exclude-newer` alone does not pin: an index can come to hold an older upload later, and then the same
pyproject.toml resolves to other versions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from cockpit.edges import files, proc
from cockpit.errors import CockpitError

REQUIREMENTS = "requirements.lock"
_LIMIT = 20_000_000
_LIMIT_S = 120.0
_PIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[^\]]*\])?\s*==")


def of(text: str) -> tuple[str, ...]:
    """Return the pins of a requirements file with their markers: "numpy==2.4.6 ; python_version < '3.12'"."""
    whole = re.sub(r"\\\r?\n", " ", text).splitlines()
    return tuple(re.split(r"\s--hash|\s#", line)[0].strip() for line in whole if _PIN.match(line))


def argv(pins: tuple[str, ...]) -> tuple[str, ...]:
    """Return the call that locks to these versions; what they do not name is resolved as always."""
    return ("uv", "lock", "--quiet", *(word for pin in pins for word in ("--upgrade-package", pin)))


def keep(folder: Path, env: Mapping[str, str]) -> bool:
    """Write uv.lock to the versions of requirements.lock; True if that was done.

    Nothing is done where a uv.lock stands, or there is no requirements.lock. Pins that contradict
    pyproject.toml, and an index that does not answer, are left to the call of uv that follows: it says so.
    """
    if (folder / "uv.lock").exists() or not (folder / REQUIREMENTS).is_file():
        return False
    try:
        pins = of(files.read_bounded(folder / REQUIREMENTS, _LIMIT).decode("utf-8", "replace"))
        return bool(pins) and proc.run(argv(pins), folder, env, _LIMIT_S).code == 0
    except CockpitError:
        return False
