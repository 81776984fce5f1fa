"""`cockpit contract diff` by real files and a server on loopback: verdicts, places, JSON, exit codes."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest
import yaml

from cockpit.cli import main
from support.documents import GOOD, write
from support.loopback import answering as page
from support.loopback import response, serving
from support.openapi import JSON, answering, api, taking

ROOM = {
    "type": "object",
    "properties": {"height": {"type": "number", "maximum": 128}},
    "required": ["height"],
}
LOW = {"type": "object", "properties": {"height": {"type": "number", "maximum": 64}}, "required": ["height"]}
CONTRACT, SERVICE = api(taking({"$ref": "#/components/schemas/Room"}), Room=ROOM), api(taking(LOW))
PINNED = {
    "rule",
    "severity",
    "silenced",
    "operation",
    "direction",
    "location",
    "pointer",
    "message",
    "witness",
}


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "contract.yaml").write_text(yaml.safe_dump(CONTRACT, sort_keys=False))
    (tmp_path / "service.json").write_text(json.dumps(SERVICE, indent=2))
    return tmp_path


def run(capsys, *arguments):
    capsys.readouterr()
    code = main(["contract", "diff", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def line_of(path, text):
    return next(n for n, line in enumerate(path.read_text().splitlines(), 1) if text in line)


def test_a_violation_has_its_witness_and_the_line_of_both_files(here, capsys):
    code, out, _ = run(capsys, "contract.yaml", "service.json", "--json")
    document = json.loads(out)
    assert (code, document["schema"], document["verdict"]) == (1, "cockpit.diff/v1", "violates")
    assert len(document["assumptions"]) == 1
    (finding,) = document["findings"]
    assert PINNED | {"contract_at", "service_at"} <= set(finding)
    assert finding["witness"] == {"value": {"height": 65}}
    contract, service = here / "contract.yaml", here / "service.json"
    assert finding["contract_at"].startswith(f"contract.yaml:{line_of(contract, 'maximum: 128')}:")
    assert finding["service_at"].startswith(f"service.json:{line_of(service, 'maximum')}:")


def test_a_person_reads_who_does_what_and_what_to_change(here, capsys):
    code, out, _ = run(capsys, "contract.yaml", "service.json")
    assert code == 1
    lines = [line.rstrip() for line in out.splitlines()]
    assert lines[0] == f"× request-narrowed  POST /v1/plan · body {JSON} · /height"
    assert (
        "  the contract lets a client send 65, the service rejects it (maximum: 64 against maximum: 128)"
        in lines
    )
    assert '  value     {"height": 65}' in lines
    assert any(
        line.startswith("  fix       in the service, change `maximum: 64` to `maximum: 128`")
        for line in lines
    )
    assert "service.json violates contract.yaml (1 error)" in lines


def test_what_conforms_exits_0_and_what_cannot_be_decided_3(here, capsys):
    assert run(capsys, "contract.yaml", "contract.yaml")[0] == 0
    (here / "odd.json").write_text(json.dumps(api(taking({"$ref": "https://elsewhere.example/schema.json"}))))
    code, out, _ = run(capsys, "contract.yaml", "odd.json")
    assert code == 3
    assert "may or may not conform to" in out


def test_strict_makes_a_new_optional_field_an_error(here, capsys):
    wider = api(taking({**ROOM, "properties": {**ROOM["properties"], "nick": {"type": "string"}}}))
    (here / "wider.json").write_text(json.dumps(wider))
    code, out, _ = run(capsys, "contract.yaml", "wider.json", "--json")
    assert (code, [f["severity"] for f in json.loads(out)["findings"]]) == (0, ["warning"])
    code, out, _ = run(capsys, "contract.yaml", "wider.json", "--json", "--strict")
    document = json.loads(out)
    assert (code, document["assumptions"], document["findings"][0]["severity"]) == (1, [], "error")


def test_a_service_is_asked_at_its_url_and_at_its_base(here, capsys):
    def pages(head):
        path = head.split(b" ")[1]
        return (
            response(json.dumps(SERVICE).encode())
            if path == b"/openapi.json"
            else response(b"{}", "404 Not Found")
        )

    with serving(page(pages)) as url:
        assert run(capsys, "contract.yaml", url)[0] == 1
        assert run(capsys, "contract.yaml", f"{url}/openapi.json")[0] == 1
        code, _, err = run(capsys, "contract.yaml", f"{url}/docs")
        assert code == 3
        assert "answers 404" in err


def test_a_redirect_to_another_host_is_not_followed(here, capsys):
    moved = response(b"", "302 Found", "location: http://127.0.0.2:1/openapi.json")
    with serving(page(moved)) as url:
        code, _, err = run(capsys, "contract.yaml", url)
    assert code == 3
    assert "answers 302" in err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "this is no JSON"),
        ('{"openapi": NaN}', "NaN is no JSON"),
        ("[1, 2]", "is not an OpenAPI document"),
        ('{"swagger": "2.0", "paths": {}}', "it says version 2.0"),
        ('{"openapi": "3.1.0", "paths": []}', "/paths is no mapping"),
        ('{"openapi": "3.1.0", "paths": ' + '{"a":' * 400 + "1" + "}" * 401, "nested deeper"),
        ("[" * 100_000, "nested too deeply"),
        ("\x00", "binary"),
    ],
)
def test_what_is_no_document_is_said_and_exits_2(here, capsys, text, says):
    (here / "odd.json").write_text(text)
    code, _, err = run(capsys, "contract.yaml", "odd.json")
    assert code == 2
    assert says in err


def test_a_file_that_is_not_there(here, capsys):
    code, _, err = run(capsys, "contract.yaml", "nowhere.json")
    assert (code, "there is no file nowhere.json" in err) == (2, True)


def test_an_answer_that_says_nothing_is_one_finding(here, capsys):
    (here / "a.json").write_text(json.dumps(api(answering(ROOM))))
    (here / "b.json").write_text(json.dumps(api(answering({}))))
    code, out, _ = run(capsys, "a.json", "b.json", "--json")
    assert (code, len(json.loads(out)["findings"])) == (1, 1)


@pytest.fixture
def handoff(here):
    """A workspace with an RPT, and a service's document that takes fewer points."""
    subprocess.run(["git", "init", "-q", "-b", "main", "."], check=True, cwd=here)
    write(here, GOOD)
    contract = yaml.safe_load(GOOD.partition("```yaml rpt:contract\n")[2].partition("\n```")[0])
    contract["components"]["schemas"]["PlanRequest"]["properties"]["points"]["maxItems"] = 10
    (here / "few.json").write_text(json.dumps({"openapi": "3.1.0", "info": {}, **contract}))
    return here


def test_a_contract_of_an_rpt_has_its_lines_and_its_silence_to_copy(handoff, capsys):
    code, out, _ = run(capsys, "7", "few.json")
    assert code == 1
    text = GOOD.splitlines()
    place = next(line for line in out.splitlines() if line.startswith("  contract"))
    path, line, column = place.split()[1].split(":")
    assert path == "rpts/RPT-0007-scan-to-plan.md"
    assert text[int(line) - 1][int(column) - 1 :].startswith("points:")
    assert "few.json violates RPT-0007 (1 error)" in out
    silence = next(line for line in out.splitlines() if "silence" in line).partition("- ")[2]
    (item,) = yaml.safe_load(f"- {silence}")
    config = {"silences": [{**item, "reason": "until the June app", "until": "2999-01-01"}]}
    (handoff / "cockpit.yaml").write_text(yaml.safe_dump(config))
    code, out, _ = run(capsys, "RPT-0007", "few.json", "--json")
    document = json.loads(out)
    assert (code, document["verdict"]) == (0, "conforms")
    assert [f["silenced"] for f in document["findings"]] == ["until the June app"]


def test_the_policy_of_the_workspace_weighs_the_findings_of_an_rpt(handoff, capsys):
    (handoff / "cockpit.yaml").write_text("policy: {severities: {request-narrowed: note}}\n")
    code, out, _ = run(capsys, "scan-to-plan", "few.json", "--json")
    assert (code, [f["severity"] for f in json.loads(out)["findings"]]) == (0, ["note"])


@pytest.mark.parametrize("arguments", [("8", "few.json"), ("7", "no-such-service")])
def test_an_rpt_or_a_service_that_does_not_exist(handoff, capsys, arguments):
    assert run(capsys, *arguments)[0] == 2


def test_standard_input_can_be_one_of_the_two(here, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(SERVICE).encode())))
    assert run(capsys, "contract.yaml", "-")[0] == 1
    assert run(capsys, "-", "-")[0] == 2
