"""A release is a whole copy, named by what is in it, and shares what is large."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cockpit.errors import EdgeError, NotFoundError, ServiceError
from cockpit.targets.local import releases


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "services" / "svc"
    (folder / "src" / "svc").mkdir(parents=True)
    (folder / "src" / "svc" / "app.py").write_text("app = 1\n")
    (folder / "pyproject.toml").write_text("[project]\n")
    return folder


def names(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir())


def test_the_digest_follows_names_and_contents_alone(tmp_path, source):
    first = releases.take(source, tmp_path / "r")
    (source / "pyproject.toml").touch()
    again = releases.take(source, tmp_path / "r")
    assert (again.digest, again.folder) == (first.digest, first.folder)
    (source / "src" / "svc" / "app.py").write_text("app = 2\n")
    changed = releases.take(source, tmp_path / "r")
    assert changed.digest != first.digest
    (source / "src" / "svc" / "app.py").rename(source / "src" / "svc" / "main.py")
    assert releases.take(source, tmp_path / "r").digest not in (first.digest, changed.digest)
    assert (first.folder / "src" / "svc" / "app.py").read_text() == "app = 1\n"


def test_environments_caches_and_secrets_stay_behind_and_ignored_weights_do_not(tmp_path, source):
    for name in (
        ".venv/bin/python",
        "src/svc/__pycache__/app.pyc",
        ".git/HEAD",
        ".env",
        ".env.local",
        ".pytest_cache/x",
    ):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("x")
    for name in (".env.example", ".gitignore", "model.bin", "uv.lock"):
        (source / name).write_text("*.bin\nuv.lock\n")
    taken = releases.take(source, tmp_path / "r")
    assert names(taken.folder) == [
        ".env.example", ".gitignore", "model.bin", "pyproject.toml", "src/svc/app.py", "uv.lock",
    ]  # fmt: skip
    assert taken.files == 6


def test_a_large_file_is_stored_once_and_cannot_be_written_through_it(tmp_path, source):
    (source / "weights.bin").write_bytes(os.urandom(1_200_000))
    first = releases.take(source, tmp_path / "r")
    (source / "src" / "svc" / "app.py").write_text("app = 2\n")
    second = releases.take(source, tmp_path / "r")
    one, two = first.folder / "weights.bin", second.folder / "weights.bin"
    assert one.samefile(two)
    assert not one.samefile(source / "weights.bin")
    assert one.stat().st_mode & 0o222 == 0
    with (source / "weights.bin").open("r+b") as file:
        file.write(b"changed in place")
    third = releases.take(source, tmp_path / "r")
    assert third.digest != second.digest
    assert not one.read_bytes().startswith(b"changed")
    releases.prune(tmp_path / "r", {third.digest})
    assert sorted(p.name for p in (tmp_path / "r").iterdir()) == [third.digest, f"{third.digest}.json"]
    assert (third.folder / "weights.bin").read_bytes() == (source / "weights.bin").read_bytes()


def test_links_keep_leading_where_they_led(tmp_path, source):
    outside = tmp_path / "data"
    outside.mkdir()
    (outside / "w.bin").write_text("weights")
    (source / "inside").symlink_to("src/svc")
    (source / "outside").symlink_to("../../data")
    (source / "loop").symlink_to(".")
    folder = releases.take(source, tmp_path / "r").folder
    assert (folder / "inside").readlink() == Path("src/svc")
    assert (folder / "outside" / "w.bin").read_text() == "weights"
    assert (folder / "loop").readlink() == Path()


def test_what_was_left_unfinished_is_removed(tmp_path, source):
    left = tmp_path / "r" / ".new-0123"
    left.mkdir(parents=True)
    (left / "half").write_text("x")
    releases.take(source, tmp_path / "r")
    assert not left.exists()


def test_what_is_no_file_is_passed_over(tmp_path, source):
    os.mkfifo(source / "pipe")
    assert "pipe" not in names(releases.take(source, tmp_path / "r").folder)


def test_what_cannot_be_copied_is_said(tmp_path, source, monkeypatch):
    with pytest.raises(NotFoundError):
        releases.take(source.with_name("other"), tmp_path / "r")
    monkeypatch.setattr(releases, "_MOST_FILES", 1)
    with pytest.raises(ServiceError, match="more than 1 files"):
        releases.take(source, tmp_path / "r")
    assert list((tmp_path / "r").iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(EdgeError):
        releases.take(source, tmp_path / "file" / "r")
