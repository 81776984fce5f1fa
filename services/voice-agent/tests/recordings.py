"""Which recordings do the tests use? Those in examples/, which espeak-ng said once; it is not needed here."""

from __future__ import annotations

import base64
import io
import struct
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

EXAMPLES = Path(__file__).parents[1] / "examples"
RATE = 16_000


def samples(name: str) -> NDArray[np.int16]:
    """Return the samples of examples/<name>.wav."""
    with wave.open(str(EXAMPLES / f"{name}.wav")) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.int16)


def wav(sound: NDArray[np.generic], *, channels: int = 1, width: int = 2, rate: int = RATE) -> bytes:
    """Return a WAV file of these parameters."""
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", "not compressed"))
        file.writeframes(sound.tobytes())
    return data.getvalue()


def header(size: int, *, form: int = 1, riff: bytes = b"RIFF") -> bytes:
    """Return the 44 bytes of a header that claims `size` bytes of samples; `form` 1 is PCM."""
    fields = struct.pack("<IHHIIHH", 16, form, 1, RATE, 2 * RATE, 2, 16)
    return (
        riff
        + struct.pack("<I", (36 + size) % 2**32)
        + b"WAVEfmt "
        + fields
        + b"data"
        + struct.pack("<I", size)
    )


def text(data: bytes) -> str:
    """Return bytes in base64."""
    return base64.b64encode(data).decode()
