"""A branch becomes a stack: which files land where, as which commits, without touching what people use."""

from __future__ import annotations

import os
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.edges.git import RealGit
from cockpit.errors import CockpitError
from cockpit.stacks.slicing import building, planning, reading
from cockpit.stacks.slicing.plan import Wanted, Wishes
from support.prototype import GROWN, S, commit, planned, sliced, where, write


def test_files_land_by_layer_and_nothing_below_what_it_needs(grown):
    plan, _ = planned(grown)
    assert where(plan) == {
        "rpts/RPT-0007.openapi.yaml": "contract",
        f"{S}/data/prices.csv": "data",
        f"{S}/model/__init__.py": "model",
        f"{S}/model/net.py": "model",
        f"{S}/model/weights.npz": "model",
        "services/shop/tests/test_net.py": "model",
        f"{S}/logic/fresh.py": "logic",
        f"{S}/util.py": "logic",
        "services/shop/tests/test_fresh.py": "logic",
        # It goes with the change of its last importer.
        f"{S}/logic/old.py": "api",
        "services/shop/tests/test_old.py": "api",
        f"{S}/app.py": "api",
        "services/shop/Dockerfile": "deploy",
    }
    assert [one.id for one in plan.slices] == ["contract", "data", "model", "logic", "api", "deploy"]


def test_the_last_tree_is_the_prototypes_and_the_union_is_the_diff(grown):
    _, built = sliced(grown)
    git = grown.git
    assert built[-1].tree == git("rev-parse", "proto^{tree}")
    touched = []
    for one in built:
        own = git("diff", "--name-only", "--no-renames", one.parent, one.commit).splitlines()
        assert own
        touched += own
    assert sorted(touched) == sorted(git("diff", "--name-only", "--no-renames", "main", "proto").splitlines())


def test_building_again_gives_the_same_commits_and_touches_nothing(grown, monkeypatch):
    (grown.root / "README.md").write_text("not committed\n")
    (grown.root / "staged.txt").write_text("staged\n")
    grown.git("add", "staged.txt")
    before = (
        grown.git("status", "--porcelain=v2"),
        grown.git("rev-parse", "HEAD"),
        grown.git("for-each-ref"),
    )
    _, built = sliced(grown)
    monkeypatch.setenv("GIT_COMMITTER_DATE", "1 +0000")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    _, again = sliced(grown)
    assert built == again
    assert before == (
        grown.git("status", "--porcelain=v2"),
        grown.git("rev-parse", "HEAD"),
        grown.git("for-each-ref"),
    )


def test_only_touched_slices_get_new_commits(grown):
    _, built = sliced(grown)
    write(grown, {f"{S}/logic/fresh.py": GROWN[f"{S}/logic/fresh.py"] + "\nY = 2\n"})
    commit(grown)
    _, again = sliced(grown)
    same = [a.commit == b.commit for a, b in zip(built, again, strict=True)]
    assert same == [True, True, True, False, False, False]
    assert [one.branch for one in built] == [one.branch for one in again]


def test_commits_bear_their_slice_and_the_prototypes_author(grown):
    _, built = sliced(grown)
    said = grown.git(
        "log", "-1", "--format=%an <%ae> %at%n%s%n%(trailers:key=Cockpit-Slice,valueonly)", built[0].commit
    )
    author, subject, trailer = said.splitlines()[:3]
    assert author == f"Ada <ada@example.org> {grown.git('log', '-1', '--format=%at', 'proto')}"
    assert subject.startswith("The document")
    assert trailer == "RPT-0007/contract"


def test_a_cycle_stays_together_in_its_highest_slice(repo):
    write(repo, {
        f"{S}/model/a.py": "from shop.logic import b\n",
        f"{S}/logic/b.py": "def f():\n    from shop.model import a\n    return a\n",
    })  # fmt: skip
    commit(repo)
    plan, built = sliced(repo)
    assert set(where(plan).values()) == {"logic"}
    assert len(built) == 1
    assert any("goes to logic, not model" in note for note in plan.notes)


def test_modes_links_binaries_crlf_and_hostile_paths_are_exact(repo):
    write(repo, {
        f"{S}/logic/crlf.py": b"x = 1\r\ny = 2\r\n",
        f"{S}/logic/blob.bin": bytes(range(256)),
        f"{S}/logic/run.sh": "#!/bin/sh\n",
        'odd/new\nline "quoted"\t.txt': "1\n",
        "odd/-leading.txt": "2\n",
        "odd/[glob]*.txt": "3\n",
        "odd/ünï.txt": "4\n",
    })  # fmt: skip
    bad = os.fsencode(repo.root) + b"/odd/\xff\xfe.txt"
    with open(bad, "wb") as file:  # noqa: PTH123 - the name is no text
        file.write(b"5\n")
    (repo.root / S / "logic/run.sh").chmod(0o755)
    (repo.root / S / "logic/link").symlink_to("../nowhere")
    (repo.root / S / "logic/linked.py").symlink_to("crlf.py")
    commit(repo)
    plan, built = sliced(repo)
    assert built[-1].tree == repo.git("rev-parse", "proto^{tree}")
    assert "odd/\\xff\\xfe.txt" in where(plan)


def test_a_folder_takes_the_place_of_a_file_in_one_slice(repo):
    write(
        repo, {f"{S}/logic/old.py": None, f"{S}/app.py": "X = 1\n", "services/shop/tests/test_old.py": None}
    )
    write(repo, {f"{S}/logic/old.py/inner.sql": "select 1\n"})
    commit(repo)
    plan, built = sliced(repo)
    placed = where(plan)
    assert placed[f"{S}/logic/old.py"] == placed[f"{S}/logic/old.py/inner.sql"]
    assert built[-1].tree == repo.git("rev-parse", "proto^{tree}")


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_partition_ends_in_the_prototypes_tree(grown, data):
    ids = ("one", "two", "three")
    places = {path: data.draw(st.sampled_from(ids), path) for path in GROWN}
    asked = tuple(Wanted(one, one, tuple(path for path in GROWN if places[path] == one)) for one in ids)
    plan, built = sliced(grown, Wishes(asked, "file"))
    assert built[-1].tree == grown.git("rev-parse", "proto^{tree}")
    assert sorted(where(plan)) == sorted(GROWN)
    assert len({one.tree for one in built}) == len(built)


def test_a_file_that_changes_its_kind_or_its_mode_alone_is_exact(repo):
    text = "".join(f"x{n} = {n}\n" for n in range(30))
    repo.git("switch", "-q", "main")
    write(repo, {f"{S}/a.sh": text, f"{S}/b.py": text, f"{S}/c.txt": "1\n"})
    commit(repo)
    repo.git("switch", "-q", "proto")
    repo.merge("main")
    (repo.root / S / "a.sh").chmod(0o755)
    (repo.root / S / "c.txt").unlink()
    (repo.root / S / "c.txt").symlink_to("b.py")
    write(repo, {f"{S}/b.py": f"first = 1\n{text}last = 1"})
    (repo.root / S / "b.py").chmod(0o755)
    commit(repo)
    both = (f"{S}/a.sh", f"{S}/b.py", f"{S}/c.txt")
    asked = Wishes(
        (Wanted("low", "Low", both), Wanted("high", "High", both)),
        "file",
        {f"{S}/b.py": (("+first = 1", "high"), ("+last = 1", "low"))},
    )
    plan, built = sliced(repo, asked)
    assert built[-1].tree == repo.git("rev-parse", "proto^{tree}")
    assert where(plan)[f"{S}/a.sh"] == where(plan)[f"{S}/c.txt"] == "high"
    assert repo.git("show", f"{built[0].commit}:{S}/b.py") == f"{text}last = 1"
    assert "100755" in repo.git("ls-tree", built[0].commit, f"{S}/b.py")


MERGE = Wishes(
    (
        Wanted("logic", "Logic", (f"{S}/logic/**", f"{S}/app.py")),
        Wanted("api", "Routes", (f"{S}/app.py", f"{S}/api/**"), depends_on=("logic",)),
    ),
    "merge-plan",
)


def test_a_file_of_two_slices_is_split_by_hunks_that_parse(repo):
    write(repo, {
        f"{S}/logic/fresh.py": "def f():\n    return 1\n",
        f"{S}/api/__init__.py": "",
        f"{S}/api/routes.py": "def g():\n    return 2\n",
        f"{S}/app.py": (
            "from shop.logic import old\nfrom shop.logic import fresh\n\nX = old.price()\n\n\n"
            "def one():\n    return fresh.f()\n\n\n"
            "from shop.api import routes\n\n\ndef two():\n    return routes.g() + one()\n"
        ),
    })  # fmt: skip
    commit(repo)
    plan, built = sliced(repo, MERGE)
    assert [(path, [to for _, to in hunks]) for path, hunks in plan.shared.items()] == [
        (f"{S}/app.py", ["logic", "logic", "api", "api"])
    ]
    lower = repo.git("show", f"{built[0].commit}:{S}/app.py")
    compile(lower, "app.py", "exec")
    assert "fresh.f()" in lower and "routes" not in lower
    assert built[-1].tree == repo.git("rev-parse", "proto^{tree}")


def test_a_plan_can_send_a_hunk_elsewhere(repo):
    base = (repo.root / S / "app.py").read_text()
    text = f"{base}\n\ndef one():\n    return 1\n\n\ndef two():\n    return 2\n"
    write(repo, {f"{S}/app.py": text, f"{S}/logic/x.py": ""})
    commit(repo)
    asked = Wishes(MERGE.slices, "file", {f"{S}/app.py": (("+def one():", "api"), ("+def two():", "logic"))})
    plan, built = sliced(repo, asked)
    assert plan.shared[f"{S}/app.py"] == (("+def one():", "api"), ("+def two():", "logic"))
    assert "two" in repo.git("show", f"{built[0].commit}:{S}/app.py")
    assert "one" not in repo.git("show", f"{built[0].commit}:{S}/app.py")
    assert built[-1].tree == repo.git("rev-parse", "proto^{tree}")


def test_what_cannot_be_sliced_is_said(repo, tmp_path_factory):
    with pytest.raises(CockpitError, match="changes nothing"):
        planned(repo)
    with pytest.raises(CockpitError, match="no branch"):
        planned(repo, branch="--upload-pack=x")
    commit = repo.git("rev-parse", "HEAD")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{commit},vendor/sub")
    repo.git("commit", "-q", "-m", "submodule")
    with pytest.raises(CockpitError, match="submodule"):
        planned(repo)
    repo.git("switch", "-q", "--orphan", "alone")
    repo.commit("alone")
    with pytest.raises(CockpitError, match="no common commit"):
        planned(repo, branch="alone")


def test_a_shallow_clone_without_the_base_is_said(grown, tmp_path_factory):
    clone = tmp_path_factory.mktemp("shallow")
    grown.git("switch", "-q", "main")
    grown.commit("later")
    source = f"file://{grown.root}"
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", "--no-single-branch", source, clone],
        check=True,
        capture_output=True,
    )
    with pytest.raises(CockpitError, match="shallow") as caught:
        reading.material(RealGit(clone), "proto", "main", {})
    assert "--unshallow" in caught.value.problem.do


def test_a_detached_head_and_a_linked_work_tree_slice_alike(grown):
    _, built = sliced(grown)
    grown.git("checkout", "-q", "--detach", "main")
    _, again = sliced(grown)
    tree = grown.root.parent / "linked"
    grown.git("worktree", "add", "-q", "--detach", str(tree), "main")
    material = reading.material(RealGit(tree), "proto", "main", {})
    linked = building.build(
        RealGit(tree), planning.plan("RPT-0007", material, planning.by_layers()), material
    )
    assert built == again == linked


def test_a_new_file_that_two_globs_name_goes_whole_to_the_narrower(repo):
    write(repo, {
        f"{S}/net.py": "A = 1\n\n\ndef net():\n    return A\n",
        f"{S}/model/__init__.py": "",
        f"{S}/app.py": "X = 3\n",
    })  # fmt: skip
    commit(repo)
    wishes = Wishes((
        Wanted("all", "All", paths=("services/shop/**",)),
        Wanted("net", "The net", paths=(f"{S}/net.py", f"{S}/model/**")),
    ), source="merge-plan")  # fmt: skip
    plan, _ = planned(repo, wishes)
    assert where(plan) == {f"{S}/app.py": "all", f"{S}/net.py": "net", f"{S}/model/__init__.py": "net"}
    assert not plan.shared
