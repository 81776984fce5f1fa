"""One meaning of a glob, wherever somebody writes one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain import globs


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
        ("*.ipynb", "deep/er/x.ipynb", True),
        ("*.ipynb", "x.ipynb", True),
        ("*.ipynb", "x.ipynb/y", False),
        ("*/x.ipynb", "deep/er/x.ipynb", False),
        ("README.md", "deep/README.md", False),
        ("./src/*.py", "src/a.py", True),
        ("**/x.py", "x.py", True),
        ("**", "any/thing", True),
        ("a?c", "a/c", False),
        ("a+(b).py", "a+(b).py", True),
        ("odd [1]*.txt", "odd [1]*.txt", True),
    ],
)
def test_globs(glob, path, named):
    assert globs.names(glob, path) is named


@given(st.text(max_size=12), st.text(max_size=12))
def test_any_glob_can_be_asked(glob, path):
    assert globs.names(glob, path) in (True, False)
    assert globs.names(path, path)


@pytest.mark.parametrize(
    ("narrow", "wide"), [("a/b/*", "a/**"), ("a/b/c.py", "a/b/*"), ("a/*.py", "a/*"), ("a/*", "*.py")]
)
def test_a_narrow_glob_is_more_precise(narrow, wide):
    assert globs.precision(narrow) > globs.precision(wide)
