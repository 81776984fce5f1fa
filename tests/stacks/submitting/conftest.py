"""A workspace with a stack of three slices, and the GitHub that it is submitted to."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cockpit.cli import main
from cockpit.stacks.submitting import running
from support.github.fixture import github
from support.github.server import MockGithub
from support.repo import Repo

RPT = """---
schema: rpt/v1
id: RPT-0007
title: Scan to plan
status: building
revision: 1
service: scan
owners: {researcher: mira, engineer: jonas}
---
# Merge Plan

```yaml rpt:merge
slices:
  - {id: data, title: Data, paths: ["services/scan/data.py"], reviewer_role: engineer}
  - {id: model, title: Model, paths: ["services/scan/model.py"]}
  - {id: api, title: Routes, paths: ["services/scan/api.py"]}
```
"""
CONFIG = """trunk: main
people:
  mira: {github: mira-gh}
  jonas: {github: jonas-gh}
"""
BRANCHES = ("rpt-0007/data", "rpt-0007/model", "rpt-0007/api")


@dataclass
class Place:
    """What a test works with: the mock, the clone, and a way to run cockpit there."""

    mock: MockGithub
    repo: Repo
    capsys: Any

    def cockpit(self, *argv: str) -> tuple[int, str, str]:
        """Run `cockpit stack submit …` and return its exit code, output and talk."""
        self.capsys.readouterr()
        code = main(["stack", "submit", *argv])
        said = self.capsys.readouterr()
        return code, said.out, said.err

    def submit(self, *argv: str) -> dict[str, Any]:
        """Submit with --yes, expect it to work, and return the JSON document."""
        code, out, err = self.cockpit(*argv, "--yes", "--json")
        assert code == 0, err
        found: dict[str, Any] = json.loads(out)
        return found

    def planned(self, *argv: str) -> list[str]:
        """Return the steps that are shown."""
        code, out, err = self.cockpit(*argv, "--dry-run", "--json")
        assert code == 0, err
        return [" ".join(step["argv"]) or step["label"] for step in json.loads(out)["steps"]]

    def listed(self) -> dict[str, dict[str, Any]]:
        """Return branch → what `stack list` says of it, of the stack that the slices are in."""
        self.capsys.readouterr()
        assert main(["stack", "list", "--json"]) == 0
        stacks = json.loads(self.capsys.readouterr().out)["stacks"]
        (found,) = (s for s in stacks if any(part["branch"] in BRANCHES for part in s["slices"]))
        return {part["branch"]: part for part in found["slices"]}

    def tree(self, name: str) -> str:
        """Return the tree that a branch has on the server."""
        return self.mock.git("rev-parse", f"{name}^{{tree}}").stdout.strip()

    def forget(self) -> None:
        """Make the server and this workspace as they were before anything was submitted."""
        self.mock.reset()
        for branch in BRANCHES:
            self.mock.git("update-ref", "-d", f"refs/heads/{branch}")
        shutil.rmtree(self.repo.root / ".cockpit", ignore_errors=True)

    def remote(self, branch: str) -> str | None:
        """Return where a branch stands on the server."""
        return self.mock.tip(branch)

    def here(self, branch: str) -> str:
        """Return where a branch stands in the clone."""
        return self.repo.git("rev-parse", branch)

    def writes(self) -> list[str]:
        """Return the writing requests so far."""
        return [
            f"{m} {p.partition('/research')[2]} {s}"
            for m, p, s in self.mock.asked
            if m != "GET" and p != "/graphql"
        ]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Any:
    with github(tmp_path, branches=0) as (mock, repo):
        repo.git("switch", "-q", "main")
        (repo.root / ".gitignore").write_text(".cockpit/\n")
        repo.commit("configure", "cockpit.yaml", CONFIG)
        repo.commit("owners", "CODEOWNERS", "/services/scan/model.py @mira-gh @acme/modelling\n")
        repo.commit("document", "rpts/RPT-0007-scan.md", RPT)
        repo.git("push", "-q", "origin", "main")
        for branch in BRANCHES:
            repo.git("switch", "-q", "-c", branch)
            part = branch.rpartition("/")[2]
            repo.commit(
                f"Add the {part}\n\nWhy: {part} comes first.", f"services/scan/{part}.py", f"{part} = 1\n"
            )
        mock.native = False
        monkeypatch.chdir(repo.root)
        monkeypatch.setenv("COCKPIT_GITHUB_URL", mock.url)
        monkeypatch.setenv("GH_TOKEN", "token-of-ada")
        monkeypatch.setattr(running, "BETWEEN_WRITES_S", 0.0)
        yield Place(mock, repo, capsys)
