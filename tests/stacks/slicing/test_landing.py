"""When slices have landed, what is left is built over the trunk, and nothing moves that need not."""

from __future__ import annotations

import pytest

from cockpit.edges.git import RealGit
from cockpit.errors import UsageError
from cockpit.stacks.slicing import branches, building, changes, landing, planning, reading
from cockpit.stacks.slicing.plan import Wanted, Wishes
from support.repo import Repo

WISHES = Wishes(tuple(Wanted(name, name, paths=(f"{name}.py",)) for name in ("one", "two", "three")), "file")
NAMES = tuple(f"rpt-0007/{one.id}" for one in WISHES.slices)


class Place:
    """A repository whose prototype was sliced into three files."""

    def __init__(self, repo: Repo) -> None:
        self.repo, self.git = repo, RealGit(repo.root)
        repo.commit("begin", "README.md", "x\n")
        repo.git("switch", "-q", "-c", "proto")
        for name in ("one", "two", "three"):
            repo.commit(name, f"{name}.py", f"{name} = 1\n")
        repo.git("switch", "-q", "main")
        self.slice()

    def landed(self, *merged: str) -> landing.Landed | None:
        made = branches.standing(self.git, "RPT-0007").made
        trunk = changes.trunk_tip(self.git, "main")
        return landing.of(self.git, made, NAMES, trunk, merged)

    def slice(self, *merged: str) -> tuple[building.Built, ...]:
        found = self.landed(*merged)
        base = found.base if found is not None else None
        material = reading.material(self.git, "proto", "main", {}, base)
        built = building.build(self.git, planning.plan("RPT-0007", material, WISHES), material)
        branches.write(self.git, "RPT-0007", built, branches.standing(self.git, "RPT-0007"))
        return built

    def merge(self, name: str, how: str) -> None:
        """Merge a slice into main as GitHub would."""
        git = self.repo.git
        if how == "merge":
            git("merge", "-q", "--no-ff", "-m", f"Merge {name}", name)
        elif how == "squash":
            git("merge", "-q", "--squash", name)
            git("commit", "-q", "-m", f"{name} (#1)")
        else:
            git("commit", "-q", "--allow-empty", "-m", "something else")
            git("cherry-pick", name)


@pytest.fixture
def place(tmp_path):
    return Place(Repo(tmp_path))


def test_nothing_has_landed_at_first(place):
    before = place.slice()
    assert place.landed() is None
    place.repo.commit("elsewhere", "other.py", "y = 2\n")
    assert place.landed() is None
    assert place.slice() == before


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
def test_what_is_left_stands_on_a_trunk_that_has_the_rest(place, how):
    before = place.slice()
    place.merge(NAMES[0], how)
    assert place.landed().branches == NAMES[:1]
    after = place.slice()
    assert [one.branch for one in after] == list(NAMES[1:])
    assert place.repo.git("diff", "--name-only", "main", NAMES[1]) == "two.py"
    assert place.repo.git("merge-base", "main", NAMES[2]) == after[0].parent
    if how == "merge":
        assert [one.commit for one in after] == [one.commit for one in before[1:]]
    else:
        assert after[0].parent == place.repo.git("rev-parse", "main")


def test_a_trunk_that_goes_on_moves_nothing_again(place):
    place.merge(NAMES[0], "squash")
    after = place.slice()
    place.repo.commit("elsewhere", "other.py", "y = 2\n")
    assert place.slice() == after


def test_what_a_server_calls_merged_has_landed_whatever_became_of_the_file(place):
    place.merge(NAMES[0], "squash")
    place.repo.commit("changed at once", "README.md", "y\n")
    place.repo.commit("changed at once", "one.py", "one = 7\n")
    assert place.landed() is None
    assert place.landed(NAMES[0]).branches == NAMES[:1]


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
def test_what_is_merged_on_the_server_alone_was_not_fetched_yet(place, how):
    made = branches.standing(place.git, "RPT-0007").made
    assert landing.unseen(place.git, made, "main", NAMES[:2]) == NAMES[:2]
    place.merge(NAMES[0], how)
    assert landing.unseen(place.git, made, "main", NAMES[:2]) == NAMES[1:2]
    place.repo.git("rm", "-q", "one.py")
    place.repo.git("commit", "-q", "-m", "taken back")
    assert landing.unseen(place.git, made, "main", NAMES[:1]) == ()


def test_what_lies_below_has_landed_too(place):
    place.repo.git("merge", "-q", "--squash", NAMES[1])
    place.repo.git("commit", "-q", "-m", "both")
    assert place.landed().branches == NAMES[:2]


def test_a_prototype_that_goes_on_is_sliced_over_what_landed(place):
    place.merge(NAMES[0], "squash")
    place.repo.git("switch", "-q", "proto")
    place.repo.commit("more", "two.py", "two = 2\n")
    place.repo.git("switch", "-q", "main")
    after = place.slice()
    assert place.repo.git("show", f"{NAMES[1]}:two.py") == "two = 2"
    assert [one.branch for one in after] == list(NAMES[1:])


def test_all_landed_is_said(place):
    for name in NAMES:
        place.merge(name, "squash")
    with pytest.raises(UsageError, match="nothing is left to slice"):
        place.slice()


def test_a_conflict_is_left_to_people(place):
    place.merge(NAMES[0], "squash")
    place.repo.commit("another two", "two.py", "two = 'other'\n")
    before = place.repo.git("for-each-ref")
    with pytest.raises(UsageError, match="does not merge with main") as caught:
        place.slice()
    assert "git switch proto && git merge main" in caught.value.problem.do
    assert place.repo.git("for-each-ref") == before
