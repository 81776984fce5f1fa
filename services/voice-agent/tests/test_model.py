"""Is speech found where it is, and heard as it was said?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from recordings import RATE, samples
from voice_agent.model import weights
from voice_agent.model.detector import Detector, Span, cut, spans_of
from voice_agent.model.grammar import Grammar
from voice_agent.model.recogniser import MOST_BEFORE, Heard, Recogniser

HEARD = {
    "open-the-window": "open the window",
    "turn-off-the-lights-in-the-kitchen": "turn off the lights in the kitchen",
    "set-office-temperature-to-twenty": "set office temperature to twenty",
    "list-open-tasks": "list open tasks",
    "close-the-door-in-the-garage": "close the door in the garage",
    "turn-on-the-door": "turn on the door",
}


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(weights.path("silero_vad/data/silero_vad.onnx"))


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(Grammar(weights.GRAMMAR.read_text(encoding="utf-8")), dictation=False)


def test_speech_is_found_where_it_is(detector: Detector) -> None:
    """Half a second of silence in front moves the span by half a second."""
    sound = samples("open-the-window")
    (first,) = detector.spans(sound)
    (moved,) = detector.spans(np.pad(sound, (RATE // 2, RATE)))
    assert 0.05 * RATE <= first.begin <= 0.2 * RATE
    assert 0.8 * RATE <= first.end <= 1.1 * RATE
    assert abs(moved.begin - first.begin - RATE // 2) <= 0.15 * RATE
    assert abs(moved.end - first.end - RATE // 2) <= 0.15 * RATE


def test_two_sentences_are_two_spans(detector: Detector) -> None:
    apart = np.concatenate([samples("list-open-tasks"), np.zeros(RATE, np.int16), samples("open-the-window")])
    first, second = detector.spans(apart)
    assert first.end + 0.9 * RATE < second.begin


@pytest.mark.parametrize("kind", ["silence", "hiss", "hum", "clicks"])
def test_there_is_no_speech_in_other_sounds(detector: Detector, kind: str) -> None:
    time = np.arange(3 * RATE)
    sounds = {
        "silence": np.zeros(3 * RATE),
        "hiss": np.random.default_rng(1).normal(0, 3000, 3 * RATE),
        "hum": 8000 * np.sin(2 * np.pi * 50 * time / RATE),
        "clicks": np.where(time % 4000 < 3, 30000, 0),
    }
    assert detector.spans(sounds[kind].clip(-32768, 32767).astype(np.int16)) == []


@given(st.lists(st.floats(0, 1), max_size=120), st.integers(1, 512))
def test_spans_are_in_order_and_inside(probabilities: list[float], last: int) -> None:
    length = max(0, (len(probabilities) - 1) * 512 + last) if probabilities else 0
    spans = spans_of(probabilities, length)
    edges = [edge for span in spans for edge in (span.begin, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= span.begin < span.end <= length for span in spans)
    spoken = {index for index, p in enumerate(probabilities) if p >= 0.5}
    covered = {index for s in spans for index in range(s.begin // 512, -(-s.end // 512))}
    assert spoken <= covered


def test_a_short_pause_joins_and_a_long_one_parts() -> None:
    assert spans_of([0.9, *[0.0] * 9, 0.9], 11 * 512) == [Span(0, 11 * 512)]
    assert spans_of([0.9, *[0.0] * 10, 0.9], 12 * 512) == [Span(0, 512), Span(11 * 512, 12 * 512)]
    assert spans_of([0.4, 0.9, 0.4, 0.3], 4 * 512) == [Span(512, 3 * 512)], "it goes on above the lower limit"


def hear(recogniser: Recogniser, detector: Detector, sound: NDArray[np.int16]) -> Heard | None:
    """Return what the recogniser hears where the detector finds speech."""
    return recogniser.command(*cut(sound, detector.spans(sound)))


@pytest.mark.parametrize(("name", "sentence"), HEARD.items(), ids=HEARD)
def test_commands_are_heard(recogniser: Recogniser, detector: Detector, name: str, sentence: str) -> None:
    heard = hear(recogniser, detector, samples(name))
    assert heard is not None
    assert (heard.sentence, heard.sure) == (sentence, True)


@pytest.mark.parametrize("name", ["no-command", "do-not-open-the-door"])
def test_other_speech_is_not_taken_for_a_command(
    recogniser: Recogniser, detector: Detector, name: str
) -> None:
    heard = hear(recogniser, detector, samples(name))
    assert heard is None or not heard.sure


def test_words_around_a_command_are_speech_left_over(recogniser: Recogniser, detector: Detector) -> None:
    """The decoder takes "do not" for silence; the detector knows better."""
    heard = hear(recogniser, detector, samples("do-not-open-the-door"))
    assert heard is not None
    assert heard.sentence == "open the door"
    assert heard.before > MOST_BEFORE
    alone = hear(recogniser, detector, samples("open-the-window"))
    assert alone is not None
    assert alone.before <= MOST_BEFORE // 2


@pytest.mark.parametrize("count", [0, 1, 160, 1600])
def test_hardly_any_sound_is_no_command(recogniser: Recogniser, count: int) -> None:
    heard = recogniser.command(np.zeros(count, np.int16), Span(0, count))
    assert heard is None or not heard.sure


def test_an_answer_does_not_depend_on_who_spoke_before(recogniser: Recogniser, detector: Detector) -> None:
    for name in HEARD:
        alone = hear(recogniser, detector, samples(name))
        hear(recogniser, detector, samples("no-command"))
        noise = np.random.default_rng(2).integers(-9000, 9000, RATE).astype(np.int16)
        recogniser.command(noise, Span(0, RATE))
        assert hear(recogniser, detector, samples(name)) == alone


def test_one_detector_serves_threads(detector: Detector) -> None:
    alone = {name: detector.probabilities(samples(name)) for name in HEARD}
    with ThreadPoolExecutor(4) as pool:
        names = [*HEARD] * 3
        for name, found in zip(
            names, pool.map(lambda n: detector.probabilities(samples(n)), names), strict=True
        ):
            assert found == alone[name]


def test_weights_are_the_agreed_ones(tmp_path: Path) -> None:
    weights.check()
    changed = tmp_path / "weights.sha256"
    line = weights.MANIFEST.read_text(encoding="utf-8").splitlines()[0]
    changed.write_text(f"{'0' * 64}  {line.partition('  ')[2]}\n", encoding="utf-8")
    with pytest.raises(weights.WeightsError, match="was agreed"):
        weights.check(changed)
    changed.write_text(f"{'0' * 64}  silero_vad/data/other.onnx\n", encoding="utf-8")
    with pytest.raises(weights.WeightsError, match="missing"):
        weights.check(changed)
    with pytest.raises(weights.WeightsError, match="not installed"):
        weights.path("no_such_package/weights.bin")
