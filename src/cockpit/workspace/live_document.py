"""Which OpenAPI document does an endpoint serve? Asked within bounds, and only for what changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cockpit.domain.text import one_line
from cockpit.edges.http import Answer, Http, HttpxHttp, Limits, UnansweredError, run_loop

if TYPE_CHECKING:
    from cockpit.workspace.workspace import Workspace

PATH = "/openapi.json"
# The largest public API descriptions are 12 MB; a service's own is a few hundred kB.
LIMITS = Limits(connect_s=3.0, total_s=15.0, body_bytes=16_000_000)
_KIND, _FORMAT = "live-document", "1"
_HIDDEN = {
    401: "it asks for credentials",
    403: "it forbids it",
    404: "there is none: the app may have `openapi_url=None`, or the URL may not name the service",
}
_GUARDED = {407: "a proxy asks for credentials", 429: "it limits how often it may be asked"}


@dataclass(frozen=True, slots=True)
class Served:
    """The document, or None and why nobody could tell; `hidden` if the service itself keeps it back."""

    document: dict[str, Any] | None
    reason: str | None = None
    hidden: bool = False


def fetch(workspace: Workspace, url: str, http: Http | None = None) -> Served:
    """Return what `url`/openapi.json serves. Blocks, at most 15 s; never raises for anything on the way.

    A document with an ETag is kept, and fetched again only if it changed.
    """
    address = f"{url.rstrip('/')}{PATH}"
    kept = workspace.cache.read(_KIND, address, _FORMAT)
    known = kept if isinstance(kept, dict) and isinstance(kept.get("document"), dict) else None
    headers = {"If-None-Match": str(known["etag"])} if known is not None else {}

    async def ask() -> Answer:
        client = http or HttpxHttp(workspace.clock)
        try:
            return await client.get(address, LIMITS, headers)
        finally:
            await client.close()

    try:
        answer = run_loop(ask())
    except UnansweredError as error:
        return Served(None, f"{address} did not answer: {error.problem.message}")
    if answer.status == 304 and known is not None:
        return Served(known["document"])
    served = read(answer, address)
    etag = answer.headers.get("etag", "")
    if served.document is not None and etag and len(etag) < 1000 and etag.isascii():
        workspace.cache.write(_KIND, {address: (_FORMAT, {"etag": etag, "document": served.document})})
    return served


def read(answer: Answer, address: str) -> Served:
    """Return the document in `answer`; everything but a JSON object that is OpenAPI leaves it unknown."""
    if answer.status in _HIDDEN:
        return Served(None, f"{address} answers {answer.status}: {_HIDDEN[answer.status]}", hidden=True)
    if answer.status in _GUARDED:
        return Served(None, f"{address} answers {answer.status}: {_GUARDED[answer.status]}")
    if not 200 <= answer.status < 300:
        return Served(None, f"{address} answers {answer.status}")
    if answer.headers.get("content-type", "").lower().startswith("text/html"):
        return Served(None, f"{address} answers with a web page: does the URL name the service?")
    if answer.cut:
        return Served(None, f"{address} is larger than {LIMITS.body_bytes // 1_000_000} MB")
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        return Served(None, f"{address} answers with something that is no JSON")
    if not isinstance(document, dict) or not isinstance(document.get("openapi"), str):
        return Served(None, f"{address} answers with JSON that is no OpenAPI document")
    if not document["openapi"].startswith("3."):
        return Served(None, f"{address} is OpenAPI {one_line(document['openapi'], 20)}, not 3.x")
    return Served(document)
