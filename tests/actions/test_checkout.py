"""Checking out a slice: real git, real worktrees; what is not committed stays where it is."""

from __future__ import annotations

import asyncio
import json

import pytest

from cockpit.actions import checkout
from cockpit.cli import main
from cockpit.domain.action import Risk
from cockpit.errors import CockpitError, NotFoundError, UsageError
from cockpit.workspace import pulls as watched
from cockpit.workspace.workspace import Workspace
from support.github.fixture import github
from support.repo import Repo

PIN = "trunk: main\n"


@pytest.fixture
def repo(tmp_path, monkeypatch):
    """A workspace with two slices on each other; `main` is checked out and not clean."""
    repo = Repo(tmp_path / "research")
    (repo.root / "rpts").mkdir()
    (repo.root / ".gitignore").write_text(".cockpit/\n")
    (repo.root / "cockpit.yaml").write_text(PIN)
    repo.commit("begin", "README.md", "as it was\n")
    repo.branch("rpt-7/1-model")
    repo.branch("rpt-7/2-logic", "rpt-7/1-model")
    repo.git("switch", "-q", "main")
    (repo.root / "README.md").write_text("not committed\n")
    (repo.root / "scratch.txt").write_text("not even added\n")
    monkeypatch.chdir(repo.root)
    return repo


@pytest.fixture
def plan_of(repo):
    workspace = Workspace.open(repo.root)
    yield lambda branch: checkout.plan(workspace, branch, "local")
    workspace.close()


def folder_of(repo: Repo, branch: str):
    return repo.root.with_name("research.worktrees").joinpath(*branch.split("/"))


def refused(plan_of, branch: str) -> str:
    with pytest.raises(CockpitError) as caught:
        plan_of(branch)
    assert caught.value.problem.do
    assert "\x1b" not in caught.value.problem.message
    return caught.value.problem.code


def test_the_slice_stands_beside_the_repository_and_nothing_else_moved(repo, capsys):
    before = repo.git("status", "--porcelain"), repo.git("rev-parse", "HEAD", "main", "rpt-7/2-logic")
    assert main(["stack", "checkout", "rpt-7/2-logic", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    folder = folder_of(repo, "rpt-7/2-logic")
    assert document == {
        "schema": "cockpit.checkout/v1",
        "branch": "rpt-7/2-logic",
        "commit": repo.git("rev-parse", "rpt-7/2-logic"),
        "folder": str(folder),
        "created": True,
    }
    assert repo.git("-C", str(folder), "branch", "--show-current") == "rpt-7/2-logic"
    assert before == (
        repo.git("status", "--porcelain"),
        repo.git("rev-parse", "HEAD", "main", "rpt-7/2-logic"),
    )
    assert (repo.root / "README.md").read_text() == "not committed\n"


def test_a_second_time_says_where_it_is_and_is_no_failure(repo, capsys):
    assert main(["stack", "checkout", "rpt-7/1-model"]) == 0
    first = capsys.readouterr()
    assert "$ git worktree add ../research.worktrees/rpt-7/1-model rpt-7/1-model" in first.err
    assert main(["stack", "checkout", "rpt-7/1-model", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["created"] is False and document["folder"] == str(folder_of(repo, "rpt-7/1-model"))
    assert main(["stack", "checkout", "main"]) == 0
    assert "main is checked out already: cd ." in capsys.readouterr().out


def test_a_dry_run_shows_the_plan_and_does_nothing(repo, plan_of, capsys):
    plan = plan_of("rpt-7/1-model")
    assert plan.risk is Risk.LOCAL and "research.worktrees/rpt-7/1-model" in plan.touches[0]
    assert main(["stack", "checkout", "rpt-7/1-model", "--dry-run"]) == 0
    assert "cd ../research.worktrees/rpt-7/1-model" in capsys.readouterr().out
    assert not folder_of(repo, "rpt-7/1-model").exists()


def test_it_is_asked_for_in_a_slice_and_stands_beside_the_first(repo, monkeypatch):
    main(["stack", "checkout", "rpt-7/1-model"])
    monkeypatch.chdir(folder_of(repo, "rpt-7/1-model"))
    assert main(["stack", "checkout", "rpt-7/2-logic"]) == 0
    assert folder_of(repo, "rpt-7/2-logic").exists()


def test_a_detached_head_and_a_shallow_clone_are_no_hindrance(repo, tmp_path, monkeypatch):
    repo.git("checkout", "-q", "--detach")
    assert main(["stack", "checkout", "rpt-7/1-model"]) == 0
    shallow = tmp_path / "shallow"
    repo.git("clone", "-q", "--depth", "1", "--no-single-branch", repo.root.as_uri(), str(shallow))
    monkeypatch.chdir(shallow)
    assert main(["stack", "checkout", "rpt-7/2-logic"]) == 0
    made = Repo.__new__(Repo)
    made.root, made.clock = tmp_path / "shallow.worktrees/rpt-7/2-logic", 0
    assert made.git("rev-parse", "--abbrev-ref", "@{upstream}") == "origin/rpt-7/2-logic"


def test_a_worktree_of_a_bare_repository_is_a_workspace_too(repo, tmp_path, monkeypatch):
    bare = tmp_path / "bare.git"
    repo.git("clone", "-q", "--bare", str(repo.root), str(bare))
    repo.git("-C", str(bare), "worktree", "add", "-q", str(tmp_path / "trunk"), "main")
    monkeypatch.chdir(tmp_path / "trunk")
    (tmp_path / "trunk/rpts").mkdir()
    assert main(["stack", "checkout", "rpt-7/1-model"]) == 0
    assert (tmp_path / "bare.git.worktrees/rpt-7/1-model/.git").exists()


@pytest.mark.parametrize(
    "name",
    ["", "-f", "--force", "HEAD", "a..b", "a b", "a\nb", "a\0b", "x\x1b[31m", "x\u202ey", "a/", ".", "../up"],
)
def test_what_is_no_name_of_a_branch_is_refused(plan_of, name):
    assert refused(plan_of, name) == "branch-name"


def test_a_branch_that_nobody_knows_says_how_it_is_fetched(plan_of):
    with pytest.raises(NotFoundError, match="no branch nowhere") as caught:
        plan_of("nowhere")
    assert "git fetch origin nowhere:nowhere" in caught.value.problem.do


def test_what_lies_in_the_way_is_never_written_over(repo, plan_of):
    folder = folder_of(repo, "rpt-7/1-model")
    folder.mkdir(parents=True)
    plan_of("rpt-7/1-model")  # an empty folder is none
    (folder / "mine.txt").write_text("mine\n")
    assert refused(plan_of, "rpt-7/1-model") == "folder-there"
    (folder.parent / ".git").write_text("gitdir: elsewhere\n")
    assert refused(plan_of, "rpt-7/2-logic") == "folder-there"
    (folder.parent / ".git").unlink()
    (folder.parent / "2-logic").symlink_to(repo.root)
    assert refused(plan_of, "rpt-7/2-logic") == "folder-there"


def test_a_worktree_that_was_deleted_by_hand_says_what_to_do(repo, plan_of):
    import shutil

    main(["stack", "checkout", "rpt-7/1-model"])
    shutil.rmtree(folder_of(repo, "rpt-7/1-model"))
    assert refused(plan_of, "rpt-7/1-model") == "checked-out"
    repo.git("worktree", "prune")
    assert plan_of("rpt-7/1-model").touches


def test_what_changed_since_the_plan_is_looked_at_again(repo):
    workspace = Workspace.open(repo.root)
    plan = checkout.plan(workspace, "rpt-7/1-model", "local")
    repo.git("worktree", "add", "-q", "../elsewhere", "rpt-7/1-model")
    with pytest.raises(UsageError, match="somewhere else"):
        checkout.run(workspace, plan, lambda line: None, lambda: False)
    assert not folder_of(repo, "rpt-7/1-model").exists()
    workspace.close()


def test_what_only_the_server_has_is_fetched(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GH_TOKEN", "any")
    with github(tmp_path) as (mock, repo):
        monkeypatch.setenv("COCKPIT_GITHUB_URL", mock.url)
        (repo.root / "rpts").mkdir()
        fork = mock.tip("s3")
        merged, foreign = mock.open("s1"), mock.open("s3", head_repository="eve/research")
        mine = mock.open("s2", "s1")
        for pull in (merged, foreign, mine):
            mock.git(
                "update-ref",
                f"refs/pull/{pull.number}/head",
                mock.head_of(pull) if pull is not foreign else fork,
            )
        mock.merge(merged.number)
        mock.git("update-ref", "-d", "refs/heads/s1")
        repo.git("switch", "-q", "main")
        for name in ("s1", "s2", "s3"):
            repo.git("branch", "-D", name)
            repo.git("update-ref", "-d", f"refs/remotes/origin/{name}")
        workspace = Workspace.open(repo.root)
        asyncio.run(watched.refresh(workspace, ("s1",)))
        workspace.close()
        monkeypatch.chdir(repo.root)
        homes = tmp_path / "work.worktrees"

        assert main(["stack", "checkout", "s2"]) == 0
        assert "git fetch --no-tags origin +refs/heads/s2:refs/remotes/origin/s2" in capsys.readouterr().err
        assert repo.git("-C", str(homes / "s2"), "rev-parse", "HEAD") == mock.tip("s2")

        assert main(["stack", "checkout", "eve:s3"]) == 0
        assert repo.git("-C", str(homes / "eve/s3"), "branch", "--show-current") == "eve/s3"
        assert repo.git("rev-parse", "eve/s3") == fork

        repo.git("-C", str(homes / "eve/s3"), "reset", "-q", "--hard", "HEAD~1")
        capsys.readouterr()
        main(["stack", "checkout", "eve:s3", "--dry-run"])
        assert f"#{foreign.number} has {fork[:12]}, this clone another commit" in "".join(capsys.readouterr())

        assert main(["stack", "checkout", "s1"]) == 0
        assert (homes / "s1/slice1.py").exists() and not (homes / "s1/slice2.py").exists()

    # The server is gone, and one more branch is asked for that was never fetched.
    repo.git("worktree", "remove", str(homes / "s2"))
    repo.git("branch", "-D", "s2")
    repo.git("update-ref", "-d", "refs/remotes/origin/s2")
    (tmp_path / "acme/research.git").rename(tmp_path / "gone")
    assert main(["stack", "checkout", "s2"]) != 0
    assert "git fetch failed" in capsys.readouterr().out
    assert not (homes / "s2").exists()
