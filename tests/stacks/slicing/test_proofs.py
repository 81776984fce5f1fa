"""What a proof says: in git and the sources alone, then in real environments, and again on `verify`."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cockpit.edges.git import RealGit
from cockpit.stacks.slicing import changes, proving, receipt, trying
from cockpit.stacks.slicing.receipt import Check, Verdict
from support.prototype import S, commit, planned, sliced, write

from .conftest import API, LOGIC, PROJECT, TOOL

WITH_PYTEST = (
    PROJECT + '\n[dependency-groups]\ndev = ["pytest"]\n\n[tool.pytest.ini_options]\npythonpath = ["src"]\n'
)
TESTS = "services/tool/tests"


def alone(repo, number):
    """Return the verdicts on one slice by itself, by name."""
    _, built = sliced(repo)
    return judged(repo, built)[number]


def judged(repo, built):
    git = RealGit(repo.root)
    prototype = planned(repo)[1].prototype
    tree = changes.tree_paths(git, prototype.tip)
    layers = proving.layers(git, built)
    blobs = changes.contents(git, [c.new for layer in layers for c in layer.changes])
    return [{check.name: check for check in proving.alone(layer, prototype, tree, blobs)} for layer in layers]


def test_a_stack_that_is_not_the_prototype_is_no_proof(grown):
    plan, built = sliced(grown)
    git, prototype = RealGit(grown.root), planned(grown)[1].prototype

    def whole(some):
        return {c.name: c.verdict for c in proving.whole(git, proving.layers(git, some), prototype)}

    assert set(whole(built).values()) == {Verdict.PASS}
    assert whole(built[:-1]) == {"tree": Verdict.FAIL, "union": Verdict.FAIL, "chain": Verdict.PASS}
    assert whole((*built[:2], *built[3:]))["chain"] == Verdict.FAIL
    assert whole(()) == {"tree": Verdict.FAIL, "union": Verdict.FAIL, "chain": Verdict.PASS}
    assert plan.tree == built[-1].tree


def test_what_does_not_compile_and_what_imports_upward_is_named(repo):
    write(repo, {
        f"{S}/logic/broken.py": "def f(:\n",
        f"{S}/api/upper.py": "X = 1\n",
        f"{S}/api/__init__.py": "",
    })  # fmt: skip
    commit(repo)
    _, built = sliced(repo)
    names = [one.id for one in built]
    assert names == ["logic", "api"]
    broken, fine = judged(repo, built)
    assert broken["compiles"].verdict is Verdict.FAIL
    assert broken["compiles"].detail == f"{S}/logic/broken.py: line 1: invalid syntax"
    assert {check.verdict for check in fine.values()} == {Verdict.PASS}
    # Somebody builds another stack over the same prototype, the upper file first.
    repo.git("checkout", "-q", "--detach", "main")
    write(repo, {f"{S}/logic/user.py": "from shop.api.upper import X\n"})
    low = commit(repo)
    write(repo, {f"{S}/api/upper.py": "X = 1\n", f"{S}/api/__init__.py": ""})
    high = commit(repo)
    repo.git("checkout", "-q", "-B", "proto")
    base = repo.git("rev-parse", "main")
    moved = (
        replace(built[0], commit=low, parent=base),
        replace(built[1], commit=high, parent=low, tree=repo.git("rev-parse", f"{high}^{{tree}}")),
    )
    upward = judged(repo, moved)[0]["upward"]
    assert upward.verdict is Verdict.FAIL
    assert upward.detail.startswith(f"{S}/logic/user.py:1 imports {S}/api/__init__.py, a higher one")


def test_an_empty_slice_is_no_slice(grown):
    _, built = sliced(grown)
    empty = replace(built[0], commit=built[0].parent)
    assert judged(grown, (empty,))[0]["changes"].verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ((), Verdict.PASS),
        ((Verdict.PASS, Verdict.NONE), Verdict.PASS),
        ((Verdict.PASS, Verdict.UNKNOWN), Verdict.UNKNOWN),
        ((Verdict.UNKNOWN, Verdict.FAIL, Verdict.PASS), Verdict.FAIL),
    ],
)
def test_the_worst_verdict_decides(verdicts, expected):
    assert receipt.worst(Check("x", one) for one in verdicts) is expected


@pytest.fixture
def tested(place):
    """The tool with tests of its own: one of the logic, one of its routes."""
    place.repo.git("switch", "-q", "main")
    write(place.repo, {"services/tool/pyproject.toml": WITH_PYTEST})
    commit(place.repo)
    place.repo.git("switch", "-q", "proto")
    place.repo.merge("main")
    test = "from tool.{} import {}\n\n\ndef test_it():\n    assert {}(2) == 4\n"
    place.grow({
        f"{TESTS}/test_logic.py": test.format("logic", "double", "double"),
        f"{TESTS}/test_api.py": test.format("api", "answer", "answer"),
    })  # fmt: skip
    return place


def checks(document):
    return {
        (one["id"], check["name"]): (check["verdict"], check["detail"])
        for one in document["slices"]
        for check in one["checks"]
    }


def test_each_slice_runs_its_tests_and_one_that_needs_what_is_higher_moves_nothing(tested):
    # It asks for the higher file by a way that no import shows.
    secret = (
        "import pathlib\n\n\ndef test_more():\n    assert len(list(pathlib.Path('src/tool').glob('a*.py')))\n"
    )
    tested.grow({f"{TESTS}/test_logic_more.py": secret})
    code, said = tested.slice()
    found = checks(said)
    assert (code, said["verdict"], said["moved"], tested.tips()) == (1, "fail", [], {})
    assert found["logic", "tests"][0] == "fail"
    assert "1 failed, 1 passed" in found["logic", "tests"][1]
    assert "test_logic_more.py::test_more" in found["logic", "tests"][1]
    assert found["api", "tests"][0] == "pass" and "3 passed" in found["api", "tests"][1]
    # A person moves it beside what it needs.
    line = f"      - {TESTS}/test_logic_more.py\n"
    text = tested.plan_file().read_text()
    tested.plan_file().write_text(text.replace(line, "") + line)
    code, said = tested.slice()
    assert (code, said["verdict"], len(said["moved"])) == (0, "pass", 2)
    assert "services/tool: 1 passed" in checks(said)["logic", "tests"][1]


def test_without_a_network_what_cannot_be_tried_is_unknown(tested, monkeypatch, tmp_path):
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "empty"))
    code, said = tested.slice()
    assert (code, said["verdict"], len(said["moved"])) == (3, "unknown", 2)
    verdict, detail = checks(said)["logic", "imports"]
    assert verdict == "unknown"
    assert "the package index was not reached" in detail
    code, said = tested.json("verify")
    assert (code, said["stacks"][0]["verdict"]) == (3, "unknown")


def test_a_module_that_ends_python_or_raises_is_named(place):
    place.grow({f"{TOOL}/logic.py": f"{LOGIC}raise SystemExit(0)\n"})
    code, said = place.slice()
    assert code == 1
    assert checks(said)["logic", "imports"][1] == "services/tool/src/tool/logic.py: SystemExit: 0"
    place.grow({f"{TOOL}/logic.py": f"{LOGIC}import os\nos._exit(3)\n"})
    assert "python ended with 3" in checks(place.slice()[1])["logic", "imports"][1]
    assert place.tips() == {}
    code, said = place.slice("--unproved")
    assert (code, said["verdict"], len(said["moved"])) == (1, "fail", 2)
    code, said = place.json("verify", "7")
    assert (code, said["stacks"][0]["verdict"], said["stacks"][0]["changed"]) == (1, "fail", [])


def test_what_takes_too_long_is_unknown(place, monkeypatch):
    monkeypatch.setattr(trying, "_IMPORT_LIMIT_S", 1.0)
    place.grow({f"{TOOL}/logic.py": f"{LOGIC}import time\ntime.sleep(60)\n"})
    code, said = place.slice()
    assert (code, said["verdict"]) == (3, "unknown")
    assert checks(said)["logic", "imports"] == ("unknown", "services/tool: not imported within 1 s")


def test_verify_replays_the_receipt_and_says_what_changed(place):
    assert place.slice()[0] == 0
    code, said = place.json("verify", "tool")
    (stack,) = said["stacks"]
    assert (code, said["schema"], stack["rpt"]) == (0, "cockpit.stack-verify/v1", "RPT-0007")
    assert (stack["verdict"], stack["changed"]) == ("pass", [])
    code, out, _ = place.stack("verify")
    assert (code, out.count("holds")) == (0, 1)
    first = place.tips()
    place.grow({f"{TOOL}/api.py": API + "X = 1\n"})
    code, said = place.json("verify")
    assert (code, said["stacks"][0]["verdict"]) == (1, "pass")
    assert said["stacks"][0]["changed"] == ["the prototype proto went on: slice it again"]
    place.repo.git("branch", "-m", "proto", "gone")
    place.repo.git("branch", "-D", "-q", "rpt-0007/api")
    place.repo.git("update-ref", "refs/heads/rpt-0007/logic", "main")
    code, said = place.json("verify")
    (stack,) = said["stacks"]
    assert (code, stack["verdict"]) == (1, "fail")
    assert stack["changed"] == [
        f"rpt-0007/logic moved from {first['logic'][:12]} to {place.repo.git('rev-parse', 'main')[:12]}",
        "the branch rpt-0007/api is gone",
        "the prototype proto is gone",
    ]
    assert place.runs() == [
        ("slice", "succeeded"),
        ("verify", "succeeded"),
        ("verify", "succeeded"),
        *[("verify", "failed")] * 2,
    ]


KEPT = {"rpt": "RPT-0007", "at": "", "branch": "", "trunk": "", "base": "", "prototype": ""}
KEPT |= {"checks": [], "slices": [], "seconds": 0}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        '{"rpt": 7}',
        json.dumps(KEPT | {"slices": [1]}),
        json.dumps(KEPT | {"seconds": 10**400}),
        json.dumps(KEPT | {"rpt": "../../RPT-0007"}),
    ],
)
def test_a_receipt_that_does_not_read_is_said(place, text):
    kept = place.root / ".cockpit/slices/RPT-0007.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(text)
    code, document = place.json("verify")
    assert code in (1, 2, 3)
    assert "does not read" in json.dumps(document)
