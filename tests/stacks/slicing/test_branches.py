"""The slices' branches move all at once or not at all, and never over what people have there."""

from __future__ import annotations

import pytest

from cockpit.edges.git import RealGit
from cockpit.errors import CockpitError
from cockpit.stacks.slicing import branches
from support.prototype import commit, sliced, write


def test_branches_are_written_at_once_and_never_over_somebodys_own(grown):
    git = RealGit(grown.root)
    _, built = sliced(grown)
    moved = branches.write(git, "RPT-0007", built, branches.standing(git, "RPT-0007"))
    assert moved == tuple(one.branch for one in built)
    assert branches.write(git, "RPT-0007", built, branches.standing(git, "RPT-0007")) == ()
    grown.git("update-ref", "refs/heads/rpt-0007/data", "main")
    with pytest.raises(CockpitError, match="did not make"):
        branches.write(git, "RPT-0007", built, branches.standing(git, "RPT-0007"))


def test_a_branch_that_moves_meanwhile_stops_all(grown):
    git = RealGit(grown.root)
    _, built = sliced(grown)
    seen = branches.standing(git, "RPT-0007")
    grown.git("branch", "rpt-0007/data", "main")
    with pytest.raises(CockpitError, match="no branch was moved"):
        branches.write(git, "RPT-0007", built, seen)
    assert "rpt-0007/contract" not in grown.git("branch", "--list", "rpt-0007/*")


def test_a_checked_out_slice_is_not_moved(grown):
    git = RealGit(grown.root)
    _, built = sliced(grown)
    branches.write(git, "RPT-0007", built, branches.standing(git, "RPT-0007"))
    grown.git("worktree", "add", "-q", str(grown.root.parent / "tree"), "rpt-0007/deploy")
    write(grown, {"services/shop/Dockerfile": "FROM busybox\n"})
    commit(grown)
    _, again = sliced(grown)
    with pytest.raises(CockpitError, match="checked out"):
        branches.write(git, "RPT-0007", again, branches.standing(git, "RPT-0007"))


def test_a_branch_named_like_the_folder_is_said(grown):
    grown.git("branch", "rpt-0007")
    git = RealGit(grown.root)
    _, built = sliced(grown)
    with pytest.raises(CockpitError, match="leaves no room"):
        branches.write(git, "RPT-0007", built, branches.standing(git, "RPT-0007"))


def test_a_slice_that_is_checked_out_while_it_is_proved_is_not_moved(grown):
    git = RealGit(grown.root)
    _, built = sliced(grown)
    branches.write(git, "RPT-0007", built, branches.standing(git, "RPT-0007"))
    write(grown, {"services/shop/Dockerfile": "FROM busybox\n"})
    commit(grown)
    _, again = sliced(grown)
    seen = branches.standing(git, "RPT-0007")
    grown.git("worktree", "add", "-q", str(grown.root.parent / "tree"), "rpt-0007/deploy")
    with pytest.raises(CockpitError, match="checked out"):
        branches.write(git, "RPT-0007", again, seen)
