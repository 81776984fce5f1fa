"""The prose is advised on where a reader would stumble, and left alone where none would."""

from __future__ import annotations

import pytest

from cockpit.domain.words import GateVerdict
from cockpit.rpts.reader import read
from support.documents import GOOD, changed, place_of, write

SENTENCE = "A point cloud is a list of points"


def advice(root, text):
    facts = read(write(root, text), root).facts
    (gate,) = [gate for gate in facts.gates if gate.spec.id == "domain.prose"]
    assert (gate.verdict is GateVerdict.FAIL) == bool(gate.problems)
    assert set(gate.problems).isdisjoint(facts.problems)  # advice is no error
    return gate.problems


def told(root, before, *, without_evaluation=False):
    """What is said of the good document with a paragraph put before its first sentence."""
    text = changed((SENTENCE, f"{before}\n\n{SENTENCE}"))
    if without_evaluation:
        text = text.replace("evaluation: {metric: side", "# evaluation: {metric: side")
    return text, [(p.code, p.line, p.column, p.message) for p in advice(root, text)]


LONG = "The first of many words " + "and another word " * 12 + "ends it."
STUMBLES = [
    ("The VAD cuts the audio.", "acronym", "VAD", "VAD is not explained"),
    ("TODO: say which rooms were seen.", "placeholder", "TODO", "'TODO' is left in the text"),
    ("The frame is to be decided.", "placeholder", "to be decided", "'to be decided' is left in the text"),
    (LONG, "long-sentence", "The first of many", "a sentence of 43 words"),
    (f"Short one.\nShort two. {LONG}", "long-sentence", "The first of many", "a sentence of 43 words"),
]


@pytest.mark.parametrize(("before", "code", "at", "message"), STUMBLES, ids=[s[1] for s in STUMBLES])
def test_a_stumble_is_told_at_its_word(tmp_path, before, code, at, message):
    text, found = told(tmp_path, before)
    assert found == [(code, *place_of(text, at), message)]


def test_a_claim_without_a_number_is_told(tmp_path):
    text, found = told(tmp_path, "The accuracy is good.", without_evaluation=True)
    where = place_of(text, "accuracy is good")
    assert found == [("claim-without-number", *where, "accuracy is named without a number near it")]


@pytest.mark.parametrize(
    "before",
    [
        "The voice activity detector (VAD) cuts the audio, and VAD runs on the CPU.",
        "VAD (voice activity detection) comes first.",
        "The HTTP API takes JSON, at F1 0.9 on level L0, in UTF-8 on A4.",
        "Run `TODO.md`, see [the RFC](https://x/RFC8785), and mail a@B2B.example.",
        "The VAD is known. <!-- lint: off -->",
        "| VADX | a table |\n|---|---|",
        "- one long item " + "with many words " * 14,
        "It is stable, e.g. on version 3.1.2. " * 6,
        "The latency is 40 ms in the median.",
        "Two rooms cost half as much as the whole, so the cost is low.",
        "Shown as:\n\n    VADX = indented code\n\nand so on.",
    ],
)
def test_what_nobody_stumbles_over_is_left_alone(tmp_path, before):
    assert told(tmp_path, before, without_evaluation=True)[1] == []


def test_the_good_document_needs_no_advice(tmp_path):
    assert advice(tmp_path, GOOD) == ()


def test_a_thin_section_is_told_and_headings_below_it_count(tmp_path):
    prose = GOOD[GOOD.index("One operation. Points") : GOOD.index("\n\n```yaml rpt:contract")]
    for thin, said in (("", "has no prose"), ("Points in, rooms out.", "has 4 words")):
        text = changed((prose, thin))
        (problem,) = advice(tmp_path, text)
        assert (problem.code, problem.line) == ("thin-section", place_of(text, "# Type Contract")[0])
        assert said in problem.message
    assert advice(tmp_path, changed((prose, f"## Requests\n\n{prose}"))) == ()


@pytest.mark.parametrize("style", ["{term: voxel, meaning: a small cube}", None])
def test_a_term_that_nothing_uses_is_told_at_its_entry(tmp_path, style):
    entry = "  - {term: point cloud, meaning: unordered points of one scan}"
    new = f"{entry}\n  - {style}" if style else "  point cloud: unordered points\n  voxel: a small cube"
    text = changed((entry, new))
    (problem,) = advice(tmp_path, text)
    at = "{term: voxel" if style else "voxel: a small"
    assert (problem.code, problem.line, problem.column) == ("term-unused", *place_of(text, at))


def test_a_term_may_be_used_in_a_block_or_with_another_spelling(tmp_path):
    entry = "  - {term: point cloud, meaning: unordered points of one scan}"
    more = "\n  - {term: Outdoor Scans, meaning: x}\n  - {term: gravity aligned, meaning: x}"
    assert advice(tmp_path, changed((entry, entry + more))) == ()


def test_advice_is_bounded(tmp_path):
    words = " ".join(f"AB{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(200))
    assert len(told(tmp_path, words.replace(" ", ". "))[1]) == 30
