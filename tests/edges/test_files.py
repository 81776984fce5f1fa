"""Files are read within bounds and written whole."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from cockpit.edges import files
from cockpit.errors import EdgeError, UsageError


def test_read_bounded_refuses_what_is_too_large(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 11)
    assert files.read_bounded(path, 11) == b"x" * 11
    with pytest.raises(EdgeError) as caught:
        files.read_bounded(path, 10, "rpts/a")
    assert caught.value.problem.code == "too-large"
    assert caught.value.problem.path == "rpts/a"


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_what_is_no_file_is_refused_without_waiting(tmp_path, make):
    make(tmp_path / "odd")
    with pytest.raises(EdgeError):
        files.read_bounded(tmp_path / "odd", 10)


def test_a_folder_that_is_refused_leaves_no_descriptor_open(tmp_path):
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(5):
        with pytest.raises(EdgeError):
            files.read_bounded(tmp_path, 10)
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_write_atomic_keeps_the_mode_and_leaves_no_litter(tmp_path):
    path = tmp_path / "deep" / "a.sh"
    files.write_atomic(path, b"one")
    path.chmod(0o755)
    files.write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o755
    assert [p.name for p in path.parent.iterdir()] == ["a.sh"]


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", "link/x"])
def test_a_path_that_leaves_the_workspace_is_refused(tmp_path, path):
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    with pytest.raises(UsageError):
        files.inside(root, path)


@pytest.mark.parametrize("path", ["circle", "zero\0byte"])
def test_a_path_that_leads_nowhere_is_refused(tmp_path, path):
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(UsageError):
        files.inside(tmp_path, path)


def test_a_path_inside_is_resolved(tmp_path):
    assert files.inside(tmp_path, "a/../b") == tmp_path.resolve() / "b"
