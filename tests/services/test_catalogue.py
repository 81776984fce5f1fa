"""What can be told of a service without running it: real folders, real git, links and all."""

from __future__ import annotations

import json
import os
import re
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.canonical import contract_digest
from cockpit.domain.words import LockState
from cockpit.edges.store import Store
from cockpit.errors import NotFoundError
from cockpit.services import catalogue, isolation, sources, uv_workspace
from cockpit.workspace.cache import Cache

CONTRACT = {"openapi": "3.1.0", "info": {"title": "Scan"}, "paths": {"/v1/plan": {"post": {"summary": "x"}}}}


@pytest.fixture
def cache():
    store = Store.in_memory()
    yield Cache(store)
    store.close()


@pytest.fixture
def root(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text(".venv/\n__pycache__/\nuv.lock\n*.log\n")
    return tmp_path


def write(root, path, text=""):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def service(root, slug, pyproject="[project]\nname = 'x'\n", **files):
    write(root, f"services/{slug}/pyproject.toml", pyproject)
    package = slug.replace("-", "_")
    write(root, f"services/{slug}/src/{package}/__init__.py")
    for name, text in files.items():
        write(root, f"services/{slug}/src/{package}/{name}.py", text)
    return root / "services" / slug


def codes(root, cache, slug):
    return [(p.code, p.path, p.line) for p in catalogue.read_all(root, cache)[slug].problems]


def test_a_service_is_read_whole(root, cache):
    folder = service(root, "scan-to-plan")
    write(root, "services/scan-to-plan/contract.openapi.json", json.dumps(CONTRACT))
    write(root, "services/scan-to-plan/.cockpit-template.json", '{"version": 3}')
    facts = catalogue.read_one(root, "scan-to-plan", cache)
    assert (facts.slug, facts.path, facts.package) == (
        "scan-to-plan",
        "services/scan-to-plan",
        "scan_to_plan",
    )
    assert facts.contract_digest == contract_digest(CONTRACT)
    assert facts.template_version == 3
    assert facts.lock is LockState.ABSENT
    assert facts.problems == ()
    assert len(facts.sources) == 64
    assert (folder / "pyproject.toml").is_file()


def test_what_the_contract_says_counts_and_its_words_do_not(root, cache):
    service(root, "scan")
    path = write(root, "services/scan/contract.openapi.json", json.dumps(CONTRACT))
    before = catalogue.read_all(root, cache)["scan"].contract_digest
    path.write_text(json.dumps(CONTRACT | {"info": {"title": "Another"}}))
    assert catalogue.read_all(root, cache)["scan"].contract_digest == before
    path.write_text(json.dumps(CONTRACT | {"paths": {}}))
    assert catalogue.read_all(root, cache)["scan"].contract_digest != before
    for broken in ("{", "[" * 100_000, '{"a": NaN}', "[]"):
        path.write_text(broken)
        assert catalogue.read_all(root, cache)["scan"].contract_digest is None


@pytest.mark.parametrize("leftover", [".venv/x", "src/scan/__pycache__/a.pyc", "uv.lock", "run.log", ""])
def test_a_folder_of_leftovers_is_no_service(root, cache, leftover):
    (root / "services" / "scan").mkdir(parents=True)
    if leftover:
        write(root, f"services/scan/{leftover}")
    assert catalogue.read_all(root, cache) == {}
    assert catalogue.read_all(root, cache) == {}
    with pytest.raises(NotFoundError):
        catalogue.read_one(root, "scan", cache)


def test_files_beside_services_hidden_folders_and_links_are_no_services(root, cache, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    write(elsewhere, "pyproject.toml")
    service(root, "scan")
    write(root, "services/README.md")
    write(root, "services/.hidden/pyproject.toml")
    (root / "services" / "linked").symlink_to(elsewhere)
    assert list(catalogue.read_all(root, cache)) == ["scan"]


def test_no_services_folder_is_no_error(tmp_path, cache):
    assert catalogue.read_all(tmp_path, cache) == {}


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("src/scan/new.py", True),
        ("tests/data/wave.bin", True),
        ("README.md", True),
        (".venv/lib/x.py", False),
        ("src/scan/__pycache__/x.pyc", False),
        ("deep/down/server.log", False),
        ("uv.lock", False),
    ],
)
def test_the_digest_follows_what_belongs_to_the_service(root, cache, path, counts):
    service(root, "scan")
    before = catalogue.read_all(root, cache)["scan"].sources
    write(root, f"services/scan/{path}", "1")
    assert (catalogue.read_all(root, cache)["scan"].sources != before) is counts


def test_contents_names_and_the_executable_bit_change_the_digest(root, cache):
    folder = service(root, "scan", app="a = 1\n")
    seen = [catalogue.read_all(root, cache)["scan"].sources]

    def changed():
        seen.append(catalogue.read_all(root, cache)["scan"].sources)
        return seen[-1] != seen[-2]

    app = folder / "src/scan/app.py"
    os.utime(app, (1, 1))
    assert not changed()
    app.write_text("a = 2\n")
    assert changed()
    app.chmod(0o755)
    assert changed()
    app.rename(app.with_name("main.py"))
    assert changed()
    app.symlink_to("main.py")
    assert changed()
    app.unlink()
    app.symlink_to("__init__.py")
    assert changed()


def test_the_digest_is_the_same_in_another_place_and_without_git(root, cache, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("clone")
    for place in (root, elsewhere):
        service(place, "scan", app="a = 1\n")
    there = Store.in_memory()
    assert (
        catalogue.read_all(root, cache)["scan"].sources
        == catalogue.read_all(elsewhere, Cache(there))["scan"].sources
    )
    there.close()


def test_a_service_that_git_ignores_altogether_counts_with_all_its_files(root, cache):
    (root / ".gitignore").write_text("services/\n")
    service(root, "scan")
    before = catalogue.read_all(root, cache)["scan"].sources
    write(root, "services/scan/a.log", "1")
    assert catalogue.read_all(root, cache)["scan"].sources != before


def test_what_git_newly_ignores_is_seen(root, cache):
    service(root, "scan")
    write(root, "services/scan/data.csv", "1")
    before = catalogue.read_all(root, cache)["scan"].sources
    (root / ".gitignore").write_text("*.csv\n")
    assert catalogue.read_all(root, cache)["scan"].sources != before


def test_links_are_not_followed(root, cache, tmp_path_factory):
    outside = write(tmp_path_factory.mktemp("outside"), "big.txt", "1")
    folder = service(root, "scan")
    (folder / "out").symlink_to(outside.parent)
    (folder / "loop").symlink_to(folder)
    (folder / "nothing").symlink_to("gone")
    before = catalogue.read_all(root, cache)["scan"].sources
    outside.write_text("22")
    assert catalogue.read_all(root, cache)["scan"].sources == before


def test_odd_files_are_passed_over(root, cache):
    folder = service(root, "scan")
    os.mkfifo(folder / "pipe")
    (folder / os.fsdecode(b"\xff\xfe.txt")).write_text("x")
    assert catalogue.read_all(root, cache)["scan"].problems == ()


def test_too_many_files_are_said_and_never_called_unchanged(root, cache, monkeypatch):
    monkeypatch.setattr(sources, "MOST_FILES", 3)
    service(root, "scan", a="", b="", c="")
    facts = catalogue.read_all(root, cache)["scan"]
    assert [p.code for p in facts.problems] == ["service-too-large"]
    assert facts.sources == ""


def test_large_content_still_changes_the_digest(root, cache, monkeypatch):
    monkeypatch.setattr(sources, "MOST_BYTES", 10)
    service(root, "scan")
    path = write(root, "services/scan/weights.bin", "x" * 50)
    before = catalogue.read_all(root, cache)["scan"].sources
    path.write_text("y" * 50)
    os.utime(path, (2, 2))
    assert catalogue.read_all(root, cache)["scan"].sources != before


def test_a_warm_reading_reads_no_file(root, cache, monkeypatch):
    service(root, "scan", app="import other\n")
    service(root, "other")
    first = catalogue.read_all(root, cache)
    monkeypatch.setattr(sources, "digest", None)
    monkeypatch.setattr(isolation, "ties", None)
    monkeypatch.setattr(uv_workspace, "around", None)
    assert catalogue.read_all(root, cache) == first


# --- isolation


@pytest.mark.parametrize(
    "code",
    [
        "import icon_search",
        "import icon_search.app as x",
        "import os, icon_search",
        "from icon_search.model import weights",
        "if True: import icon_search",
        "x = 1; import icon_search",
        "import os, \\\n  icon_search",
        "def f():\n    from icon_search import (\n        a,\n    )",
        "try:\n    import icon_search\nexcept ImportError:\n    pass",
        "import importlib\nimportlib.import_module('icon_search.app')",
        "__import__('icon_search')",
        "from services.icon_search import app",
        "def f(:\n    pass\nimport icon_search\n",
    ],
)
def test_importing_another_service_is_told_with_its_line(root, cache, code):
    service(root, "icon-search")
    service(root, "scan", app=f"import json\n{code}\n")
    ((code_, path, line),) = codes(root, cache, "scan")
    assert (code_, path) == ("service-imports-service", "services/scan/src/scan/app.py")
    assert "icon_search" in (root / path).read_text().splitlines()[line - 1] or "\\" in code
    assert codes(root, cache, "icon-search") == []


@pytest.mark.parametrize(
    "code",
    [
        "'''\nimport icon_search\n'''\n",
        "# import icon_search\n",
        "from . import icon_search\n",
        "from .icon_search import a\n",
        "x = 'import icon_search'\n",
        "import icon_search_client\n",
        "import numpy\n",
        "importlib.import_module(name)\n",
        "import scan.app\n",
        "\0",
        "r = '\\d'\n",
    ],
)
def test_what_only_looks_like_an_import_is_none(root, cache, code):
    service(root, "icon-search")
    service(root, "scan", app=code)
    assert codes(root, cache, "scan") == []


def test_a_name_that_a_service_finds_at_home_or_declares_is_its_own(root, cache):
    service(root, "one")
    write(root, "services/one/src/common/__init__.py")
    write(root, "services/one/src/typing_kit/__init__.py")
    service(
        root,
        "two",
        "[project]\ndependencies = ['Typing.Kit>=1']\n",
        app="import common\nimport typing_kit\nimport helpers\n",
    )
    write(root, "services/two/src/common/__init__.py")
    write(root, "services/two/tests/helpers.py")
    service(root, "three", app="import common\n")
    assert codes(root, cache, "two") == []
    assert codes(root, cache, "three") == [("service-imports-service", "services/three/src/three/app.py", 1)]


def test_an_import_becomes_a_problem_when_the_other_service_comes(root, cache):
    service(root, "scan", app="import icon_search\n")
    assert codes(root, cache, "scan") == []
    service(root, "icon-search")
    assert [c for c, _, _ in codes(root, cache, "scan")] == ["service-imports-service"]


@pytest.mark.parametrize(
    ("toml", "line"),
    [
        ("[tool.uv.sources]\nicon-search = {path = '../icon-search', editable = true}\n", 2),
        ("[tool.uv.sources]\nicon-search = [{path = '../icon-search'}]\n", 2),
        ("[project]\ndependencies = [\n  'numpy',\n  'icon @ file:../icon-search',\n]\n", 4),
        ("[project]\ndependencies = ['icon @ {root:uri}/../icon-search ; os_name == \"posix\"']\n", 2),
        ("[dependency-groups]\ndev = ['icon @ file:../icon-search#egg=icon']\n", 2),
        ("[tool.pytest.ini_options]\npythonpath = ['src', '../icon-search/src']\n", 2),
        ("[tool.uv.sources]\nicon = {path = '../../services/icon-search/lib'}\n", 2),
    ],
)
def test_a_path_to_another_service_is_told_with_its_line(root, cache, toml, line):
    service(root, "icon-search")
    service(root, "scan", toml)
    assert codes(root, cache, "scan") == [
        ("service-depends-on-service", "services/scan/pyproject.toml", line)
    ]


def test_an_absolute_path_to_another_service_is_told(root, cache):
    service(root, "icon-search")
    where = root / "services" / "icon-search"
    service(root, "scan", f"[project]\ndependencies = ['icon @ file://{where}']\n")
    assert [c for c, _, _ in codes(root, cache, "scan")] == ["service-depends-on-service"]


@pytest.mark.parametrize(
    "toml",
    [
        "[tool.uv.sources]\nshapes = {path = '../../libs/shapes', editable = true}\n",
        "[project]\nurls = {home = 'https://example.org/services/icon-search'}\n",
        "[project]\ndescription = 'reads ../icon-search and more'\n",
        "[project]\nreadme = './README.md'\n",
        "[tool.x]\npath = '../gone'\n",
        "not toml [",
    ],
)
def test_other_paths_tie_it_to_no_service(root, cache, toml):
    service(root, "icon-search")
    service(root, "scan", toml)
    assert codes(root, cache, "scan") == []


def test_requirements_and_links_to_another_service_are_told(root, cache):
    service(root, "icon-search")
    folder = service(root, "scan")
    write(root, "services/scan/requirements.txt", "numpy\n-e ../icon-search\n")
    (folder / "vendored").symlink_to("../icon-search/src")
    assert codes(root, cache, "scan") == [
        ("service-depends-on-service", "services/scan/requirements.txt", 2),
        ("service-depends-on-service", "services/scan/vendored", None),
    ]


@pytest.mark.parametrize(
    ("members", "exclude", "swallowed"),
    [
        ('["services/*"]', "[]", True),
        ('["services/scan"]', "[]", True),
        ('["**"]', "[]", True),
        ('["./services/s*n"]', "[]", True),
        ('["services/*"]', '["services/scan"]', False),
        ('["services/*"]', '["services/*"]', False),
        ('["libs/*"]', "[]", False),
        ('["*"]', "[]", False),
        ("[]", "[]", False),
    ],
)
def test_a_uv_workspace_above_must_not_swallow_it(root, cache, members, exclude, swallowed):
    service(root, "scan")
    text = f"[project]\nname = 'root'\n\n[tool.uv.workspace]\nmembers = {members}\nexclude = {exclude}\n"
    write(root, "pyproject.toml", text)
    expected = [("service-in-workspace", "pyproject.toml", 4)] if swallowed else []
    assert codes(root, cache, "scan") == expected
    (root / "pyproject.toml").write_text("[project]\nname = 'root'\n")
    assert codes(root, cache, "scan") == []


def test_a_uv_workspace_above_the_root_is_seen(tmp_path, cache):
    root = tmp_path / "research"
    service(root, "scan")
    write(tmp_path, "pyproject.toml", "[tool.uv.workspace]\nmembers = ['research/services/*']\n")
    assert codes(root, cache, "scan") == [("service-in-workspace", "../pyproject.toml", 1)]


def test_a_service_that_is_a_workspace_itself_cannot_be_swallowed(root, cache):
    write(root, "pyproject.toml", "[tool.uv.workspace]\nmembers = ['services/*']\n")
    service(root, "scan", "[project]\nname='scan'\n[tool.uv.workspace]\nmembers = []\n")
    assert codes(root, cache, "scan") == []


def test_a_folder_without_a_pyproject_has_no_environment_of_its_own(root, cache):
    write(root, "services/scan/app.py", "")
    assert codes(root, cache, "scan") == [("service-no-project", "services/scan", None)]


SEGMENTS = st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1, max_size=4)


@given(SEGMENTS, st.lists(st.sampled_from(["a", "b", "ab", "*", "a*", "**"]), min_size=1, max_size=4))
@settings(max_examples=200)
def test_globs_match_segment_by_segment(path, glob):
    one = {part: re.escape(part).replace(r"\*", "[^/]*") + "/" for part in glob} | {"**": "(?:[^/]+/)*"}
    expected = re.fullmatch("".join(one[part] for part in glob), "".join(f"{p}/" for p in path)) is not None
    workspace = uv_workspace.UvWorkspace(("/".join(glob),), (), "/".join(path[:-1]), "pyproject.toml", 1)
    assert workspace.swallows(path[-1]) is expected


# --- locks


def test_a_lock_is_unknown_until_uv_was_asked_and_again_once_a_file_changed(root, cache):
    (root / ".gitignore").write_text(".venv/\n")
    service(root, "scan")
    lock = write(root, "services/scan/uv.lock", "version = 1\n")

    def state():
        return catalogue.read_all(root, cache)["scan"].lock

    assert state() is LockState.UNKNOWN
    catalogue.remember_lock(root, "scan", LockState.FRESH, cache)
    assert state() is LockState.FRESH
    (root / "services/scan/pyproject.toml").write_text("[project]\nname = 'y-longer'\n")
    assert state() is LockState.UNKNOWN
    catalogue.remember_lock(root, "scan", LockState.STALE, cache)
    assert state() is LockState.STALE
    lock.unlink()
    assert state() is LockState.ABSENT


def test_a_lock_that_git_ignores_is_absent(root, cache):
    service(root, "scan")
    write(root, "services/scan/uv.lock", "version = 1\n")
    assert catalogue.read_all(root, cache)["scan"].lock is LockState.ABSENT
