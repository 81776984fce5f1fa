"""`cockpit stack slice` as its user meets it: what is planned, written, kept and refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from cockpit.actions import slice as action
from cockpit.actions.slice_asked import Asked
from cockpit.errors import UsageError
from cockpit.workspace.workspace import Workspace
from support.prototype import commit, write

from .conftest import API, LOGIC, RPT, TOOL


def test_a_merge_plan_becomes_proved_branches_with_a_receipt(place):
    before = place.repo.git("rev-parse", "HEAD"), place.repo.git("for-each-ref", "refs/heads/proto")
    code, said = place.slice()
    assert (code, said["schema"], said["rpt"], said["verdict"]) == (0, "cockpit.slice/v1", "RPT-0007", "pass")
    assert [(one["id"], one["files"]) for one in said["slices"]] == [
        ("logic", [f"{TOOL}/logic.py"]),
        ("api", [f"{TOOL}/api.py"]),
    ]
    assert [one["reviewers"] for one in said["slices"]] == [["@mira-gh"], ["@jonas-gh"]]
    assert place.tips() == {one["id"]: one["commit"] for one in said["slices"]}
    assert said["moved"] == [one["branch"] for one in said["slices"]]
    assert {(c["name"], c["verdict"]) for one in said["slices"] for c in one["checks"]} == {
        *((name, "pass") for name in ("changes", "compiles", "upward", "imports")),
        ("tests", "none"),
    }
    receipt = json.loads((place.root / ".cockpit/slices/RPT-0007.json").read_text())
    assert (receipt["schema"], receipt["verdict"]) == ("cockpit.slice-receipt/v1", "pass")
    assert receipt["prototype"] == place.repo.git("rev-parse", "proto")
    assert before == (place.repo.git("rev-parse", "HEAD"), place.repo.git("for-each-ref", "refs/heads/proto"))
    assert place.repo.git("status", "--porcelain") == "?? rpts/RPT-0007.slices.yaml"
    assert place.runs() == [("slice", "succeeded")]


def test_again_nothing_moves_and_a_change_moves_its_slice_and_those_above_alone(place):
    assert place.slice()[0] == 0
    first = place.tips()
    code, said = place.slice()
    assert (code, said["moved"], place.tips()) == (0, [], first)
    place.grow({f"{TOOL}/api.py": API + "\n\nMORE = 1\n"})
    code, said = place.slice()
    assert (code, said["moved"]) == (0, ["rpt-0007/api"])
    second = place.tips()
    assert (second["logic"] == first["logic"], second["api"] == first["api"]) == (True, False)
    trailer = "--format=%(trailers:key=Cockpit-Slice,valueonly)"
    assert [place.repo.git("log", "-1", trailer, commit) for commit in (first["api"], second["api"])] == [
        "RPT-0007/api"
    ] * 2


def test_an_edited_plan_is_read_and_never_overwritten(place):
    assert place.slice("--plan-only")[0] == 0
    assert (place.tips(), place.runs()) == ({}, [("slice", "succeeded")])
    place.edit("  - id: api\n    title: Its routes", "  - id: routes\n    title: Routes")
    text = place.plan_file().read_text()
    code, _ = place.slice()
    assert (code, list(place.tips())) == (0, ["logic", "routes"])
    assert place.plan_file().read_text() == text
    assert place.repo.git("log", "-1", "--format=%s", "rpt-0007/routes") == "Routes"
    # One slice of the two: what is left over is named, and left to people.
    place.edit("  - id: routes", "  - id: joined")
    code, out, _ = place.stack("slice", "7", "--from", "proto")
    assert code == 0
    assert "git branch -D rpt-0007/routes" in out
    assert set(place.tips()) == {"logic", "joined", "routes"}


def test_a_dry_run_shows_the_plan_and_writes_nothing(place):
    before = place.repo.git("for-each-ref"), place.repo.git("status", "--porcelain")
    code, said = place.slice("--dry-run")
    assert (code, said["schema"], said["argv"]) == (
        0,
        "cockpit.plan/v1",
        ["cockpit", "stack", "slice", "RPT-0007", "--from", "proto"],
    )
    labels = [step["label"] for step in said["steps"]]
    assert "rpt-0007/logic: The logic: 1 file, 2 lines, for @mira-gh" in labels
    assert said["touches"] == [
        "rpts/RPT-0007.slices.yaml",
        "rpt-0007/logic",
        "rpt-0007/api",
        ".cockpit/slices/RPT-0007.json",
    ]
    assert before == (place.repo.git("for-each-ref"), place.repo.git("status", "--porcelain"))
    assert place.runs() == []


def test_without_a_merge_plan_layers_are_proposed(place):
    place.grow({"rpts/RPT-0007-tool.md": RPT, "services/tool/Dockerfile": "FROM scratch\n"})
    code, said = place.slice("--dry-run")
    branches = [name for name in said["touches"] if name.startswith("rpt-0007/")]
    assert (code, branches) == (
        0,
        ["rpt-0007/contract", "rpt-0007/logic", "rpt-0007/api", "rpt-0007/deploy"],
    )


LINES = "".join(f"X{number} = {number}\n" for number in range(401))


def test_size_is_warned_of_and_what_nobody_reads_is_not_counted(place):
    place.grow({
        f"{TOOL}/logic.py": LOGIC + "".join(LINES.splitlines(True)[:249]),
        f"{TOOL}/words_pb2.py": LINES,
        f"{TOOL}/made.py": f"# Generated by hand. Do not edit.\n{LINES}",
        "services/tool/uv.lock": LINES,
    })  # fmt: skip
    code, said = place.slice("--dry-run")
    assert code == 0
    notes = [step["label"] for step in said["steps"] if step["label"].startswith("note: logic")]
    assert notes == ["note: logic has 251 lines to read; up to 250 read well"]


OWNED = {
    ".github/CODEOWNERS": f"* @all\n/{TOOL}/*.py @py\n/{TOOL}/api.py @org/api api@example.org\n",
    "CODEOWNERS": "* @top\n",
    "docs/CODEOWNERS": "* @docs\n",
}


@pytest.mark.parametrize(
    ("held", "logic", "api"),
    [
        (list(OWNED), ["@all", "@py", "@mira-gh"], ["@org/api", "api@example.org", "@jonas-gh"]),
        (["CODEOWNERS", "docs/CODEOWNERS"], ["@top", "@mira-gh"], ["@top", "@jonas-gh"]),
        (["docs/CODEOWNERS"], ["@docs", "@mira-gh"], ["@docs", "@jonas-gh"]),
    ],
)  # fmt: skip
def test_reviewers_are_the_owners_on_the_trunk_and_those_of_the_rpt(place, held, logic, api):
    place.repo.git("switch", "-q", "main")
    write(place.repo, {path: OWNED[path] for path in held})
    commit(place.repo)
    place.repo.git("switch", "-q", "proto")
    place.repo.merge("main")
    # What the prototype says of owners is not agreed yet: it is not asked.
    place.grow(dict.fromkeys(held, "* @mallory\n"))
    code, said = place.slice("--dry-run")
    labels = [step["label"] for step in said["steps"]]
    assert code == 0
    assert any(
        label.startswith("rpt-0007/logic") and label.endswith(f"for {', '.join(logic)}") for label in labels
    )
    assert any(f"for {', '.join(api)}" in label for label in labels if label.startswith("rpt-0007/api"))


def test_names_of_files_cannot_speak_to_the_terminal(place):
    place.grow({f"{TOOL}/a\x1b[31m\x07.py": "import nothing\n", f"{TOOL}/b\x1b]0;x\x07.py": "def f(:\n"})
    code, out, err = place.stack("slice", "7", "--from", "proto", "--dry-run")
    assert code == 0
    assert "\x1b" not in out + err and "\x07" not in out + err
    assert place.stack("slice", "7", "--from", "proto", "--plan-only")[0] == 0
    assert "\x1b" not in place.plan_file().read_text()
    assert place.slice("--dry-run")[1]["steps"][0]["label"].endswith("as rpts/RPT-0007.slices.yaml says")


def test_a_renamed_trunk_and_a_detached_head_slice_alike(place):
    assert place.slice()[0] == 0
    before = place.tips()
    place.repo.git("checkout", "-q", "--detach")
    place.repo.git("branch", "-m", "main", "trunk")
    (place.root / "cockpit.yaml").write_text(
        (place.root / "cockpit.yaml").read_text().replace("main", "trunk")
    )
    code, said = place.slice()
    assert (code, said["trunk"], said["moved"], place.tips()) == (0, "trunk", [], before)


def test_stopped_in_the_middle_nothing_is_moved_and_the_journal_says_so(place):
    place.grow({f"{TOOL}/api.py": f"import time\n{API}\ntime.sleep(60)\n"})
    argv = [sys.executable, "-c", "from cockpit.cli import main; raise SystemExit(main())"]
    child = subprocess.Popen(
        [*argv, "stack", "slice", "7", "--from", "proto"],
        cwd=place.root, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert child.stdout is not None
    for line in child.stdout:
        if "importing 2 modules" in line:
            break
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=30)
    assert child.returncode == 130
    assert (place.tips(), place.runs()) == ({}, [("slice", "cancelled")])
    assert not (place.root / ".cockpit/slices/RPT-0007.json").exists()
    assert not list((place.root / ".cockpit/slices").glob("proof-*"))


def test_of_itself_it_slices_what_is_checked_out_or_was_sliced_before(place):
    def asked():
        here = Workspace.open(place.root)
        try:
            return action.plan(here, here.resolve("7", here.snapshot()), "local").argv
        finally:
            here.close()

    expected = ("cockpit", "stack", "slice", "RPT-0007", "--from", "proto")
    assert asked() == expected
    place.repo.git("switch", "-q", "main")
    with pytest.raises(UsageError, match="no prototype is checked out"):
        asked()
    assert place.slice()[0] == 0
    assert asked() == expected
    place.repo.git("switch", "-q", "rpt-0007/api")
    assert asked() == expected


@pytest.mark.parametrize(
    "asked",
    [
        Asked("proto"),
        Asked("--plan", "x.yaml", allow_large=True),
        Asked("a", "--unproved", unproved=True),
        Asked("proto", only_plan=True, unproved=True, allow_large=True),
    ],
)
def test_what_was_asked_is_what_the_command_line_says(asked):
    assert Asked.of(asked.argv("RPT-0007")) == asked


def test_a_workspace_below_the_top_is_proved_in_an_export_of_the_whole(place, monkeypatch):
    place.repo.git("switch", "-q", "main")
    (place.root / "research").mkdir()
    for name in ("rpts", "services", "cockpit.yaml"):
        place.repo.git("mv", name, f"research/{name}")
    commit(place.repo)
    place.repo.git("switch", "-q", "-c", "grown")
    files = {f"research/{TOOL}/logic.py": LOGIC, f"research/{TOOL}/api.py": API, "other/notes.md": "x\n"}
    write(place.repo, files)
    commit(place.repo)
    monkeypatch.chdir(place.root / "research" / "services")
    code, said = place.json("slice", "7", "--from", "grown")
    assert (code, said["verdict"], list(place.tips())) == (0, "pass", ["api", "logic"])
    assert {one["id"]: one["files"] for one in said["slices"]} == {
        "logic": [":/other/notes.md", f"{TOOL}/logic.py"],
        "api": [f"{TOOL}/api.py"],
    }
    assert [c["verdict"] for c in said["slices"][0]["checks"] if c["name"] == "imports"] == ["pass"]
    assert place.json("verify")[0] == 0


def test_a_linked_work_tree_slices_for_all(place, monkeypatch):
    linked = place.root.parent / "linked"
    place.repo.git("worktree", "add", "-q", "--detach", str(linked), "main")
    monkeypatch.chdir(linked)
    code, said = place.slice()
    assert (code, said["verdict"], set(place.tips())) == (0, "pass", {"logic", "api"})
    assert (linked / ".cockpit/slices/RPT-0007.json").exists()
    monkeypatch.chdir(place.root)
    assert place.slice()[1]["moved"] == []
