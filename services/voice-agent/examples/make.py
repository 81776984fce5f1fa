"""How were the recordings in this folder made? `uv run python examples/make.py` writes them anew.

espeak-ng says them (`apt install espeak-ng`); the tests need the files alone.
"""

from __future__ import annotations

import sys
import wave
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from evaluate import RATE, spoken

RECORDINGS = {
    "open-the-window": ("open the window", "en-us"),
    "turn-off-the-lights-in-the-kitchen": ("turn off the lights in the kitchen", "en-gb"),
    "set-office-temperature-to-twenty": ("set office temperature to twenty", "en-us"),
    "list-open-tasks": ("list open tasks", "en-us+f3"),
    "close-the-door-in-the-garage": ("close the door in the garage", "en-gb"),
    "turn-on-the-door": ("turn on the door", "en-us"),
    "do-not-open-the-door": ("do not open the door", "en-us"),
    "no-command": ("could you read me the news", "en-us"),
}
_MARGIN = RATE // 10


def main() -> None:
    """Write every recording, a tenth of a second of silence around the speech."""
    for name, (sentence, voice) in RECORDINGS.items():
        sound = spoken(sentence, voice, 175)
        loud = np.flatnonzero(np.abs(sound) > 1e-3)
        cut = sound[max(0, loud[0] - _MARGIN) : loud[-1] + _MARGIN]
        with wave.open(str(Path(__file__).parent / f"{name}.wav"), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
            file.writeframes(np.rint(cut * 32767).astype("<i2").tobytes())


if __name__ == "__main__":
    main()
