"""What does the environment say? Read once at start; a secret is named here, and never shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit


class SettingsError(Exception):
    """A variable of the environment cannot be used."""


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """An OpenAI-compatible endpoint and what one call may cost: `timeout_s` in all, `max_tokens` answered."""

    base_url: str
    model: str
    api_key: str | None = field(repr=False)
    timeout_s: float = 2.0
    max_tokens: int = 128


@dataclass(frozen=True, slots=True)
class Settings:
    """`recognisers` is how many utterances are decoded at once; `endpoint` None plans by rules alone."""

    recognisers: int = 1
    endpoint: EndpointSettings | None = None


def read(environ: Mapping[str, str]) -> Settings:
    """Return the settings. Raises SettingsError that names the variable, never the value of a secret."""
    recognisers = int(_number(environ, "VOICE_RECOGNISERS", "1", 1, 16))
    url = environ.get("LLM_BASE_URL", "").strip().rstrip("/")
    if not url:
        return Settings(recognisers)
    if not _is_plain(url):
        raise SettingsError("LLM_BASE_URL must be http(s)://host/path, without a user and a password")
    model = environ.get("LLM_MODEL", "").strip()
    if not model:
        raise SettingsError("LLM_BASE_URL is set and LLM_MODEL is not: name the model to ask for")
    key = environ.get("LLM_API_KEY", "").strip()
    if key and not (key.isascii() and key.isprintable()):
        raise SettingsError("LLM_API_KEY holds characters that no HTTP header can carry")
    return Settings(
        recognisers,
        EndpointSettings(
            url,
            model,
            key or None,
            _number(environ, "LLM_TIMEOUT_S", "2", 0.05, 30),
            int(_number(environ, "LLM_MAX_TOKENS", "128", 16, 4096)),
        ),
    )


def _is_plain(url: str) -> bool:
    """True for http(s) with a host, and without a user and password, which logs would show."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def _number(environ: Mapping[str, str], name: str, default: str, least: float, most: float) -> float:
    try:
        value = float(environ.get(name, default))
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise SettingsError(f"{name} must be a number from {least:g} to {most:g}")
    return value
