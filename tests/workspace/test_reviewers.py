"""Who is asked to review a slice (plan file, Merge Plan, CODEOWNERS), and who cannot be?"""

from __future__ import annotations

import pytest

from cockpit.domain.rpt import Owners, PlannedSlice, RptFacts
from cockpit.domain.stack import Slice, Stack
from cockpit.domain.words import Status
from cockpit.workspace import reviewers
from cockpit.workspace.workspace import Workspace
from support.repo import Repo

CONFIG = "people:\n  mira: {github: mira-git}\n  ada: {github: '@ada-git'}\n  team: {email: t@example.org}\n"
PLAN = """\
schema: cockpit.slices/v1
rpt: RPT-0007
from: proto
slices:
  - {id: model, title: Model, reviewers: ["@eve", "@org/ml", mira], files: [a.py]}
  - {id: api, title: API, files: [b.py]}
"""
RPT = RptFacts(
    "RPT-0007", "rpts/RPT-0007-x.md", "X", Status.AGREED, owners=Owners("ada", "team"),
    slices=(
        PlannedSlice("model", "Model", ("a.py",), reviewer_role="researcher"),
        PlannedSlice("api", "API", ("b.py",), reviewer_role="engineer"),
    ),
)  # fmt: skip
STACK = Stack(
    "rpt-0007/model",
    "main",
    (
        Slice("rpt-0007/model", "main", paths=("a.py",)),
        Slice("rpt-0007/api", "rpt-0007/model", paths=("b.py",)),
    ),
    "RPT-0007",
)


@pytest.fixture
def here(tmp_path):
    repo = Repo(tmp_path)
    (tmp_path / "rpts").mkdir()
    (tmp_path / "cockpit.yaml").write_text(CONFIG)
    repo.commit("owners", "CODEOWNERS", "b.py @zoe mail@example.org\n")
    workspace = Workspace.open(tmp_path)
    yield workspace
    workspace.close()


def test_the_role_and_the_owners_where_no_plan_was_written(here):
    found = reviewers.of(here, RPT, STACK, ["main"])
    assert found.by_branch == {"rpt-0007/model": ("ada-git",), "rpt-0007/api": ("zoe",)}
    assert found.notes == ("not asked to review, because `people` in cockpit.yaml gives no `github`: team",)


def test_what_people_wrote_into_the_plan_decides(here):
    (here.root / "rpts" / "RPT-0007.slices.yaml").write_text(PLAN)
    found = reviewers.of(here, RPT, STACK, ["main"])
    assert found.by_branch["rpt-0007/model"] == ("eve", "org/ml", "mira-git")
    assert found.by_branch["rpt-0007/api"] == ("zoe",)


def test_a_plan_that_does_not_read_decides_nothing(here):
    (here.root / "rpts" / "RPT-0007.slices.yaml").write_text("schema: [")
    assert reviewers.of(here, RPT, STACK, ["main"]).by_branch["rpt-0007/model"] == ("ada-git",)


def test_owners_alone_where_no_handoff_is_known(here):
    found = reviewers.of(here, None, STACK, ["nowhere", "main"])
    assert found.by_branch == {"rpt-0007/model": (), "rpt-0007/api": ("zoe",)}
    assert found.notes == ()
