"""A program that cannot be started, and what it says of itself: told in words, without secrets."""

from __future__ import annotations

import os
import sys

import pytest

from cockpit.domain.text import without_logins
from cockpit.edges import proc
from cockpit.edges.git import RealGit
from cockpit.errors import EdgeError, GitError
from cockpit.stacks.submitting import pushing
from support.repo import Repo

TOKEN = "ghp_0123456789"
TOO_MUCH = "x" * 3_000_000


@pytest.mark.parametrize("start", ["run", "stream"])
def test_a_program_that_may_not_be_run_is_said(tmp_path, start):
    script = tmp_path / "script"
    script.write_text("echo never")
    started = {
        "run": lambda argv: proc.run(argv, tmp_path),
        "stream": lambda argv: proc.stream(argv, tmp_path, None, print),
    }[start]
    for argv in ([str(script)], ["echo", TOO_MUCH]):
        with pytest.raises(EdgeError) as caught:
            started(argv)
        assert caught.value.problem.code == "program-unstarted"
        assert TOO_MUCH not in caught.value.problem.message


def test_git_that_cannot_be_started_is_said(tmp_path):
    with pytest.raises(GitError, match="cannot be started"):
        RealGit(tmp_path).run("log", TOO_MUCH)
    with pytest.raises(GitError, match="is gone"):
        RealGit(tmp_path / "gone").run("status")


def test_no_program_shares_the_terminal(tmp_path):
    """What asks there (ssh for a passphrase) would write over the board and take its keys."""
    told = f"{sys.executable} -c 'import os; print(os.getsid(0))'"
    sessions = (
        RealGit(tmp_path).run("-c", f"alias.session=!{told}", "session"),
        proc.run(["sh", "-c", told], tmp_path).out,
    )
    assert str(os.getsid(0)) not in [said.strip() for said in sessions]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (f"fatal: https://u:{TOKEN}@host/x not found", "fatal: https://***@host/x not found"),
        (f"{TOKEN} ssh://{TOKEN}@host, git@host:x", f"{TOKEN} ssh://***@host, git@host:x"),
        ("https://host/a@b", "https://host/a@b"),
    ],
)
def test_a_url_is_told_without_who_logs_in(said, told):
    assert without_logins(said) == told


def test_git_that_fails_tells_no_password(tmp_path):
    repo = Repo(tmp_path / "repo")
    repo.commit()
    repo.git("init", "-q", "--bare", str(tmp_path / "there"))
    repo.git("remote", "add", "origin", str(tmp_path / "there"))
    said = f"echo sent to https://u:{TOKEN}@host >&2; exit 1"
    hook = repo.root / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{said}\n")
    hook.chmod(0o755)
    for call in (
        lambda: pushing.push(("git", "push", "origin", "HEAD:refs/heads/x"), repo.root),
        lambda: RealGit(repo.root).run("-c", f"alias.fail=!{said}", "fail"),
    ):
        with pytest.raises(GitError, match="https://\\*\\*\\*@host") as caught:
            call()
        assert TOKEN not in str(caught.value.problem)
