"""What stands in a file, at a URL or on standard input: which OpenAPI document or schema, with its lines?"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from cockpit.domain.text import one_line
from cockpit.edges import files
from cockpit.errors import EdgeError, UsageError
from cockpit.workspace.conformance_places import Place, nowhere, of_block

MOST_BYTES = 64_000_000
_SECONDS = 30.0
_LIVE = "/openapi.json"
STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """A document that was read. `name` is how it was given; `place` turns JSON pointers into lines."""

    name: str
    value: Any
    place: Place = nowhere


def is_url(given: str) -> bool:
    """True for an http(s) URL."""
    return given.startswith(("http://", "https://"))


def is_outside(given: str) -> bool:
    """True for what is read without a workspace: a URL, standard input, or what looks like a file."""
    looks = "/" in given or given.endswith((".json", ".yaml", ".yml"))
    return given == STDIN or is_url(given) or looks or Path(given).is_file()


def outside(given: str) -> Source:
    """Return the document of a file, of standard input (`-`) or of a URL. Raises UsageError or EdgeError."""
    if is_url(given):
        return _fetched(given)
    if given == STDIN:
        data, name = sys.stdin.buffer.read(MOST_BYTES + 1), "standard input"
        if len(data) > MOST_BYTES:
            raise EdgeError(
                f"{name} is larger than {MOST_BYTES:,} bytes", do="give a part of it", code="too-large"
            )
    elif not Path(given).exists():
        raise UsageError(
            f"there is no file {one_line(given, 200)}", do="check its name and folder", code="no-file"
        )
    else:
        data, name = files.read_bounded(Path(given), MOST_BYTES, given), given
    return _parsed(data, name)


def _fetched(url: str) -> Source:
    from cockpit.edges.clock import SystemClock
    from cockpit.edges.http import Answer, HttpxHttp, Limits, run_loop

    bounds = Limits(total_s=_SECONDS, body_bytes=MOST_BYTES)
    parts = urlsplit(url)
    base = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/") + _LIVE, "", ""))
    wanted = [base] if parts.path in ("", "/") else [url, base]

    async def ask(address: str) -> Answer:
        async with HttpxHttp(SystemClock()) as client:
            return await client.get(address, bounds)

    reason: UsageError | EdgeError | None = None
    for address in wanted:
        answer = run_loop(ask(address))
        shown = one_line(address, 200)
        if answer.status != 200:
            reason = reason or EdgeError(
                f"{shown} answers {answer.status}",
                do="name the URL of an OpenAPI document",
                code="no-document",
            )
            continue
        if answer.cut:
            raise EdgeError(
                f"{shown} is larger than {MOST_BYTES:,} bytes",
                do="give a part of it as a file",
                code="too-large",
            )
        try:
            found = _parsed(answer.body, address)
        except UsageError as error:
            reason = reason or error
            continue
        if isinstance(found.value, dict):
            return Source(address, found.value)
        reason = reason or UsageError(
            f"{shown} is no OpenAPI document", do="name the URL of one", code="not-openapi"
        )
    assert reason is not None  # noqa: S101 - every way round the loop that is no return sets it
    raise reason


def _parsed(data: bytes, name: str) -> Source:
    from cockpit.rpts.decoding import decode

    text = decode(data, name)
    if name.endswith(".json") or text.lstrip()[:1] in ("{", "["):
        return Source(name, _json(text, name), _places(text, name))
    from cockpit.rpts.yaml_core import load

    block = load(text, name)
    if block.problems:
        said = block.problems[0]
        raise UsageError(
            said.message, do=said.do, code=said.code, path=said.path, line=said.line, column=said.column
        )
    return Source(name, block.value, of_block(block, name))


def _json(text: str, name: str) -> Any:
    def refuse(word: str) -> Any:
        raise UsageError(f"{word} is no JSON", do="write a finite number, or null", code="json", path=name)

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise UsageError(
            f"this is no JSON: {error.msg}",
            do="mend it there",
            code="json",
            path=name,
            line=error.lineno,
            column=error.colno,
        ) from error
    except (RecursionError, ValueError) as error:
        raise UsageError(
            "the JSON is nested too deeply, or has a number too long to read",
            do="make it smaller",
            code="json",
            path=name,
        ) from error


def _places(text: str, name: str) -> Callable[[str], str | None]:
    from cockpit.contracts.json_places import JsonPlaces

    known: list[JsonPlaces] = []

    def place(pointer: str) -> str | None:
        if not known:
            known.append(JsonPlaces(text))
        line, column = known[0].place(pointer)
        return f"{name}:{line}:{column}"

    return place
