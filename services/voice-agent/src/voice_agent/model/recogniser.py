"""What was said? PocketSphinx: the command grammar, checked against free phones; dictation on demand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pocketsphinx import Decoder, Segment

from voice_agent.model import weights
from voice_agent.model.detector import RATE, Span
from voice_agent.model.grammar import Grammar

# What fits worse than this, against free phones, was not said: the sentence as a whole, or one of its words.
# In nats a frame. Chosen by evaluate.py on its tuning split: each refuses 3 % of what was heard right.
LEAST_FIT, LEAST_WORD_FIT = -0.78, -2.35
_SHORTEST_WORD = 8  # frames; "the" and "in" are over before a fit means anything
# In frames: speech that the sentence leaves over before it, as in "do not open the door", and after it, as in
# "turn on the lights now". Half way between commands (2 and 25 at most) and these (14 and 47 at least); the
# detector closes late, so silence behind a command counts as speech for a while.
MOST_BEFORE, MOST_AFTER = 8, 36
_FRAME = RATE // 100
_DITHER = 0.0003  # of full scale; the decoder's features break on digital silence, see RPT-0003
_MODEL = "pocketsphinx/model/en-us"
# The decoder counts in logarithms to the base 1.0001, shifted right by ten bits.
_NATS = 1024 * math.log(1.0001)


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence of the grammar, with what tells whether it was said.

    `fit` and `word_fit` say how much better than free phones the sentence and its worst word fit, in nats a
    frame; `before` and `after` how much speech it leaves over on its sides, in frames of 10 ms.
    """

    sentence: str
    fit: float
    word_fit: float
    before: int
    after: int

    @property
    def sure(self) -> bool:
        """True if the sentence was said, and nothing else, as far as the sound can tell."""
        fits = self.fit >= LEAST_FIT and self.word_fit >= LEAST_WORD_FIT
        return fits and self.before <= MOST_BEFORE and self.after <= MOST_AFTER


class Recogniser:
    """Decoders for one utterance at a time: NOT safe to share between threads."""

    def __init__(self, grammar: Grammar, dictation: bool) -> None:
        self._grammar = grammar
        self._commands = _decoder(lm=None)
        for line in weights.PRONUNCIATIONS.read_text(encoding="utf-8").splitlines():
            self._commands.add_word(*line.split(" ", 1), True)
        self._commands.add_jsgf_string("commands", grammar.text)
        self._commands.activate_search("commands")
        # Context-free phones and narrow beams: a third of the time, and the same separation.
        self._phones = _decoder(
            lm=None, allphone=_model("en-us-phone.lm.bin"), allphone_ci=True, lw=2.0, beam=1e-10, pbeam=1e-10
        )
        self._dictation = _decoder(lm=_model("en-us.lm.bin"), maxhmmpf=2000, maxwpf=10) if dictation else None

    def command(self, utterance: NDArray[np.int16], speech: Span) -> Heard | None:
        """Return the sentence of the grammar that fits an utterance best, None without one.

        `utterance` is mono at 16 kHz, and `speech` says where in it the detector found speech.
        """
        sound = _dithered(utterance)
        sentence, score = _decode(self._commands, sound)
        if not self._grammar.holds(sentence):
            return None
        _, free = _decode(self._phones, sound)
        words = [part for part in self._commands.seg() if part.word[0] not in "<["]
        frames = max(1, self._phones.n_frames())
        return Heard(
            sentence,
            _NATS * (score - free) / frames,
            self._word_fit(words, frames),
            words[0].start_frame - speech.begin // _FRAME,
            speech.end // _FRAME - words[-1].end_frame - 1,
        )

    def _word_fit(self, words: Sequence[Segment], frames: int) -> float:
        """Return the fit of the worst of `words`, against the phones that were heard last."""
        log = self._commands.get_logmath().log
        free = np.zeros(frames + 1)  # sums: what the phones score up to each frame
        for phone in self._phones.seg() or ():
            place = slice(phone.start_frame + 1, min(phone.end_frame, frames - 1) + 2)
            length = phone.end_frame - phone.start_frame + 1
            free[place] = (log(phone.ascore) + log(phone.lscore)) / length
        free = free.cumsum()
        fits = [0.0]
        for word in words:
            begin, end = word.start_frame, min(word.end_frame + 1, frames)
            if end - begin >= _SHORTEST_WORD:
                # Words are scored in whole logarithms, phones in shifted ones.
                score = log(word.ascore) / 1024 - (free[end] - free[begin])
                fits.append(_NATS * float(score) / (end - begin))
        return min(fits)

    def dictate(self, utterance: NDArray[np.int16]) -> str:
        """Return what was said in free words, "" if nothing came out or dictation is not loaded."""
        if self._dictation is None:
            return ""
        return _decode(self._dictation, _dithered(utterance))[0]


def _decoder(**options: object) -> Decoder:
    # Batch normalisation: over the utterance alone, and not over what was said before it.
    return Decoder(
        samprate=RATE,
        hmm=_model("en-us"),
        dict=_model("cmudict-en-us.dict"),
        cmn="batch",
        loglevel="FATAL",
        **options,
    )


def _model(name: str) -> str:
    return str(weights.path(f"{_MODEL}/{name}"))


def _decode(decoder: Decoder, sound: bytes) -> tuple[str, float]:
    """Return the words and their score; "" and negative infinity where nothing fits."""
    if not sound:
        return "", -math.inf
    # New features (0.1 ms) forget the noise that was heard before, which a new utterance alone does not.
    decoder.reinit_feat()
    decoder.start_utt()
    try:
        decoder.process_raw(sound, full_utt=True)
    finally:
        decoder.end_utt()
    best = decoder.hyp()
    if best is None:
        return "", -math.inf
    return best.hypstr, decoder.get_logmath().log(best.best_score)


def _dithered(samples: NDArray[np.int16]) -> bytes:
    """Return the samples with a little noise, the same each time: equal requests get equal answers."""
    noise = np.random.default_rng(0).normal(0, _DITHER * 32768, len(samples))
    return np.clip(np.rint(samples + noise), -32768, 32767).astype(np.int16).tobytes()
