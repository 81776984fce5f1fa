"""What `cockpit stack slice` refuses: it says why and where, and nothing has moved."""

from __future__ import annotations

import json

import pytest

from .conftest import API, LOGIC, TOOL

LINES = "".join(f"X{number} = {number}\n" for number in range(401))


def test_a_slice_that_nobody_can_read_is_refused_unless_somebody_allows_it(place):
    place.grow({f"{TOOL}/logic.py": LOGIC + LINES})
    code, said = place.slice()
    assert (code, said["error"]["code"]) == (1, "slice-too-large")
    assert "logic 403 (at most 400)" in said["error"]["message"]
    assert place.tips() == {} and not place.plan_file().exists()
    assert place.slice("--dry-run", "--allow-large")[0] == 0
    assert place.slice("--plan-only")[0] == 0
    assert place.slice()[1]["error"]["path"] == "rpts/RPT-0007.slices.yaml"
    place.edit("    title: The logic\n", "    title: The logic\n    max_lines: 403\n")
    assert place.slice("--dry-run")[0] == 0
    place.edit("max_lines: 403", "max_lines: 402")
    assert place.slice("--dry-run")[0] == 1
    place.edit("allow_large: false", "allow_large: true")
    assert place.slice("--dry-run")[0] == 0


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("schema: cockpit.slices/v1", "schema: other", 11, "no plan of slices"),
        ("rpt: RPT-0007", "rpt: RPT-0008", 12, "this plan is of RPT-0008"),
        ("allow_large: false", "allow_large: perhaps", 14, "neither true nor false"),
        ("    files:", "    fils:", 20, "'fils' is no key"),
        ("id: logic", "id: 7", 17, "a text is expected"),
        ("id: api", "id: logic", 23, "two slices have the id 'logic'"),
        ("id: api", "id: ../x", 23, "cannot be part of a branch's name"),
        ("id: api", "id: x.lock", 23, "cannot be part of a branch's name"),
        ("slices:", "slices: [", 17, ""),
    ],
)
def test_a_plan_that_does_not_read_is_said_with_its_line(place, old, new, line, said):
    assert place.slice("--plan-only")[0] == 0
    place.edit(old, new)
    code, document = place.slice()
    assert code == 1
    assert said in document["error"]["message"]
    if line is not None:
        assert (document["error"]["path"], document["error"]["line"]) == ("rpts/RPT-0007.slices.yaml", line)
    assert place.tips() == {}


def test_a_hunk_for_a_slice_that_is_none_is_said(place):
    assert place.slice("--plan-only")[0] == 0
    text = place.plan_file().read_text()
    shared = f"shared:\n  - path: {TOOL}/api.py\n    hunks:\n      - {{begins: '+x', slice: nowhere}}\n"
    place.plan_file().write_text(text + shared)
    code, document = place.slice()
    assert (code, document["error"]["code"]) == (1, "slice-unknown")
    assert "logic, api" in document["error"]["do"]


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (("slice", "7", "--from", "nowhere"), 2, "no-branch"),
        (("slice", "7", "--from=--output=x"), 2, "no-branch"),
        (("slice", "9", "--from", "proto"), 2, "no-rpt"),
        (("slice", "7", "--from", "main"), 2, "nothing-to-slice"),
        (("slice", "7", "--from", "proto", "--plan", "../plan.yaml"), 2, "path-outside"),
        (("verify",), 2, "no-receipt"),
        (("verify", "7"), 2, "no-receipt"),
    ],
)
def test_wrong_use_is_told(place, argv, code, said):
    got, document = place.json(*argv)
    assert (got, document["error"]["code"]) == (code, said)


def test_a_branch_that_somebody_else_moved_is_left_to_them(place):
    assert place.slice()[0] == 0
    place.repo.git("update-ref", "refs/heads/rpt-0007/logic", "main")
    place.grow({f"{TOOL}/api.py": API + "X = 1\n"})
    before = place.tips()
    code, document = place.slice()
    assert (code, document["error"]["code"], place.tips()) == (2, "branch-not-ours", before)
    place.repo.git("branch", "-m", "rpt-0007/logic", "kept")
    assert place.slice()[0] == 0


def test_a_branch_that_is_checked_out_elsewhere_is_not_moved(place):
    assert place.slice()[0] == 0
    place.repo.git("worktree", "add", "-q", str(place.root.parent / "tree"), "rpt-0007/api")
    before = place.tips()
    place.grow({f"{TOOL}/api.py": API + "X = 1\n"})
    code, out, err = place.stack("slice", "7", "--from", "proto", "--json")
    assert (code, json.loads(out)["error"]["code"], place.tips()) == (2, "branch-checked-out", before)
    assert "importing" not in err, "it is said before anything is proved"
    assert place.runs()[-1] == ("slice", "failed")
