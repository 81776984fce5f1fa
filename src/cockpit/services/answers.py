"""Which template version and which contract was a service generated from, and with which answers?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cockpit.edges import files
from cockpit.errors import ServiceError
from cockpit.services.rendering import ANSWERS, Answers

SCHEMA = "cockpit.template/v1"
_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Record:
    """The answers file. `written` maps paths to the sha256 of what the template wrote there.

    A file that still has its digest was not edited by hand.
    """

    version: int
    answers: Answers
    written: Mapping[str, str] = field(default_factory=dict)

    def encode(self) -> bytes:
        """Return the file's content; it names no path of a machine."""
        document = {
            "schema": SCHEMA,
            "template": "service",
            "version": self.version,
            "answers": asdict(self.answers),
            "written": dict(sorted(self.written.items())),
        }
        return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def digest(data: bytes) -> str:
    """Return the sha256 of a file's content, in hex."""
    return hashlib.sha256(data).hexdigest()


def read(service: Path, shown: str) -> Record:
    """Return the answers file of the service in the folder `service`, which errors call `shown`.

    Raises ServiceError if it is missing or does not read.
    """
    name = f"{shown}/{ANSWERS}"
    if not (service / ANSWERS).exists():
        raise ServiceError(
            f"{name} is missing: {shown}/ was not scaffolded by cockpit",
            do=f"move {shown}/ aside, scaffold, and move your logic back in",
            code="answers-missing",
            path=name,
        )
    try:
        found: Any = json.loads(files.read_bounded(service / ANSWERS, _LIMIT, name))
        if found["schema"] != SCHEMA:
            raise ValueError(f"its schema is {str(found['schema'])[:60]!r}")
        given = found["answers"]
        answers = Answers(*(_text(given[key]) for key in ("slug", "package", "rpt", "title")))
        written = {_text(path): _text(value) for path, value in found["written"].items()}
        return Record(int(found["version"]), answers, written)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ServiceError(
            f"{name} does not read: {str(error)[:200]}",
            do=f"restore it: git checkout -- {name}",
            code="answers-unread",
            path=name,
        ) from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{str(value)[:60]!r} is no text")
    return value
