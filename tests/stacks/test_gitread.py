"""Stacks of real repositories: trees, merges, worktrees, shallow clones, and repositories that have none."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.domain.text import clean
from cockpit.edges.git import FakeGit, RealGit
from cockpit.edges.store import Store
from cockpit.errors import GitError
from cockpit.stacks import gitread, history
from cockpit.workspace.cache import Cache
from support.repo import CountingGit, Repo


@pytest.fixture
def repo(tmp_path):
    repo = Repo(tmp_path / "repo")
    repo.commit("begin", "README.md")
    return repo


@pytest.fixture
def cache():
    store = Store.in_memory()
    yield Cache(store)
    store.close()


def read(repo, trunk=None):
    store = Store.in_memory()
    try:
        return gitread.read_cached(RealGit(repo.root), trunk, Cache(store))
    finally:
        store.close()


def tree(reading):
    """stack id → [(branch, parent, commits)]"""
    return {s.id: [(p.branch, p.parent, p.commits) for p in s.slices] for s in reading.stacks}


def part(reading, branch):
    return next(p for s in (*reading.stacks, *reading.landed) for p in s.slices if p.branch == branch)


def said(reading, branch):
    found = part(reading, branch).evidence
    assert {evidence.source for evidence in found} == {"ancestry"}
    return " | ".join(evidence.detail for evidence in found)


# --- what stands on what


def test_chains_and_trees_are_stacks(repo):
    repo.branch("scan/model", commits=2)
    repo.branch("scan/logic")
    repo.branch("scan/api")
    repo.branch("scan/docs", "scan/model")
    repo.branch("icon/api", "main")
    reading = read(repo)
    assert reading.problems == ()
    assert (reading.trunk, reading.branch) == ("main", "icon/api")
    assert tree(reading) == {
        "icon/api": [("icon/api", "main", 1)],
        "scan/model": [
            ("scan/model", "main", 2),
            ("scan/docs", "scan/model", 1),
            ("scan/logic", "scan/model", 1),
            ("scan/api", "scan/logic", 1),
        ],
    }
    assert [s.id for s in reading.stacks] == ["icon/api", "scan/model"]
    main = repo.git("rev-parse", "main")[:10]
    model = repo.git("rev-parse", "scan/model")[:10]
    assert said(reading, "scan/model") == f"it leaves main at {main}, where that is now"
    assert said(reading, "scan/api").startswith("it contains scan/logic at ")
    assert said(reading, "scan/docs") == f"it contains scan/model at {model}"
    assert {p.state for s in reading.stacks for p in s.slices} == {"open"}


def test_sizes_are_what_a_reviewer_would_see(repo):
    repo.commit("m", "a.py", "1\n2\n3\n")
    repo.git("switch", "-q", "-c", "low")
    repo.commit("one", "a.py", "1\nX\n3\n")
    repo.commit("and back", "a.py", "1\n2\n3\n4\n")
    repo.git("switch", "-q", "-c", "high")
    repo.git("mv", "a.py", "services-b.py")
    (repo.root / "bin").write_bytes(b"\0\1\2")
    repo.commit("renamed", "odd name\u2028\t.txt", "x\n")
    reading = read(repo)
    low, high = part(reading, "low"), part(reading, "high")
    assert (low.commits, low.added, low.deleted, low.paths) == (2, 1, 0, ("a.py",))
    assert (high.commits, high.added, high.deleted) == (1, 1, 0)
    assert set(high.paths) == {"a.py", "services-b.py", "bin", "odd name .txt"}
    assert (low.author, low.subject) == ("Ada", "and back")
    assert low.updated_at == "2026-09-21T14:17:20Z"


def test_a_trunk_that_moved_on_changes_neither_base_nor_size(repo):
    repo.branch("slice")
    repo.git("switch", "-q", "main")
    repo.commit("elsewhere", "b.txt", "1\n2\n3\n")
    reading = read(repo)
    assert "which has moved on since" in said(reading, "slice")
    assert (part(reading, "slice").added, part(reading, "slice").deleted) == (1, 0)


def test_merging_the_trunk_into_a_branch_adds_nothing_of_its_own(repo):
    repo.branch("slice")
    repo.git("switch", "-q", "main")
    repo.commit("elsewhere", "b.txt", "1\n2\n3\n")
    repo.git("switch", "-q", "slice")
    repo.merge("main")
    reading = read(repo)
    assert tree(reading) == {"slice": [("slice", "main", 2)]}
    assert part(reading, "slice").added == 1
    assert "where that is now" in said(reading, "slice")


def test_a_branch_that_merged_two_others_stands_on_one_and_tells_of_the_other(repo):
    repo.branch("one", "main")
    repo.branch("two", "main")
    repo.git("switch", "-q", "-c", "both", "one")
    repo.merge("two")
    reading = read(repo)
    assert part(reading, "both").parent == "one"
    assert "it also contains two" in said(reading, "both")
    assert part(reading, "both").commits == 2


def test_branches_at_the_same_commit_are_both_told(repo):
    repo.branch("b-one")
    repo.git("branch", "a-two")
    repo.branch("c-top")
    reading = read(repo)
    assert tree(reading) == {"a-two": [("a-two", "main", 1), ("b-one", "main", 1), ("c-top", "a-two", 1)]}
    assert "the same commit as b-one" in said(reading, "a-two")
    assert "the same commit as a-two" in said(reading, "b-one")


def test_a_branch_that_grew_after_another_was_stacked_on_it_decides_nothing(repo):
    repo.branch("low")
    repo.branch("high")
    repo.git("switch", "-q", "low")
    repo.commit("afterwards")
    reading = read(repo)
    assert {p.parent for s in reading.stacks for p in s.slices} == {"main"}
    assert "it shares commits with high" in said(reading, "low")
    assert "it shares commits with low" in said(reading, "high")


def test_a_branch_without_a_common_history_is_unknown(repo):
    repo.git("switch", "-q", "--orphan", "pages")
    repo.commit("site", "index.html")
    reading = read(repo)
    found = part(reading, "pages")
    assert (found.state, found.parent, found.added) == ("unknown", "main", 0)
    assert said(reading, "pages") == "it has no commit in common with main"


# --- what the trunk contains


def test_only_a_merge_proves_that_a_branch_was_merged(repo):
    repo.branch("merged")
    repo.git("switch", "-q", "main")
    repo.merge("merged")
    repo.branch("forwarded")
    repo.git("switch", "-q", "main")
    repo.git("merge", "-q", "--ff-only", "forwarded")
    repo.commit("later")
    repo.git("branch", "untouched")
    reading = read(repo)
    assert reading.stacks == ()
    assert {s.id: s.slices[0].state for s in reading.landed} == {"merged": "merged", "forwarded": "unknown"}
    assert said(reading, "merged") == "a merge brought it into main"
    assert "merged by fast-forward, or not begun" in said(reading, "forwarded")


# --- which branch is the trunk


def clone(repo, where, *args):
    subprocess.run(["git", "clone", "-q", *args, f"file://{repo.root}", where], check=True)
    found = object.__new__(Repo)
    found.root, found.clock = where, repo.clock + 1000
    return found


@pytest.mark.parametrize("name", ["main", "master"])
def test_main_and_master_are_known_without_being_told(tmp_path, name):
    repo = Repo(tmp_path, name)
    repo.commit()
    repo.branch("slice")
    assert read(repo).trunk == name


def test_what_the_remote_calls_its_head_comes_before_main(repo, tmp_path):
    repo.git("branch", "-m", "main", "develop")
    repo.git("branch", "main")
    here = clone(repo, tmp_path / "clone")
    here.git("branch", "main", "origin/main")
    here.branch("slice")
    reading = read(here)
    assert (reading.trunk, list(tree(reading))) == ("develop", ["slice"])
    assert read(here, "main").trunk == "main"


def test_a_trunk_that_only_the_remote_has_is_one(repo, tmp_path):
    here = clone(repo, tmp_path / "clone")
    here.branch("slice")
    here.git("branch", "-D", "main")
    assert tree(read(here)) == {"slice": [("slice", "main", 1)]}


def test_what_the_remote_merged_counts_before_it_is_pulled(repo, tmp_path):
    here = clone(repo, tmp_path / "clone")
    repo.commit("on the remote", "r.txt", "1\n2\n")
    here.git("fetch", "-q")
    here.branch("slice", "origin/main")
    reading = read(here)
    assert tree(reading) == {"slice": [("slice", "main", 1)]}
    assert part(reading, "slice").added == 1


def test_a_renamed_trunk_and_one_that_is_not_there_are_told(repo):
    repo.branch("slice")
    repo.git("branch", "-m", "main", "production")
    reading = read(repo)
    assert (reading.stacks, [p.code for p in reading.problems]) == ((), ["trunk-unknown"])
    assert "trunk: BRANCH" in reading.problems[0].do
    assert tree(read(repo, "production")) == {"slice": [("slice", "production", 1)]}
    reading = read(repo, "gone")
    assert [(p.code, p.path) for p in reading.problems] == [("trunk-missing", "cockpit.yaml")]


def test_a_remote_head_whose_branch_is_gone_is_passed_over(repo, tmp_path):
    here = clone(repo, tmp_path / "clone")
    here.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/gone")
    here.branch("slice")
    assert read(here).trunk == "main"


def test_a_name_that_stands_for_another_branch_is_no_branch(repo):
    repo.git("symbolic-ref", "refs/heads/alias", "refs/heads/slice")
    repo.branch("slice")
    assert tree(read(repo)) == {"slice": [("slice", "main", 1)]}


# --- where there is less than usual


def test_no_repository_is_told(tmp_path):
    reading = gitread.read_cached(RealGit(tmp_path), None, Cache(Store.in_memory()))
    assert [p.code for p in reading.problems] == ["no-repository"]
    assert (reading.branch, reading.stacks, reading.trunk) == (None, (), None)


def test_a_repository_without_a_commit_has_no_stacks_and_no_problem(tmp_path, cache):
    repo = Repo(tmp_path, "start")
    git = RealGit(repo.root)
    reading = gitread.read_cached(git, None, cache)
    assert (reading.branch, reading.stacks, reading.problems) == ("start", (), ())
    repo.git("symbolic-ref", "HEAD", "refs/heads/other")
    assert gitread.read_cached(git, None, cache).branch == "other"


def test_a_detached_head_is_no_branch(repo):
    repo.branch("slice")
    repo.git("switch", "-q", "--detach", "slice")
    reading = read(repo)
    assert reading.branch is None
    assert tree(reading) == {"slice": [("slice", "main", 1)]}


def test_a_worktree_sees_the_same_stacks_and_its_own_branch(repo, tmp_path):
    repo.branch("slice")
    repo.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "tree"), "main")
    here = object.__new__(Repo)
    here.root, here.clock = tmp_path / "tree", repo.clock
    here.commit("there")
    reading = read(here)
    assert reading.branch == "other"
    assert set(tree(reading)) == set(tree(read(repo))) == {"slice", "other"}


def test_a_shallow_clone_says_what_it_cannot_know_until_it_is_deepened(repo, tmp_path, cache):
    for _ in range(3):
        repo.commit()
    repo.branch("slice", "main~2")
    repo.git("switch", "-q", "main")
    here = clone(repo, tmp_path / "clone", "--depth=1", "--no-single-branch")
    here.git("branch", "slice", "origin/slice")
    git = RealGit(here.root)
    found = part(gitread.read_cached(git, None, cache), "slice")
    assert found.state == "unknown"
    assert found.evidence[0].detail == "where it leaves main is not known: this clone is shallow"
    assert part(gitread.read_cached(git, None, cache), "slice").state == "unknown"
    here.git("fetch", "-q", "--unshallow")
    found = part(gitread.read_cached(git, None, cache), "slice")
    assert (found.state, found.commits, found.added) == ("open", 1, 1)


def test_a_workspace_below_the_top_of_the_repository_has_its_own_paths(tmp_path):
    repo = Repo(tmp_path)
    repo.commit("m", "research/rpts/RPT-0001-x.md")
    repo.git("switch", "-q", "-c", "slice")
    repo.commit("in", "research/services/x/a.py")
    repo.commit("out", "elsewhere/b.py")
    reading = gitread.read_cached(RealGit(tmp_path / "research"), None, Cache(Store.in_memory()))
    assert set(part(reading, "slice").paths) == {"services/x/a.py", ":/elsewhere/b.py"}


def test_too_much_history_is_told_and_nothing_is_guessed(repo, monkeypatch):
    monkeypatch.setattr(history, "MOST_COMMITS", 3)
    monkeypatch.setattr(gitread, "MOST_COMMITS", 3)
    repo.branch("slice", commits=5)
    reading = read(repo)
    assert [p.code for p in reading.problems] == ["too-many-commits"]
    assert part(reading, "slice").state == "unknown"
    assert "too many commits" in said(reading, "slice")


def test_too_many_branches_are_told(repo, monkeypatch):
    monkeypatch.setattr(gitread, "MOST_BRANCHES", 2)
    for name in "abc":
        repo.branch(name, "main")
    reading = read(repo)
    assert [p.code for p in reading.problems] == ["too-many-branches"]
    assert len(reading.stacks) == 2


# --- hostile and unusual surroundings


def test_hostile_names_and_words_are_data(repo):
    names = [
        "$(touch${IFS}x)",
        "x;rm",
        "red]bold{/}",
        "ü\u202eevil\u2066",
        "a--upload-pack=x",
        "'quoted'\"",
        "ctrl\u0085",
    ]
    for name in names:
        repo.git("switch", "-q", "-c", name, "main")
        repo.commit("sub\x1b[31mject\r with\u2028breaks \x07[/]" * 20)
    reading = read(repo)
    assert len(reading.stacks) == len(names)
    for stack in reading.stacks:
        for text in (stack.id, stack.slices[0].branch, stack.slices[0].subject, said(reading, stack.id)):
            assert clean(text) == text
            assert "\n" not in text
        assert len(stack.slices[0].subject) <= 300
        assert stack.slices[0].added == 1
    assert not (repo.root / "x").exists()


def test_what_people_configured_for_their_own_eyes_changes_nothing(repo):
    repo.branch("low")
    repo.branch("high")
    before = read(repo)
    for name, value in {
        "color.ui": "always",
        "log.showSignature": "true",
        "log.decorate": "full",
        "diff.renames": "false",
        "diff.noprefix": "true",
        "diff.external": "false",
        "core.quotePath": "true",
        "format.pretty": "fuller",
        "core.pager": "false",
    }.items():
        repo.git("config", name, value)
    assert read(repo) == before


# --- the price


def test_a_warm_reading_is_one_call_of_git(repo, cache):
    repo.branch("slice")
    git = CountingGit(repo.root)
    cold = gitread.read_cached(git, None, cache)
    assert git.asked == ["for-each-ref", "rev-parse", "rev-list", "diff-tree"]
    git.asked.clear()
    assert gitread.read_cached(git, None, cache) == cold
    assert git.asked == ["for-each-ref"]
    repo.commit("more")
    assert part(gitread.read_cached(git, None, cache), "slice").commits == 2
    git.asked.clear()
    gitread.read_cached(git, "main", cache)
    assert "rev-list" in git.asked


def test_switching_branches_is_seen_although_nothing_else_changed(repo, cache):
    repo.branch("slice")
    git = RealGit(repo.root)
    assert gitread.read_cached(git, None, cache).branch == "slice"
    repo.git("switch", "-q", "main")
    assert gitread.read_cached(git, None, cache).branch == "main"


# --- git that fails

_FORMAT = "--format=%(HEAD)%00%(objectname)%00%(refname)%00%(symref)"
_REFS = (
    "for-each-ref",
    "--count=10000",
    _FORMAT,
    "refs/heads",
    "refs/remotes/*/HEAD",
    "refs/remotes/*/main",
    "refs/remotes/*/master",
)
_WALK = (
    "rev-list",
    "--stdin",
    "--topo-order",
    "--boundary",
    "--no-commit-header",
    "--max-count=20000",
    "--format=%m%H%x00%P%x00%ct%x00%an%x00%s%x00",
)
_ANSWERS = {
    _REFS: "*\0aa\0refs/heads/main\0\n \0bb\0refs/heads/slice\0\n",
    ("rev-parse", "--is-shallow-repository", "--show-prefix"): "false\n\n",
    _WALK: ">bb\0aa\x001790000060\0Ada\0one\0\n-aa\0\x001790000000\0Ada\0begin\0\n",
}


def test_without_sizes_the_stacks_are_still_told_and_sizes_asked_for_again(cache):
    reading = gitread.read_cached(FakeGit(_ANSWERS), None, cache)
    assert tree(reading) == {"slice": [("slice", "main", 1)]}
    assert [p.code for p in reading.problems] == ["sizes-unread"]
    sized = {("diff-tree", "--stdin", "-r", "-z", "--numstat", "-M", "-l200"): "bb\0003\t1\ta.py\0"}
    reading = gitread.read_cached(FakeGit(_ANSWERS | sized), None, cache)
    assert reading.problems == ()
    assert (part(reading, "slice").added, part(reading, "slice").paths) == (3, ("a.py",))


@pytest.mark.parametrize("missing", [_REFS, _WALK])
def test_a_git_that_fails_is_told(cache, missing):
    answers = {key: value for key, value in _ANSWERS.items() if key != missing}
    reading = gitread.read_cached(FakeGit(answers), None, cache)
    assert (reading.stacks, [p.code for p in reading.problems]) == ((), ["git"])


def test_a_ref_to_nothing_is_told(repo):
    repo.branch("slice")
    (repo.root / ".git/refs/heads/broken").write_text("1" * 40 + "\n")
    reading = read(repo)
    assert reading.stacks == ()
    assert "bad object" in reading.problems[0].message


# --- random trees of branches, answered by git itself


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2), st.booleans()), min_size=1, max_size=7),
    st.integers(0, 2),
)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_git_itself_agrees(tmp_path_factory, plan, later):
    repo = Repo(tmp_path_factory.mktemp("random") / "repo")
    repo.commit("begin")
    names = ["main"]
    for number, (start, commits, merge_main) in enumerate(plan):
        name = f"b{number}"
        repo.branch(name, names[start % len(names)], commits=commits)
        if merge_main:
            repo.merge("main")
        names.append(name)
    repo.git("switch", "-q", "main")
    for _ in range(later):
        repo.commit("later")
    reading = read(repo)
    parts = {p.branch: p for s in reading.stacks for p in s.slices}

    def is_ancestor(one, other):
        try:
            RealGit(repo.root).run("merge-base", "--is-ancestor", one, other)
        except GitError:
            return False
        return True

    ahead = [name for name in names[1:] if not is_ancestor(name, "main")]
    assert sorted(parts) == sorted(ahead)
    for name, found in parts.items():
        tip = repo.git("rev-parse", name)
        below = [n for n in ahead if is_ancestor(n, name) and repo.git("rev-parse", n) != tip]
        assert (found.parent == "main") == (not below)
        base = found.parent if below else repo.git("merge-base", "main", name)
        if below:
            assert is_ancestor(found.parent, name)
            assert not any(
                is_ancestor(found.parent, n)
                and repo.git("rev-parse", n) != repo.git("rev-parse", found.parent)
                for n in below
            )
        assert found.commits == int(repo.git("rev-list", "--count", f"^{found.parent}", "^main", name))
        numbers = [line.split("\t") for line in repo.git("diff", "--numstat", "-M", base, name).splitlines()]
        assert (found.added, found.deleted) == (
            sum(int(n[0]) for n in numbers),
            sum(int(n[1]) for n in numbers),
        )
    shutil.rmtree(repo.root)
