"""The core can be used without a screen: it imports no Textual, and the fast path nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest

CORE = ("errors", "domain", "edges", "rpts", "contracts", "stacks", "services", "targets", "health")


def modules_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_core_imports_no_textual():
    walk = (
        "import importlib, pkgutil, cockpit\n"
        "for m in pkgutil.walk_packages(cockpit.__path__, 'cockpit.'):\n"
        "    top = m.name.split('.')[1]\n"
        "    if top not in ('tui', 'cli', '__main__') and '.template.v' not in m.name:\n"
        "        importlib.import_module(m.name)"
    )
    assert not {name for name in modules_after(walk) if name.split(".")[0] == "textual"}


@pytest.mark.parametrize(
    "heavy", ["textual", "pydantic", "httpx", "git", "yaml", "rich", "copier", "jsonschema_rs"]
)
def test_opening_the_workspace_imports_nothing_heavy(heavy):
    loaded = modules_after("import cockpit.cli, cockpit.workspace.workspace, cockpit.workspace.status")
    assert heavy not in {name.split(".")[0] for name in loaded}
