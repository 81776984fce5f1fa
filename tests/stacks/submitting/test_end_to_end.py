"""A prototype becomes a stack, is reviewed, and lands slice by slice; the board follows each step."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cockpit.cli import main

from .conftest import BRANCHES

DATA, MODEL, API = BRANCHES


@pytest.fixture
def proto(place):
    """The same three files on one branch, and nothing sliced yet."""
    repo = place.repo
    repo.git("branch", "-q", "-m", API, "proto")
    repo.git("branch", "-q", "-D", DATA, MODEL)
    return place


def stack(place, *argv) -> dict[str, Any]:
    """Run `cockpit stack …`, expect it to work, and return the JSON document."""
    place.capsys.readouterr()
    code = main(["stack", *argv, "--json"])
    said = place.capsys.readouterr()
    assert code == 0, said.out + said.err
    return json.loads(said.out)


def board(place):
    """Return branch → (state, what holds it up, who acts), of the stack of slices."""
    found = stack(place, "list")
    assert found["server"]["problem"] is None
    (one,) = (one for one in found["stacks"] if any(p["branch"] in BRANCHES for p in one["slices"]))
    assert one["rpt"] == "RPT-0007"
    return {
        p["branch"]: (p["state"], (p["blocked"] or {}).get("cause"), tuple(p["waiting_for"]))
        for p in one["slices"]
    }


def coming(place):
    """Return the two lines that `stack list` begins the stack with: how much is merged, what is next."""
    place.capsys.readouterr()
    assert main(["stack", "list", "7", "--offline"]) == 0
    lines = place.capsys.readouterr().out.splitlines()
    return lines[0], lines[1]


def tree(place, name):
    return place.mock.git("rev-parse", f"{name}^{{tree}}").stdout.strip()


@pytest.mark.parametrize(
    ("native", "method", "restack"),
    [(False, "merge", False), (False, "squash", True), (True, "squash", False), (True, "rebase", True)],
)
def test_from_the_plan_to_the_last_merge(proto, native, method, restack):
    repo, mock = proto.repo, proto.mock
    mock.native = native
    stack(proto, "slice", "7", "--from", "proto", "--yes")
    stack(proto, "verify", "7")
    said = proto.submit("7")
    assert said["way"] == ("native" if native else "base")
    whole = repo.git("rev-parse", "proto^{tree}")
    sliced = {branch: repo.git("rev-parse", f"{branch}^{{tree}}") for branch in BRANCHES}
    for number, branch in enumerate(BRANCHES, 1):
        # Asked, then approved with checks: next is to merge it, and those above wait for it or their review.
        state, cause, _ = board(proto)[branch]
        assert (state, cause) == ("open", "review")
        assert branch in coming(proto)[1]
        mock.check(number)
        mock.review(number, "jonas-gh")
        assert board(proto)[branch][:2] == ("open", None)
        assert coming(proto)[1].startswith(f"  → ada: merge {branch} (#{number})")
        mock.merge(number, method)
        # What landed is merged, also where git cannot tell it from the commits; the trunk has its files.
        standing = board(proto)
        assert [standing[name][0] for name in BRANCHES] == ["merged"] * number + ["open"] * (3 - number)
        assert coming(proto)[0].endswith(f"{number}/3 merged")
        assert tree(proto, "main") == sliced[branch]
        # A merge that this clone has not fetched yet moves no slice.
        early = stack(proto, "slice", "7", "--from", "proto", "--dry-run")
        assert any(f"merged {branch}, and main here" in step["label"] for step in early["steps"])
        assert not any(
            step["label"].startswith("landed") and branch in step["label"] for step in early["steps"]
        )
        repo.git("fetch", "-q", "origin")
        contained = repo.git("branch", "-r", "--contains", branch, "--list", "origin/main") != ""
        assert contained is (method == "merge")
        if number == 3:
            break
        above = BRANCHES[number]
        assert mock.pulls[number + 1].base == ("main" if native else branch)
        notes = [step for step in proto.planned("7") if step.startswith("note:")]
        assert any("restack" in note for note in notes) is (method != "merge")
        proto.submit("7")
        assert mock.pulls[number + 1].base == "main"
        if restack:
            # What is left is sliced over the new trunk, and pushed over what cockpit pushed.
            before = {name: mock.tip(name) for name in BRANCHES}
            stack(proto, "slice", "7", "--from", "proto", "--yes")
            proto.submit("7")
            assert {name for name in BRANCHES if mock.tip(name) != before[name]} == set(BRANCHES[number:])
            assert [path for _, _, path in mock.files(mock.pulls[number + 1])] == [
                f"services/scan/{above.rpartition('/')[2]}.py"
            ]
        assert proto.submit("7")["calls"] == 0
    assert tree(proto, "main") == whole
    code, _, err = proto.cockpit("7", "--yes")
    assert code == 2
    assert "all of it was merged" in err
    assert len(mock.pulls) == 3
