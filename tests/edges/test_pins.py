"""Does uv keep to requirements.lock where there is no uv.lock, and does nothing happen where there is one?"""

from __future__ import annotations

import os

import pytest

from cockpit.edges import pins, proc

PROJECT = '[project]\nname = "x"\nversion = "0"\nrequires-python = ">=3.11"\ndependencies = ["idna>=3"]\n'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("# a==1\n-i somewhere\nb>=1\n", ()),
        ("idna==3.10 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n    # via x\n", ("idna==3.10",)),
        ("a[b]==1 # why\n", ("a[b]==1",)),
        (
            "n==2 ; python_full_version < '3.12' \\\r\n    --hash=x\n",
            ("n==2 ; python_full_version < '3.12'",),
        ),
    ],
)
def test_pins_are_found(text, found):
    assert pins.of(text) == found


def test_an_older_pin_is_kept_to(tmp_path):
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / pins.REQUIREMENTS).write_text("idna==3.7 \\\n    --hash=sha256:00\n")
    if not pins.keep(tmp_path, proc.service_env()):
        pytest.skip("no index answers here")
    lock = (tmp_path / "uv.lock").read_text()
    assert 'version = "3.7"' in lock
    (tmp_path / pins.REQUIREMENTS).write_text("idna==3.8\n")
    assert not pins.keep(tmp_path, proc.service_env())
    assert (tmp_path / "uv.lock").read_text() == lock


@pytest.mark.parametrize("text", [None, "", "idna==1\n", b"\xff\x00"])
def test_what_pins_nothing_or_contradicts_is_left_alone(tmp_path, text):
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    if text is not None:
        (tmp_path / pins.REQUIREMENTS).write_bytes(text.encode() if isinstance(text, str) else text)
    assert not pins.keep(tmp_path, {**os.environ, "UV_OFFLINE": "1"})
    assert not (tmp_path / "uv.lock").exists()
