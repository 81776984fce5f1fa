"""A service judges its golden examples as cockpit does: by the same file."""

from __future__ import annotations

from pathlib import Path

import cockpit
from cockpit.contracts.behaviour import tolerance
from cockpit.services import rendering

ROOT = Path(cockpit.__file__).parents[2]
OURS = Path(tolerance.__file__).read_bytes()


def test_the_template_and_every_service_hold_the_same_rule():
    newest = rendering.TEMPLATES / f"v{rendering.newest()}" / "service" / "tests" / "tolerance.py"
    copies = [newest, *ROOT.glob("services/*/tests/tolerance.py")]
    assert len(copies) > 1
    assert [path for path in copies if path.read_bytes() != OURS] == []


def test_it_needs_nothing_but_the_standard_library():
    imported = [line for line in OURS.decode().splitlines() if line.startswith(("import ", "from "))]
    assert {line.split()[1].split(".")[0] for line in imported} == {
        "__future__", "collections", "json", "math", "typing",
    }  # fmt: skip
