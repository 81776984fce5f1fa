"""Where in a recording is speech? Silero's voice activity detector, and hysteresis over what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

RATE = 16_000  # Hz; everything below is in samples of this rate
_WINDOW = 512  # what the network takes at a time: 32 ms
_CONTEXT = 64  # samples of the window before, which the network wants to see again
_BEGIN, _END = 0.5, 0.35  # probabilities at which speech begins, and below which it may end
_PAUSE = 10  # windows: a silence of less than 320 ms is a pause inside a command


@dataclass(frozen=True, slots=True)
class Span:
    """Speech from `begin` to before `end`, in samples."""

    begin: int
    end: int


MARGIN = int(0.3 * RATE)  # samples kept around speech: decoders want to hear silence on both sides


def cut(samples: NDArray[np.int16], spans: Sequence[Span]) -> tuple[NDArray[np.int16], Span]:
    """Return the utterance that reaches over all spans, with its margins, and where in it speech is."""
    begin, end = spans[0].begin, spans[-1].end
    first = max(0, begin - MARGIN)
    return samples[first : end + MARGIN], Span(begin - first, end - first)


class Detector:
    """The network. Calls share nothing, so any number of threads may call at once."""

    def __init__(self, weights: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])

    def spans(self, samples: NDArray[np.int16]) -> list[Span]:
        """Return where speech is in `samples` (mono, 16 kHz), in order, without overlap."""
        return spans_of(self.probabilities(samples), len(samples))

    def probabilities(self, samples: NDArray[np.int16]) -> list[float]:
        """Return the probability of speech for every window of 512 samples, the last one padded."""
        padded = np.zeros(-(-len(samples) // _WINDOW) * _WINDOW, np.float32)
        padded[: len(samples)] = samples.astype(np.float32) / 32768
        state = np.zeros((2, 1, 128), np.float32)
        context = np.zeros(_CONTEXT, np.float32)
        rate = np.array(RATE, np.int64)
        found = []
        for window in padded.reshape(-1, _WINDOW):
            given = {"input": np.concatenate([context, window])[None], "state": state, "sr": rate}
            probability, state = self._session.run(None, given)
            context = window[-_CONTEXT:]
            found.append(float(probability[0, 0]))
        return found


def spans_of(probabilities: Sequence[float], length: int) -> list[Span]:
    """Return the spans of speech in a recording of `length` samples, from the windows' probabilities."""
    spans: list[Span] = []
    begin = last = -1  # the first and the last window of the span that is open; -1 without one
    for index, probability in enumerate(probabilities):
        if begin < 0:
            if probability >= _BEGIN:
                begin = last = index
        elif probability >= _END:
            last = index
        elif index - last >= _PAUSE:
            spans.append(_span(begin, last, length))
            begin = -1
    if begin >= 0:
        spans.append(_span(begin, last, length))
    return spans


def _span(first: int, last: int, length: int) -> Span:
    return Span(first * _WINDOW, min((last + 1) * _WINDOW, length))
