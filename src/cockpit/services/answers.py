"""Which template version and which contract was a service generated from, and with which answers?"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cockpit.edges import files
from cockpit.errors import ServiceError
from cockpit.services.rendering import ANSWERS, Answers, package_of

SCHEMA = "cockpit.template/v1"
_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Merging:
    """An update that waits for people: its target, and the sha256 of each conflicting file when it began."""

    version: int
    contract: str | None
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Record:
    """The answers file. `written` maps paths to the sha256 of what the template wrote there.

    A file that still has its digest was not edited by hand.
    """

    version: int
    answers: Answers
    written: Mapping[str, str] = field(default_factory=dict)
    merging: Merging | None = None

    def encode(self) -> bytes:
        """Return the file's content; it names no path of a machine."""
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "template": "service",
            "version": self.version,
            "answers": asdict(self.answers),
            "written": dict(sorted(self.written.items())),
        }
        if self.merging is not None:
            document["merging"] = asdict(self.merging)
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
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", answers.slug):
            raise ValueError(f"{answers.slug[:60]!r} is no slug")
        if answers.package != package_of(answers.slug):
            raise ValueError(f"{answers.package[:60]!r} is not the package of {answers.slug}")
        return Record(_number(found["version"]), answers, _texts(found["written"]), _merging(found))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ServiceError(
            f"{name} does not read: {str(error)[:200]}",
            do=f"restore it: git checkout -- {name}",
            code="answers-unread",
            path=name,
        ) from error


def _merging(found: dict[str, Any]) -> Merging | None:
    begun = found.get("merging")
    if begun is None:
        return None
    contract = None if begun["contract"] is None else _text(begun["contract"])
    return Merging(_number(begun["version"]), contract, _texts(begun["files"]))


def _texts(value: Any) -> dict[str, str]:
    return {_text(key): _text(item) for key, item in value.items()}


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{str(value)[:60]!r} is no number")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{str(value)[:60]!r} is no text")
    return value
