"""Is what GitHub says read as it is, and is each of its failures survived?"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate

from cockpit.domain.pull import Checks, Decision, Merging, PullState
from cockpit.edges.clock import SystemClock
from cockpit.edges.http import HttpxHttp
from cockpit.stacks.github import of_remote, query
from cockpit.stacks.github.reading import read
from cockpit.stacks.pulls import Pulls
from support.github import faults
from support.github.fixture import github
from support.github.published import graphql_schema
from support.github.server import MockGithub
from support.repo import Repo

TOKEN = "gho_very_secret_token"


class Shifted(SystemClock):
    """The machine's clock, set forward."""

    ahead = 0.0

    def epoch(self) -> float:
        return time.time() + self.ahead


class Reader:
    def __init__(self, mock: MockGithub) -> None:
        self.clock = Shifted()
        self.mock = mock
        host = of_remote("https://github.com/acme/research.git", mock.url)
        assert host is not None
        self.host = host
        self.slept: list[float] = []

    def __call__(
        self, before: Pulls | None = None, token: str | None = TOKEN, after_s: float = 0, **rest: Any
    ) -> Pulls:
        self.clock.ahead += after_s

        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)

        async def work() -> Pulls:
            async with HttpxHttp(self.clock) as http:
                return await read(http, self.host, token, before, self.clock, sleep=sleep, **rest)

        pulls = asyncio.run(work())
        assert TOKEN not in repr(pulls)
        return pulls


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[tuple[MockGithub, Repo, Reader]]:
    with github(tmp_path) as (mock, repo):
        mock.open("s1", "main", "First")
        mock.open("s2", "s1", "Second")
        mock.open("s3", "s2", "Third", draft=True)
        yield mock, repo, Reader(mock)


@pytest.mark.parametrize("native", [False, True])
def test_the_query_is_one_that_githubs_published_schema_allows(native: bool) -> None:
    schema = graphql_schema(native=native)
    assert validate(schema, parse(query.document(native=native))) == []
    assert validate(schema, parse(query.PROBE)) == []


def test_stacks_may_not_be_asked_of_a_server_without_them() -> None:
    assert validate(graphql_schema(native=False), parse(query.document(native=True)))


def test_everything_of_a_pull_request_is_read(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, repo, reader = stack
    mock.pulls[1].asked, mock.pulls[1].asked_teams = ["bob"], ["infra"]
    mock.review(1, "eve", "CHANGES_REQUESTED")
    mock.check(1, "lint")
    mock.check(1, "tests", "FAILURE")
    mock.pulls[1].unresolved = 2
    mock.stack([1, 2, 3])
    mock.comment(1, "This stack of pull requests is managed by hand")
    mock.comment(1, "nice!")
    pulls = reader()
    assert (pulls.problems, pulls.stale, pulls.native, pulls.trunk) == ((), False, True, "main")
    assert pulls.rate is not None and pulls.rate.limit == 5000
    one, two, three = pulls.pulls
    assert (one.number, one.title, one.head, one.base) == (1, "First", "s1", "main")
    assert one.head_commit == repo.git("rev-parse", "s1")
    assert (one.additions, one.deletions, one.changed_files, one.paths) == (1, 0, 1, ("slice1.py",))
    assert one.asked == ("bob", "acme/infra")
    assert [(v.by, v.decision, v.commit) for v in one.verdicts] == [
        ("eve", Decision.CHANGES_REQUESTED, one.head_commit)
    ]
    assert (one.decision, one.checks, one.failing) == (Decision.CHANGES_REQUESTED, Checks.FAILING, ("tests",))
    assert (one.unresolved, one.foreign, one.merging) == (2, False, Merging.COMPUTING)
    assert one.comments == ("This stack of pull requests is managed by hand",)
    assert one.native is not None and (one.native.position, one.native.size, one.native.base) == (
        1,
        3,
        "main",
    )
    assert (two.base, two.checks, two.decision) == ("s1", Checks.NONE, Decision.REVIEW_REQUIRED)
    assert three.draft


def test_a_server_without_stacks_is_asked_without_them(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, _, reader = stack
    mock.native = False
    pulls = reader()
    assert (pulls.native, pulls.problems, len(pulls.pulls)) == (False, (), 3)


@pytest.mark.parametrize("lacks", [set(query.LATER), {"isInMergeQueue", "mergeQueueEntry"}])
def test_an_older_server_is_asked_only_for_what_it_has(
    stack: tuple[MockGithub, Repo, Reader], lacks: set[str]
) -> None:
    mock, _, reader = stack
    mock.native, mock.lacks = False, frozenset(lacks)
    mock.check(1, "tests", "FAILURE")
    first = reader()
    assert (first.problems, set(first.lacks), len(first.pulls)) == ((), lacks, 3)
    known = "statusCheckRollup" not in lacks
    assert first.pulls[0].checks is (Checks.FAILING if known else Checks.UNKNOWN)
    mock.check(1, "tests", "SUCCESS")
    later = reader(first, after_s=1)
    assert (later.problems, later.full_at) == ((), first.full_at)
    assert later.pulls[0].checks is (Checks.PASSING if known else Checks.UNKNOWN)


def test_little_is_asked_again_while_the_list_is_the_same(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, _, reader = stack
    first = reader(reader())
    before, spent = len(mock.asked), mock.remaining
    again = reader(first, after_s=30)
    assert [(path, status) for _, path, status in mock.asked[before:]] == [
        ("/repos/acme/research/pulls", 304),
        ("/graphql", 200),
    ]
    assert spent - mock.remaining == 1, "what is asked again costs a point"
    assert again.at > first.at and again.pulls == first.pulls and again.full_at == first.full_at
    assert again.rate is not None and again.rate.remaining == mock.remaining


def test_whether_it_can_be_merged_is_asked_until_github_knows(stack: tuple[MockGithub, Repo, Reader]) -> None:
    _, repo, reader = stack
    repo.git("switch", "-q", "main")
    repo.commit("in the way", "slice1.py", "b = 2\n")
    repo.git("push", "-q", "origin", "main")
    first = reader()
    assert {pull.merging for pull in first.pulls} == {Merging.COMPUTING}
    second = reader(first)
    assert [p.merging for p in second.pulls] == [Merging.CONFLICT, Merging.CLEAN, Merging.CLEAN]


def test_checks_change_no_list_and_are_seen_all_the_same(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, _, reader = stack
    first = reader()
    mock.check(2, "tests", "PENDING")
    mock.pulls[1].unresolved, mock.pulls[3].queued = 2, 1
    later = reader(first, after_s=1)
    assert mock.asked[-2][2] == 304
    assert (later.pulls[1].checks, later.pulls[0].unresolved, later.pulls[2].queued) == (Checks.PENDING, 2, 1)
    mock.patch(2, {"title": "Renamed"})
    assert reader(later, after_s=1).pulls[1].title == "Renamed"


def test_a_check_run_is_read_as_a_status_is(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, _, reader = stack
    mock.run(1, "build")
    mock.run(2, "build", "NEUTRAL")
    mock.run(3, "build", "SUCCESS")
    mock.run(3, "types", "TIMED_OUT")
    mock.check(3, "lint", "ERROR")
    first = reader()
    assert [p.checks for p in first.pulls] == [Checks.PENDING, Checks.PASSING, Checks.FAILING]
    assert [p.failing for p in first.pulls] == [(), (), ("types", "lint")]
    mock.run(1, "build", "FAILURE")
    later = reader(first, after_s=1)
    assert (later.pulls[0].checks, later.pulls[0].failing) == (Checks.FAILING, ("build",))


def test_of_many_the_known_branches_are_asked_again_first(tmp_path: Path) -> None:
    with github(tmp_path, 2) as (mock, repo):
        commit = repo.git("rev-parse", "s1")
        for number in range(110):
            mock.open(f"f{number}", head_repository="eve/research", head_commit=commit)
        mock.open("s1", "main")
        reader = Reader(mock)
        # Once more, because whether it can be merged is being computed at first.
        first = reader(reader(branches=["s1"]), branches=["s1"], full_s=0)
        mock.check(111, "tests", "FAILURE")
        assert reader(first, branches=["s1"]).pulls[110].checks is Checks.FAILING
        far = {p.number for p in reader(first).pulls if p.checks is Checks.NONE}
        assert 111 in far and len(far) == 11, "a hundred are asked, and the rest with everything"
        assert reader(first, after_s=121).pulls[110].checks is Checks.FAILING


def test_where_again_is_too_heavy_everything_is_asked(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, _, reader = stack
    first = reader()
    mock.check(1, "tests", "FAILURE")
    fault = faults.bad_gateway(times=100)
    fault.when = lambda body: "Again" in body["query"]
    mock.fail(fault)
    later = reader(first, after_s=1)
    assert (later.stale, later.problems, later.pulls[0].checks) == (False, (), Checks.FAILING)
    assert later.full_at > first.full_at


def test_a_renamed_default_branch_is_seen(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, _, reader = stack
    first = reader()
    mock.rename_trunk("trunk")
    later = reader(first, after_s=1)
    assert (first.trunk, later.trunk, later.pulls[0].base) == ("main", "trunk", "trunk")


def test_a_renamed_repository_answers_under_its_old_name(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, _, reader = stack
    first = reader()
    mock.rename("studies")
    later = reader(first, after_s=1)
    assert (301 in {status for _, _, status in mock.asked}, later.stale, later.problems) == (True, False, ())
    assert [p.foreign for p in later.pulls] == [False] * 3
    assert later.repository == "acme/research", "the remote still says so"


def test_a_fork_that_was_deleted_is_foreign(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, repo, reader = stack
    commit = repo.git("rev-parse", "s2")
    mock.open("s3", "main", "From a fork", head_repository="eve/research", head_commit=commit)
    mock.pulls[4].head_repository = None
    fourth = reader().pulls[3]
    assert (fourth.number, fourth.head_repository, fourth.foreign) == (4, None, True)


def test_a_merged_slice_of_a_known_stack_stays(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, repo, reader = stack
    first = reader()
    mock.merge(1)
    mock.delete_branch("s1")
    pulls = reader(first)
    assert [(p.number, p.state, p.base) for p in pulls.pulls] == [
        (2, PullState.OPEN, "main"),
        (3, PullState.OPEN, "s2"),
        (1, PullState.MERGED, "main"),
    ]
    assert pulls.pulls[2].merged_at is not None
    assert [p.number for p in reader().pulls] == [2, 3], "nothing known names it"
    assert [p.number for p in reader(branches=["s1"]).pulls] == [2, 3, 1]
    assert repo.git("ls-remote", "origin", "s1") == ""


def test_pages_are_read_to_the_end(tmp_path: Path) -> None:
    with github(tmp_path, 1) as (mock, repo):
        commit = repo.git("rev-parse", "s1")
        for number in range(120):
            mock.open(f"f{number}", head_repository="eve/research", head_commit=commit)
        pulls = Reader(mock)()
        assert [p.number for p in pulls.pulls] == list(range(1, 121))
        assert all(p.foreign for p in pulls.pulls)
        assert mock.count("graphql") == 4


# Failures


def test_what_is_too_heavy_is_asked_in_smaller_pages(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, _, reader = stack
    mock.fail(faults.too_heavy(12))
    pulls = reader()
    assert (len(pulls.pulls), pulls.problems) == (3, ())
    assert len(reader.slept) == 2


def test_a_server_that_fails_leaves_what_was_known(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, _, reader = stack
    first = reader()
    mock.fail(faults.bad_gateway("", 100))
    later = reader(first, after_s=500)
    assert (later.pulls, later.at, later.stale) == (first.pulls, first.at, True)
    assert later.problems[0].code == "github-failed"
    mock.faults.clear()
    assert not reader(later).stale


def test_the_secondary_limit_is_waited_out(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, _, reader = stack
    first = reader()
    mock.fail(faults.secondary(90))
    later = reader(first, after_s=200)
    assert later.stale and later.problems[0].code == "github-limit"
    asked = len(mock.asked)
    again = reader(later, after_s=80)
    assert len(mock.asked) == asked and again.stale
    assert not reader(again, after_s=11).stale


def test_the_primary_limit_comes_with_status_200(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, _, reader = stack
    first = reader()
    mock.fail(faults.primary(600))
    later = reader(first, after_s=200)
    assert later.stale and later.problems[0].code == "github-limit"
    assert later.wait_until == pytest.approx(time.time() + 600, abs=5)
    assert later.pulls == first.pulls


def test_the_last_of_the_limit_is_left_to_people(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, _, reader = stack
    mock.remaining = 52
    first = reader()
    assert first.rate is not None and first.rate.remaining < 50
    asked = len(mock.asked)
    later = reader(first, after_s=10)
    assert len(mock.asked) == asked and later.problems[0].code == "github-limit"
    mock.remaining, mock.reset_at = 5000, time.time() + 9000
    assert not reader(later, after_s=3600).stale


def test_data_with_errors_are_taken_and_said(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, _, reader = stack

    def without_the_second(said: Any) -> Any:
        if "repository" in said["data"]:
            said["data"]["repository"]["pullRequests"]["nodes"][1] = None
            said["errors"] = [{"message": "Something went wrong"}]
        return said

    reader.mock.fail(faults.partial(lambda said: said), faults.partial(without_the_second))
    pulls = reader()
    assert [p.number for p in pulls.pulls] == [1, 3]
    assert pulls.problems[0].code == "github-partial" and "Something went wrong" in pulls.problems[0].message
    assert mock.count("graphql") == 2


def test_what_did_not_come_stays_and_is_asked_for_soon(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, _, reader = stack
    first = reader()

    def without_the_second(said: Any) -> Any:
        said["data"]["repository"]["pullRequests"]["nodes"][1] = None
        said["data"]["repository"]["pullRequests"]["nodes"][0]["statusCheckRollup"] = None
        return said | {"errors": [{"message": "Something went wrong"}]}

    mock.check(1)
    mock.patch(1, {"title": "New"})
    mock.fail(faults.partial(without_the_second))
    later = reader(first, after_s=1)
    assert {p.number: p.title for p in later.pulls} == {1: "New", 2: "Second", 3: "Third"}
    assert (later.pulls[0].checks, later.stale) == (Checks.UNKNOWN, False), "null is no answer here"
    assert later.problems[0].code == "github-partial"
    again = reader(later, after_s=1)
    assert (again.problems, again.pulls[0].checks) == ((), Checks.PASSING)


def test_what_is_closed_to_the_token_is_unknown_and_not_asked_for_in_vain(
    stack: tuple[MockGithub, Repo, Reader],
) -> None:
    mock, _, reader = stack

    def closed(said: Any) -> Any:
        repository = said["data"].get("repository") or {}
        nodes = (repository.get("pullRequests") or {}).get("nodes", [])
        for node in [*nodes, *(value for name, value in repository.items() if name[1:].isdigit())]:
            node["statusCheckRollup"] = None
        words = "Resource not accessible by personal access token"
        return said | {"errors": [{"type": "FORBIDDEN", "message": words}]} if repository else said

    mock.check(1)
    fault = faults.partial(closed)
    fault.times = 100
    mock.fail(fault)
    first = reader()
    assert {pull.checks for pull in first.pulls} == {Checks.UNKNOWN}
    assert first.problems[0].code == "github-closed" and "not accessible" in first.problems[0].message
    later = reader(first, after_s=30)
    assert (later.full_at, later.problems) == (first.full_at, first.problems)
    assert {pull.checks for pull in later.pulls} == {Checks.UNKNOWN}


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.saying(401, "Bad credentials"), "github-token-refused"),
        (faults.saying(403, "Resource not accessible by personal access token"), "github-forbidden"),
        (faults.saying(403, f"bad token {TOKEN} \\u001b[31m"), "github-forbidden"),
        (faults.saying(403, "SSO", headers={"X-GitHub-SSO": "required; url=x"}), "github-sso"),
        (faults.saying(429, "slow down"), "github-limit"),
        (faults.saying(404, "Not Found"), "github-repository"),
        (faults.saying(301, "Moved", headers={"Location": "https://elsewhere.example/"}), "github-answer"),
        (faults.Fault("graphql", 10, body=b"[" * 100_000), "github-answer"),
        (faults.Fault("graphql", 10, body=b'"\xff'), "github-answer"),
        (faults.Fault("graphql", 10, body=b'{"data": null}'), "github-answer"),
        (faults.Fault("graphql", 10, body=b'{"data": {"repository": {}}}'), "github-failed"),
    ],
)
def test_each_refusal_says_what_to_do(
    stack: tuple[MockGithub, Repo, Reader], fault: faults.Fault, code: str
) -> None:
    mock, _, reader = stack
    first = reader()
    fault.times = 100
    mock.fail(fault)
    later = reader(first, after_s=200)
    (problem,) = later.problems
    assert problem.code == code and problem.do
    assert later.stale and later.pulls == first.pulls
    assert "\x1b" not in problem.message and TOKEN not in problem.message
    fault.times = 0


def test_without_a_token_nothing_is_asked(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, _, reader = stack
    pulls = reader(token=None)
    assert mock.asked == [] and pulls.problems[0].code == "github-no-token"
    assert "gh auth login" in pulls.problems[0].do


def test_a_server_that_is_not_there(stack: tuple[MockGithub, Repo, Reader]) -> None:
    _, _, reader = stack
    first = reader()
    host = of_remote("git@github.com:acme/research.git", "http://127.0.0.1:9")
    assert host is not None
    reader.host = host
    later = reader(first, after_s=10)
    assert later.problems[0].code == "github-offline" and later.pulls == first.pulls


def test_the_token_is_sent_and_only_refused_ones_fail(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, _, reader = stack
    mock.tokens = {TOKEN}
    assert not reader().stale
    assert reader(token="another").problems[0].code == "github-token-refused"


def test_hostile_words_are_cleaned_and_bounded(stack: tuple[MockGithub, Repo, Reader]) -> None:
    mock, _, reader = stack
    mock.pulls[1].title = "\x1b[31mred\x1b]0;x\x07 \u202e[bold]" + "x" * 10_000
    mock.pulls[1].body = "\x00" + "y" * 200_000
    mock.pulls[1].labels = ["\u202eevil"]
    one = reader().pulls[0]
    assert one.title.startswith("red [bold]xxx") and len(one.title) <= 300
    assert len(one.body) <= 20_000 and "\x00" not in one.body
    assert one.labels == ("evil",)
    json.dumps(one.title).encode()
