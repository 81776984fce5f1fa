"""From an agreed RPT and real code to verdicts: of the code, of what is deployed, and on the board."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cockpit.actions.workshop import Workshop
from cockpit.cli import main
from cockpit.domain.conformance import Replay, Rule, Severity
from cockpit.domain.words import Conformance, GateVerdict, Level
from cockpit.edges.clock import FakeClock
from cockpit.errors import ExitCode, ServiceError
from cockpit.services import rendering, scaffold
from cockpit.services.extraction import extract
from cockpit.targets import journal
from cockpit.workspace import conformance, conformance_store, generated
from cockpit.workspace.workspace import Workspace
from support import room_area

MODELS = "services/room-area/src/room_area/api/models.py"
ROUTES = "services/room-area/src/room_area/api/routes.py"


class World:
    """A workspace with one agreed RPT and the service scaffolded from it."""

    def __init__(self, root, env):
        self.root = room_area.workspace(root)
        self.here = Workspace.open(self.root)
        shop = Workshop(self.here)
        run = shop.perform(shop.plan("sign", "7", "local"), lambda line: None, lambda: False)
        assert run.exit_code == ExitCode.OK
        answers = rendering.Answers("room-area", "room_area", "RPT-0007", "Room area")
        scaffold.scaffold(self.root, answers, dict(self.here.contract(self.row().rpt)))
        (self.root / "services/room-area/.venv").symlink_to(env)
        self.lines = []

    def row(self, env=None):
        return self.here.resolve("7", self.here.snapshot(env))

    def code(self):
        return conformance.code_report(self.here, self.row(), self.lines.append)

    def live(self, env, **more):
        return conformance.live_report(self.here, self.row(env), self.lines.append, **more)

    def change(self, path, old, new):
        text = (self.root / path).read_text()
        assert len(re.findall(old, text)) == 1, f"{old} in {text}"
        (self.root / path).write_text(re.sub(old, new, text))

    def line(self, path, text):
        lines = (self.root / path).read_text().splitlines()
        return f"{path}:{next(n for n, line in enumerate(lines, 1) if text in line)}"

    def gate(self, name, env=None):
        return next(gate for gate in self.row(env).gates if gate.spec.id == name)


@pytest.fixture
def world(tmp_path, monkeypatch, fastapi_env):
    monkeypatch.setenv("COCKPIT_ME", "rita")
    made = World(tmp_path / "ws", fastapi_env)
    yield made
    made.here.close()


DRIFT = (MODELS, r"(?m)^    area: (.*)$", r"    area: \1 | None")


def test_a_fresh_scaffold_conforms_until_somebody_edits_it(world):
    assert world.gate("contract.code").verdict is GateVerdict.UNKNOWN
    said = []
    assert conformance.refresh_code(world.here, [world.row()], said.append, lambda: False)
    assert said[-1] == "RPT-0007: conforms"
    row = world.row()
    assert row.contract.levels[Level.L1] is Conformance.CONFORMS
    assert world.gate("contract.code").verdict is GateVerdict.PASS
    assert [(f.rule, f.severity) for f in row.report(Level.L1).report.findings] == [
        (Rule.STATUS_UNDECLARED, Severity.WARNING)
    ]
    assert generated.losses(world.here, row.rpt, "room-area") == []
    # Nothing changed: nothing is compared again.
    assert not conformance.refresh_code(world.here, [world.row()], said.append, lambda: False)

    world.change(*DRIFT)
    gate = world.gate("contract.code")
    assert (gate.verdict, gate.problems[0].code) == (GateVerdict.UNKNOWN, "validated-before")
    assert conformance.refresh_code(world.here, [world.row()], said.append, lambda: False)
    (finding,) = [f for f in world.row().report(Level.L1).report.findings if f.breaks]
    assert (finding.rule, finding.pointer) == (Rule.RESPONSE_WIDENED, "/area")
    assert finding.witness.value["area"] is None
    assert finding.service_at == world.line(MODELS, "    area: ")
    path, line, _ = finding.contract_at.split(":")
    above, decides = (world.root / path).read_text().splitlines()[int(line) - 2 : int(line)]
    assert (above.strip(), decides.strip()) == ("area:", "type: number")
    row = world.row()
    assert (row.contract.verdict, row.contract.violations) == (Conformance.VIOLATES, 1)
    assert world.gate("contract.code").problems[0].where == finding.service_at
    assert said[-1] == "RPT-0007: violates, 1 violation"


def test_a_witness_is_sent_to_the_app_and_what_it_lets_through_is_a_warning(world):
    world.change(MODELS, r"max_length=100", "max_length=50")
    (found,) = [f for f in world.code().report.findings if f.rule is Rule.REQUEST_NARROWED]
    assert (found.replay, found.breaks) == (Replay.CONFIRMED, True)
    assert found.replayed.startswith("422: body.corners: List should have at most 50 items")
    # A model whose schema says one unit, and whose code takes any.
    world.change(MODELS, r"max_length=50", "max_length=100")
    world.change(
        MODELS, r"unit: .*", 'unit: Annotated[Literal["m"], BeforeValidator(lambda unit: "m")] = "m"'
    )
    world.change(MODELS, r"from pydantic import MISSING, ", "from pydantic import MISSING, BeforeValidator, ")
    report = world.code().report
    (found,) = [f for f in report.findings if f.rule is Rule.REQUEST_NARROWED]
    assert found.witness.value["unit"] == "mm"
    assert (found.replay, found.severity) == (Replay.ACCEPTED, Severity.WARNING)
    assert "the replay did not confirm it" in found.message
    assert report.verdict is Conformance.CONFORMS


def test_a_silence_counts_until_its_day_is_over_and_severities_are_the_workspaces(world):
    world.change(*DRIFT)
    assert world.code().report.verdict is Conformance.VIOLATES
    config = world.root / "cockpit.yaml"
    config.write_text(
        "silences:\n  - {rule: response-widened, pointer: /area, reason: known, until: 2099-01-01}\n"
    )
    assert world.gate("contract.code").verdict is GateVerdict.UNKNOWN
    report = world.code().report
    assert [f.silenced for f in report.findings if f.rule is Rule.RESPONSE_WIDENED] == ["known"]
    assert report.verdict is Conformance.CONFORMS
    assert world.gate("contract.code").verdict is GateVerdict.PASS

    config.write_text(
        "silences:\n  - {rule: response-widened, pointer: /area, reason: known, until: 2020-01-01}\n"
    )
    (problem,) = world.here.snapshot().problems
    assert (problem.code, problem.path, problem.line) == ("silence-expired", "cockpit.yaml", 2)
    assert world.code().report.verdict is Conformance.VIOLATES

    config.write_text("policy: {severities: {response-widened: note}}\n")
    assert world.code().report.verdict is Conformance.CONFORMS


def test_an_app_that_does_not_import_is_unknown_and_tried_again(world):
    world.change(ROUTES, r"(?m)^router = APIRouter\(\)$", "router = APIRouter(")
    world.code()
    gate = world.gate("contract.code")
    assert gate.verdict is GateVerdict.UNKNOWN
    assert any("SyntaxError" in line for line in world.lines)
    known = world.row().report(Level.L1)
    assert known.report.verdict is Conformance.UNKNOWN
    assert conformance.refresh_code(world.here, [world.row()], world.lines.append, lambda: False)


def test_check_compares_what_is_due_and_refuses_a_drifted_service(world, monkeypatch, capsys):
    monkeypatch.chdir(world.root)
    world.change(*DRIFT)
    status = world.root / "rpts/RPT-0007-room-area.md"
    status.write_text(status.read_text().replace("status: agreed", "status: deployed"))
    assert main(["check", "7", "--json"]) == ExitCode.NOT_GOOD
    out, err = capsys.readouterr()
    assert "RPT-0007: comparing services/room-area/" in err
    gate = next(g for g in json.loads(out)["gates"] if g["id"] == "contract.code")
    assert (gate["verdict"], gate["required"]) == ("fail", True)
    assert [(e["code"], e["path"], e["line"]) for e in gate["errors"]] == [
        ("response-widened", MODELS, int(world.line(MODELS, "    area: ").rpartition(":")[2]))
    ]
    main(["check", "7", "--json"])
    assert capsys.readouterr().err == ""


def test_a_finding_follows_its_line_when_prose_moves_it(world):
    world.change(*DRIFT)
    world.code()
    document = "rpts/RPT-0007-room-area.md"
    before = world.row().report(Level.L1).report
    world.change(document, "(?m)^# Type Contract$", "# Type Contract\n\nTwo more lines.")
    after = world.row().report(Level.L1).report
    at = [int(f.contract_at.split(":")[1]) for report in (before, after) for f in report.findings]
    assert at[2:] == [line + 2 for line in at[:2]]
    assert world.gate("contract.code").verdict is GateVerdict.FAIL
    # A contract that does not read leaves the places as they were.
    world.change(document, "(?m)^paths:$", "paths: [")
    assert world.row().report(Level.L1).report == before


# What is deployed


class Serving(BaseHTTPRequestHandler):
    """Serves one document, or a status."""

    def do_GET(self):
        self.server.asked += 1
        body = json.dumps(self.server.document).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Serving)
    made.document, made.status, made.asked = {}, 200, 0
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def deployed(world, server):
    """The world with an endpoint in three environments, one of which scales to zero."""
    url = f"http://127.0.0.1:{server.server_address[1]}"
    (world.root / "cockpit.yaml").write_text(
        "environments:\n  local: {target: local}\n  prod: {target: local, protected: true}\n"
        "  gpu: {target: modal}\n"
        f"endpoints:\n  room-area: {{local: '{url}', prod: '{url}', gpu: '{url}'}}\n"
    )
    server.document = extract(world.root, "room-area", cache=world.here.cache).document
    return world


def test_what_the_endpoint_serves_decides_with_since_when_and_which_deploy(deployed, server):
    clock = FakeClock()
    deployed.here.clock = clock
    assert deployed.gate("contract.live").problems[0].code == "not-validated"
    first = deployed.live("local")
    assert (first.report.verdict, first.deploy) == (Conformance.CONFORMS, None)
    assert deployed.gate("contract.live").verdict is GateVerdict.PASS

    schema = server.document["components"]["schemas"]["Area"]["properties"]
    server.document = json.loads(json.dumps(server.document))
    server.document["components"]["schemas"]["Area"]["properties"]["area"] = {
        "anyOf": [schema["area"], {"type": "null"}]
    }
    clock.advance(60)
    second = deployed.live("local")
    assert second.report.verdict is Conformance.VIOLATES
    assert second.since > first.since
    (finding,) = [f for f in second.report.findings if f.breaks]
    assert (finding.pointer, finding.replay) == ("/area", Replay.NOT_REPLAYED)
    assert finding.contract_at.startswith("rpts/RPT-0007-room-area.md:")
    clock.advance(60)
    third = deployed.live("local")
    assert (third.since, third.at > second.at) == (second.since, True)
    assert deployed.row().contract.violations == 1


def test_a_deployment_of_the_same_sources_has_the_lines_and_the_replays_of_the_code(deployed, server):
    deployed.change(*DRIFT)
    deployed.change(MODELS, r"max_length=100", "max_length=50")
    code = deployed.code().report
    server.document = extract(deployed.root, "room-area", cache=deployed.here.cache).document
    assert deployed.live("local").report == code
    assert deployed.row().contract.violations == 2


def test_a_hidden_document_is_known_by_the_sources_it_was_deployed_from(deployed, server):
    server.status = 404
    deployed.code()
    found = deployed.live("local")
    assert found.report.verdict is Conformance.UNKNOWN
    assert "openapi_url=None" in found.report.reason
    one = journal.begin(
        deployed.here.store, deployed.here.clock, service="room-area", env="local", target="local", url=None,
        commit=None, digest="d" * 64, version="1",
    )  # fmt: skip
    journal.went_live(deployed.here.store, one.id, None)
    assert deployed.gate("contract.live").problems[0].code == "validated-before"
    assert deployed.live("local").report.verdict is Conformance.UNKNOWN
    conformance.remember_sources(deployed.here, "d" * 64, deployed.row().service.sources)
    known = deployed.live("local")
    assert (known.report.verdict, known.deploy) == (Conformance.CONFORMS, one.id)
    assert "deployed from these sources" in known.report.assumptions[-1]
    deployed.change(MODELS, r"max_length=100", "max_length=50")
    assert deployed.live("local").report.verdict is Conformance.UNKNOWN


def test_what_sleeps_is_asked_only_by_somebody_who_means_it(deployed, server):
    found = deployed.live("gpu")
    assert (found.report.verdict, server.asked) == (Conformance.UNKNOWN, 0)
    assert found.report.reason.startswith("asleep")
    assert deployed.live("gpu", wake=True).report.verdict is Conformance.CONFORMS
    assert server.asked == 1
    # What is known of the same deployment stands.
    assert deployed.live("gpu").report.verdict is Conformance.CONFORMS
    assert server.asked == 1


def test_an_app_that_writes_its_own_document_proves_nothing(deployed):
    app = "services/room-area/src/room_area/app.py"
    deployed.change(app, r"(?m)^app = create_app\(\)$", "app = create_app()\napp.openapi = lambda: {}")
    code = deployed.code().report
    assert (code.verdict, code.findings[0].rule) == (Conformance.UNKNOWN, Rule.OPENAPI_OVERRIDDEN)
    # What it serves fits the contract, and still proves nothing.
    assert deployed.live("local").report.verdict is Conformance.UNKNOWN
    assert deployed.gate("contract.live").verdict is GateVerdict.UNKNOWN


def test_validate_plans_both_levels_and_tells_what_it_found(deployed, server):
    shop = Workshop(deployed.here)
    assert shop.plan("validate", "7", "gpu").risk.value == "shared"
    plan = shop.plan("validate", "7", "local")
    assert (plan.risk.value, plan.argv) == (
        "none",
        ("cockpit", "check", "RPT-0007", "--live", "--env", "local"),
    )
    assert plan.steps[-1].label.endswith("/openapi.json and compare it (L2)")
    deployed.change(*DRIFT)
    run, outcome = shop.perform_fully(plan, deployed.lines.append, lambda: False)
    assert run.exit_code == ExitCode.NOT_GOOD
    assert outcome.summary == "room-area: L1 violates (1 violation, 1 warning), L2 conforms (1 warning)"
    levels = outcome.document["levels"]
    assert (levels["L1"]["verdict"], levels["L2"]["verdict"]) == ("violates", "conforms")
    assert any(line.lstrip().startswith("value") and '"area": null' in line for line in deployed.lines)
    assert (
        conformance_store.one(deployed.here.store, "RPT-0007", Level.L1, "").report.verdict
        is Conformance.VIOLATES
    )


def test_a_protected_environment_refuses_code_that_violates_and_another_says_so(deployed):
    from cockpit.actions import conformity

    deployed.change(*DRIFT)
    said = []
    conformity.before(deployed.here, deployed.row("local"), said.append, lambda: False)
    for env, note in (("local", "note: its code violates the contract"), ("prod", ": prod refuses that")):
        steps = Workshop(deployed.here).plan("deploy", "7", env).steps
        assert any(step.label.endswith(note) for step in steps)
    assert said[-1].startswith("note: the code violates the contract: POST /v1/area: ")
    with pytest.raises(ServiceError, match="prod is protected") as refused:
        conformity.before(deployed.here, deployed.row("prod"), said.append, lambda: False)
    assert "silence it in cockpit.yaml" in refused.value.problem.do


def test_what_the_generator_loses_is_said_with_a_value(tmp_path, fastapi_env, monkeypatch):
    contract = room_area.contract()
    room = contract["components"]["schemas"]["Room"]["properties"]
    room["corners"]["uniqueItems"] = True
    monkeypatch.setattr(room_area, "CONTRACT", contract)
    monkeypatch.setenv("COCKPIT_ME", "rita")
    world = World(tmp_path / "ws", fastapi_env)
    lost = generated.losses(world.here, world.row().rpt, "room-area")
    world.here.close()
    assert len(lost) == 1
    assert lost[0].startswith("POST /v1/area body application/json at /corners: the code takes ")
    assert "uniqueItems" in lost[0]
    assert lost[0].endswith("check it in logic")
