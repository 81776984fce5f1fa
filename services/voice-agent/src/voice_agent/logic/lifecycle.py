"""What has to be in memory before the first request?"""

from __future__ import annotations

import os

from voice_agent.logic import settings
from voice_agent.logic.agent import Agent
from voice_agent.logic.endpoint import Endpoint
from voice_agent.logic.planner import Planner
from voice_agent.model import weights
from voice_agent.model.detector import Detector
from voice_agent.model.grammar import Grammar
from voice_agent.model.recogniser import Recogniser

_agent: Agent | None = None


def load() -> None:
    """Load weights and indexes; may block. Called once in a background thread when the service starts.

    Until it returns, `/readyz` and every operation answer 503. If it raises, they go on doing so.
    """
    global _agent
    _agent = build(settings.read(os.environ))


def build(chosen: settings.Settings) -> Agent:
    """Return an agent for these settings. Raises WeightsError if the weights are not the agreed ones."""
    weights.check()
    grammar = Grammar(weights.GRAMMAR.read_text(encoding="utf-8"))
    dictation = chosen.endpoint is not None  # nothing else can use what it hears
    return Agent(
        Detector(weights.path("silero_vad/data/silero_vad.onnx")),
        [Recogniser(grammar, dictation) for _ in range(chosen.recognisers)],
        Planner(Endpoint(chosen.endpoint) if chosen.endpoint else None),
    )


def agent() -> Agent:
    """Return what `load` built; requests reach this only once it has returned."""
    assert _agent is not None
    return _agent
