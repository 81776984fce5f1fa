"""Which figures stand in RPT-0003, and are they still so? Prints every one of them anew.

    uv run python evaluate.py                            all figures, about eight minutes on one core
    uv run python evaluate.py --recordings FOLDER        also: people's recordings that hold no command

All speech is synthetic: espeak-ng says the sentences, and must be installed (`apt install espeak-ng`). The
threshold is chosen on the tuning split alone; the held-out split has other voices and other non-commands.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import subprocess
import sys
import time
import wave
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "src"))

import numpy as np
from numpy.typing import NDArray

from voice_agent.logic import agent as agents
from voice_agent.logic.planner import Planner
from voice_agent.model import recogniser as recognisers
from voice_agent.model import weights
from voice_agent.model.detector import RATE, Detector, cut
from voice_agent.model.grammar import Grammar
from voice_agent.model.recogniser import LEAST_FIT, LEAST_WORD_FIT, MOST_AFTER, MOST_BEFORE, Heard, Recogniser

Sound = NDArray[np.int16]

ROOMS = ("kitchen", "bedroom", "office", "garage")
COMMANDS = (
    *(
        f"{action} the {thing}{place}"
        for action, thing, place in product(
            ("turn on", "turn off", "open", "close"),
            ("lights", "door", "window", "heating"),
            ("", *(f" in the {room}" for room in ROOMS)),
        )
    ),
    *(
        f"set {room} temperature to {n}"
        for room in ROOMS
        for n in ("fifteen", "eighteen", "twenty", "twenty two")
    ),
    "list open tasks",
)
TUNING_VOICES = ("en-us", "en-gb")
HELD_OUT_VOICES = ("en-us+f3", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-scotland", "en-029")
TUNING_OTHERS = """
what is the weather like tomorrow
play some music please
how long does it take to boil an egg
remind me to call my mother on sunday
turn the volume down a little
who won the football match last night
tell me a story about a dragon
add milk to the shopping list
what time is it in tokyo
please send this letter to the bank
I think we should leave before noon
the cat is sleeping on the sofa
set an alarm for seven in the morning
open your books at page twelve
close your eyes and count to ten
the garage needs a new coat of paint
she turned to look at the window
it is twenty two degrees outside
there are no tasks left for today
yes
no thank you
hello
turn on the radio in the kitchen
list all my friends
open the fridge
turn on the lights in the kitchen now
open the door please
where did I leave my keys
could you read me the news
call the dentist and ask for a new appointment
how far is it to the next village
the lights of the city were beautiful
he opened the letter in the garden
my office is closed on mondays
the heating bill was higher than last year
turn left at the second crossing
turn on the television
close the fridge door
open the box in the cellar
set the table for four people
set a timer for twenty minutes
list the rivers of europe
she said the window was open all night
we had eighteen guests in the garage
twenty two plus fifteen is thirty seven
I would like a cup of tea
stop it right now
good morning
maybe later
what is on the television tonight
the bedroom is at the end of the hall
do not open the door
do not turn off the heating
is the window in the office open
who turned on the lights
why is the kitchen so cold
somebody closed the door in the garage
""".strip().splitlines()
# Written after the rules had been made, and never listened to before the figures were taken.
HELD_OUT_OTHERS = """
did you feed the dog this morning
there is somebody at the front gate
put the kettle on
I have to be at the airport by nine
could you spell your last name
the train was late again yesterday
wake me up when we get there
that was the best film of the year
two coffees and a glass of water
please do not close the window
never open the door to strangers
we must not turn on the heating in the office
I told him to turn off the lights
he forgot to close the door in the garage
they will set bedroom temperature to fifteen
can you list open tasks
have you seen the lights in the bedroom
turn off the water in the garden
turn on the fan in the bedroom
open the curtains in the office
close the garage
close the lid of the piano
set bathroom temperature to thirty
set the clock in the kitchen to eight
list open shops
switch the channel
the door is open and the window is closed
lights out
temperature eighteen office
open the the the
""".strip().splitlines()
PARAPHRASES = """
it is too dark in the kitchen
could you make the bedroom a bit warmer
please switch the lights off in the garage
what do I still have to do today
let some fresh air into the bedroom
it is getting hot in the office
is there anything left on my list
please turn off the lights in the bedroom
would you close the window for me
I am cold
""".strip().splitlines()


@dataclass(slots=True)
class Tally:
    """How commands were heard: right, refused, or taken for another command."""

    name: str
    right: int = 0
    refused: int = 0
    wrong: int = 0
    mistakes: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """How many were said."""
        return self.right + self.refused + self.wrong


class Bench:
    """The service's own agent, with the recogniser within reach."""

    def __init__(self) -> None:
        weights.check()
        grammar = Grammar(weights.GRAMMAR.read_text(encoding="utf-8"))
        self.detector = Detector(weights.path("silero_vad/data/silero_vad.onnx"))
        self.recogniser = Recogniser(grammar, dictation=True)
        self.agent = agents.Agent(self.detector, [Recogniser(grammar, dictation=False)], Planner())

    def heard(self, sound: Sound) -> Heard | None:
        """Return what the recogniser hears, before anybody judges whether it is sure."""
        spans = self.detector.spans(sound)
        return self.recogniser.command(*cut(sound, spans)) if spans else None

    def commands(self, name: str, said: Iterable[tuple[str, Sound]]) -> Tally:
        """Return how the agent heard commands."""
        tally = Tally(name)
        for sentence, sound in said:
            got = self.agent.answer(sound).transcript
            tally.right += got == sentence
            tally.refused += got == ""
            if got not in ("", sentence):
                tally.wrong += 1
                tally.mistakes[f"{sentence.partition(' the ')[0]} -> {got.partition(' the ')[0]}"] += 1
        return tally

    def whole(self, sounds: Iterable[Sound]) -> tuple[int, int]:
        """Return in how many sounds the decoder hears a whole sentence, and how many there are."""
        heard = [self.heard(sound) for sound in sounds]
        return sum(found is not None for found in heard), len(heard)

    def accepted(self, sounds: Iterable[Sound]) -> tuple[int, int]:
        """Return how many sounds without a command were taken for one, and how many there are."""
        heard = [self.agent.answer(sound).transcript for sound in sounds]
        return sum(text != "" for text in heard), len(heard)


@lru_cache(maxsize=4096)
def spoken(sentence: str, voice: str, words_per_minute: int) -> NDArray[np.float64]:
    """Return what espeak-ng says, at 16 kHz and full scale 1, with half a second of silence around it."""
    argv = ["espeak-ng", "-v", voice, "-s", str(words_per_minute), "--stdout", sentence]
    with wave.open(io.BytesIO(subprocess.run(argv, capture_output=True, check=True).stdout)) as file:
        rate = file.getframerate()
        # espeak-ng writes to a pipe and does not know the length: its header claims too much.
        said = np.frombuffer(file.readframes(10**8), "<i2") / 32768
    count = len(said) * RATE // rate
    return np.pad(np.interp(np.arange(count) * rate / RATE, np.arange(len(said)), said), RATE // 2)


def recorded(
    sentence: str, voice: str, *, speed: int = 150, gain: float = 1.0, noise: str = "", snr: float = 0
) -> Sound:
    """Return a recording; `noise` is "white" or "babble", `snr` in dB against the mean power of speech."""
    sound = spoken(sentence, voice, speed)
    power = np.mean(sound[RATE // 2 : -(RATE // 2)] ** 2)
    if noise:
        if noise == "white":
            added = np.random.default_rng(len(sentence)).normal(0, 1, len(sound))
        else:
            talk = (spoken(text, "en-gb", 160) for text in TUNING_OTHERS[:6])
            added = sum(np.resize(part, len(sound)) for part in talk)
        sound = sound + added * np.sqrt(power / 10 ** (snr / 10) / np.mean(added**2))
    return np.clip(np.rint(sound * gain * 32767), -32768, 32767).astype(np.int16)


def said(sentences: Iterable[str], voices: Iterable[str], **how: object) -> Iterator[tuple[str, Sound]]:
    """Every sentence in every voice."""
    for voice, sentence in product(voices, sentences):
        yield sentence, recorded(sentence, voice, **how)


def tune(bench: Bench) -> list[float]:
    """Return the limits that the tuning commands ask for: fits that refuse 3 %, and the most left over."""
    found = [
        heard
        for how in ({}, {"noise": "white", "snr": 15})
        for sentence, sound in said(COMMANDS, TUNING_VOICES, **how)
        if (heard := bench.heard(sound)) and heard.sentence == sentence
    ]
    fits = np.percentile([(heard.fit, heard.word_fit) for heard in found], 3, axis=0)
    left = [max(heard.before for heard in found), max(heard.after for heard in found)]
    return [round(float(fits[0]), 2), round(float(fits[1]), 2), *left]


def word_errors(wanted: Sequence[str], got: Sequence[str]) -> int:
    """Return the edit distance in words."""
    row = list(range(len(got) + 1))
    for i, left in enumerate(wanted, 1):
        before, row[0] = row[0], i
        for j, right in enumerate(got, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return row[-1]


def dictation(bench: Bench) -> float:
    """Return the word error rate of dictation on paraphrases, in the held-out voices."""
    errors = words = 0
    for sentence, sound in said(PARAPHRASES, HELD_OUT_VOICES[:2]):
        spans = bench.detector.spans(sound)
        heard = bench.recogniser.dictate(cut(sound, spans)[0]) if spans else ""
        errors += word_errors(sentence.lower().split(), heard.split())
        words += len(sentence.split())
    return errors / words


def recordings(folder: Path) -> Iterator[Sound]:
    """The recordings in a folder and below it, cut to 15 s: 16 kHz mono WAV, or raw samples (*.raw)."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".raw":
            yield np.fromfile(path, "<i2")[: 15 * RATE]
        elif path.suffix == ".wav":
            try:
                with wave.open(str(path)) as file:
                    if file.getparams()[:3] == (1, 2, RATE):
                        yield np.frombuffer(file.readframes(15 * RATE), "<i2").astype(np.int16)
            except (wave.Error, EOFError):
                continue


def main() -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recordings", type=Path, help="a folder of people's recordings without a command")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    if shutil.which("espeak-ng") is None:
        print(
            "espeak-ng is not installed, and all speech comes from it: apt install espeak-ng", file=sys.stderr
        )
        return 2
    begun = time.perf_counter()
    bench = Bench()
    loaded = time.perf_counter() - begun
    two = HELD_OUT_VOICES[:2]
    tallies = [
        bench.commands("tuning voices, clean", said(COMMANDS, TUNING_VOICES)),
        *(bench.commands(f"held out, {voice}, clean", said(COMMANDS, [voice])) for voice in HELD_OUT_VOICES),
        bench.commands("held out, two voices, white noise 20 dB", said(COMMANDS, two, noise="white", snr=20)),
        bench.commands("held out, two voices, white noise 10 dB", said(COMMANDS, two, noise="white", snr=10)),
        bench.commands("held out, two voices, babble 10 dB", said(COMMANDS, two, noise="babble", snr=10)),
        bench.commands("held out, two voices, 26 dB quieter", said(COMMANDS, two, gain=0.05)),
        bench.commands("held out, two voices, 200 words a minute", said(COMMANDS, two, speed=200)),
    ]
    figures: dict[str, object] = {
        "limits_tuned": tune(bench),
        "limits_used": [LEAST_FIT, LEAST_WORD_FIT, MOST_BEFORE, MOST_AFTER],
        "commands": {t.name: [t.right, t.refused, t.wrong, t.total] for t in tallies},
        "mistaken_held_out_clean": dict(sum((t.mistakes for t in tallies[1:6]), Counter())),
        "others_before_the_questions": bench.whole(s for _, s in said(HELD_OUT_OTHERS, HELD_OUT_VOICES)),
        "others_accepted_tuning": bench.accepted(s for _, s in said(TUNING_OTHERS, TUNING_VOICES)),
        "others_accepted_held_out": bench.accepted(s for _, s in said(HELD_OUT_OTHERS, HELD_OUT_VOICES)),
        "dictation_word_error_rate": round(dictation(bench), 3),
        "load_s": round(loaded, 2),
    }
    times = []
    for _, sound in said(COMMANDS, two):
        begun = time.perf_counter()
        bench.agent.answer(sound)
        times.append(1000 * (time.perf_counter() - begun))
    figures["answer_ms_p50_p95_max"] = [round(float(np.percentile(times, p)), 1) for p in (50, 95, 100)]
    if options.recordings:
        figures["people_accepted"] = bench.accepted(recordings(options.recordings))
    # Last, because it changes the recogniser: what the prototype found without dither.
    recognisers._DITHER = 0.0
    bare = bench.commands("tuning voices, clean, without dither", said(COMMANDS, TUNING_VOICES))
    figures["without_dither"] = [bare.right, bare.refused, bare.wrong, bare.total]
    if options.json:
        print(json.dumps(figures, indent=2))
        return 0
    print(f"{'commands':<44}{'right':>7}{'refused':>9}{'wrong':>7}{'of':>6}")
    for tally in [*tallies, bare]:
        print(f"{tally.name:<44}{tally.right:>7}{tally.refused:>9}{tally.wrong:>7}{tally.total:>6}")
    for name, value in figures.items():
        if name != "commands":
            print(f"{name:<44}{value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
