"""Which tool does a transcript ask for? The rules first; what they do not know goes to the endpoint."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from voice_agent.api import models

_MOVE = re.compile(
    r"(?P<action>turn on|turn off|open|close) the (?P<thing>lights|door|window|heating)"
    r"(?: in the (?P<room>kitchen|bedroom|office|garage))?"
)
_HEAT = re.compile(
    r"set (?P<room>kitchen|bedroom|office|garage) temperature to "
    r"(?P<celsius>fifteen|eighteen|twenty two|twenty)"
)
_CELSIUS = {"fifteen": 15, "eighteen": 18, "twenty": 20, "twenty two": 22}


@dataclass(frozen=True, slots=True)
class Planned:
    """An intent, and who chose it."""

    intent: models.Intent
    by: models.PlannedBy


class Adapter(Protocol):
    """One way to choose a tool."""

    def choose(self, transcript: str) -> models.Intent | None:
        """Return the intent of a transcript, None where this adapter has no answer. Never raises."""
        ...


class Rules:
    """The meaning of every sentence of the command grammar. Costs nothing, and sends nothing anywhere."""

    def choose(self, transcript: str) -> models.Intent | None:
        """Return the intent of a whole sentence of the grammar, None for any other text."""
        if transcript == "list open tasks":
            return models.ListTasks(tool="list_tasks", args=models.TaskArgs(state="open"), confirm=False)
        if found := _HEAT.fullmatch(transcript):
            args = {"room": found["room"], "celsius": _CELSIUS[found["celsius"]]}
            return models.SetTemperature(
                tool="set_temperature", args=models.TemperatureArgs.model_validate(args), confirm=False
            )
        if found := _MOVE.fullmatch(transcript):
            return _moved(found["action"], found["thing"], found["room"])
        return None


class Planner:
    """Asks the rules, then the endpoint if there is one. A transcript that the rules know stays here."""

    def __init__(self, endpoint: Adapter | None = None) -> None:
        self._rules = Rules()
        self._endpoint = endpoint

    def plan(self, transcript: str) -> Planned:
        """Return the intent of a transcript; `not-understood` where nobody has an answer."""
        intent = self._rules.choose(transcript)
        if intent is None and self._endpoint is not None and transcript:
            intent = self._endpoint.choose(transcript)
            if intent is not None:
                return Planned(intent, "endpoint")
        return Planned(intent or models.NoIntent(tool="none", reason="not-understood"), "grammar")


def _moved(action: str, thing: str, room: str | None) -> models.Intent:
    """Devices are turned, openings are opened; the grammar also holds the combinations that make no sense."""
    if thing in ("lights", "heating") and action.startswith("turn"):
        switch = {"device": thing, "room": room, "state": action.removeprefix("turn ")}
        return models.SwitchDevice(
            tool="switch_device", args=models.SwitchArgs.model_validate(switch), confirm=False
        )
    if thing in ("door", "window") and not action.startswith("turn"):
        opens = action == "open"
        opening = {"opening": thing, "room": room, "position": "open" if opens else "closed"}
        return models.MoveOpening(
            tool="move_opening", args=models.OpeningArgs.model_validate(opening), confirm=opens
        )
    return models.NoIntent(tool="none", reason="not-possible")
