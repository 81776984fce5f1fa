"""Does the mock do what GitHub documents, in a real repository?"""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.github.fixture import github
from support.github.server import MockGithub, self_made_certificate, serving
from support.repo import Repo


@pytest.fixture
def here(tmp_path: Path) -> Iterator[tuple[MockGithub, Repo]]:
    with github(tmp_path) as found:
        yield found


def ask(mock: MockGithub, method: str, path: str, body: Any = None, **rest: Any) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{mock.url}/repos/acme/research{path}", data, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10, **rest) as answer:
            said = answer.read()
            return answer.status, json.loads(said) if said else None
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def test_a_stack_is_made_reviewed_and_merged_over_rest(here: tuple[MockGithub, Repo]) -> None:
    mock, repo = here
    for number, base in ((1, "main"), (2, "s1"), (3, "s2")):
        body = {"head": f"s{number}", "base": base, "title": f"Slice {number}"}
        assert ask(mock, "POST", "/pulls", body)[0] == 201
    assert ask(mock, "POST", "/pulls", {"head": "s1", "base": "main", "title": "again"})[0] == 422
    assert ask(mock, "POST", "/stacks", {"pull_requests": [2, 1]})[0] == 422
    status, made = ask(mock, "POST", "/stacks", {"pull_requests": [1, 2]})
    assert (status, [p["number"] for p in made["pull_requests"]]) == (201, [1, 2])
    assert ask(mock, "POST", f"/stacks/{made['number']}/add", {"pull_requests": [3]})[0] == 200
    assert ask(mock, "GET", "/pulls/2")[1]["stack"]["position"] == 2
    assert ask(mock, "PATCH", "/pulls/2", {"base": "main"})[0] == 422
    assert ask(mock, "POST", "/pulls/1/requested_reviewers", {"reviewers": ["bob"]})[0] == 201
    status, pending = ask(mock, "PUT", "/pulls/2/merge-async", {"merge_method": "squash"})
    assert (status, pending["status"]) == (202, "pending")
    done = ask(mock, "GET", f"/pulls/2/merge-async/{pending['details']['uuid']}")[1]
    assert done["status"] == "merged"
    repo.git("fetch", "-q", "origin")
    assert repo.git("log", "--format=%s", "origin/main").splitlines() == [
        "Slice 2 (#2)",
        "Slice 1 (#1)",
        "begin",
    ]
    assert repo.git("show", "origin/main:slice2.py") == "a = 2"
    assert ask(mock, "GET", "/pulls/3")[1]["base"]["ref"] == "main"
    assert ask(mock, "PUT", "/pulls/1/merge")[0] == 405
    assert ask(mock, "POST", f"/stacks/{made['number']}/unstack")[0] == 200


@pytest.mark.parametrize(("method", "parents"), [("merge", 2), ("squash", 1), ("rebase", 1)])
def test_the_bottom_is_merged_as_github_merges(
    here: tuple[MockGithub, Repo], method: str, parents: int
) -> None:
    mock, repo = here
    repo.git("switch", "-q", "s1")
    repo.commit("Slice 1 again", "more.py")
    repo.git("push", "-q", "origin", "s1")
    repo.git("switch", "-q", "-c", "beside", "main")
    repo.commit("Meanwhile", "meanwhile.py")
    repo.git("push", "-q", "origin", "beside:main")
    for head, base in (("s1", "main"), ("s2", "s1")):
        assert ask(mock, "POST", "/pulls", {"head": head, "base": base, "title": head})[0] == 201
    status, said = ask(mock, "PUT", "/pulls/1/merge", {"merge_method": method})
    assert (status, said["merged"]) == (200, True)
    repo.git("fetch", "-q", "origin")
    assert repo.git("rev-parse", "origin/main") == said["sha"]
    assert len(repo.git("log", "-1", "--format=%P", "origin/main").split()) == parents
    # Nothing but what the slice changes came to the trunk, whatever the commits are called.
    assert repo.git("diff", "--name-only", "beside", "origin/main").split() == ["more.py", "slice1.py"]
    subjects = repo.git("log", "--format=%s", "beside..origin/main").splitlines()
    assert (
        subjects
        == {
            "merge": ["s1 (#1)", "Slice 1 again", "Slice 1"],
            "squash": ["s1 (#1)"],
            "rebase": ["Slice 1 again", "Slice 1"],
        }[method]
    )
    assert bool(repo.git("branch", "-r", "--contains", "s1", "--list", "origin/main")) is (method == "merge")
    assert ask(mock, "GET", "/pulls/1")[1]["merged"] is True
    assert ask(mock, "GET", "/pulls/2")[1]["base"]["ref"] == "s1"
    mock.delete_branch("s1")
    assert ask(mock, "GET", "/pulls/2")[1]["base"]["ref"] == "main"
    assert ask(mock, "GET", "/pulls/2")[1]["state"] == "open"


def test_a_request_that_github_would_refuse_is_refused(here: tuple[MockGithub, Repo]) -> None:
    mock, _ = here
    assert ask(mock, "POST", "/pulls", {"head": "s1"})[0] == 422
    assert ask(mock, "POST", "/stacks", {"pull_requests": ["1"]})[0] == 422
    assert ask(mock, "GET", "/nothing")[0] == 404
    mock.native = False
    assert ask(mock, "GET", "/stacks")[0] == 404


def test_it_speaks_tls_for_clients_that_want_it(tmp_path: Path) -> None:
    pem, key = self_made_certificate(tmp_path)
    with github(tmp_path / "r") as (plain, _):
        mock = MockGithub(plain.path)
        with serving(mock, certificate=(pem, key)):
            context = ssl.create_default_context(cafile=str(pem))
            assert ask(mock, "GET", "/pulls", context=context) == (200, [])
