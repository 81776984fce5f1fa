"""The shop before and after its prototype grew, and a workspace in which the commands are tried."""

from __future__ import annotations

import copy
import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cockpit.cli import main
from support import prototype
from support.repo import Repo

RPT = """---
schema: rpt/v1
id: RPT-0007
title: Tool
status: building
revision: 1
service: tool
owners: {researcher: mira, engineer: jonas}
---
"""
MERGE = """# Merge Plan

```yaml rpt:merge
slices:
  - {id: logic, title: The logic, paths: ["services/tool/src/*/logic.py"], reviewer_role: researcher}
  - id: api
    title: Its routes
    paths: ["services/tool/src/*/api.py"]
    depends_on: [logic]
    reviewer_role: engineer
```
"""
CONFIG = "trunk: main\npeople:\n  mira: {github: mira-gh}\n  jonas: {github: jonas-gh}\n"
# No dependency, so that its environment is made in a moment and without a network.
PROJECT = """[project]
name = "tool"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = []

[tool.uv]
package = false
"""
TOOL = "services/tool/src/tool"
BEGUN = {
    ".gitignore": ".cockpit/\n__pycache__/\n",
    "cockpit.yaml": CONFIG,
    "rpts/RPT-0007-tool.md": RPT + MERGE,
    "services/tool/pyproject.toml": PROJECT,
    f"{TOOL}/__init__.py": "",
}
LOGIC = "def double(x):\n    return 2 * x\n"
API = "from tool.logic import double\n\n\ndef answer(x):\n    return double(x)\n"


@dataclass
class Place:
    """A workspace in a repository, and a way to run `cockpit stack` there."""

    repo: Repo
    root: Path
    capsys: Any

    def stack(self, *argv: str) -> tuple[int, str, str]:
        """Run `cockpit stack …` and return its exit code, its output and its talk."""
        self.capsys.readouterr()
        code = main(["stack", *argv])
        said = self.capsys.readouterr()
        return code, said.out, said.err

    def json(self, *argv: str) -> tuple[int, dict[str, Any]]:
        """Run `cockpit stack … --json` and return its exit code and its document."""
        code, out, _ = self.stack(*argv, "--json")
        return code, json.loads(out)

    def slice(self, *argv: str) -> tuple[int, dict[str, Any]]:
        """Run `cockpit stack slice 7 --from proto … --json`."""
        return self.json("slice", "7", "--from", "proto", *argv)

    def tips(self) -> dict[str, str]:
        """Return slice → commit of every branch of the RPT."""
        form = "--format=%(refname:lstrip=3) %(objectname)"
        return dict(
            line.split() for line in self.repo.git("for-each-ref", form, "refs/heads/rpt-0007").splitlines()
        )

    def runs(self) -> list[tuple[str, str]]:
        """Return the action and the state of every run, as the journal holds them."""
        with closing(sqlite3.connect(self.root / ".cockpit" / "state.db")) as store:
            return store.execute("SELECT action, state FROM runs ORDER BY id").fetchall()

    def plan_file(self) -> Path:
        """Return where the plan lies."""
        return self.root / "rpts" / "RPT-0007.slices.yaml"

    def edit(self, old: str, new: str) -> None:
        """Edit the plan's file as a person would."""
        text = self.plan_file().read_text()
        assert old in text
        self.plan_file().write_text(text.replace(old, new, 1))

    def grow(self, files: dict[str, str | bytes | None]) -> None:
        """Commit more to the prototype."""
        prototype.write(self.repo, files)
        prototype.commit(self.repo)


def copied(repo: Repo, root: Path) -> Repo:
    """Return a repository that was made once, for one test to change."""
    found = copy.copy(repo)
    found.root = root
    shutil.copytree(repo.root, root, symlinks=True)
    return found


@pytest.fixture(scope="session")
def _begun(tmp_path_factory):
    """The workspace as every test begins with it, made once."""
    repo = Repo(tmp_path_factory.mktemp("begun"))
    prototype.write(repo, BEGUN)
    prototype.commit(repo, "begin")
    repo.git("switch", "-q", "-c", "proto")
    prototype.write(repo, {f"{TOOL}/logic.py": LOGIC, f"{TOOL}/api.py": API})
    prototype.commit(repo)
    return repo


@pytest.fixture
def place(_begun, tmp_path, monkeypatch, capsys):
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    repo = copied(_begun, tmp_path / "place")
    monkeypatch.chdir(repo.root)
    return Place(repo, repo.root, capsys)


@pytest.fixture(scope="session")
def _shop(tmp_path_factory):
    return prototype.begun(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="session")
def _grown(_shop, tmp_path_factory):
    repo = copied(_shop, tmp_path_factory.mktemp("grown") / "repo")
    prototype.write(repo, prototype.GROWN)
    prototype.commit(repo)
    return repo


@pytest.fixture
def repo(_shop, tmp_path):
    """The shop, and its branch that changes nothing yet."""
    return copied(_shop, tmp_path / "repo")


@pytest.fixture
def grown(_grown, tmp_path):
    """The shop after its prototype grew."""
    return copied(_grown, tmp_path / "repo")
