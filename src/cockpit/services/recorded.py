"""What did schemathesis send, and what came back? Its NDJSON report, read as foreign data."""

from __future__ import annotations

import base64
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cockpit.domain.behaviour import Exchange
from cockpit.domain.text import one_line

_MOST_BODY = 400  # longer bodies do not belong on a command line that a person is shown
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Sent:
    """One request with its answer, and what schemathesis itself finds wrong with it."""

    exchange: Exchange
    complaints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """Everything that one run sent. `unanswered` is operation → why no answer came, or none was asked.

    `fatal` says why nothing could be sent at all, `unfinished` why the run ended early; "" where neither.
    """

    sent: tuple[Sent, ...] = ()
    unanswered: tuple[tuple[str, str], ...] = ()
    fatal: str = ""
    unfinished: str = "it did not end in order"

    def stopped(self, reason: str) -> Recording:
        """Return the recording of a run that was ended for `reason`."""
        return replace(self, unfinished=reason)


def read(data: bytes, headers: Mapping[str, str]) -> Recording:
    """Return what the report says; `headers` are shown in commands by the names of their variables.

    A line that does not read, such as the last one of a run that was killed, is left out.
    """
    sent: list[Sent] = []
    unanswered: dict[tuple[str, str], None] = {}
    fatal, unfinished = "", "it did not end in order"
    for event, body in _events(data):
        if event == "ScenarioFinished":
            sent += _of_scenario(body.get("recorder"), headers)
        elif event == "NonFatalError":
            unanswered[_text(body.get("label"), 300), _error(body.get("value"))] = None
        elif event == "FatalError":
            fatal = _error(body.get("exception") or body.get("value"))
        elif event == "EngineFinished":
            reason = body.get("stop_reason")
            unfinished = "" if reason == "completed" else f"it stopped: {_text(reason, 80)}"
    return Recording(tuple(sent), tuple(unanswered), fatal, unfinished)


def _events(data: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    for line in data.splitlines():
        try:
            parsed = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(parsed, dict):
            for event, body in parsed.items():
                if isinstance(body, dict):
                    yield event, body


def _of_scenario(recorder: Any, headers: Mapping[str, str]) -> Iterator[Sent]:
    scenario = _dict(recorder)
    checks = _dict(scenario.get("checks"))
    for case, interaction in _dict(scenario.get("interactions")).items():
        exchange = _exchange(_text(scenario.get("label"), 300), _dict(interaction), headers)
        if exchange is not None:
            yield Sent(exchange, tuple(_complaints(checks.get(case))))


def _exchange(label: str, interaction: dict[str, Any], headers: Mapping[str, str]) -> Exchange | None:
    asked, answered = _dict(interaction.get("request")), _dict(interaction.get("response"))
    status = answered.get("status_code")
    if not isinstance(status, int):
        return None
    kind = next(
        (_first(v) for k, v in _dict(asked.get("headers")).items() if k.lower() == "content-type"), ""
    )
    body = _bytes(asked.get("body"))
    sent, has_body = _json(body) if "json" in kind else (None, False)
    content = _bytes(answered.get("content"))
    size, elapsed = answered.get("content_size"), answered.get("elapsed")
    return Exchange(
        operation=label,
        curl=curl(_text(asked.get("method"), 20), _text(asked.get("uri"), 4000), kind, body, headers),
        status=status,
        headers={k.lower(): ", ".join(_list(v)) for k, v in _dict(answered.get("headers")).items()},
        body=content,
        sent=sent,
        has_body=has_body,
        sent_bytes=len(body),
        cut=isinstance(size, int) and size > len(content),
        elapsed_ms=elapsed * 1000 if isinstance(elapsed, int | float) else 0.0,
    )


def curl(method: str, url: str, kind: str, body: bytes, headers: Mapping[str, str]) -> str:
    """Return the command that sends the same again, secrets by the name of their variable."""
    argv = ["curl", "-sS", "-X", method, url]
    if kind:
        argv += ["-H", f"content-type: {kind}"]
    if body:
        text = body.decode("utf-8", "replace")
        argv += ["--data-raw", text if len(text) <= _MOST_BODY else text[:_MOST_BODY] + "…"]
    # In double quotes a shell fills in the variable, and nothing else: names are all that stands there.
    named = {name: _VARIABLE.sub(r"$\1", value) for name, value in headers.items()}
    return " ".join([shlex.join(argv), *(f'-H "{name}: {value}"' for name, value in named.items())])


def _complaints(checks: Any) -> Iterator[str]:
    for check in checks if isinstance(checks, list) else ():
        if _dict(check).get("status") == "failure":
            failure = _dict(_dict(_dict(check).get("failure_info")).get("failure"))
            yield f"{_text(failure.get('title'), 120)}: {_text(failure.get('message'), 240)}"


def _error(value: Any) -> str:
    error = _dict(value)
    return _text(error.get("message") or error.get("type") or "it did not say why", 240)


def _json(body: bytes) -> tuple[Any, bool]:
    try:
        return json.loads(body), True
    except (ValueError, RecursionError):
        return None, False


def _bytes(value: Any) -> bytes:
    try:
        return base64.b64decode(_dict(value).get("$base64") or "")
    except (ValueError, TypeError):
        return b""


def _first(value: Any) -> str:
    return next(iter(_list(value)), "")


def _list(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any, limit: int) -> str:
    return one_line(str(value), limit)
