"""From a recording to an intent, over HTTP: every tool, many callers at once, and what is logged."""

from __future__ import annotations

import json
import logging
import queue
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from recordings import EXAMPLES, RATE, samples, text, wav
from voice_agent.logic import agent as agents
from voice_agent.logic import lifecycle

INTENTS: dict[str, dict[str, Any]] = {
    "open-the-window": {
        "tool": "move_opening",
        "args": {"opening": "window", "room": None, "position": "open"},
        "confirm": True,
    },
    "close-the-door-in-the-garage": {
        "tool": "move_opening",
        "args": {"opening": "door", "room": "garage", "position": "closed"},
        "confirm": False,
    },
    "turn-off-the-lights-in-the-kitchen": {
        "tool": "switch_device",
        "args": {"device": "lights", "room": "kitchen", "state": "off"},
        "confirm": False,
    },
    "set-office-temperature-to-twenty": {
        "tool": "set_temperature",
        "args": {"room": "office", "celsius": 20},
        "confirm": False,
    },
    "list-open-tasks": {"tool": "list_tasks", "args": {"state": "open"}, "confirm": False},
    "turn-on-the-door": {"tool": "none", "reason": "not-possible"},
    "do-not-open-the-door": {"tool": "none", "reason": "not-understood"},
    "no-command": {"tool": "none", "reason": "not-understood"},
}


def ask(client: TestClient, name: str) -> dict[str, Any]:
    """Send examples/<name>.wav, and return the reply."""
    sent = text((EXAMPLES / f"{name}.wav").read_bytes())
    response = client.post("/v1/commands", json={"audio_wav_base64": sent})
    assert response.status_code == 200, response.text
    reply: dict[str, Any] = response.json()
    return reply


@pytest.mark.parametrize(("name", "intent"), INTENTS.items(), ids=INTENTS)
def test_every_example_has_its_intent(client: TestClient, name: str, intent: dict[str, Any]) -> None:
    reply = ask(client, name)
    assert reply["intent"] == intent
    assert reply["planned_by"] == "grammar"
    assert (reply["fit"] is None) == (reply["transcript"] == "") == (reply["heard_by"] == "nobody")


def test_callers_at_once_get_the_answers_of_callers_alone(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decoders are not safe to share: one recogniser serves eight threads, each after the other."""
    monkeypatch.setattr(agents, "_WAIT_S", 60)
    alone = {name: ask(client, name) for name in INTENTS}
    with ThreadPoolExecutor(8) as pool:
        names = [*INTENTS]
        for name, reply in zip(names, pool.map(lambda n: ask(client, n), names), strict=True):
            assert reply == alone[name]


def test_nobody_free_is_429(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agents, "_WAIT_S", 0.05)
    monkeypatch.setattr(lifecycle.agent(), "_free", queue.SimpleQueue())
    sent = text((EXAMPLES / "list-open-tasks.wav").read_bytes())
    response = client.post("/v1/commands", json={"audio_wav_base64": sent})
    assert response.status_code == 429
    assert response.json()["code"] == "busy"
    silent = client.post("/v1/commands", json={"audio_wav_base64": text(wav(np.zeros(RATE, np.int16)))})
    assert silent.status_code == 200, "silence needs no recogniser"


def test_a_recogniser_comes_back_after_a_failure(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def command(self, utterance: object) -> None:
            raise RuntimeError("decoder")

    free: queue.SimpleQueue[Any] = queue.SimpleQueue()
    free.put(Broken())
    monkeypatch.setattr(lifecycle.agent(), "_free", free)
    sent = text((EXAMPLES / "list-open-tasks.wav").read_bytes())
    assert client.post("/v1/commands", json={"audio_wav_base64": sent}).status_code == 500
    assert free.qsize() == 1


def test_long_speech_is_no_command(client: TestClient) -> None:
    """Three commands on end are more than 6 s of speech: nobody decodes that."""
    spoken = np.concatenate([samples("set-office-temperature-to-twenty")] * 5)
    reply = client.post("/v1/commands", json={"audio_wav_base64": text(wav(spoken))}).json()
    assert reply["segments"][-1]["end_s"] > 6
    assert reply["intent"] == {"tool": "none", "reason": "not-understood"}


def test_the_log_holds_the_intent_and_not_the_words(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        reply = ask(client, "set-office-temperature-to-twenty")
    (line,) = [record.fields for record in caplog.records if record.getMessage() == "command"]
    assert line["intent"] == reply["intent"]
    assert line["recording_s"] == 2.03
    written = json.dumps(line)
    assert "set office" not in written
    assert len(written) < 400, "nothing of the sound"
