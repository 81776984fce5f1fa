"""However an action ends, its run is over."""

from __future__ import annotations

import pytest

from cockpit.actions.perform import perform
from cockpit.domain.action import Plan
from cockpit.domain.words import RunState
from cockpit.errors import StateError
from cockpit.workspace.runs import Journal
from cockpit.workspace.workspace import Workspace

PLAN = Plan("test", "test it", "RPT-0007", "tool", "local", ("cockpit", "test", "7"), ())


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "rpts").mkdir()
    here = Workspace.open(tmp_path)
    yield here
    here.close()


def _fails(*_):
    raise ZeroDivisionError


def _newest(workspace):
    (run,) = Journal(workspace.store, workspace.clock).recent(None, 5)
    return run.state


def test_a_defect_ends_its_run(workspace):
    with pytest.raises(ZeroDivisionError):
        perform(workspace, PLAN, _fails, print, lambda: False)
    assert _newest(workspace) is RunState.FAILED


def test_output_that_cannot_be_kept_is_said_before_anything_is_done(workspace):
    (workspace.root / ".cockpit" / "runs").write_text("")
    with pytest.raises(StateError, match="could not be kept"):
        perform(workspace, PLAN, _fails, print, lambda: False)
    assert _newest(workspace) is RunState.FAILED
