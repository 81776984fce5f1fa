"""What does the answer of a readiness URL say? Pure; everything in it is hostile text."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cockpit.domain.text import one_line
from cockpit.edges.http import Answer

_STARTING = ("starting", "loading", "warming", "initializing", "initialising")
_TOLD_LIMIT = 160
# Someone in front of the service answered: nothing was learned about the service itself.
_GUARDED = {
    401: "it asks for credentials",
    403: "it forbids the probe",
    407: "a proxy asks for credentials",
    429: "it limits how often it may be asked",
}


class Reading(NamedTuple):
    """`ok` is None where the service itself did not speak; `error` says why it is not True."""

    ok: bool | None
    error: str | None = None
    starting: bool = False


def read(answer: Answer) -> Reading:
    """Return what `answer` says of the service.

    Any 2xx is ready, unless it is a web page: a login, a parked domain or a captive portal answers 200
    as well. A 503 whose JSON says that it is starting (or loading, …) is starting. Credentials asked for
    and redirects to elsewhere decide nothing. All else is a failure, with the code and what the body tells.
    """
    status = answer.status
    if 200 <= status < 300:
        if answer.headers.get("content-type", "").lower().startswith("text/html"):
            return Reading(
                None, f"{status}, but a web page, not a readiness answer: does the URL name the service?"
            )
        return Reading(True)
    if status in _GUARDED:
        return Reading(None, f"{status}: {_GUARDED[status]}")
    if 300 <= status < 400:
        return Reading(None, f"{status}: it sends to {_destination(answer)}, which is not followed")
    told = _told(answer)
    if status == HTTPStatus.SERVICE_UNAVAILABLE and told.lower().startswith(_STARTING):
        return Reading(False, f"503: {told}", starting=True)
    return Reading(False, f"{status} {_phrase(status)}".rstrip() + (f": {told}" if told else ""))


def _destination(answer: Answer) -> str:
    try:
        host = urlsplit(answer.headers.get("location", "")).netloc.rpartition("@")[2]
    except ValueError:
        host = ""
    return one_line(host, 80) or "another address"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase.lower()
    except ValueError:
        return ""


def _told(answer: Answer) -> str:
    """Return the short text in which a JSON or plain body says what is the matter, "" without one."""
    kind = answer.headers.get("content-type", "").lower()
    text = answer.body.decode("utf-8", "replace")
    if kind.startswith("text/plain"):
        return one_line(text, _TOLD_LIMIT)
    if "json" not in kind or answer.cut:
        return ""
    try:
        return one_line(_in_json(json.loads(text)), _TOLD_LIMIT)
    except (ValueError, RecursionError):
        return ""


def _in_json(value: Any) -> str:
    """Return `status` and `detail` (or what is called alike) of a JSON object; "" of all else."""
    if not isinstance(value, dict):
        return value if isinstance(value, str) else ""
    inner = value.get("detail")
    if isinstance(inner, dict):
        return _in_json(inner)
    head = next((value[k] for k in ("status", "state") if isinstance(value.get(k), str)), "")
    keys = ("detail", "error", "message", "reason")
    tail = next((value[k] for k in keys if isinstance(value.get(k), str)), "")
    return f"{head}: {tail}" if head and tail else head or tail
