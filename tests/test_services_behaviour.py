"""The services of this repository behave as their contracts say: what `cockpit test --level L3` runs."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from cockpit.actions import behaviour
from cockpit.actions import test as action
from cockpit.errors import ExitCode
from cockpit.workspace.behaviour import Asked
from cockpit.workspace.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
SERVICES = sorted(path.parent.name for path in ROOT.glob("services/*/pyproject.toml"))


@pytest.mark.parametrize("slug", SERVICES)
def test_it_answers_as_its_contract_says(slug):
    here = Workspace.open(ROOT)
    said: list[str] = []
    try:
        plans = behaviour.plans(here, [slug], None)
        how = partial(behaviour.run, env=None, asked=Asked(examples=10), wake=False)
        code, (tested,) = action.run_many(here, plans, said.append, lambda: False, how=how)
    finally:
        here.close()
    assert code is ExitCode.OK, "\n".join(said)
    (service,) = tested.outcome.document["services"]
    assert service["verdict"] == "conforms"
    assert {check["kind"] for check in service["checks"]} == {"golden", "generated"}
