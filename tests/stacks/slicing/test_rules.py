"""The small rules: globs, CODEOWNERS, layers by path, what is counted, hunks."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.stacks.slicing import counting, globs, hunks, imports, layers, owners


@pytest.mark.parametrize(
    ("glob", "path", "named"),
    [
        ("src/*.py", "src/a.py", True),
        ("src/*.py", "src/sub/a.py", False),
        ("src/**", "src/sub/a.py", True),
        ("src/**/a.py", "src/a.py", True),
        ("src/*/a.py", "src/x/y/a.py", False),
        ("tests", "tests/deep/a.py", True),
        ("tests/", "tests/a.py", True),
        ("test", "tests/a.py", False),
        ("services/x/*", "services/x/src/a.py", False),
        ("services/x/*/", "services/x/src/a.py", True),
        ("rpts/RPT-0007*", "rpts/RPT-0007.openapi.yaml", True),
        ("a[0-9].py", "a7.py", True),
        ("a[!0-9].py", "a7.py", False),
        ("a[x.py", "a[x.py", True),
        ("odd [1]*.txt", "odd [1]*.txt", True),
    ],
)
def test_globs(glob, path, named):
    assert globs.names(glob, path) is named


@given(st.text(max_size=12), st.text(max_size=12))
def test_any_glob_can_be_asked(glob, path):
    assert globs.names(glob, path) in (True, False)
    assert globs.names(path, path)


def test_what_a_scaffold_wrote_is_not_read_until_somebody_changes_it():
    record = {"written": {"app.py": hashlib.sha256(b"app").hexdigest(), "gone.py": "0", "logic.py": "0"}}
    files = {
        "services/x/.cockpit-template.json": json.dumps(record).encode(),
        "services/x/app.py": b"app",
        "services/x/logic.py": b"written by hand",
        "services/y/app.py": b"app",
    }
    assert counting.scaffolded(files) == {"services/x/app.py"}


@pytest.mark.parametrize("record", [b"", b"[1]", b'{"written": 7}', b"[" * 100_000, b"\xff"])
def test_a_record_that_says_nothing_excuses_nothing(record):
    assert not counting.scaffolded({".cockpit-template.json": record, "a.py": b""})


RULES = b"""# owners
*               @org/all
*.py            @py  # comment
/docs/*         @docs
services/shop/  @shop shop@example.org
/services/shop/vendor/
!bad            @nobody
apps/**/api     @api
file\\ name.md   @space
"""


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("README.md", ("@org/all",)),
        ("a/b.py", ("@py",)),
        ("docs/a.md", ("@docs",)),
        ("docs/deep/a.md", ("@org/all",)),
        ("services/shop/a.py", ("@shop", "shop@example.org")),
        ("services/shop/vendor/x.py", ()),
        ("other/services/shop/a.txt", ("@org/all",)),
        ("apps/x/y/api/r.ts", ("@api",)),
        ("deep/file name.md", ("@space",)),
    ],
)
def test_the_last_matching_owner_decides(path, who):
    assert owners.parse(RULES).of(path) == who


@pytest.mark.parametrize(
    ("rule", "path", "owned"),
    [
        ("*", "a/b", True),
        ("/", "a/b", True),
        ("**", "a/b", True),
        ("/*", "a", True),
        ("/*", "a/b", False),
        ("*.js", "deep/x.js", True),
        ("b.py", "xb.py", False),
        ("docs", "a/docs/x", True),
        ("docs/*", "docs/x", True),
        ("docs/*", "docs/x/y", False),
        ("docs/**", "docs/x/y", True),
        ("docs/**", "docs", False),
        ("/docs/", "a/docs/x", False),
        ("/docs/", "docs/x/y", True),
        ("apps/", "a/apps/x", True),
        ("**/logs", "logs/x", True),
        ("**/logs", "a/b/logs/x", True),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b/c", True),
        ("a/**/*.py", "a/x.py", True),
        ("a/**/*.py", "a/x/y.py", True),
        ("a/*/b", "a/x/b", True),
        ("a/*/b", "a/x/y/b", False),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("a[bc]", "ab", False),
        ("!a", "a", False),
        ("# a", "a", False),
    ],
)
def test_a_rule_of_codeowners(rule, path, owned):
    assert bool(owners.parse(f"{rule} @x\n".encode()).of(path)) is owned


@given(st.text(max_size=20), st.text(max_size=12))
def test_any_codeowners_can_be_asked(rule, path):
    assert set(owners.parse(f"{rule} @x\n".encode("utf-8", "replace")).of(path)) <= {"@x"} | set(rule.split())


@pytest.mark.parametrize(
    ("path", "layer"),
    [
        ("rpts/RPT-0007.openapi.yaml", "contract"),
        ("services/x/pyproject.toml", "contract"),
        ("services/x/contract.openapi.json", "api"),
        ("services/x/src/x/api/models.py", "data"),
        ("services/x/src/x/api/routes.py", "api"),
        ("services/x/src/x/model/net.py", "model"),
        ("services/x/src/x/logic/plan.py", "logic"),
        ("services/x/Dockerfile", "deploy"),
        (".github/workflows/ci.yml", "deploy"),
        ("services/x/src/x/helpers.py", None),
        ("services/x/tests/api/test_routes.py", None),
    ],
)
def test_layers_by_path(path, layer):
    wish = layers.wish(path)
    assert (None if wish is None else layers.LAYERS[wish].id) == layer


@pytest.mark.parametrize(
    ("path", "data", "generated"),
    [
        ("a/uv.lock", b"", True),
        ("requirements.lock", b"", True),
        ("a.py", b"# Generated by cockpit from the contract\n", True),
        ("a.py", b"x = 1\n", False),
        ("a.py", b'"""How values are generated from noise."""\nx = 1\n', False),
        ("a.go", b"// Code generated by protoc. DO NOT EDIT.\n", True),
        ("third_party/a.c", b"int a;", True),
    ],
)
def test_what_nobody_reads_is_not_counted(path, data, generated):
    assert counting.is_generated(path, data) is generated


LINES = st.lists(st.sampled_from([b"a\n", b"b\r\n", b"\n", b"c", b"def f():\n", b"    pass\n"]), max_size=12)


@given(LINES, LINES, st.data())
def test_all_hunks_are_the_new_file_and_none_the_old_one(old_lines, new_lines, data):
    old, new = b"".join(old_lines), b"".join(new_lines)
    found = hunks.split(old, new, imports.parse(new))
    assert hunks.apply(old, found) == new
    assert hunks.apply(old, ()) == old
    some = [h for h in found if data.draw(st.booleans())]
    hunks.apply(old, some)


def test_added_python_is_cut_where_statements_begin():
    new = b"import a\n\n\ndef one():\n    return a\n\n\n# says why\n@a\ndef two():\n    return 2\n"
    found = hunks.split(b"", new, imports.parse(new))
    assert [hunk.begins for hunk in found] == ["+import a", "+def one():", "+# says why"]
    assert hunks.apply(b"", found[:2]).startswith(b"import a\n\n\ndef one")


def test_imports_are_found_as_python_would():
    tree = [
        "s/src/p/__init__.py",
        "s/src/p/a.py",
        "s/src/p/q/__init__.py",
        "s/src/p/q/b.py",
        "s/tests/help.py",
    ]
    modules = imports.Modules([*tree, "s/tests/test_a.py"])

    def found(importer, text):
        source = imports.parse(text)
        return {p for one in source.imports for p in modules.found(importer, one)}

    assert found("s/src/p/q/b.py", b"from ..a import x") == {"s/src/p/__init__.py", "s/src/p/a.py"}
    assert found("s/src/p/q/b.py", b"from . import b") == {"s/src/p/q/__init__.py", "s/src/p/q/b.py"}
    assert found("s/tests/test_a.py", b"import help\nimport p.q.b") == {
        "s/tests/help.py",
        *tree[:1],
        *tree[2:4],
    }
    # A module beside it in the package is no top-level module.
    assert found("s/src/p/a.py", b"import q") == set()
    assert found("s/src/p/a.py", b"import importlib\nimportlib.import_module('p.q')") == {tree[0], tree[2]}


@pytest.mark.parametrize("data", [b"def f(:\n", b"\x00", b"\xff\xfe", b"(" * 5000])
def test_what_is_no_python_is_not_read(data):
    assert imports.parse(data) is None
