"""What is asked of a mock, and what does it reply?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_MOST_FAULTS = 50
_MOST_TEXT = 200
_MOST_INPUT = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: `target` is path and query as they came, header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; `why` says in a few words where it comes from."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request: what kind, where, in words, and the value if there is one."""

    kind: str
    where: tuple[str | int, ...]
    message: str
    value: Any = None


def json_reply(status: int, value: Any, why: str, headers: Mapping[str, str] | None = None) -> Reply:
    """Return an answer with a JSON body."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return Reply(status, body, {"content-type": "application/json", **(headers or {})}, why)


def detail(status: int, text: str, headers: Mapping[str, str] | None = None) -> Reply:
    """Return an error as FastAPI words it: `{"detail": …}`."""
    return json_reply(status, {"detail": text}, text, headers)


def rejection(faults: list[Fault]) -> Reply:
    """Return the 422 that a generated service gives: FastAPI's shape, bounded as docs/services.md says."""
    items = []
    for fault in faults[:_MOST_FAULTS]:
        item: dict[str, Any] = {
            "type": fault.kind,
            "loc": list(fault.where),
            "msg": fault.message[:_MOST_TEXT],
        }
        if fault.value is not None and len(json.dumps(fault.value)) <= _MOST_INPUT:
            item["input"] = fault.value
        items.append(item)
    first = faults[0]
    place = ".".join(str(part) for part in first.where)
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return json_reply(422, {"detail": items}, f"{place}: {first.message[:_MOST_TEXT]}{more}")
