"""requirements.lock is what uv resolves today, with hashes and without any index."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXPORT = ("uv", "export", "--quiet", "--no-dev", "--no-emit-project", "--no-header")


def test_the_lock_is_what_uv_exports():
    uv = Path(sys.executable).with_name("uv")
    done = subprocess.run([uv, *EXPORT[1:]], cwd=ROOT, capture_output=True, text=True, check=True)
    exported = done.stdout
    kept = (ROOT / "requirements.lock").read_text()
    assert kept == exported, f"write it again: {' '.join(EXPORT)} -o requirements.lock"


def test_the_lock_has_hashes_and_names_no_index():
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pins = [line for line in lines if "==" in line and not line.lstrip().startswith("#")]
    assert len(pins) > 20
    assert all(line.endswith("\\") for line in pins)
    assert not any("://" in line or line.lstrip().startswith("-i") for line in lines)
