"""Environments belong to a service and a lock; built by the real uv, without any index."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.errors import CancelledError, ServiceError
from cockpit.targets.local.launcher import UvLauncher
from cockpit.targets.local.places import Places
from cockpit.targets.local.releases import take

PROJECT = '[project]\nname = "tiny-svc"\nversion = "{version}"\nrequires-python = ">=3.11"\n'


@pytest.fixture
def places(tmp_path, monkeypatch):
    monkeypatch.setenv("UV_OFFLINE", "1")
    (tmp_path / "services" / "tiny-svc").mkdir(parents=True)
    return Places(tmp_path)


def prepared(places, version, said=None, cancelled=lambda: False, project=PROJECT):
    source = places.root / "services" / "tiny-svc"
    (source / "pyproject.toml").write_text(project.format(version=version))
    (source / "code.py").write_text(f"VERSION = {version!r}\n")
    release = take(source, places.releases("tiny-svc"))
    emit = (said if said is not None else []).append
    return release, UvLauncher(places).prepare(release, emit, cancelled)


def test_an_environment_is_shared_by_a_lock_and_kept_as_long_as_it_is_used(places):
    said: list[str] = []
    release, start = prepared(places, "1", said)
    assert said[0] == "$ uv lock --no-progress"
    assert start.argv[1:] == ("{serve}/cockpit_serve.py", "tiny_svc.app:app")
    assert start.folder == f"{{root}}/.cockpit/local/releases/tiny-svc/{release.digest}"
    assert start.env == {"PYTHONPATH": "src"}
    launcher = UvLauncher(places)
    assert launcher.stands(start.argv)
    assert (release.folder / "uv.lock").is_file()
    assert not (places.root / "services" / "tiny-svc" / "uv.lock").exists()
    assert not (places.root / "services" / "tiny-svc" / ".venv").exists()
    (places.root / "services" / "tiny-svc" / "more.py").write_text("")
    same_release, same = prepared(places, "1")
    assert same_release.digest != release.digest
    assert same.argv == start.argv
    _, other = prepared(places, "2")
    assert other.argv != start.argv
    launcher.prune("tiny-svc", [other.argv])
    assert (launcher.stands(start.argv), launcher.stands(other.argv)) == (False, True)
    assert len(list(places.envs("tiny-svc").iterdir())) == 1


def test_a_half_built_environment_is_mended(places):
    _, start = prepared(places, "1")
    python = Path(start.argv[0].replace("{root}", str(places.root)))
    python.unlink()
    assert not UvLauncher(places).stands(start.argv)
    _, again = prepared(places, "1")
    assert again.argv == start.argv
    assert UvLauncher(places).stands(again.argv)


def test_what_uv_refuses_is_said_with_its_own_words(places):
    said: list[str] = []
    with pytest.raises(ServiceError, match="uv lock ended with") as caught:
        prepared(places, "1", said, project=PROJECT + 'dependencies = ["no-such-thing"]\n')
    assert any("no-such-thing" in line for line in said)
    assert caught.value.problem.path == "services/tiny-svc/pyproject.toml"


def test_it_stops_when_asked(places):
    with pytest.raises(CancelledError):
        prepared(places, "1", cancelled=lambda: True)
