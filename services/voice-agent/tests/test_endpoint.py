"""Does the endpoint adapter keep its budget, and trust nothing that comes back? Over a real HTTP server."""

from __future__ import annotations

import io
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from recordings import samples
from voice_agent import log
from voice_agent.api import models
from voice_agent.logic import lifecycle, settings
from voice_agent.logic.endpoint import Endpoint
from voice_agent.logic.settings import EndpointSettings, Settings, SettingsError

KEY = "sk-never-to-be-seen"
BUDGET_S = 0.4
ARGS = {"device": "lights", "room": "kitchen", "state": "on"}


def completion(name: str = "switch_device", arguments: str | None = None) -> dict[str, Any]:
    """A chat completion that calls one tool."""
    function = {"name": name, "arguments": json.dumps(ARGS) if arguments is None else arguments}
    call = {"id": "call_1", "type": "function", "function": function}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
    usage = {"prompt_tokens": 300, "completion_tokens": 20, "total_tokens": 320}
    return {"id": "chatcmpl-1", "object": "chat.completion", "choices": [choice], "usage": usage}


@dataclass
class Served:
    """What the server answers, and what it was asked."""

    url: str = ""
    status: int = 200
    body: bytes = b""
    pause_s: float = 0.0
    drip_s: float = 0.0
    asked: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def answer(self, document: Any) -> None:
        self.body = json.dumps(document).encode()


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A server that speaks the shape of chat completions, well or badly."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    plan = Served()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            plan.asked.append((self.path, dict(self.headers), body))
            plan.ended.wait(plan.pause_s)
            try:
                self.send_response(plan.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(plan.body)))
                if plan.status in (301, 302, 307):
                    self.send_header("Location", f"{plan.url}/elsewhere")
                self.end_headers()
                if not plan.drip_s:
                    self.wfile.write(plan.body)
                for byte in plan.body if plan.drip_s else b"":
                    if plan.ended.wait(plan.drip_s):
                        break
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    plan.url = f"http://127.0.0.1:{server.server_port}/v1"
    yield plan
    plan.ended.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def endpoint(served: Served) -> Iterator[Endpoint]:
    adapter = Endpoint(EndpointSettings(served.url, "small-model", KEY, BUDGET_S, 64))
    yield adapter
    adapter.close()


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Everything that the process logs, at every level, as the service would write it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(log.JsonLines())
    handler.setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def test_the_tool_that_the_model_chose(served: Served, endpoint: Endpoint) -> None:
    served.answer(completion())
    intent = endpoint.choose("it is dark in the kitchen")
    assert intent == models.SwitchDevice(
        tool="switch_device", args=models.SwitchArgs.model_validate(ARGS), confirm=True
    )


def test_what_is_asked(served: Served, endpoint: Endpoint) -> None:
    served.answer(completion())
    endpoint.choose("x" * 5000)
    ((path, headers, body),) = served.asked
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert (body["model"], body["max_tokens"], body["temperature"]) == ("small-model", 64, 0)
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert body["messages"][1]["content"] == "x" * 200, "what is sent is bounded"
    tools = {tool["function"]["name"]: tool["function"]["parameters"] for tool in body["tools"]}
    assert set(tools) == {"switch_device", "move_opening", "set_temperature", "list_tasks"}
    assert tools["set_temperature"]["properties"]["celsius"]["maximum"] == 22


def test_without_a_key_none_is_sent(served: Served) -> None:
    served.answer(completion())
    adapter = Endpoint(EndpointSettings(served.url, "small-model", None, BUDGET_S))
    assert adapter.choose("it is dark") is not None
    adapter.close()
    assert "Authorization" not in served.asked[0][1]


@pytest.mark.parametrize(
    "message", [{"content": "I cannot do that."}, {"tool_calls": []}, {"tool_calls": None, "content": ""}]
)
def test_no_tool_is_no_intent(served: Served, endpoint: Endpoint, message: dict[str, Any]) -> None:
    served.answer({"choices": [{"message": {"role": "assistant", **message}}]})
    assert endpoint.choose("tell me a joke") == models.NoIntent(tool="none", reason="not-understood")


UNREADABLE = {
    "no JSON": b"<html>502</html>",
    "cut JSON": json.dumps(completion()).encode()[:-40],
    "not UTF-8": b'{"choices": "\xff\xfe"}',
    "empty": b"",
    "null": b"null",
    "a list": b"[]",
    "no choices": b'{"choices": []}',
    "choices of another kind": b'{"choices": {"0": 1}}',
    "a message of another kind": b'{"choices": [{"message": "hello"}]}',
    "arguments that are no JSON": json.dumps(completion(arguments="{device: lights}")).encode(),
    "arguments that are no text": json.dumps(completion())
    .replace(json.dumps(json.dumps(ARGS)), "7")
    .encode(),
    "deeply nested": b'{"choices": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable_answers(
    served: Served, endpoint: Endpoint, lines: Callable[[], list[dict[str, Any]]], body: bytes
) -> None:
    served.body = body
    assert endpoint.choose("it is dark") is None
    assert lines()[-1]["outcome"] == "unreadable"


WRONG = {
    "an unknown tool": (completion("unlock_safe", "{}"), "wrong-tool"),
    "no tool that is one": (completion("none", '{"reason": "no-speech"}'), "wrong-tool"),
    "an unknown room": (completion(arguments=json.dumps(ARGS | {"room": "vault"})), "wrong-arguments"),
    "a missing argument": (completion(arguments='{"device": "lights"}'), "wrong-arguments"),
    "a number as text": (
        completion("set_temperature", '{"room": "office", "celsius": "20"}'),
        "wrong-arguments",
    ),
    "too hot": (completion("set_temperature", '{"room": "office", "celsius": 90}'), "wrong-arguments"),
    "a list of arguments": (completion(arguments="[1, 2]"), "wrong-arguments"),
    "null for arguments": (completion(arguments="null"), "wrong-arguments"),
}


@pytest.mark.parametrize(("document", "outcome"), WRONG.values(), ids=WRONG)
def test_tools_and_arguments_outside_the_contract(
    served: Served,
    endpoint: Endpoint,
    lines: Callable[[], list[dict[str, Any]]],
    document: dict[str, Any],
    outcome: str,
) -> None:
    served.answer(document)
    assert endpoint.choose("it is dark") is None
    assert lines()[-1]["outcome"] == outcome


@pytest.mark.parametrize("status", [201, 301, 307, 400, 401, 429, 500, 503])
def test_other_statuses(
    served: Served, endpoint: Endpoint, lines: Callable[[], list[dict[str, Any]]], status: int
) -> None:
    served.answer(completion())
    served.status = status
    assert endpoint.choose("it is dark") is None
    assert lines()[-1]["outcome"] == f"status-{status}"
    assert len(served.asked) == 1, "neither repeated nor redirected: one command is one call"


@pytest.mark.parametrize(("pause", "drip"), [(30.0, 0.0), (0.0, 0.02)], ids=["says nothing", "drips"])
def test_a_slow_answer_is_given_up_in_time(
    served: Served, endpoint: Endpoint, lines: Callable[[], list[dict[str, Any]]], pause: float, drip: float
) -> None:
    """A server that sends a byte now and then keeps every read short: the budget is for the whole call."""
    served.answer(completion())
    served.pause_s, served.drip_s = pause, drip
    begun = time.monotonic()
    assert endpoint.choose("it is dark") is None
    assert time.monotonic() - begun < BUDGET_S + 1
    assert lines()[-1]["outcome"] == "timeout"


def test_a_huge_answer_is_not_read(
    served: Served, endpoint: Endpoint, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    served.body = b'{"choices": "' + b"x" * 20_000_000 + b'"}'
    assert endpoint.choose("it is dark") is None
    assert lines()[-1]["outcome"] == "too-large"


def test_nobody_is_there(served: Served, lines: Callable[[], list[dict[str, Any]]]) -> None:
    adapter = Endpoint(EndpointSettings("http://127.0.0.1:9", "small-model", KEY, BUDGET_S))
    assert adapter.choose("it is dark") is None
    assert lines()[-1]["outcome"] in ("unreachable", "timeout")
    adapter.close()


def test_nothing_secret_and_nothing_said_is_logged(
    served: Served, endpoint: Endpoint, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    served.answer(completion())
    endpoint.choose("the secret is swordfish")
    served.status, served.body = 401, f"wrong key {KEY}".encode()
    endpoint.choose("the secret is swordfish")
    written = json.dumps(lines())
    assert len(lines()) == 2, written
    assert KEY not in written and "swordfish" not in written and served.url not in written
    assert KEY not in repr(endpoint._settings)


def test_dictation_and_the_endpoint_together(served: Served) -> None:
    """Speech that is no command is dictated, and the endpoint's tool comes back with `confirm`."""
    served.answer(completion())
    agent = lifecycle.build(Settings(1, EndpointSettings(served.url, "small-model", KEY, 5.0)))
    reply = agent.answer(samples("no-command"))
    assert (reply.heard_by, reply.planned_by, reply.fit) == ("dictation", "endpoint", None)
    assert reply.intent.model_dump() == {"tool": "switch_device", "args": ARGS, "confirm": True}
    assert served.asked[0][2]["messages"][1]["content"] == reply.transcript != ""
    served.status = 500
    failed = agent.answer(samples("no-command"))
    assert failed.intent == models.NoIntent(tool="none", reason="not-understood")
    assert (failed.planned_by, failed.transcript) == ("grammar", reply.transcript)
    served.asked.clear()
    assert agent.answer(samples("open-the-window")).planned_by == "grammar"
    assert served.asked == [], "a command that the grammar knows is not sent out"


def test_settings_are_read_from_the_environment() -> None:
    assert settings.read({}) == Settings(1, None)
    found = settings.read(
        {
            "LLM_BASE_URL": "https://llm.example/v1/",
            "LLM_MODEL": "m",
            "LLM_API_KEY": KEY,
            "LLM_TIMEOUT_S": "0.5",
        }
    )
    assert found.endpoint == EndpointSettings("https://llm.example/v1", "m", KEY, 0.5, 128)


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"LLM_BASE_URL": "https://me:secret@llm.example", "LLM_MODEL": "m"}, "LLM_BASE_URL"),
        ({"LLM_BASE_URL": "file:///etc/passwd", "LLM_MODEL": "m"}, "LLM_BASE_URL"),
        ({"LLM_BASE_URL": "http://[broken", "LLM_MODEL": "m"}, "LLM_BASE_URL"),
        ({"LLM_BASE_URL": "https://llm.example"}, "LLM_MODEL"),
        ({"LLM_BASE_URL": "https://x.example", "LLM_MODEL": "m", "LLM_TIMEOUT_S": "nan"}, "LLM_TIMEOUT_S"),
        ({"LLM_BASE_URL": "https://x.example", "LLM_MODEL": "m", "LLM_MAX_TOKENS": "1e9"}, "LLM_MAX_TOKENS"),
        ({"LLM_BASE_URL": "https://x.example", "LLM_MODEL": "m", "LLM_API_KEY": "a\nb"}, "LLM_API_KEY"),
        ({"VOICE_RECOGNISERS": "many"}, "VOICE_RECOGNISERS"),
    ],
)
def test_settings_that_cannot_be_used(environ: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named) as raised:
        settings.read(environ)
    assert "secret" not in str(raised.value)
