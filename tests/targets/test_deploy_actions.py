"""Deploy, roll back, stop and logs as a person meets them: plans, words, exit codes, JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest

from cockpit.actions.workshop import Workshop
from cockpit.cli import main
from cockpit.domain.action import Risk
from cockpit.domain.service import ServiceTests
from cockpit.errors import ConfigError, ExitCode, NotBuiltError, NotFoundError
from cockpit.targets.local import target as target_module
from cockpit.workspace.workspace import Workspace
from support.repo import Repo
from targets.local_world import SERVICE, FakeLauncher, World

CONFIG = """
environments:
  local: {target: local}
  gpu: {target: modal}
  cluster: {target: knative}
  old: {target: banana}
  prod: {target: local, protected: true}
endpoints:
  svc: {prod: "https://svc.example.org"}
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A repository with one RPT and its service, run by the fake launcher; ended after the test."""
    repo = Repo(tmp_path / "ws")
    monkeypatch.chdir(repo.root)
    monkeypatch.setattr(target_module, "UvLauncher", lambda places: FakeLauncher())
    assert main(["new", "Svc", "--service", SERVICE]) == 0
    (repo.root / ".gitignore").write_text(".cockpit/\n")
    (repo.root / "cockpit.yaml").write_text(CONFIG)
    world = World(repo.root)
    (world.folder / "pyproject.toml").write_text('[project]\nname = "svc"\nversion = "0"\n')
    world.write("good", "v1")
    world.commit = repo.commit("service")[:7]
    yield world
    world.close()


@pytest.fixture
def workshop(here):
    workspace = Workspace.open(here.root)
    yield Workshop(workspace)
    workspace.close()


def test_the_plan_says_what_is_run_where_and_what_is_not_good(workshop):
    plan = workshop.plan("deploy", SERVICE, "local")
    assert plan.title == "deploy svc to local"
    assert plan.argv == ("cockpit", "deploy", "RPT-0001", "--env", "local")
    assert (plan.risk, plan.confirm_word) == (Risk.LOCAL, None)
    assert plan.steps[0].label == "note: its tests have never run"
    assert [step.argv[:2] for step in plan.steps if step.argv] == [
        ("uv", "lock"), ("uv", "sync"), ("python", "cockpit_serve.py"),
    ]  # fmt: skip
    assert plan.steps[-2].label.startswith("take over http://127.0.0.1:")
    compared = [step.label for step in plan.steps if step.label.startswith("compare")]
    assert [label.rpartition(" ")[2] for label in compared] == ["(L1)", "(L2)"]
    assert not (workshop._workspace.root / ".cockpit" / "local").exists()  # planning changes nothing


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, None),
        ({"sources": "other"}, "note: its tests have not run on these sources"),
        ({"failed": 2, "todo": 1}, "note: its tests are red: 2 failed, 1 not written, 0 erred"),
    ],
)
def test_red_tests_are_told_and_do_not_stop_a_local_deploy(workshop, change, said):
    from cockpit.services import results

    workspace = workshop._workspace
    sources = workspace.snapshot().handoffs[0].service.sources
    tests = replace(ServiceTests(SERVICE, sources, 3, 0, 0, 0, 0.1, "2026-11-24T00:00:00Z"), **change)
    results.keep(workspace.store, tests)
    steps = workshop.plan("deploy", SERVICE, "local").steps
    assert [s.label for s in steps if s.label.startswith("note")] == ([said] if said else [])


def test_production_asks_for_its_name(workshop, here, monkeypatch, capsys):
    plan = workshop.plan("deploy", SERVICE, "prod")
    assert (plan.risk, plan.confirm_word) == (Risk.PRODUCTION, "prod")
    assert any("https://svc.example.org" in step.label for step in plan.steps)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    assert main(["deploy", SERVICE, "--env", "prod"]) == ExitCode.WRONG_USE
    assert "this needs a confirmation" in capsys.readouterr().err
    assert here.target.status() == {}


@pytest.mark.parametrize("action", ["deploy", "rollback", "stop"])
def test_other_targets_are_refused_with_the_reason(workshop, action):
    for env in ("gpu", "cluster"):
        with pytest.raises(NotBuiltError, match="is not built yet"):
            workshop.plan(action, SERVICE, env)
    with pytest.raises(ConfigError, match="closed on 2024-03-31") as caught:
        workshop.plan(action, SERVICE, "old")
    assert "Modal" in caught.value.problem.do


def test_a_closed_provider_in_the_configuration_is_a_problem_with_its_place(here):
    workspace = Workspace.open(here.root)
    [problem] = workspace.config.problems
    assert (problem.code, problem.path, problem.line) == ("target-closed", "cockpit.yaml", 6)
    workspace.close()


def test_other_targets_exit_with_two(here, capsys):
    for command in ("deploy", "rollback", "stop", "logs"):
        assert main([command, SERVICE, "--env", "gpu"]) == ExitCode.WRONG_USE
        assert "the target modal is not built yet" in capsys.readouterr().err


def test_a_handoff_without_a_service_says_what_to_do(workshop, here):
    assert main(["new", "Other", "--service", "other"]) == 0
    with pytest.raises(NotFoundError) as caught:
        workshop.plan("deploy", "other", "local")
    assert caught.value.problem.do == "cockpit scaffold RPT-0002"


def test_from_deploy_to_stop_on_the_command_line(here, capsys):
    def run(*args):
        code = main([*args, "--json"])
        return code, json.loads(capsys.readouterr().out)

    code, first = run("deploy", SERVICE)
    assert code == ExitCode.OK
    assert first == {
        "schema": "cockpit.deploy/v1",
        "service": SERVICE,
        "env": "local",
        "url": here.target.url(SERVICE, "local"),
        "state": "live",
        "commit": here.commit,
        "digest": here.target.status()[SERVICE].release,
    }
    here.write("good", "v2")
    code, second = run("deploy", "1")
    assert (code, second["commit"]) == (ExitCode.OK, f"{here.commit}+dirty")
    here.write("crash", "v3")
    code, failed = run("deploy", "1")
    assert (code, failed["state"]) == (ExitCode.NOT_GOOD, "failed")
    assert "it cannot start" in failed["error"]
    assert here.version() == "v2"
    code, back = run("rollback", "RPT-0001")
    assert (code, back["digest"], back["commit"]) == (ExitCode.OK, first["digest"], here.commit)
    assert here.version() == "v1"
    code, error = run("rollback", "RPT-0001")
    assert (code, error["error"]["code"]) == (ExitCode.WRONG_USE, "no-earlier-release")
    code, logs = run("logs", SERVICE, "-n", "1")
    assert (code, logs["schema"], len(logs["lines"])) == (ExitCode.OK, "cockpit.logs/v1", 1)
    code, stopped = run("stop", SERVICE)
    assert (code, stopped["state"], stopped["digest"]) == (ExitCode.OK, "stopped", first["digest"])
    code, error = run("stop", SERVICE)
    assert (code, error["error"]["code"]) == (ExitCode.WRONG_USE, "not-deployed")


def test_the_plan_of_a_rollback_names_what_it_goes_back_to(workshop, here):
    first = here.deploy("good", "v1")
    here.deploy("good", "v2")
    plan = workshop.plan("rollback", SERVICE, "local")
    assert plan.title == f"roll svc in local back to release {first.digest[:12]} (abc1234)"
    assert "still serves" in plan.steps[0].label


def test_every_command_restores_what_was_killed_and_says_so(here, capsys):
    here.deploy("good", "v1")
    here.kill_agent()
    assert main(["status"]) == ExitCode.OK
    assert "the process agent was gone; restarted it for svc" in capsys.readouterr().err
    assert here.version() == "v1"


@pytest.mark.parametrize("args", [("-n", "-1"), ("-n", "x"), ("--json", "--follow")])
def test_logs_used_wrongly(here, args, capsys):
    assert main(["logs", SERVICE, *args]) == ExitCode.WRONG_USE


def test_logs_without_a_log(here, capsys):
    assert main(["logs", SERVICE]) == ExitCode.WRONG_USE
    assert "was never started here" in capsys.readouterr().err
