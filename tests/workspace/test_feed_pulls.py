"""The board follows GitHub: what changes there is on it after a poll, every failure is said and survived."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cockpit.domain.handoff import Snapshot
from cockpit.domain.pull import Checks, Decision, Server
from cockpit.domain.stack import Cause, Slice
from cockpit.workspace import pulls
from cockpit.workspace.feed import BoardFeed
from cockpit.workspace.workspace import Workspace
from support.github import faults
from support.github.fixture import github
from support.github.server import MockGithub
from support.repo import Repo

POLL_S = 0.1
SECRET = "gho_the_secret_of_this_test"


class Board:
    """A feed on a repository with branches s1, s2, s3, and the GitHub that its remote names."""

    def __init__(self, mock: MockGithub, repo: Repo) -> None:
        self.mock, self.repo = mock, repo
        self.workspace = Workspace.open(repo.root)
        self.feed = BoardFeed(self.workspace, probe=False, poll_s=POLL_S)
        self.came: queue.Queue[Snapshot] = queue.Queue()
        self.last: Snapshot | None = None

    def start(self) -> None:
        self.feed.start(self.came.put)

    def until(self, holds: Callable[[Snapshot], object], timeout: float = 20.0) -> Snapshot:
        """Return the first snapshot for which `holds` is true."""
        if self.last is not None and holds(self.last):
            return self.last
        end = time.monotonic() + timeout
        while True:
            try:
                self.last = self.came.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"it did not come: {self.last}")
            if holds(self.last):
                return self.last

    def server(self, holds: Callable[[Server], object]) -> Server:
        """Return the first state of the server for which `holds` is true."""
        found = self.until(lambda s: s.server is not None and holds(s.server)).server
        assert found is not None
        return found


@pytest.fixture
def still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Board]:
    """A board that does not run yet."""
    with github(tmp_path) as (mock, repo):
        (repo.root / "rpts").mkdir()
        monkeypatch.setenv("COCKPIT_GITHUB_URL", mock.url)
        monkeypatch.setenv("GH_TOKEN", SECRET)
        for name in ("GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        board = Board(mock, repo)
        yield board
        board.feed.stop()
        rows = board.workspace.store.query("SELECT value FROM cache")
        assert SECRET not in repr(rows) and SECRET not in repr(board.last)
        board.workspace.close()


@pytest.fixture
def board(still: Board) -> Board:
    still.mock.open("s1", "main", "First")
    still.start()
    still.until(lambda s: part(s).pull is not None)
    return still


def part(snapshot: Snapshot, branch: str = "s1") -> Slice:
    return next(one for stack in snapshot.stacks for one in stack.slices if one.branch == branch)


def cause(snapshot: Snapshot, branch: str = "s1") -> Cause | None:
    held = part(snapshot, branch).blocked
    return held.cause if held is not None else None


def asking() -> bool:
    """True while the thread lives that asks: one that waited for its answer would have been left alone."""
    return any(thread.name == "cockpit-pulls" and thread.is_alive() for thread in threading.enumerate())


def test_the_board_follows_a_pull_request_from_its_opening_to_its_merge(still: Board) -> None:
    still.start()
    still.until(lambda s: s.stacks and cause(s) is Cause.NOT_SUBMITTED)
    still.mock.open("s1", "main", "First")
    still.mock.open("s2", "s1", "Second", asked=["bob"])
    still.until(lambda s: (part(s).pr, part(s, "s2").pr) == (1, 2) and cause(s) is Cause.REVIEW)
    still.mock.check(1, "tests", "FAILURE")
    failing = still.until(lambda s: cause(s) is Cause.CHECKS)
    blocked = part(failing).blocked
    assert blocked is not None and blocked.text == "checks fail: tests"
    assert cause(failing, "s2") is Cause.REVIEW and cause(failing, "s3") is Cause.NOT_SUBMITTED
    still.mock.check(1, "tests", "SUCCESS")
    still.mock.review(1, "eve", "CHANGES_REQUESTED")
    asked = still.until(lambda s: (p := part(s).pull) and p.decision is Decision.CHANGES_REQUESTED)
    assert (p := part(asked).pull) is not None and p.checks is Checks.PASSING
    still.mock.review(1, "eve", "APPROVED")
    still.until(lambda s: cause(s) is None)
    still.mock.merge(1)
    merged = still.until(lambda s: part(s).state == "merged")
    assert part(merged, "s2").state == "open"
    still.until(lambda s: s.server is not None and s.server.rate is not None and not s.server.stale)


def test_a_poll_without_news_reads_no_stack_again(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    first = board.server(lambda s: s.at > 0)
    settled = board.until(lambda s: s.server and s.server.at > first.at + 5 * POLL_S)
    read: list[object] = []
    monkeypatch.setattr(board.workspace, "with_stacks", lambda gathered: read.append(gathered))
    monkeypatch.setattr(board.workspace, "gather", lambda env: read.append(env))
    later = board.until(
        lambda s: s.server and settled.server and s.server.at > settled.server.at + 3 * POLL_S
    )
    assert read == [] and later.stacks is settled.stacks


def test_r_asks_the_server_too(still: Board) -> None:
    still.feed = BoardFeed(still.workspace, probe=False, poll_s=3600)
    still.mock.open("s1")
    still.start()
    still.until(lambda s: s.stacks and part(s).pull is not None)
    still.mock.patch(1, {"title": "Another"})
    still.feed.refresh()
    still.until(lambda s: (p := part(s).pull) and p.title == "Another")


def test_who_wants_no_request_gets_what_is_kept(board: Board) -> None:
    board.feed.stop()
    asked = len(board.mock.asked)
    still = Board(board.mock, board.repo)
    still.feed = BoardFeed(still.workspace, probe=False, ask=False, poll_s=POLL_S)
    still.start()
    server = still.server(lambda s: s.at > 0)
    assert still.last is not None and part(still.last).pr == 1 and not server.stale
    still.feed.refresh()
    time.sleep(3 * POLL_S)
    assert len(board.mock.asked) == asked
    still.feed.stop()
    still.workspace.close()


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.saying(401, "Bad credentials"), "github-token-refused"),
        (faults.saying(404, "Not Found"), "github-repository"),
        (faults.saying(403, "no"), "github-forbidden"),
        (faults.bad_gateway(""), "github-failed"),
        (faults.secondary(60, path=""), "github-limit"),
        (faults.Fault("", body=b"<html>Sign in</html>"), "github-answer"),
    ],
)
def test_what_fails_before_anything_was_ever_heard_is_said(
    still: Board, fault: faults.Fault, code: str
) -> None:
    fault.times = 10_000
    still.mock.open("s1")
    still.mock.fail(fault)
    still.start()
    server = still.server(lambda s: s.stale)
    assert (server.at, server.code, server.repository, server.host) == (
        0.0,
        code,
        "acme/research",
        still.mock.url.removeprefix("http://"),
    )
    assert server.problem and server.do
    assert (server.wait_until > time.time()) is (code == "github-limit")
    assert still.last is not None and cause(still.last) is Cause.UNKNOWN, (
        "nobody said that it is not submitted"
    )
    assert still.last.problems == ()


def test_without_a_token_it_is_said_and_one_that_comes_is_found(
    still: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GH_TOKEN")
    still.mock.open("s1")
    still.start()
    server = still.server(lambda s: s.stale)
    assert (server.code, server.at, still.mock.asked) == ("github-no-token", 0.0, [])
    monkeypatch.setenv("GH_TOKEN", SECRET)
    assert still.server(lambda s: not s.stale and s.at > 0).problem is None


def test_a_refused_token_is_not_sent_again_and_a_new_one_is(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    board.mock.tokens = {"another"}
    server = board.server(lambda s: s.stale)
    assert server.code == "github-token-refused" and server.at > 0
    refused = board.mock.count("", 401)
    time.sleep(5 * POLL_S)
    assert refused == board.mock.count("", 401) == 1, "who insists is locked out"
    board.feed.refresh()
    end = time.monotonic() + 10
    while board.mock.count("", 401) == 1 and time.monotonic() < end:
        time.sleep(0.02)
    assert board.mock.count("", 401) == 2, "unless somebody wants it"
    monkeypatch.setenv("GH_TOKEN", "another")
    assert board.server(lambda s: not s.stale).problem is None


def test_gh_is_asked_again_where_it_knew_no_token(
    still: Board, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`gh auth login` in another terminal helps without a restart: gh stands in here as a program on PATH."""
    monkeypatch.delenv("GH_TOKEN")
    monkeypatch.delenv("COCKPIT_GITHUB_URL")
    programs, answer = tmp_path / "bin", tmp_path / "token"
    programs.mkdir()
    gh = programs / "gh"
    gh.write_text(f'#!/bin/sh\n[ "$4" = 127.0.0.9 ] && cat {answer} 2>/dev/null\n')
    gh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    still.repo.git("remote", "set-url", "origin", "https://127.0.0.9/acme/research")
    still.start()
    server = still.server(lambda s: s.stale)
    assert (server.host, server.code) == ("127.0.0.9", "github-no-token")
    assert server.do is not None and "gh auth login --hostname 127.0.0.9" in server.do
    answer.write_text(SECRET)
    assert still.server(lambda s: s.code == "github-offline").at == 0.0


def test_a_workspace_without_github_has_no_server_and_one_that_gets_one_has(still: Board) -> None:
    still.repo.git("remote", "remove", "origin")
    still.start()
    assert still.until(lambda s: s.stacks).server is None
    still.repo.git("remote", "add", "origin", "git@github.com:acme/research.git")
    assert still.server(lambda s: s.at > 0).repository == "acme/research"
    still.repo.git("remote", "remove", "origin")
    still.until(lambda s: s.server is None)


def test_an_address_that_is_none_is_a_problem_of_the_board(
    still: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COCKPIT_GITHUB_URL", "ftp://example.org")
    still.start()
    snapshot = still.until(lambda s: s.stacks)
    assert [p.code for p in snapshot.problems] == ["github-url"] and snapshot.server is None


def test_limits_are_waited_out_and_the_pull_requests_stay(board: Board) -> None:
    for fault in (faults.secondary(1), faults.primary(2), faults.secondary(None, status=429)):
        board.mock.faults.clear()
        board.mock.patch(1, {"body": f"{time.time()}"})
        board.mock.fail(fault)
        board.feed.refresh()
        server = board.server(lambda s: s.stale)
        assert server.code == "github-limit" and server.wait_until > time.time() - 3
        assert board.last is not None and part(board.last).pr == 1
        if server.wait_until < time.time() + 10:
            board.server(lambda s: not s.stale and not s.problem)


@pytest.mark.parametrize("fault", [faults.late(0.5), faults.huge(33), faults.bad_gateway()])
def test_what_is_late_too_much_or_broken_once_is_got_over(board: Board, fault: faults.Fault) -> None:
    board.mock.fail(fault)
    board.mock.patch(1, {"title": "After"})
    after = board.until(lambda s: (p := part(s).pull) and p.title == "After")
    assert after.server is not None and not after.server.stale


def test_what_lacks_something_is_said_until_it_is_whole(board: Board) -> None:
    def empty(said: dict[str, object]) -> dict[str, object]:
        return said | {"errors": [{"message": "Something went wrong"}]}

    broken = faults.partial(empty)
    broken.times = 2
    board.mock.fail(broken)
    server = board.server(lambda s: s.problem)
    assert (server.code, server.stale) == ("github-partial", False)
    assert "Something went wrong" in (server.problem or "")
    board.server(lambda s: s.problem is None)


def test_a_server_that_goes_away_in_mid_poll_comes_back(board: Board) -> None:
    board.mock.away = True
    server = board.server(lambda s: s.stale)
    assert server.code == "github-offline" and server.at > 0
    assert board.last is not None and part(board.last).pr == 1, "what was known stays"
    board.mock.away = False
    board.server(lambda s: not s.stale)


def test_another_trunk_on_the_server_is_said(board: Board) -> None:
    board.mock.rename_trunk("trunk")
    snapshot = board.until(lambda s: s.problems)
    assert [p.code for p in snapshot.problems] == ["trunk-differs"]
    assert part(snapshot).parent == "main"


def test_a_deleted_fork_is_no_slice_of_mine(board: Board) -> None:
    commit = board.repo.git("rev-parse", "s2")
    board.mock.open("s3", "main", "Elsewhere", head_repository="eve/research", head_commit=commit)
    board.mock.pulls[2].head_repository = None
    snapshot = board.until(lambda s: sum(len(stack.slices) for stack in s.stacks) == 4)
    assert part(snapshot, "s3").pr is None


def test_a_renamed_repository_is_followed(board: Board) -> None:
    board.mock.rename("studies")
    board.mock.patch(1, {"title": "Moved"})
    snapshot = board.until(lambda s: (p := part(s).pull) and p.title == "Moved")
    assert snapshot.server is not None and not snapshot.server.stale
    assert part(snapshot).pull.url.startswith("https://github.com/acme/studies/")  # type: ignore[union-attr]


def test_it_stops_at_once_while_a_request_hangs(board: Board) -> None:
    hangs = faults.late(20.0, path="")
    hangs.times = 100
    board.mock.fail(hangs)
    time.sleep(3 * POLL_S)
    began = time.monotonic()
    board.feed.stop()
    assert time.monotonic() - began < 2.5 and not asking()


def test_it_stops_at_once_while_gh_hangs(
    still: Board, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GH_TOKEN")
    monkeypatch.delenv("COCKPIT_GITHUB_URL")
    programs, began_file = tmp_path / "bin", tmp_path / "began"
    programs.mkdir()
    (programs / "gh").write_text(f"#!/bin/sh\ntouch {began_file}\nexec sleep 4\n")
    (programs / "gh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    still.repo.git("remote", "set-url", "origin", "https://127.0.0.9/acme/research")
    still.start()
    end = time.monotonic() + 10
    while not began_file.exists() and time.monotonic() < end:
        time.sleep(0.02)
    began = time.monotonic()
    still.feed.stop()
    assert began_file.exists() and time.monotonic() - began < 2.5 and not asking()


def test_a_defect_is_said_and_does_not_end_it(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulls, "_BETWEEN_TRIES_S", 0.05)
    with monkeypatch.context() as broken:
        broken.setattr(pulls, "read", lambda *_, **__: 1 / 0)
        server = board.server(lambda s: s.stale)
        assert server.code == "pulls-failed" and "ZeroDivisionError" in (server.problem or "")
    board.server(lambda s: not s.stale)
