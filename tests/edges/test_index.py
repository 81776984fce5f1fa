"""What uv says of an index that it does not reach, and of a project that is wrong, is told apart."""

from __future__ import annotations

import subprocess

import pytest

from cockpit.edges import index

WRONG = "error: Failed to parse: `pyproject.toml`"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("  Caused by: error sending request for url (https://example.org/simple/x/)", True),
        ("  Caused by: dns error: failed to lookup address information", True),
        ("error: HTTP status client error (429 Too Many Requests) for url", True),
        ("  Caused by: Connection refused (os error 111)", True),
        ("hint: Packages were unavailable because the network was disabled.", True),
        ("× No solution found when resolving dependencies", False),
        (WRONG, False),
    ],
)
def test_a_line_of_uv(line, expected):
    assert index.unreached([WRONG, line]) is expected


def test_uv_itself_says_that_it_was_offline(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["attrs"]\n'
    )
    argv = ["uv", "lock", "--offline", "--cache-dir", str(tmp_path / "cache"), "--directory", str(tmp_path)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert index.unreached(done.stderr.splitlines())
