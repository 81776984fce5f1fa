"""Is audio that cannot be used refused in the words of the contract, and never a server error?"""

from __future__ import annotations

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import example, given, settings
from hypothesis import strategies as st

from recordings import RATE, header, text, wav
from voice_agent.logic import audio
from voice_agent.logic.refusal import Refusal

SECOND = np.zeros(RATE, np.int16)
WHOLE = wav(SECOND)

HOSTILE = {
    "empty": ("", "not-wav"),
    "no base64": ("UklGRg=", "not-base64"),
    "base64 with a line break": (text(WHOLE)[:40] + "\n" + text(WHOLE)[40:], "not-base64"),
    "base64 for URLs": ("__" + text(WHOLE)[2:], "not-base64"),
    "not ASCII": ("Ärger" * 4, "not-base64"),
    "no WAV": (text(b"OggS" + bytes(200)), "not-wav"),
    "RIFF of another kind": (text(b"RIFF" + bytes(4) + b"AVI " + bytes(60)), "not-wav"),
    "big-endian RIFX": (text(header(0, riff=b"RIFX")), "not-wav"),
    "8 bits": (text(wav(np.zeros(RATE, np.uint8), width=1)), "wrong-format"),
    "24 bits": (text(wav(np.zeros(3 * RATE, np.uint8), width=3)), "wrong-format"),
    "stereo": (text(wav(np.zeros(2 * RATE, np.int16), channels=2)), "wrong-format"),
    "44.1 kHz": (text(wav(SECOND, rate=44_100)), "wrong-format"),
    "8 kHz": (text(wav(SECOND, rate=8_000)), "wrong-format"),
    "floating point": (text(header(4, form=3) + bytes(4)), "wrong-format"),
    "no samples at all": (text(WHOLE[:36]), "wrong-format"),
    "cut inside its header": (text(WHOLE[:21]), "wrong-format"),
    "16 s": (text(wav(np.zeros(16 * RATE, np.int16))), "too-long"),
    "one sample more than 15 s": (text(wav(np.zeros(15 * RATE + 1, np.int16))), "too-long"),
    "cut short": (text(WHOLE[:-2]), "not-wav"),
    "claims four gigabytes": (text(header(2**32 - 38) + bytes(3200)), "not-wav"),
    "claims 16 s and holds one": (text(header(16 * RATE * 2) + SECOND.tobytes()), "not-wav"),
}


@pytest.mark.parametrize(("sent", "code"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_audio_is_refused(client: TestClient, sent: str, code: str) -> None:
    response = client.post("/v1/commands", json={"audio_wav_base64": sent})
    assert response.status_code == 400, response.text
    assert response.json()["code"] == code
    assert response.json()["message"].isprintable()


def test_the_refusal_says_what_to_send(client: TestClient) -> None:
    sent = text(wav(np.zeros(44_100, np.uint8), width=1, channels=2, rate=44_100))
    said = client.post("/v1/commands", json={"audio_wav_base64": sent}).json()["message"]
    assert said == "the WAV file has 2 channels, send 1; 8 bits, send 16; 44100 Hz, send 16000"


def test_a_body_over_the_limit_is_not_read(client: TestClient) -> None:
    assert client.post("/v1/commands", json={"audio_wav_base64": "A" * 720_000}).status_code == 413


def test_fifteen_seconds_are_taken(client: TestClient) -> None:
    sent = text(wav(np.zeros(15 * RATE, np.int16)))
    response = client.post("/v1/commands", json={"audio_wav_base64": sent})
    assert response.status_code == 200
    assert response.json()["intent"] == {"tool": "none", "reason": "no-speech"}


@pytest.mark.parametrize("count", [0, 1, 511, 513])
def test_hardly_any_sound_is_no_speech(client: TestClient, count: int) -> None:
    sent = text(wav(np.zeros(count, np.int16)))
    response = client.post("/v1/commands", json={"audio_wav_base64": sent})
    assert response.json()["segments"] == []


def test_samples_arrive_as_they_were_sent() -> None:
    sent = np.array([0, 1, -1, 32767, -32768], np.int16)
    assert audio.decode(text(wav(sent))).tolist() == sent.tolist()


@given(st.binary(max_size=80), st.integers(0, 2**32 - 1), st.binary(max_size=64))
@example(b"", 0, b"")
@settings(deadline=None, max_examples=300, database=None)
def test_nothing_but_a_refusal_is_raised(changed: bytes, size: int, rest: bytes) -> None:
    """Whatever stands in the header: samples or a refusal, and no more samples than were sent."""
    data = bytearray(header(size) + rest)
    data[12 : 12 + len(changed)] = changed
    for sent in (bytes(data), header(size) + rest, changed):
        try:
            found = audio.decode(text(sent))
        except Refusal as refusal:
            assert refusal.status == 400
        else:
            assert 2 * len(found) <= len(sent)
