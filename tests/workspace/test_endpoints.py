"""Which endpoints there are, and since when each counts as deployed."""

from __future__ import annotations

from cockpit.domain.rpt import RptFacts
from cockpit.domain.words import Status
from cockpit.targets.local.status import LocalState
from cockpit.workspace import endpoints
from cockpit.workspace.config import Config


def test_what_is_wanted_and_has_no_process_yet_is_starting():
    rpts = (RptFacts("RPT-0001", "rpts/RPT-0001-x.md", "X", Status.BUILDING, service="x"),)

    def deployed_at(**state):
        local = {"x": LocalState("x", "local", wanted=True, url="http://127.0.0.1:1", **state)}
        return endpoints.of(Config(), "local", rpts, local, now=1000.0)[0].deployed_at

    assert deployed_at(state="starting") == 1000.0
    assert deployed_at(state="up", since=900.0) == 900.0
    assert deployed_at(state="starting", since=900.0, error="it crashed") is None, "a crash has had its grace"
