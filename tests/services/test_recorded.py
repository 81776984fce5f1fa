"""What schemathesis recorded is read as foreign data: whole, in part, or as nonsense."""

from __future__ import annotations

import base64
import json
import shlex

from hypothesis import given
from hypothesis import strategies as st

from cockpit.services.recorded import curl, read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def b64(data: bytes) -> dict:
    return {"$base64": base64.b64encode(data).decode()}


def scenario(response=None, checks=(), body=b'{"a": 1}', kind="application/json"):
    request = {
        "method": "POST",
        "uri": "http://h/v1/a?x=1",
        "headers": {"Content-Type": [kind]},
        "body": b64(body),
    }
    interaction = {"request": request} | ({"response": response} if response else {})
    recorder = {"label": "POST /v1/a", "interactions": {"k": interaction}, "checks": {"k": list(checks)}}
    return {"ScenarioFinished": {"recorder": recorder}}


def report(*events, end=True):
    done = [{"EngineFinished": {"stop_reason": "completed"}}] if end else []
    return b"\n".join(json.dumps(event).encode() for event in [*events, *done])


ANSWER = {
    "status_code": 200,
    "headers": {"Content-Type": ["application/json"], "x-a": ["1", "2"]},
    "content": b64(b"[]"),
    "elapsed": 0.25,
}


def test_an_exchange_is_read_whole():
    failure = {"title": "Server error", "message": "it\nbroke"}
    checks = [{"status": "success"}, {"status": "failure", "failure_info": {"failure": failure}}]
    found = read(report(scenario(ANSWER, checks)), {})
    assert (found.fatal, found.unfinished, found.unanswered) == ("", "", ())
    (sent,) = found.sent
    exchange = sent.exchange
    assert (exchange.operation, exchange.status, exchange.body) == ("POST /v1/a", 200, b"[]")
    assert exchange.headers == {"content-type": "application/json", "x-a": "1, 2"}
    assert (exchange.sent, exchange.has_body) == ({"a": 1}, True)
    assert (exchange.elapsed_ms, exchange.cut) == (250, False)
    assert sent.complaints == ("Server error: it broke",)


def test_a_body_that_is_only_a_part_is_cut_and_one_that_is_no_json_is_none():
    found = read(report(scenario(ANSWER | {"content_size": 3}, body=b"\xff", kind="image/png")), {})
    exchange = found.sent[0].exchange
    assert exchange.cut
    assert (exchange.sent, exchange.has_body) == (None, False)


def test_what_got_no_answer_says_why_once_for_each_operation():
    error = {"label": "POST /v1/a", "value": {"type": "ConnectionError", "message": "refused"}}
    found = read(report(scenario(), {"NonFatalError": error}, {"NonFatalError": error}), {})
    assert found.sent == ()
    assert found.unanswered == (("POST /v1/a", "refused"),)


def test_a_run_that_was_killed_is_unfinished_and_its_half_line_left_out():
    found = read(report(scenario(ANSWER), end=False) + b'\n{"ScenarioFin', {})
    assert len(found.sent) == 1
    assert found.unfinished == "it did not end in order"
    assert found.stopped("too late").unfinished == "too late"


def test_a_run_that_stopped_early_and_one_that_could_not_begin():
    stopped = read(report({"EngineFinished": {"stop_reason": "failure_limit"}}, end=False), {})
    assert stopped.unfinished == "it stopped: failure_limit"
    fatal = read(report({"FatalError": {"exception": {"message": "no version"}}}, end=False), {})
    assert fatal.fatal == "no version"


def test_the_command_is_quoted_and_names_the_variable_of_a_secret():
    said = curl(
        "POST", "http://h/a b", "application/json", b'{"a": "it\'s $HOME"}', {"X-Key": "Bearer ${TOKEN}"}
    )
    assert said.endswith(' -H "X-Key: Bearer $TOKEN"')
    words = shlex.split(said)
    assert words[4] == "http://h/a b"
    assert words[words.index("--data-raw") + 1] == '{"a": "it\'s $HOME"}'
    assert len(curl("POST", "http://h", "", b"x" * 5000, {})) < 600


@given(st.lists(st.dictionaries(st.sampled_from(
    ["ScenarioFinished", "NonFatalError", "FatalError", "EngineFinished"]), JSON), max_size=4))  # fmt: skip
def test_anything_that_is_json_is_read(events):
    read(report(*events), {})


@given(st.fixed_dictionaries({}, optional={
    "label": JSON, "checks": JSON, "interactions": st.dictionaries(st.text(), st.fixed_dictionaries(
        {"request": JSON, "response": st.fixed_dictionaries({"status_code": st.just(200)}, optional={
            "headers": JSON, "content": JSON | st.fixed_dictionaries({"$base64": JSON}), "elapsed": JSON,
            "content_size": JSON})}))}))  # fmt: skip
def test_any_recorder_is_read(recorder):
    read(report({"ScenarioFinished": {"recorder": recorder}}), {})


@given(st.binary())
def test_anything_else_is_nothing(data):
    assert read(data, {}).sent == ()
