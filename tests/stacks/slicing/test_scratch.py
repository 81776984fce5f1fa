"""What a killed proof leaves behind goes with the next one; what another one works in stays."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cockpit.errors import EdgeError
from cockpit.stacks.slicing import scratch

KILLED = """
import os, pathlib, signal, sys
from cockpit.stacks.slicing import scratch
with scratch.folder(pathlib.Path(sys.argv[1])) as place:
    (place / "env" / "lib").mkdir(parents=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_folder_of_a_killed_proof_goes_with_the_next_one(tmp_path):
    state = tmp_path / "slices"
    with scratch.folder(state) as running:
        subprocess.run([sys.executable, "-c", KILLED, str(state)], check=False)
        assert len(list(state.iterdir())) == 2
        (state / "RPT-0007.json").write_text("{}")
        with scratch.folder(state) as place:
            assert sorted(state.iterdir()) == sorted([running, place, state / "RPT-0007.json"])
        assert running.is_dir()
    assert [path.name for path in state.iterdir()] == ["RPT-0007.json"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "slices").write_text("")
    with pytest.raises(EdgeError, match="no slice can be tried"), scratch.folder(tmp_path / "slices"):
        pass
