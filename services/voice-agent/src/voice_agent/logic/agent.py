"""From a recording to an intent: where is speech, what was said, which tool is that?"""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice_agent.api import models
from voice_agent.logic.planner import Planner
from voice_agent.logic.refusal import Refusal
from voice_agent.model.detector import RATE, Detector, Span, cut
from voice_agent.model.recogniser import Recogniser

_log = logging.getLogger(__name__)
_LONGEST = 6 * RATE  # samples; the longest command takes 3 s, and decoding costs time for every second
_WAIT_S = 2.0


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard, by whom, and how well it fits (None unless the grammar heard a sentence)."""

    text: str = ""
    by: models.HeardBy = "nobody"
    fit: float | None = None


class Agent:
    """Answers recordings from any number of threads, each with a recogniser for one utterance."""

    def __init__(self, detector: Detector, recognisers: Sequence[Recogniser], planner: Planner) -> None:
        self._detector = detector
        self._planner = planner
        self._free: queue.SimpleQueue[Recogniser] = queue.SimpleQueue()
        for recogniser in recognisers:
            self._free.put(recogniser)

    def answer(self, samples: NDArray[np.int16]) -> models.CommandReply:
        """Return the reply to a recording (mono, 16 kHz). Raises Refusal (429) if nobody is free."""
        begun = time.perf_counter()
        spans = self._detector.spans(samples)
        heard = self._hear(samples, spans) if spans else Transcript()
        recognised = time.perf_counter()
        reply = self._reply(spans, heard)
        self._note(reply, len(samples), recognised - begun, time.perf_counter() - recognised)
        return reply

    def _hear(self, samples: NDArray[np.int16], spans: Sequence[Span]) -> Transcript:
        utterance, speech = cut(samples, spans)
        if speech.end - speech.begin > _LONGEST:
            return Transcript()
        with self._borrowed() as recogniser:
            found = recogniser.command(utterance, speech)
            if found is not None and found.sure:
                return Transcript(found.sentence, "grammar", round(found.fit, 3))
            words = recogniser.dictate(utterance)
        return Transcript(words[:500], "dictation") if words else Transcript()

    def _reply(self, spans: Sequence[Span], heard: Transcript) -> models.CommandReply:
        if spans:
            planned = self._planner.plan(heard.text)
            intent, by = planned.intent, planned.by
        else:
            intent, by = models.NoIntent(tool="none", reason="no-speech"), "grammar"
        if heard.by == "dictation" and not isinstance(intent, models.NoIntent):
            intent = intent.model_copy(update={"confirm": True})
        return models.CommandReply(
            segments=[
                models.Segment(start_s=round(span.begin / RATE, 3), end_s=round(span.end / RATE, 3))
                for span in spans
            ],
            transcript=heard.text,
            heard_by=heard.by,
            fit=heard.fit,
            intent=intent,
            planned_by=by,
        )

    @contextmanager
    def _borrowed(self) -> Iterator[Recogniser]:
        try:
            recogniser = self._free.get(timeout=_WAIT_S)
        except queue.Empty:
            said = "every recogniser is busy; send the recording again in a few seconds"
            raise Refusal(429, models.Refused(code="busy", message=said)) from None
        try:
            yield recogniser
        finally:
            self._free.put(recogniser)

    def _note(self, reply: models.CommandReply, samples: int, heard_s: float, planned_s: float) -> None:
        """Write the command log's line: what was asked of the home, neither the words nor the sound."""
        fields = reply.model_dump(include={"heard_by", "planned_by", "fit", "intent"})
        fields |= {
            "recording_s": round(samples / RATE, 2),
            "heard_ms": round(1000 * heard_s, 1),
            "planned_ms": round(1000 * planned_s, 1),
        }
        _log.info("command", extra={"fields": fields})
