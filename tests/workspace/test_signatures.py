"""Who committed a signature: asked of a real repository, kept, and told where it is somebody else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from git import Actor, Repo

from cockpit.domain.rpt import RptFacts, SignOff
from cockpit.domain.words import Status
from cockpit.edges.git import RealGit
from cockpit.edges.store import Store
from cockpit.workspace import signatures
from cockpit.workspace.cache import Cache
from cockpit.workspace.config import Person

D1, D2 = f"sha256:{'1' * 64}", f"sha256:{'2' * 64}"
PATH = "rpts/RPT-0007-scan.md"
PEOPLE = (
    Person("mira", "mira-k", "Mira@example.org"),
    Person("zoe", None, "zoe@example.org"),
    Person("bare"),
)


class Counting(RealGit):
    """The real git, counting its calls."""

    calls = 0

    def run(self, *args, **more):
        self.calls += 1
        return super().run(*args, **more)


@pytest.fixture
def cache():
    store = Store.in_memory()
    yield Cache(store)
    store.close()


@pytest.fixture
def repo(tmp_path):
    made = Repo.init(tmp_path)
    (tmp_path / "rpts").mkdir()
    yield made
    made.close()


def commit(repo, text, name="Mira", email="mira@example.org"):
    path = repo.working_dir + "/" + PATH
    with open(path, "w") as file:  # noqa: PTH123
        file.write(text)
    repo.git.add("--all")
    actor = Actor(name, email)
    return repo.index.commit("sign", author=actor, committer=actor).hexsha


def rpt(*by, digest=D1, current=D1):
    signoffs = tuple(SignOff(who, "approver", "2026-11-20", 1, digest) for who in by)
    return RptFacts(
        "RPT-0007",
        PATH,
        "Scan",
        Status.AGREED,
        signoffs=signoffs,
        digest=current,
        places={"signoffs": (9, 1)},
    )


def keys(facts):
    return [signatures.key_of(facts, s) for s in facts.signoffs]


def asked(repo, cache, facts):
    return signatures.commits(RealGit(repo.working_dir), cache, keys(facts))


def strangers(repo, cache, facts):
    return signatures.strangers(RealGit(repo.working_dir), cache, [facts], PEOPLE)


FLOW = 'signoffs: [{by: mira, digest: "%s"}]\n'
BOTH = "signoffs: [{by: mira, digest: \"%s\"}, {by: zoe, digest: '%s'}]\n"
BLOCK = "signoffs:\n  - digest: %s\n    by: zoe\n    role: approver\n"


def test_the_oldest_commit_that_added_a_signature_brought_it(repo, cache):
    first = commit(repo, FLOW % D1)
    second = commit(repo, BOTH % (D1, D1), "Zoe", "zoe@example.org")
    commit(repo, "moved\n" + BOTH % (D1, D1), "Else", "else@example.org")
    found = asked(repo, cache, rpt("mira", "zoe"))
    assert {key[1]: one.commit for key, one in found.items()} == {"mira": first, "zoe": second}
    assert strangers(repo, cache, rpt("mira", "zoe")) == {}


def test_an_entry_over_several_lines_is_read_too(repo, cache):
    brought = commit(repo, BLOCK % D1)
    ((key, one),) = asked(repo, cache, rpt("zoe")).items()
    assert (key[1], one.commit) == ("zoe", brought)


@pytest.mark.parametrize(
    ("name", "email", "by", "said"),
    [
        ("Mira", "MIRA@example.org", "mira", None),
        ("Mira", "123+mira-k@users.noreply.github.com", "mira", None),
        ("Zoe", "zoe@example.org", "mira", "signed by mira, committed by zoe ("),
        ("A \x1b[31mStranger", "x@example.org", "mira", "signed by mira, committed by A Stranger ("),
        ("Anybody", "x@example.org", "bare", None),
        ("Anybody", "x@example.org", "unlisted", None),
    ],
)
def test_a_signature_that_somebody_else_committed_is_told(repo, cache, name, email, by, said):
    commit(repo, FLOW.replace("mira", by) % D1, name, email)
    facts = rpt(by)
    found = strangers(repo, cache, facts)
    if said is None:
        assert found == {}
    else:
        ((problem,),) = found.values()
        assert problem.message.startswith(said)
        assert (problem.code, problem.path, problem.line) == ("signoff-author", PATH, 9)
        assert "cockpit sign RPT-0007" in problem.do


def test_a_void_signature_is_nobodys_trouble(repo, cache):
    commit(repo, FLOW % D1, "Zoe", "zoe@example.org")
    facts = rpt("mira", current=D2)
    assert strangers(repo, cache, facts) == {}


def test_git_is_asked_once_and_again_only_when_head_moved(repo, cache):
    commit(repo, "nothing\n")
    (git, facts) = Counting(repo.working_dir), rpt("mira")
    assert signatures.commits(git, cache, keys(facts)) == {}
    assert git.calls == 2
    assert signatures.commits(git, cache, keys(facts)) == {}
    assert git.calls == 3  # where HEAD stands, and no more
    commit(repo, FLOW % D1)
    assert len(signatures.commits(git, cache, keys(facts))) == 1
    asked_for = git.calls
    assert len(signatures.commits(git, cache, keys(facts))) == 1
    assert git.calls == asked_for


def test_a_shallow_clone_says_nothing(repo, cache, tmp_path_factory):
    commit(repo, FLOW % D1, "Zoe", "zoe@example.org")
    commit(repo, "more\n" + FLOW % D1)
    folder = tmp_path_factory.mktemp("shallow") / "clone"
    Repo.clone_from(f"file://{repo.working_dir}", folder, depth=1).close()
    assert signatures.commits(RealGit(folder), cache, keys(rpt("mira"))) == {}


def test_without_a_repository_or_a_commit_nothing_is_told(repo, cache, tmp_path_factory):
    assert signatures.commits(RealGit(tmp_path_factory.mktemp("none")), cache, keys(rpt("mira"))) == {}
    assert asked(repo, cache, rpt("mira")) == {}


def test_a_workspace_below_the_repositorys_folder_is_asked_by_its_own_paths(repo, cache, tmp_path):
    below = tmp_path / "ml"
    (below / "rpts").mkdir(parents=True)
    (below / PATH).write_text(FLOW % D1)
    repo.git.add("--all")
    actor = Actor("Zoe", "zoe@example.org")
    repo.index.commit("sign", author=actor, committer=actor)
    found = signatures.commits(RealGit(below), cache, keys(rpt("mira")))
    assert [one.name for one in found.values()] == ["Zoe"]


def test_many_documents_are_asked_for_in_turns(repo, cache, monkeypatch):
    monkeypatch.setattr(signatures, "_MOST_DOCUMENTS", 1)
    commit(repo, FLOW % D1)
    other = replace(rpt("mira"), path="rpts/RPT-0008-x.md")
    wanted = [*keys(other), *keys(rpt("mira"))]
    assert signatures.commits(RealGit(repo.working_dir), cache, wanted) == {}
    assert len(signatures.commits(RealGit(repo.working_dir), cache, wanted)) == 1
