# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy<2.5", "onnxruntime<2", "pocketsphinx==5.1.1", "silero-vad==6.2.3"]
# [tool.uv]
# exclude-newer = "2026-11-20T00:00:00Z"
# exclude-dependencies = ["sounddevice", "torch", "torchaudio"]
# ///
"""Voice agent: from a spoken command to its words.

Research code, kept as the evidence behind RPT-0003; the service was written anew, and the RPT has its
figures. espeak-ng says 58 commands (`apt install espeak-ng`), Silero's detector cuts out the speech, and
PocketSphinx decodes it with a grammar:

    OMP_NUM_THREADS=1 uv run prototypes/voice_agent.py

Printed on 2026-11-24: 32 of 58 right in the voice en-us, 25 in en-gb, and 58 in en-us with noise of 1 % of
full scale. Noise helps because the silence of a synthesiser is exactly zero, which the decoder cannot take.
It hears a command in every other sentence too: it knows nothing else.
"""

import io
import subprocess
import time
import wave
from importlib.util import find_spec

import numpy as np
import onnxruntime
from pocketsphinx import Decoder

RATE, WINDOW = 16_000, 512
GRAMMAR = """#JSGF V1.0;
grammar c;
public <cmd> = <act> <what> [in the <room>] | set <room> temperature to <num> | list open tasks ;
<act> = turn on | turn off | open | close ;
<what> = the lights | the door | the window | the heating ;
<room> = kitchen | bedroom | office | garage ;
<num> = fifteen | eighteen | twenty | twenty two ;
"""


def speech_detector():
    """Silero's network as a function from samples to the probability of speech in each window."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    folder = find_spec("silero_vad").submodule_search_locations[0]
    network = onnxruntime.InferenceSession(f"{folder}/data/silero_vad.onnx", options)

    def detect(sound):
        state, context, found = np.zeros((2, 1, 128), np.float32), np.zeros(64, np.float32), []
        for i in range(0, len(sound) - WINDOW + 1, WINDOW):
            window = sound[i : i + WINDOW]
            given = np.r_[context, window][None].astype(np.float32)
            out, state = network.run(None, {"input": given, "state": state, "sr": np.array(RATE, np.int64)})
            context = window[-64:]
            found.append(out[0, 0])
        return np.array(found)

    return detect


def say(text, voice, noise):
    """What espeak-ng says, at 16 kHz, with half a second of silence around it and white noise on top."""
    argv = ["espeak-ng", "-v", voice, "-s", "150", "--stdout", text]
    with wave.open(io.BytesIO(subprocess.run(argv, capture_output=True, check=True).stdout)) as file:
        rate, said = file.getframerate(), np.frombuffer(file.readframes(10**8), np.int16) / 32768
    n = int(len(said) * RATE / rate)
    sound = np.interp(np.arange(n) * rate / RATE, np.arange(len(said)), said)
    sound = np.r_[np.zeros(8000), sound, np.zeros(8000)]
    return sound + np.random.default_rng(0).normal(0, noise, len(sound))


def commands():
    """58 of the grammar's sentences."""
    for action in ("turn on", "turn off", "open", "close"):
        for what in ("the lights", "the door", "the window", "the heating"):
            for place in ("", " in the kitchen", " in the office"):
                yield f"{action} {what}{place}"
    for room in ("kitchen", "bedroom", "garage"):
        for number in ("fifteen", "eighteen", "twenty"):
            yield f"set {room} temperature to {number}"
    yield "list open tasks"


def main():
    """Say, detect, decode, count."""
    detect = speech_detector()
    decoder = Decoder(samprate=RATE, loglevel="FATAL", lm=None)
    decoder.add_jsgf_string("g", GRAMMAR)
    decoder.activate_search("g")
    for voice, noise in (("en-us", 0), ("en-gb", 0), ("en-us", 0.01)):
        right, times, missed = 0, [], []
        for sentence in commands():
            sound = say(sentence, voice, noise)
            speech = np.flatnonzero(detect(sound) > 0.5)
            cut = sound[max(0, speech[0] * WINDOW - 4800) : (speech[-1] + 1) * WINDOW + 4800]
            begun = time.perf_counter()
            decoder.start_utt()
            decoder.process_raw((cut * 32767).astype(np.int16).tobytes(), full_utt=True)
            decoder.end_utt()
            times.append((time.perf_counter() - begun) / (len(cut) / RATE))
            heard = decoder.hyp().hypstr if decoder.hyp() else ""
            right += heard == sentence
            if heard != sentence:
                missed.append((sentence, heard))
        print(f"{voice}, noise {noise}: {right} of 58 right, real time factor {np.median(times):.3f}")
        for sentence, heard in missed[:3]:
            print(f"    said {sentence!r}, heard {heard!r}")


if __name__ == "__main__":
    main()
