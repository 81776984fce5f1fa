"""Is what was proved of a prototype's slices known to the workspace, and an unreadable receipt said?"""

from __future__ import annotations

from cockpit.edges import files
from cockpit.stacks.slicing import receipt
from cockpit.stacks.slicing.receipt import Check, Proved, Receipt, Verdict
from cockpit.workspace import slicings
from cockpit.workspace.workspace import Workspace

CHECKS = (Check("tests", Verdict.PASS),)
FOUND = Receipt(
    "RPT-0001", "2026-11-24T10:00:00Z", "proto", "main", "b0", "p1", (),
    (Proved("a", "rpt-0001/a", "a1", "b0", "t1", CHECKS),),
)  # fmt: skip


def test_a_receipt_is_read_once_and_again_when_it_changed(tmp_path):
    (tmp_path / "rpts").mkdir()
    workspace = Workspace.open(tmp_path)
    try:
        receipt.keep(tmp_path, FOUND)
        for _ in range(2):
            (found,), problems = slicings.known(workspace)
            assert (found.branch, found.verdict, found.commits) == ("proto", "pass", (("rpt-0001/a", "a1"),))
            assert problems == ()
        place = receipt.place(tmp_path, "RPT-0001")
        place.write_text(place.read_text().replace('"proto"', '"other"'))
        (found,), _ = slicings.known(workspace)
        assert found.branch == "other"
    finally:
        workspace.close()


def test_what_another_version_kept_of_a_receipt_is_read_anew(tmp_path):
    (tmp_path / "rpts").mkdir()
    workspace = Workspace.open(tmp_path)
    try:
        stamp = files.stamp(receipt.keep(tmp_path, FOUND))
        workspace.cache.write("slicings", {"RPT-0001": (stamp.key(), {"rpt": "RPT-0001"})})
        (found,), problems = slicings.known(workspace)
        assert (found.branch, problems) == ("proto", ())
    finally:
        workspace.close()


def test_an_unreadable_receipt_is_said_and_hides_no_other(tmp_path):
    (tmp_path / "rpts").mkdir()
    workspace = Workspace.open(tmp_path)
    try:
        receipt.keep(tmp_path, FOUND)
        (tmp_path / ".cockpit" / "slices" / "RPT-0002.json").write_text("{")
        found, (problem,) = slicings.known(workspace)
        assert [one.rpt for one in found] == ["RPT-0001"]
        assert "RPT-0002.json" in problem.message
    finally:
        workspace.close()
