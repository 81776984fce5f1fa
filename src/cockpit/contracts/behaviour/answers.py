"""What stands in one answer: JSON, a reason, a place that it blames, logic that is missing?"""

from __future__ import annotations

import json
import posixpath
import re
from typing import Any, NamedTuple

from cockpit.domain.behaviour import Exchange
from cockpit.domain.text import one_line

_WITNESS_BYTES = 65_536
_MOST_DEPTH = 200  # what follows goes down a value by recursion
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{\]}]', re.DOTALL)


def unwritten(exchange: Exchange) -> str | None:
    """Where logic is missing, as a scaffolded service says it; None if this is another answer."""
    if exchange.status != 501:
        return None
    said = decoded(exchange).value
    if not isinstance(said, dict) or said.get("detail") != "logic not written":
        return None
    return one_line(posixpath.normpath(str(said.get("where") or "it did not say where")), 300)


class Decoded(NamedTuple):
    """An answer as JSON, or why it is none (`fault`), or why nobody can tell (`unknown`)."""

    value: Any = None
    fault: str = ""
    unknown: str = ""


def decoded(exchange: Exchange) -> Decoded:
    """Read an answer as JSON."""
    if exchange.cut:
        return Decoded(unknown="the answer is larger than what is read of it")
    if _depth(exchange.body) > _MOST_DEPTH:
        return Decoded(unknown=f"the answer is nested more than {_MOST_DEPTH} deep")
    try:
        return Decoded(json.loads(exchange.body.decode("utf-8"), parse_constant=_refuse))
    except (json.JSONDecodeError, UnicodeDecodeError, _NoNumberError) as error:
        return Decoded(fault=f"the answer is no JSON: {one_line(str(error), 120)}")
    except ValueError as error:  # a number of thousands of digits
        return Decoded(unknown=f"the answer cannot be read: {one_line(str(error), 120)}")


class _NoNumberError(ValueError):
    pass


def _refuse(word: str) -> Any:
    raise _NoNumberError(f"{word} is no JSON number")


def _depth(body: bytes) -> int:
    """Return how deep brackets are nested, those in texts left out; 0 where they are too few to matter."""
    if body.count(b"[") + body.count(b"{") <= _MOST_DEPTH:
        return 0
    depth = most = 0
    for part in _BRACKETS.finditer(body):
        opens = part[0] in (b"[", b"{")
        depth += opens - (part[0] in (b"]", b"}"))
        most = max(most, depth)
    return most


def _first_fault(exchange: Exchange) -> dict[str, Any]:
    said = decoded(exchange).value
    detail = said.get("detail") if isinstance(said, dict) else None
    first = detail[0] if isinstance(detail, list) and detail else None
    return first if isinstance(first, dict) else {}


def why(exchange: Exchange) -> str:
    """What a 422 in FastAPI's shape gives as its reason, else the beginning of the answer."""
    first = _first_fault(exchange)
    if isinstance(first.get("msg"), str):
        loc = first.get("loc")
        place = ".".join(str(part) for part in loc) if isinstance(loc, list) else ""
        return f": {one_line(first['msg'], 160)}" + (f" ({one_line(place, 100)})" if place else "")
    text = one_line(exchange.body[:2000].decode("utf-8", "replace"), 160)
    return f": {text}" if text else ""


def rejected_at(exchange: Exchange) -> str:
    """The JSON pointer into the body that a 422 in FastAPI's shape blames, "" where it blames none."""
    loc = _first_fault(exchange).get("loc")
    if not isinstance(loc, list) or loc[:1] != ["body"]:
        return ""
    value, pointer = exchange.sent, ""
    for part in loc[1:]:
        # Pydantic names the branch of a union too, which is no part of the value.
        into_object = isinstance(value, dict) and isinstance(part, str) and part in value
        if not into_object and not (isinstance(value, list) and type(part) is int and 0 <= part < len(value)):
            continue
        value = value[part]
        pointer += f"/{escaped(str(part))}"
    return pointer


def covering(content: dict[str, Any], kind: str) -> tuple[str, dict[str, Any] | None]:
    """Return the media type of `content` that covers `kind`: itself, then a range."""
    plain = {named.partition(";")[0].strip().lower(): (named, media) for named, media in content.items()}
    for wanted in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        named, media = plain.get(wanted, ("", None))
        if isinstance(media, dict):
            return named, media
    return "", None


def json_media(content: Any) -> tuple[str, dict[str, Any]]:
    """Return the first JSON media type of `content` with its object."""
    for kind, media in content.items() if isinstance(content, dict) else ():
        if is_json(kind) and isinstance(media, dict):
            return kind, media
    return "application/json", {}


def is_json(kind: str) -> bool:
    """True for a media type whose bodies are JSON."""
    plain = kind.partition(";")[0].strip().lower()
    return plain == "application/json" or plain.endswith("+json") or plain in ("*/*", "application/*")


def bounded(value: Any, pointer: str) -> Any:
    """The whole value where it is small; else only the part at `pointer`, cut to a text if need be."""
    if len(json.dumps(value)) <= _WITNESS_BYTES:
        return value
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value.get(key)
        if not isinstance(value, dict | list):
            break
    text = json.dumps(value, ensure_ascii=False)
    return value if len(text) <= _WITNESS_BYTES else one_line(text, 500)


def escaped(part: str) -> str:
    """Return `part` as one step of a JSON pointer (RFC 6901)."""
    return part.replace("~", "~0").replace("/", "~1")
