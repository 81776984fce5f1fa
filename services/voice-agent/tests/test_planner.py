"""Does every sentence of the grammar have its one meaning, and no other text any?"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from voice_agent.api import models
from voice_agent.logic.planner import Planner, Rules
from voice_agent.model import weights
from voice_agent.model.grammar import Grammar

ROOMS = ("kitchen", "bedroom", "office", "garage")
NUMBERS = {"fifteen": 15, "eighteen": 18, "twenty": 20, "twenty two": 22}
GRAMMAR = Grammar(weights.GRAMMAR.read_text(encoding="utf-8"))
NOT_POSSIBLE = {"tool": "none", "reason": "not-possible"}


def meanings() -> dict[str, dict[str, Any]]:
    """Every sentence of the grammar with its intent, written out another way than the planner does."""
    found: dict[str, dict[str, Any]] = {}
    for room, (word, celsius) in product(ROOMS, NUMBERS.items()):
        args = {"room": room, "celsius": celsius}
        found[f"set {room} temperature to {word}"] = {
            "tool": "set_temperature",
            "args": args,
            "confirm": False,
        }
    for room in (None, *ROOMS):
        place = f" in the {room}" if room else ""
        for thing in ("lights", "heating"):
            for state in ("on", "off"):
                args = {"device": thing, "room": room, "state": state}
                found[f"turn {state} the {thing}{place}"] = {
                    "tool": "switch_device",
                    "args": args,
                    "confirm": False,
                }
            found[f"open the {thing}{place}"] = found[f"close the {thing}{place}"] = NOT_POSSIBLE
        for thing in ("door", "window"):
            for verb, position in (("open", "open"), ("close", "closed")):
                args = {"opening": thing, "room": room, "position": position}
                intent = {"tool": "move_opening", "args": args, "confirm": verb == "open"}
                found[f"{verb} the {thing}{place}"] = intent
            found[f"turn on the {thing}{place}"] = found[f"turn off the {thing}{place}"] = NOT_POSSIBLE
    found["list open tasks"] = {"tool": "list_tasks", "args": {"state": "open"}, "confirm": False}
    return found


MEANINGS = meanings()


def test_there_are_97_sentences() -> None:
    assert len(MEANINGS) == 97


@pytest.mark.parametrize(("sentence", "intent"), MEANINGS.items(), ids=MEANINGS)
def test_every_command_has_its_intent(sentence: str, intent: dict[str, Any]) -> None:
    planned = Planner().plan(sentence)
    assert planned.intent.model_dump() == intent
    assert planned.by == "grammar"
    assert GRAMMAR.holds(sentence)


def test_the_beginning_of_a_sentence_is_none() -> None:
    """The decoder answers with beginnings where the sound stops fitting."""
    for sentence in MEANINGS:
        words = sentence.split()
        for count in range(len(words)):
            begun = " ".join(words[:count])
            assert GRAMMAR.holds(begun) == (begun in MEANINGS), begun
            assert (Rules().choose(begun) is None) == (begun not in MEANINGS), begun


@pytest.mark.parametrize(
    "text",
    [
        "",
        "turn on the lights please",
        "do not open the door",
        "open the door open the door",
        "set kitchen temperature to twenty one",
        "set temperature to twenty",
        "turn on the lights in the cellar",
        "OPEN THE DOOR",
        "open  the door",
        "list open tasks\n",
    ],
)
def test_other_texts_mean_nothing(text: str) -> None:
    assert Planner().plan(text).intent == models.NoIntent(tool="none", reason="not-understood")
    assert not GRAMMAR.holds(text)


class Spy:
    """An endpoint that answers always, and notes what it was sent."""

    def __init__(self, answer: models.Intent | None) -> None:
        self.answer = answer
        self.sent: list[str] = []

    def choose(self, transcript: str) -> models.Intent | None:
        self.sent.append(transcript)
        return self.answer


def test_what_the_rules_know_is_never_sent_out() -> None:
    spy = Spy(models.NoIntent(tool="none", reason="not-understood"))
    for sentence in MEANINGS:
        Planner(spy).plan(sentence)
    Planner(spy).plan("")
    assert spy.sent == []


def test_the_endpoint_gets_the_rest() -> None:
    lights = models.SwitchDevice.model_validate(MEANINGS["turn on the lights"])
    planned = Planner(Spy(lights)).plan("it is dark in here")
    assert (planned.intent, planned.by) == (lights, "endpoint")


def test_a_failed_endpoint_leaves_what_the_rules_say() -> None:
    planned = Planner(Spy(None)).plan("it is dark in here")
    assert planned.intent == models.NoIntent(tool="none", reason="not-understood")
    assert planned.by == "grammar"
