"""Which media type of one side takes what the other side sends as a media type?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.contracts.conformance.reading import Media

_JSON = re.compile(r"(application|text)/json|[^/]+/[^/]+\+json")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "multipart/mixed")
_STRUCTURED = re.compile(r"(application|text)/(xml|yaml|x-yaml)|[^/]+/[^/]+\+(xml|yaml)")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A media type or range in parts. `parameters` are without charset, which changes no value."""

    main: str
    sub: str
    parameters: frozenset[tuple[str, str]]

    def covers(self, other: _Kind) -> bool:
        """True if everything of kind `other` is also of this kind."""
        main = self.main in ("*", other.main)
        sub = self.sub == "*" or (self.sub == other.sub and self.main == other.main)
        return main and sub and self.parameters <= other.parameters

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """How special it is, the more special the higher."""
        return (self.main != "*", self.sub != "*", len(self.parameters))


def covering(sent: Media, offered: Sequence[Media]) -> Media | None:
    """Return the most special of `offered` that takes everything sent as `sent`, None where none does."""
    kind = _parsed(sent.kind)
    fitting = [media for media in offered if _parsed(media.kind).covers(kind)]
    return max(fitting, key=lambda media: _parsed(media.kind).rank, default=None)


def is_json(kind: str) -> bool:
    """True for JSON and for what is written as JSON, such as application/vnd.acme+json."""
    return _JSON.fullmatch(_bare(kind)) is not None


def is_opaque(kind: str) -> bool:
    """True if a body of this kind is a text or bytes to JSON Schema, and not a value with parts."""
    bare = _bare(kind)
    if is_json(kind) or bare in _FORMS or "*" in bare or bare.startswith("multipart/"):
        return False
    return _STRUCTURED.fullmatch(bare) is None


def is_form(kind: str) -> bool:
    """True for forms, whose fields travel as texts."""
    return _bare(kind) in _FORMS


def _bare(kind: str) -> str:
    return kind.partition(";")[0].strip().lower()


def _parsed(kind: str) -> _Kind:
    main, _, sub = _bare(kind).partition("/")
    parameters = set()
    for part in kind.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() not in ("charset", "boundary", "q", ""):
            parameters.add((name.strip().lower(), value.strip().strip('"').lower()))
    return _Kind(main, sub or "*", frozenset(parameters))
