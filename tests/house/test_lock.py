"""requirements.lock is what uv resolves from pyproject.toml, with hashes and without any index."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from cockpit.edges import pins, proc

ROOT = Path(__file__).parents[2]
EXPORT = ("uv", "export", "--quiet", "--no-dev", "--no-emit-project", "--no-header")


def test_the_lock_is_what_uv_exports(tmp_path):
    """An index may offer newer versions by now; the pins alone must do, and none be missing or left over."""
    for name in ("pyproject.toml", pins.REQUIREMENTS):
        shutil.copy(ROOT / name, tmp_path)
    assert pins.keep(tmp_path, proc.service_env()), (
        "pyproject.toml and requirements.lock contradict each other"
    )
    uv = Path(sys.executable).with_name("uv")
    done = proc.run((str(uv), *EXPORT[1:]), tmp_path, proc.service_env())
    assert done.code == 0, done.err
    kept = (ROOT / pins.REQUIREMENTS).read_text()
    assert kept == done.out, f"write it again: {' '.join(EXPORT)} -o {pins.REQUIREMENTS}"


def test_the_lock_has_hashes_and_names_no_index():
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pinned = [line for line in lines if "==" in line and not line.lstrip().startswith("#")]
    assert len(pinned) > 20
    assert all(line.endswith("\\") for line in pinned)
    assert not any("://" in line or line.lstrip().startswith("-i") for line in lines)
