"""A running service is asked for real: golden examples by cockpit, generated requests by schemathesis."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager

import pytest

from cockpit.domain.behaviour import Outcome
from cockpit.domain.conformance import Direction, Rule
from cockpit.domain.words import Conformance
from cockpit.edges.clock import FakeClock, SystemClock
from cockpit.edges.http import FakeHttp, UnansweredError
from cockpit.errors import CancelledError, UsageError
from cockpit.targets.local import trial
from cockpit.workspace.behaviour import Asked, observe
from support import area_service

POST = "POST /v1/area"


def never() -> bool:
    return False


@contextmanager
def serving(root, mode):
    folder = area_service.write(root, mode)
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    with trial.running(root, "area", 30, never) as running:
        yield running


GOLDEN_ONLY = Asked(examples=0)


def ask(running, asked=GOLDEN_ONLY):
    lines: list[str] = []
    found = observe(
        area_service.CONTRACT,
        running.url,
        "services/area",
        asked,
        SystemClock(),
        lines.append,
        never,
        ended=running.ended,
    )
    return found, lines


def test_one_that_keeps_its_contract_conforms_and_says_what_was_asked(tmp_path):
    with serving(tmp_path, "good") as running:
        found, lines = ask(running, Asked(examples=20, seed=5))
    assert found.report.verdict is Conformance.CONFORMS
    assert [(c.kind, c.name, c.outcome) for c in found.checks] == [
        ("golden", "small", Outcome.PASSED),
        ("generated", "", Outcome.PASSED),
    ]
    assert found.checks[1].requests > 5
    assert found.counts == {Outcome.PASSED: 2, Outcome.FAILED: 0, Outcome.TODO: 0, Outcome.UNKNOWN: 0}
    assert "1 golden example asked" in found.report.assumptions
    assert any("seed 5" in said for said in found.report.assumptions)
    assert lines[0].startswith(f"✓ {POST}  small")
    assert any(line.startswith(f"✓ {POST}  {found.checks[1].requests} generated") for line in lines)


def test_every_drift_is_found_with_its_value_and_the_command_that_shows_it(tmp_path):
    with serving(tmp_path, "drifted") as running:
        found, lines = ask(running, Asked(examples=60))
    assert found.report.verdict is Conformance.VIOLATES
    by_rule = {one.rule: one for one in found.report.findings}
    assert set(by_rule) == {Rule.REQUEST_NARROWED, Rule.RESPONSE_WIDENED, Rule.SERVER_ERROR}
    narrowed = by_rule[Rule.REQUEST_NARROWED]
    assert (narrowed.direction, narrowed.pointer) == (Direction.REQUEST, "/width")
    assert narrowed.witness.value["width"] == 0
    assert "rejects it with 422: Input should be greater than 0" in narrowed.message
    widened = by_rule[Rule.RESPONSE_WIDENED]
    assert (widened.pointer, widened.keyword, widened.witness.value) == (
        "/area",
        'type: "number"',
        {"area": None},
    )
    assert by_rule[Rule.SERVER_ERROR].witness.value["unit"] == "mm"
    for one in found.report.findings:
        assert one.replayed.startswith("curl -sS -X POST http://127.0.0.1:")
        assert one.breaks
    assert found.checks[0].outcome is Outcome.PASSED  # golden examples alone would not have shown it
    assert any("[request-narrowed]" in line for line in lines)


def test_a_golden_answer_beyond_its_tolerance_is_found(tmp_path):
    with serving(tmp_path, "off") as running:
        found, lines = ask(running)
    (one,) = found.report.findings
    assert (one.rule, one.pointer, one.witness.value) == (Rule.GOLDEN_DIFFERS, "/area", {"area": 4.5})
    assert "4.0 ± 0.01 is promised, 4.5 came" in one.message
    assert found.report.verdict is Conformance.VIOLATES
    assert lines[0].startswith("× ")


def test_unwritten_logic_is_to_do_and_the_verdict_unknown(tmp_path):
    with serving(tmp_path, "todo") as running:
        found, lines = ask(running, Asked(examples=5))
    assert found.report.findings == ()
    assert found.report.verdict is Conformance.UNKNOWN
    assert found.todo == ("services/area/src/area/logic/operations.py:7",)
    assert [check.outcome for check in found.checks] == [Outcome.TODO, Outcome.TODO]
    assert lines[0].startswith("· ")


def test_a_process_that_ends_is_the_service_s_fault(tmp_path):
    with serving(tmp_path, "die") as running:
        found, _ = ask(running, Asked(examples=5))
    (one,) = found.report.findings
    assert one.rule is Rule.SERVER_ERROR
    assert "its process ended" in one.message or "it exited with 7" in one.message
    assert "no requests were generated" in found.report.reason


def test_a_token_is_sent_by_the_name_of_its_variable_and_never_shown(tmp_path, monkeypatch):
    monkeypatch.setenv("AREA_TOKEN", "sesame")
    with serving(tmp_path, "guarded") as running:
        locked, _ = ask(running)
        opened, lines = ask(running, Asked(examples=10, token_env="AREA_TOKEN"))
    assert locked.report.verdict is Conformance.UNKNOWN
    assert "--token-env" in locked.report.undecided[0].reason
    assert opened.report.verdict is Conformance.CONFORMS
    shown = json.dumps([opened.report.to_json(), [check.to_json() for check in opened.checks], lines])
    assert "sesame" not in shown


@pytest.mark.parametrize("name", ["AREA_TOKEN", "$AREA", "a b", ""])
def test_a_variable_without_a_token_is_wrong_use(name):
    with pytest.raises(UsageError) as caught:
        observe(
            area_service.CONTRACT,
            "http://h",
            "services/area",
            Asked(token_env=name),
            SystemClock(),
            print,
            never,
        )
    assert caught.value.problem.code == "no-token"


def fake(answers, **asked):
    lines: list[str] = []
    http = FakeHttp(answers)
    found = observe(
        area_service.CONTRACT,
        "http://h",
        "services/area",
        Asked(examples=0, **asked),
        SystemClock(),
        lines.append,
        never,
        http=http,
    )
    return found, http


def test_no_answer_from_elsewhere_is_unknown():
    found, http = fake({"http://h/v1/area": UnansweredError("no route", do="look", code="offline")})
    assert http.sent == [("POST", "http://h/v1/area", b'{"width": 2.0, "unit": "m"}')]
    assert found.report.verdict is Conformance.UNKNOWN
    assert found.report.undecided[0].reason == "no route"
    assert found.checks[0].outcome is Outcome.UNKNOWN


def test_where_nothing_answers_no_requests_are_generated():
    found = observe(
        area_service.CONTRACT,
        "http://h",
        "services/area",
        Asked(),
        SystemClock(),
        print,
        never,
        http=FakeHttp(),
    )
    assert found.report.verdict is Conformance.UNKNOWN
    assert found.report.reason == "no requests were generated: connection refused"


def test_a_contract_without_examples_is_never_kept_by_default():
    bare = area_service.contract(paths={"/v1/a": {"get": {"responses": {"404": {}}}}})
    found = observe(
        bare, "http://h", "services/area", Asked(examples=0), SystemClock(), print, never, http=FakeHttp()
    )
    assert found.report.verdict is Conformance.UNKNOWN
    assert found.report.undecided[0].reason == "it shows no golden example with its answer"


def test_it_can_be_cancelled():
    with pytest.raises(CancelledError):
        observe(
            area_service.CONTRACT,
            "http://h",
            "services/area",
            Asked(),
            SystemClock(),
            print,
            lambda: True,
            http=FakeHttp(),
        )


def test_golden_examples_beyond_the_limit_are_unknown():
    class Slow(FakeHttp):
        async def send(self, *args):
            clock.advance(200)
            return await super().send(*args)

    clock = FakeClock()
    document = area_service.contract()
    operation = document["paths"]["/v1/area"]["post"]
    for media in (operation["requestBody"], operation["responses"]["200"]):
        examples = media["content"]["application/json"]["examples"]
        examples["second"] = examples["small"]
    page = FakeHttp.page(body=b'{"area": 4}')
    http = Slow({"http://h/v1/area": page})
    asked = Asked(examples=0, limit_s=120)
    found = observe(document, "http://h", "services/area", asked, clock, print, never, http=http)
    assert [check.outcome for check in found.checks] == [Outcome.PASSED]
    assert found.report.undecided[0].reason == "second: not asked, the time limit was over"
    assert found.report.verdict is Conformance.UNKNOWN


def test_a_run_beyond_its_limit_is_unknown(tmp_path):
    with serving(tmp_path, "good") as running:
        found, _ = ask(running, Asked(examples=1000, limit_s=1.0))
    assert found.report.verdict is Conformance.UNKNOWN
    assert "its time limit of 1 s ended it" in found.report.reason
