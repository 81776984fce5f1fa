"""`cockpit test --level L3` as a person and as a program sees it: real uv, service and schemathesis."""

from __future__ import annotations

import json
import subprocess

import pytest

from cockpit.cli import main
from cockpit.domain.words import Conformance, Level
from cockpit.targets.local import trial
from cockpit.workspace.workspace import Workspace
from support import area_service

QUICK = ("--examples", "15")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A workspace whose service has its environment built once for all tests of this module."""
    root = tmp_path_factory.mktemp("workspace")
    subprocess.run(["git", "init", "-q", root], check=True)
    (root / ".gitignore").write_text(".venv/\n__pycache__/\nuv.lock\n.cockpit/\n")
    area_service.write(root)
    return root


@pytest.fixture
def cockpit(root, monkeypatch, capsys):
    monkeypatch.chdir(root)

    def run(*argv, mode="good"):
        (root / "services" / "area" / "mode.txt").write_text(mode)
        capsys.readouterr()
        code = main(["test", *argv])
        return code, *capsys.readouterr()

    return run


def level3(root, env=None):
    here = Workspace.open(root)
    try:
        row = here.resolve("1", here.snapshot(env))
        return row.contract.levels[Level.L3], row.report(Level.L3)
    finally:
        here.close()


def test_a_service_that_keeps_its_contract_passes_and_the_board_knows(cockpit, root):
    code, out, _ = cockpit("--level", "L3", "1", *QUICK)
    assert code == 0
    assert "✓ POST /v1/area  small" in out
    assert "generated requests" in out
    assert "conforms: 2 passed" in out
    verdict, report = level3(root)
    assert verdict is Conformance.CONFORMS
    assert report.env == ""
    # It holds for these files, and for no others.
    (root / "services" / "area" / "mode.txt").write_text("off")
    assert level3(root)[0] is Conformance.UNKNOWN


def test_a_violation_is_told_with_value_command_and_remedy(cockpit, root):
    code, out, _ = cockpit("--level", "L3", "area", "--examples", "0", mode="off")
    assert code == 1
    assert "× POST /v1/area  small" in out
    assert "4.0 ± 0.01 is promised, 4.5 came [golden-differs]" in out
    assert "$ curl -sS -X POST http://127.0.0.1:" in out
    verdict, report = level3(root)
    assert verdict is Conformance.VIOLATES
    # The golden answer stands in the document, at its line.
    (finding,) = report.report.findings
    path, line, _ = finding.contract_at.split(":")
    text = (root / path).read_text().splitlines()[int(line) - 1 : int(line) + 1]
    assert "area" in "".join(text)


def test_a_silenced_finding_does_not_count(cockpit, root):
    config = root / "cockpit.yaml"
    config.write_text(
        "silences:\n- {rule: golden-differs, rpt: RPT-0001, reason: new weights, until: '2999-01-01'}\n"
    )
    try:
        code, out, _ = cockpit("--level", "L3", "area", "--json", "--examples", "0", mode="off")
    finally:
        config.unlink()
    (service,) = json.loads(out)["services"]
    assert (code, service["verdict"]) == (0, "conforms")
    assert service["findings"][0]["silenced"] == "new weights"


def test_the_document_has_level_verdict_checks_and_findings(cockpit):
    code, out, err = cockpit("--level", "L3", "area", "--json", "--examples", "40", mode="drifted")
    assert code == 1
    document = json.loads(out)
    assert (document["schema"], document["level"]) == ("cockpit.test/v1", "L3")
    (service,) = document["services"]
    assert (service["service"], service["level"], service["env"], service["verdict"]) == (
        "area", "L3", None, "violates",
    )  # fmt: skip
    assert (service["passed"], service["failed"], service["todo"], service["errors"]) == (1, 1, 0, 0)
    assert service["seed"] == 1
    assert [check["kind"] for check in service["checks"]] == ["golden", "generated"]
    assert {"request-narrowed", "response-widened", "server-error"} == {
        f["rule"] for f in service["findings"]
    }
    assert service["duration_s"] > 0
    assert "POST /v1/area" in err


def test_unwritten_logic_is_not_a_failure(cockpit):
    code, out, _ = cockpit("--level", "L3", "area", "--json", "--examples", "0", mode="todo")
    assert code == 3
    (service,) = json.loads(out)["services"]
    assert (service["verdict"], service["failed"], service["todo"]) == ("unknown", 0, 1)
    assert service["logic_missing"] == ["services/area/src/area/logic/operations.py:7"]


def test_a_service_that_does_not_start_is_a_failure_with_its_last_words(cockpit):
    code, out, _ = cockpit("--level", "L3", "area", "--json", mode="never")
    assert code == 1
    (service,) = json.loads(out)["services"]
    assert service["error"]["code"] == "not-ready"
    assert "before it was ready" in service["error"]["message"]


def test_an_endpoint_is_asked_where_it_is(cockpit, root):
    (root / "services" / "area" / "mode.txt").write_text("good")
    config = root / "cockpit.yaml"
    with trial.running(root, "area", 30, lambda: False) as running:
        config.write_text(
            "environments: {local: {target: local}, staging: {target: modal}, test: {target: local}}\n"
            f"endpoints: {{area: {{staging: '{running.url}', test: '{running.url}'}}}}\n"
        )
        try:
            code, out, _ = cockpit("--level", "L3", "1", "--env", "test", "--json", "--examples", "0")
            assert code == 0
            (service,) = json.loads(out)["services"]
            assert (service["env"], service["url"]) == ("test", running.url)
            verdict, report = level3(root, "test")
            assert (verdict, report.env) == (Conformance.CONFORMS, "test")
            # One that scales to zero is asked only if somebody says so.
            code, out, _ = cockpit("--level", "L3", "1", "--env", "staging", "--json")
            assert code == 3
            assert json.loads(out)["services"][0]["error"]["code"] == "asleep"
            code, _, _ = cockpit("--level", "L3", "1", "--env", "staging", "--wake", "--examples", "0")
            assert code == 0
        finally:
            config.unlink()


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (("--level", "L3"), 2, "say which services"),
        (("--level", "L3", "9"), 2, "there is no RPT"),
        (("--level", "L3", "1", "--env", "nowhere"), 2, "there is no environment"),
        (("--level", "L3", "1", "--env", "local"), 2, "not deployed in local"),
        (("--level", "L3", "1", "--token-env", "NOT_THERE_9"), 2, "holds no token"),
        (("1", "--seed", "3"), 2, "--seed is about asking a running service"),
        (("1", "--env", "local"), 2, "--env is about asking a running service"),
        (("--level", "L7", "1"), 2, "L7"),
        (("--level", "L3", "1", "--examples", "-1"), 2, "--examples"),
        (("--level", "L3", "1", "--limit", "nan"), 2, "--limit"),
    ],
)
def test_wrong_use_says_what_to_do(cockpit, argv, code, said):
    found, out, err = cockpit(*argv)
    assert found == code
    assert said in out + err
    assert "Traceback" not in out + err
