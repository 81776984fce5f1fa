"""`cockpit stack list` where what GitHub says is odd or hostile: right or clearly said, never a traceback."""

from __future__ import annotations

import json
import unicodedata

import pytest

from cockpit.cli import main
from support.github.fixture import github

MOST_WIDE = 400


class Place:
    """A clone with two branches on each other, and its GitHub."""

    def __init__(self, mock, repo, capsys):
        self.mock, self.repo, self._capsys = mock, repo, capsys

    def asked(self):
        """Run the command, which asks, and then without asking; return its document and its text."""
        told = []
        for argv in (["stack", "list", "--json"], ["stack", "list", "--offline"]):
            self._capsys.readouterr()
            assert main(argv) == 0
            out, err = self._capsys.readouterr()
            for said in (out, err):
                assert "Traceback" not in said
                unsafe = {c for c in said if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"}
                assert unsafe == set()
            told.append(out)
        assert max(map(len, told[1].splitlines())) < MOST_WIDE
        return json.loads(told[0]), told[1]

    def slices(self):
        """Return branch → what the document says of it."""
        document, _ = self.asked()
        return {part["branch"]: part for stack in document["stacks"] for part in stack["slices"]}


@pytest.fixture
def place(tmp_path, monkeypatch, capsys):
    with github(tmp_path, branches=2) as (mock, repo):
        (repo.root / ".git" / "info" / "exclude").write_text(".cockpit/\n")
        monkeypatch.chdir(repo.root)
        monkeypatch.setenv("COCKPIT_GITHUB_URL", mock.url)
        monkeypatch.setenv("GH_TOKEN", "token-of-ada")
        yield Place(mock, repo, capsys)


HOSTILE = {
    "plain": ("Add the model", "Add the model"),
    "escapes": ("\x1b[31mred\x1b[0m \x1b]0;title\x07\x1b]8;;http://x\x1b\\link\x9b2J", "red link2J"),
    "markup": ("[red]x[/red] [@click=app.quit]y[/] [/] [link=http://x]z", None),
    "long": ("x" * 10_000, "x" * 299 + "…"),
    "wide": ("語" * 10_000, None),
    "bidi": ("a\u202eb\u2066c\u200f\ufeff", "abc"),
    "nul": ("a\x00b\u2400\x7f\x85c\r\nd\te", None),
    "marks": ("e" + "\u0301" * 5_000, None),
    "empty": (" ", ""),
    "surrogate": ("\ud83d\ude42".encode("utf-16", "surrogatepass").decode("utf-16"), "🙂"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_title(place, name):
    title, shown = HOSTILE[name]
    # GitHub refuses most of these; what another server lets through is no reason to fail.
    first, second = place.mock.open("s1", "main"), place.mock.open("s2", "s1", "Plain")
    first.title = first.body = title
    second.body = "Depends-On: #1\n" + title
    place.mock.comment(second.number, "hello", by="eve").body = title
    document, text = place.asked()
    parts = {part["branch"]: part for stack in document["stacks"] for part in stack["slices"]}
    assert (parts["s1"]["pr"], parts["s2"]["pr"], parts["s2"]["parent"]) == (1, 2, "s1")
    assert len(parts["s1"]["title"]) <= 300
    if shown is not None:
        assert parts["s1"]["title"] == shown
    if name == "markup":
        assert parts["s1"]["title"] == title
        assert title in text


@pytest.mark.parametrize(
    "body",
    [
        "<!-- mergify-stack-data: " + "[" * 60_000,
        "<!-- av pr metadata " * 3_000,
        "Stacked PRs:\n" + " * #1\n" * 10_000 + " * #2\n",
        "Stack from [ghstack](x)\n" + "* __->__ #2\n" * 10_000,
        "<!-- start git-machete generated -->\n" + " " * 60_000 + "* PR #2",
        "**Stack**:\n- #2\n- #99999999999999999999\n- #1",
        "Depends-On: #" + "9" * 5_000,
        "\r\n".join(["<!-- branch-stack -->", *("  " * n + f"- #{n}" for n in range(400))]),
    ],
)
def test_a_body(place, body):
    place.mock.open("s1", "main")
    pull = place.mock.open("s2", "s1")
    pull.body = body
    place.mock.comment(pull.number, "hello").body = body
    parts = place.slices()
    assert (parts["s1"]["parent"], parts["s2"]["parent"]) == ("main", "s1")


def test_a_cycle_of_bases(place):
    place.mock.open("s1", "main").base = "s2"
    place.mock.open("s2", "s1")
    parts = place.slices()
    assert sorted(part["parent"] for part in parts.values()) in (["main", "s1"], ["main", "s2"])
    told = [said["detail"] for part in parts.values() for said in part["evidence"]]
    assert any("that would be a circle" in detail for detail in told)


def test_a_pull_request_into_itself(place):
    place.mock.open("s1", "main").base = "s1"
    assert place.slices()["s1"]["parent"] == "main"


def test_a_fork_with_the_same_branch_name(place):
    tip = place.mock.tip("s2")
    place.mock.open("s1", "main", "Eve's", head_repository="eve/research", head_commit=tip, author="eve")
    place.mock.open("s2", "s1", "Ours")
    place.mock.open("main", "main", "Eve's main", head_repository="eve/research", head_commit=tip)
    parts = place.slices()
    assert {name: (part["pr"], part["parent"]) for name, part in parts.items()} == {
        "s1": (None, "main"),
        "s2": (2, "s1"),
        "eve:s1": (1, "main"),
        "eve:main": (3, "main"),
    }


def test_a_fork_that_was_deleted(place):
    pull = place.mock.open("s1", "main", head_repository="eve/research", head_commit=place.mock.tip("s1"))
    pull.head_repository = None
    parts = place.slices()
    assert parts["s1"]["pr"] is None
    assert {part["pr"] for part in parts.values()} == {None, 1}


def test_a_deleted_base(place):
    place.mock.open("s1", "main")
    place.mock.open("s2", "s1")
    place.mock.delete_branch("s1")
    parts = place.slices()
    assert parts["s2"]["parent"] == "s1"
    assert any("#2 was closed without being merged" in said["detail"] for said in parts["s2"]["evidence"])


def test_a_base_that_nobody_knows(place):
    place.mock.open("s1", "main").base = "gone"
    document, text = place.asked()
    (stack,) = document["stacks"]
    assert [part["parent"] for part in stack["slices"]] == ["main", "s1"] or stack["trunk"] == "gone"
    assert "gone" in text


def test_a_trunk_that_was_renamed_on_the_server(place):
    place.mock.git("branch", "-m", "main", "development")
    place.mock.trunk = "development"
    place.mock.open("s1", "development")
    place.mock.open("s2", "s1")
    document, _ = place.asked()
    assert [error["code"] for error in document["errors"]] == ["trunk-differs"]
    (stack,) = document["stacks"]
    assert [(part["branch"], part["parent"], part["pr"]) for part in stack["slices"]] == [
        ("s1", "main", 1),
        ("s2", "s1", 2),
    ]


def test_several_pull_requests_of_one_branch(place):
    place.mock.patch(place.mock.open("s1", "main", "Old").number, {"state": "closed"})
    place.mock.open("s1", "main", "New")
    place.mock.open("s2", "main", "Into main")
    place.mock.open("s2", "s1", "Into s1")
    parts = place.slices()
    assert (parts["s1"]["title"], parts["s2"]["title"]) == ("New", "Into s1")


def test_a_shallow_clone_and_a_worktree_of_it(place, tmp_path, monkeypatch):
    place.mock.open("s1", "main")
    place.mock.open("s2", "s1")
    place.repo.git("clone", "-q", "--depth", "1", f"file://{place.mock.path}", str(tmp_path / "c"))
    place.repo.root = tmp_path / "c"
    monkeypatch.chdir(place.repo.root)
    (place.repo.root / ".git" / "info" / "exclude").write_text(".cockpit/\n")
    parts = place.slices()
    assert {name: (part["pr"], part["parent"]) for name, part in parts.items()} == {
        "s1": (1, "main"),
        "s2": (2, "s1"),
    }
    place.repo.git("worktree", "add", "-q", "--detach", str(tmp_path / "w"))
    place.repo.root = tmp_path / "w"
    monkeypatch.chdir(place.repo.root)
    assert set(place.slices()) == {"s1", "s2"}
