"""Repositories as they are: odd names, people's settings, other hashes, folders below the top, merges."""

from __future__ import annotations

import subprocess

import pytest

from cockpit.edges.git import RealGit
from cockpit.errors import CockpitError
from cockpit.stacks.slicing import branches, changes, projects, proving
from cockpit.stacks.slicing.trying import Bench
from support.prototype import GROWN, S, begun, commit, planned, sliced, where, write
from support.repo import Repo

# What people set for their own git, which must not change a commit of a slice.
SETTINGS = {
    "diff.relative": "true",
    "diff.renames": "copies",
    "diff.noprefix": "true",
    "diff.external": "false",
    "diff.ignoreSubmodules": "all",
    "diff.orderFile": "/nowhere",
    "log.showSignature": "true",
    "log.diffMerges": "first-parent",
    "log.date": "relative",
    "i18n.logOutputEncoding": "latin1",
    "core.autocrlf": "true",
    "core.quotePath": "true",
    "color.ui": "always",
    "commit.gpgSign": "true",
}


@pytest.fixture
def below(tmp_path):
    repo = begun(tmp_path / "repo", "research/")
    write(repo, {f"research/{path}": text for path, text in GROWN.items()} | {"other/tool.py": "T = 1\n"})
    commit(repo)
    return repo


def test_a_workspace_below_the_top_slices_and_exports_the_whole_repository(below, tmp_path):
    plan, built = sliced(below, folder="research")
    assert where(plan)["rpts/RPT-0007.openapi.yaml"] == "contract"
    assert ":/other/tool.py" in where(plan)
    assert built[-1].tree == below.git("rev-parse", "proto^{tree}")
    bench = Bench(RealGit(below.root / "research"), tmp_path / "state", lambda line: None, lambda: False)
    bench._export(built[-1].commit, tmp_path / "export")
    found = {p.relative_to(tmp_path / "export") for p in (tmp_path / "export").rglob("*") if p.is_file()}
    assert sorted(map(str, found)) == sorted(below.git("ls-tree", "-r", "--name-only", "proto").splitlines())


def test_peoples_settings_of_git_change_no_commit(below):
    expected = [one.commit for one in sliced(below, folder="research")[1]]
    for name, value in SETTINGS.items():
        below.git("config", name, value)
    assert [one.commit for one in sliced(below, folder="research")[1]] == expected


def test_a_repository_of_sha256_is_sliced(tmp_path):
    repo = Repo.__new__(Repo)
    repo.root, repo.clock = tmp_path, 1_790_000_000
    subprocess.run(["git", "init", "-q", "-b", "main", "--object-format=sha256", tmp_path], check=True)
    repo.commit("begin", "a.py", "x = 1\n")
    repo.git("switch", "-q", "-c", "proto")
    write(repo, {"a.py": None, "b/api/x.py": "y = 1\n", "model/w.npz": b"\x00"})
    commit(repo)
    _, built = sliced(repo)
    assert built[-1].tree == repo.git("rev-parse", "proto^{tree}")
    git = RealGit(tmp_path)
    moved = branches.write(git, "RPT-0007", built, branches.standing(git, "RPT-0007"))
    assert len(moved) == len(built) == 2


def test_an_author_whose_name_git_refuses_is_unknown(grown):
    text = grown.git("cat-file", "commit", "proto").replace("author Ada <ada@example.org>", "author . <>")
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
        cwd=grown.root, input=text, text=True, capture_output=True, check=True,
    )  # fmt: skip
    grown.git("reset", "-q", "--soft", made.stdout.strip())
    _, built = sliced(grown)
    assert grown.git("log", "-1", "--format=%an <%ae>", built[0].commit) == "unknown <>"


def test_what_only_a_merge_changed_keeps_its_commit_when_the_prototype_goes_on(grown):
    grown.git("switch", "-q", "-c", "side", "main")
    write(grown, {f"{S}/app.py": "X = 2\n"})
    commit(grown)
    grown.git("switch", "-q", "proto")
    grown.git("merge", "-q", "side", check=False)
    write(grown, {f"{S}/app.py": GROWN[f"{S}/app.py"] + "\nY = 3\n", "rpts/by-merge.md": "merged\n"})
    commit(grown, "merge")
    _, built = sliced(grown)
    assert built[-1].tree == grown.git("rev-parse", "proto^{tree}")
    write(grown, {"services/shop/Dockerfile": "FROM busybox\n"})
    commit(grown)
    _, again = sliced(grown)
    same = [a.commit == b.commit for a, b in zip(built, again, strict=True)]
    assert same == [True, True, True, True, True, False]


def test_a_prototype_that_merged_the_trunk_is_sliced_over_what_it_merged(grown):
    grown.git("switch", "-q", "main")
    newest = grown.commit("later", "later.txt")
    grown.git("switch", "-q", "proto")
    grown.merge("main")
    plan, built = sliced(grown)
    assert plan.base == built[0].parent == newest
    assert "later.txt" not in where(plan)
    assert built[-1].tree == grown.git("rev-parse", "proto^{tree}")


def test_a_trunk_that_went_on_leaves_the_commits_as_they_are(grown):
    _, built = sliced(grown)
    grown.git("switch", "-q", "main")
    grown.commit("later")
    assert sliced(grown)[1] == built


def test_a_project_in_a_folder_with_a_line_feed_is_known_by_its_tree(repo):
    folder = 'odd\nname "x"'
    write(repo, {f"{folder}/pyproject.toml": "[project]\nname = 'x'\n", f"{folder}/src/x/__init__.py": "X=1"})
    commit(repo)
    plan, built = sliced(repo)
    git = RealGit(repo.root)
    top = proving.layers(git, built)[-1]
    stack = [change.path for change in planned(repo)[1].prototype.changes]
    (found,) = projects.touched(git, built[-1].commit, plan.base, top.paths, stack)
    assert found.folder == folder
    assert found.tree == repo.git("rev-parse", f"proto:{folder}")
    assert projects.touched(git, plan.base, plan.base, top.paths, stack) == ()


def test_a_submodule_is_refused_whatever_is_set_to_ignore_it(repo):
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{repo.git('rev-parse', 'HEAD')},sub")
    repo.git("commit", "-q", "-m", "submodule")
    repo.git("config", "diff.ignoreSubmodules", "all")
    with pytest.raises(CockpitError, match="submodule"):
        planned(repo)


def test_weights_are_not_read_and_too_much_text_is_refused(grown, monkeypatch):
    write(grown, {f"{S}/model/large.npz": b"\x00" + b"w" * 100_000})
    commit(grown)
    monkeypatch.setattr(changes, "MOST_BYTES", 5_000)
    _, built = sliced(grown)
    assert built[-1].tree == grown.git("rev-parse", "proto^{tree}")
    write(grown, {f"{S}/logic/table.txt": "x\n" * 3_000})
    commit(grown)
    with pytest.raises(CockpitError, match="bytes of text"):
        planned(grown)


def test_what_the_system_cannot_hold_is_said(grown, tmp_path):
    _, built = sliced(grown)
    bench = Bench(RealGit(grown.root), tmp_path / "state", lambda line: None, lambda: False)
    with pytest.raises(CockpitError, match="cannot be exported") as caught:
        bench._export(built[-1].commit, tmp_path / ("too long " * 40))
    assert caught.value.problem.code == "export"


def test_a_link_that_became_a_file_is_ordered_by_what_it_imports(repo):
    repo.git("switch", "-q", "main")
    (repo.root / S / "logic" / "linked.py").symlink_to("old.py")
    commit(repo)
    repo.git("switch", "-q", "proto")
    repo.merge("main")
    (repo.root / S / "logic" / "linked.py").unlink()
    write(repo, {f"{S}/logic/linked.py": "from shop.api.fresh import X\n", f"{S}/api/fresh.py": "X = 1\n"})
    commit(repo)
    plan, _ = sliced(repo)
    assert where(plan) == {f"{S}/logic/linked.py": "api", f"{S}/api/fresh.py": "api"}
