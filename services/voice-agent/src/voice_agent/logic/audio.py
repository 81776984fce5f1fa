"""Which sound does a request hold? Base64, WAV, 16 kHz, mono, 16 bit, at most 15 s; all else is refused."""

from __future__ import annotations

import base64
import binascii
import io
import wave

import numpy as np
from numpy.typing import NDArray

from voice_agent.api import models
from voice_agent.logic.refusal import Refusal
from voice_agent.model.detector import RATE

LONGEST_S = 15


def decode(text: str) -> NDArray[np.int16]:
    """Return the samples of a WAV file in base64. Raises Refusal (400) that says what to send instead."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _refusal("not-base64", "the audio is no base64; send it padded, without line breaks") from None
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise _refusal("not-wav", "the audio is no WAV file; send RIFF/WAVE with PCM samples")
    try:
        with wave.open(io.BytesIO(data)) as file:
            channels, width, rate, count, *_ = file.getparams()
            samples = file.readframes(min(count, (LONGEST_S + 1) * RATE))
    except (wave.Error, EOFError, ValueError, RuntimeError):
        # Other encodings end here too: the standard library reads PCM alone.
        raise _refusal("wrong-format", "the WAV file is damaged, or is not PCM; send PCM samples") from None
    said = [
        f"{channels} channels, send 1" if channels != 1 else "",
        f"{8 * width} bits, send 16" if width != 2 else "",
        f"{rate} Hz, send {RATE}" if rate != RATE else "",
    ]
    if any(said):
        raise _refusal("wrong-format", f"the WAV file has {'; '.join(filter(None, said))}")
    if count > LONGEST_S * RATE and len(samples) > LONGEST_S * RATE * width:
        raise _refusal("too-long", f"the recording lasts {count / RATE:.1f} s; send at most {LONGEST_S} s")
    if len(samples) != count * width:
        raise _refusal("not-wav", "the WAV file ends before its header says; send it whole")
    return np.frombuffer(samples, "<i2").astype(np.int16)


def _refusal(code: str, message: str) -> Refusal:
    return Refusal(400, models.Refused.model_validate({"code": code, "message": message}))
