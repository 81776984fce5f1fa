"""What does each operation answer? One function an operation; write them here."""

from __future__ import annotations

from voice_agent.api import models
from voice_agent.logic import audio, lifecycle


def create_command(body: models.CommandRequest) -> models.CommandReply:
    """Turn one spoken command into a tool call."""
    return lifecycle.agent().answer(audio.decode(body.audio_wav_base64))
