"""The example services, and a fresh scaffold, keep their contracts, both ways; their lines are known."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cockpit.domain.conformance import Rule, Severity
from cockpit.domain.words import Conformance, Level
from cockpit.services import rendering, scaffold
from cockpit.workspace import conformance, generated
from cockpit.workspace.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
FRESH = "RPT-0004"
_MADE = shutil.ignore_patterns(".venv", "__pycache__", ".hypothesis", ".pytest_cache", "uv.lock")


@pytest.fixture(scope="module")
def examples(tmp_path_factory, fastapi_env):
    """The documents and services of this repository, and one more service scaffolded; compared once."""
    root = tmp_path_factory.mktemp("examples")
    for name in ("rpts", "services"):
        shutil.copytree(ROOT / name, root / name, ignore=_MADE)
    here = Workspace.open(root)
    rpt = here.resolve(FRESH, here.snapshot()).rpt
    answers = rendering.Answers(str(rpt.service), rendering.package_of(str(rpt.service)), rpt.id, rpt.title)
    scaffold.scaffold(root, answers, dict(here.contract(rpt)))
    for folder in (root / "services").iterdir():
        # Their own packages are not needed for it: what is heavy is stood in for.
        (folder / ".venv").symlink_to(fastapi_env)
    said = []
    conformance.refresh_code(here, here.snapshot().handoffs, said.append, lambda: False)
    yield {row.id: row for row in here.snapshot().handoffs if row.service is not None}, here, said
    here.close()


@pytest.mark.parametrize("rpt", ["RPT-0001", "RPT-0002", "RPT-0003", FRESH])
def test_it_conforms_and_says_what_fastapi_adds(examples, rpt):
    rows, _, said = examples
    report = rows[rpt].report(Level.L1).report
    assert report.verdict is Conformance.CONFORMS, "\n".join(said)
    assert {(f.rule, f.severity) for f in report.findings} == {(Rule.STATUS_UNDECLARED, Severity.WARNING)}
    for finding in report.findings:
        path, _, line = str(finding.service_at).rpartition(":")
        assert path.endswith("api/routes.py")
        assert int(line) > 1


@pytest.mark.parametrize("rpt", ["RPT-0001", "RPT-0002", "RPT-0003", FRESH])
def test_its_code_takes_and_answers_nothing_else(examples, rpt):
    rows, here, _ = examples
    assert generated.losses(here, rows[rpt].rpt, str(rows[rpt].rpt.service)) == []
