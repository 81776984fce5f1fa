"""`cockpit stack`: what is printed, as text and as JSON, with which exit code."""

from __future__ import annotations

import json

import pytest

from cockpit.cli import main
from cockpit.workspace.workspace import Workspace
from support.repo import Repo

RPT = """---
schema: rpt/v1
id: RPT-0007
title: Scan to plan
status: building
revision: 1
service: scan
---
# Merge Plan

```yaml rpt:merge
slices:
  - {id: api, title: Routes, paths: ["services/scan/api/*"]}
  - {id: logic, title: Logic, paths: ["services/scan/logic/*"]}
```
"""


@pytest.fixture
def repo(tmp_path, monkeypatch):
    repo = Repo(tmp_path)
    (tmp_path / ".gitignore").write_text(".cockpit/\n")
    repo.commit("begin", "rpts/RPT-0007-scan.md", RPT)
    monkeypatch.chdir(tmp_path)
    return repo


def test_the_json_document(repo, capsys):
    repo.git("switch", "-q", "-c", "rpt-7-api")
    repo.commit("Routes", "services/scan/api/a.py", "1\n2\n")
    repo.git("switch", "-q", "main")
    repo.merge("rpt-7-api")
    repo.git("switch", "-q", "-c", "logic")
    repo.commit("Logic", "services/scan/logic/a.py", "1\n")
    repo.branch("stray", "main")
    assert main(["stack", "list", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["trunk"], document["branch"]) == (
        "cockpit.stacks/v1",
        "main",
        "stray",
    )
    assert document["errors"] == []
    by_id = {stack["id"]: stack for stack in document["stacks"]}
    assert {name: stack["rpt"] for name, stack in by_id.items()} == {
        "stray": None,
        "logic": "RPT-0007",
        "rpt-7-api": "RPT-0007",
    }
    assert {name: (stack["merged"], stack["total"]) for name, stack in by_id.items()} == {
        "stray": (0, 1),
        "logic": (0, 1),
        "rpt-7-api": (1, 1),
    }
    assert by_id["rpt-7-api"]["next"] is None
    assert by_id["logic"]["next"]["branch"] == "logic"
    (logic,) = by_id["logic"]["slices"]
    wanted = {"branch": "logic", "parent": "main", "pr": None, "state": "open", "commits": 1, "added": 1}
    assert {key: logic[key] for key in wanted} == wanted
    assert logic["subject"] == "Logic"
    assert logic["evidence"][0]["source"] == "ancestry"
    assert by_id["rpt-7-api"]["slices"][0]["state"] == "merged"
    here = Workspace.open(repo.root)
    (row,) = here.snapshot().handoffs
    assert (row.stack.state, row.stack.merged, row.stack.total) == ("open", 1, 2)
    assert {stack.id for stack in row.stacks} == {"logic", "rpt-7-api"}
    here.close()


def test_the_text_shows_the_tree(repo, capsys):
    repo.git("switch", "-q", "-c", "low")
    repo.commit("Routes", "services/scan/api/a.py", "1\n2\n")
    repo.branch("high", commits=2)
    repo.branch("stray", "main")
    assert main(["stack"]) == 0
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert "RPT-0007  over main" in lines
    assert "no RPT  over main" in lines
    assert any(line.startswith("  □ low  open  1 commit  +2 -0") for line in lines)
    assert any(line.startswith("  □ high  open  2 commits  +2 -0") for line in lines)
    assert main(["stack", "list", "7"]) == 0
    assert "stray" not in capsys.readouterr().out


def test_a_disagreement_is_shown_with_both_sides(repo, capsys):
    repo.branch("low")
    repo.branch("high")
    repo.branch("other", "main")
    (repo.root / ".git" / "machete").write_text("main\n  other\n    high\n")
    assert main(["stack"]) == 0
    out = capsys.readouterr().out
    assert "git-machete: lies below other in .git/machete" in out
    assert "ancestry disagrees: over low, shown over other; it contains low at" in out


def test_nothing_ahead_is_said(repo, capsys):
    assert main(["stack", "list"]) == 0
    assert capsys.readouterr().out == "no local branch is ahead of main\n"


def test_without_a_repository_nothing_can_be_decided(tmp_path, monkeypatch, capsys):
    (tmp_path / "rpts").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["stack", "list", "--json"]) == 3
    out, err = capsys.readouterr()
    assert json.loads(out)["errors"][0]["code"] == "no-repository"
    assert "in no git repository" in err


def test_wrong_use_is_told(repo, capsys):
    assert main(["stack", "lst"]) == 2
    assert "invalid choice" in capsys.readouterr().err
    assert main(["stack", "list", "99"]) == 2


def test_a_repository_without_a_commit_is_said(tmp_path, monkeypatch, capsys):
    Repo(tmp_path)
    (tmp_path / "rpts").mkdir()
    (tmp_path / "rpts" / "RPT-0007-scan.md").write_text(RPT)
    monkeypatch.chdir(tmp_path)
    assert main(["stack", "list", "--offline"]) == 0
    assert capsys.readouterr().out == "there is no commit here yet\n"
    assert main(["stack", "slice", "7", "--from", "proto", "--dry-run"]) == 2
    assert "there is no commit here yet" in capsys.readouterr().err
