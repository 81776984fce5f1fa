"""Does a workspace follow its GitHub, and remember what it said?"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cockpit.domain.pull import PullState
from cockpit.edges.git import FakeGit, RealGit
from cockpit.stacks import pulls_codec
from cockpit.stacks.pulls import Pulls
from cockpit.workspace import pulls as watched
from cockpit.workspace import remote
from cockpit.workspace.pulls import PullWatcher
from cockpit.workspace.workspace import Workspace
from support.github.fixture import github
from support.github.server import MockGithub
from support.repo import Repo


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Workspace, MockGithub]]:
    with github(tmp_path) as (mock, repo):
        (repo.root / "rpts").mkdir()
        mock.open("s1", "main", "First")
        mock.open("s2", "s1", "Second")
        mock.stack([1, 2])
        mock.review(1, "eve")
        monkeypatch.setenv("COCKPIT_GITHUB_URL", mock.url)
        monkeypatch.setenv("GH_TOKEN", "secret")
        workspace = Workspace.open(repo.root)
        yield workspace, mock
        workspace.close()


def test_what_was_read_is_kept(opened: tuple[Workspace, MockGithub]) -> None:
    workspace, _ = opened
    assert watched.known(workspace) is None
    pulls = asyncio.run(watched.refresh(workspace))
    assert pulls is not None and [p.number for p in pulls.pulls] == [1, 2] and not pulls.stale
    kept = watched.known(workspace)
    assert kept is not None and kept.pulls == pulls.pulls and kept.at == pulls.at and kept.native is None
    rows = workspace.store.query("SELECT value FROM cache WHERE kind = 'pulls'")
    assert "secret" not in repr(rows)


@pytest.mark.parametrize("junk", [None, [], {}, {"pulls": 1}, {"repository": "a/b"}, "x"])
def test_what_is_kept_wrongly_is_nothing(junk: object) -> None:
    assert pulls_codec.decode(junk) is None


def test_the_list_is_written_only_where_it_is_another_one(opened: tuple[Workspace, MockGithub]) -> None:
    workspace, mock = opened
    first = asyncio.run(watched.refresh(workspace))
    there = watched.host(workspace.git)
    assert first is not None and there is not None
    key = f"{there.name}/{there.full_name}"
    stamp = workspace.cache.stamp("pulls-list", key)
    workspace.kept_pulls.save(there, replace(first, at=first.at + 60))
    assert workspace.cache.stamp("pulls-list", key) == stamp
    other = Workspace.open(workspace.root)
    kept = other.kept_pulls.load(there)
    assert kept is not None and (kept.at, kept.pulls) == (first.at + 60, first.pulls)
    other.kept_pulls.save(there, replace(first, pulls=first.pulls[:1]))
    seen = workspace.kept_pulls.load(there)
    assert seen is not None and seen.pulls == first.pulls[:1], "another cockpit wrote it"
    workspace.kept_pulls.save(there, first)
    again = other.kept_pulls.load(there)
    assert again is not None and again.pulls == first.pulls
    other.close()
    workspace.store.execute("UPDATE cache SET value = '[1]', stamp = '3.x' WHERE kind = 'pulls-list'")
    broken = workspace.kept_pulls.load(there)
    assert broken is not None and (broken.at, broken.pulls) == (0.0, ()), "as good as unread"
    assert mock.count("graphql") > 0


def test_a_merge_is_followed(opened: tuple[Workspace, MockGithub]) -> None:
    workspace, mock = opened
    told: list[Pulls] = []
    came = threading.Event()

    def on_pulls(pulls: Pulls) -> None:
        told.append(pulls)
        came.set()

    watcher = PullWatcher(workspace, on_pulls, poll_s=0.05)
    watcher.start()
    try:
        assert came.wait(20)
        mock.merge(1)
        for _ in range(200):
            came.clear()
            if any(p.state is PullState.MERGED for p in told[-1].pulls):
                break
            came.wait(0.1)
        assert [p.state for p in told[-1].pulls] == [PullState.OPEN, PullState.MERGED]
        assert watcher.problem is None
    finally:
        watcher.stop()


def test_only_a_github_is_asked_and_the_upstream_first() -> None:
    question = ("config", "--get-regexp", r"^(remote\..*\.url|url\..*\.insteadof)$")
    urls = "remote.origin.url https://gitlab.com/a/b.git\nremote.backup.url /srv/b.git\n"
    assert watched.host(FakeGit({question: urls}), {}) is None
    assert watched.host(FakeGit({}), {}) is None
    both = "remote.origin.url git@github.com:me/b.git\nremote.upstream.url https://github.com/a/b\n"
    found = watched.host(FakeGit({question: both}), {})
    assert found is not None and found.full_name == "a/b"


@pytest.mark.parametrize("url", ["gh:a/b.git", "https://github.com/a/b", "ghw:a/b"])
def test_an_abbreviated_url_is_read_as_git_reads_it(tmp_path: Path, url: str) -> None:
    repo = Repo(tmp_path / "repo")
    repo.git("remote", "add", "origin", url)
    repo.git("config", "url.git@github.com:.insteadOf", "gh:")
    repo.git("config", "url.ssh://git@example.org/g.insteadOf", "g")
    repo.git("config", "--add", "url.git@github.com:.insteadOf", "ghw:")
    found = watched.host(RealGit(repo.root), {})
    assert found is not None and (found.name, found.full_name) == ("github.com", "a/b")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("git@github-work:a/b.git", "github.com"),
        ("github-work:a/b", "github.com"),
        ("ssh://git@github-work/a/b", "github.com"),
        ("git@git.example.org:a/b", "git.example.org"),
        ("https://intranet/a/b", "intranet"),
    ],
)
def test_an_alias_of_ssh_is_the_host_that_it_stands_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, name: str
) -> None:
    ssh = tmp_path / "bin" / "ssh"
    ssh.parent.mkdir()
    ssh.write_text('#!/bin/sh\n[ "$1 $3" = "-G github-work" ] && echo "hostname github.com"\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{ssh.parent}:{os.environ['PATH']}")
    remote._ssh_host.cache_clear()
    repo = Repo(tmp_path / "repo")
    repo.git("remote", "add", "origin", url)
    found = watched.host(RealGit(repo.root), {})
    remote._ssh_host.cache_clear()
    assert found is not None and (found.name, found.full_name) == (name, "a/b")
