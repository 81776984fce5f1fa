"""What does a service answer to the golden requests of its contract? Each is sent once, in turn."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from cockpit.contracts.behaviour import golden_answers
from cockpit.contracts.behaviour.goldens import Golden
from cockpit.contracts.behaviour.judging import Judge
from cockpit.domain.behaviour import Check, Exchange
from cockpit.domain.conformance import Direction, Undecided
from cockpit.edges.http import Http, Limits, UnansweredError
from cockpit.errors import CancelledError
from cockpit.services.recorded import curl
from cockpit.workspace.observations import Observations

# An answer of a model may take its time, and may be large.
LIMITS = Limits(connect_s=5.0, total_s=60.0, body_bytes=33_554_432, redirects=0)


async def run(
    http: Http,
    judge: Judge,
    examples: Sequence[Golden],
    url: str,
    headers: Mapping[str, str],
    seen: Observations,
    cancelled: Callable[[], bool],
    over: Callable[[], bool],
) -> None:
    """Send every golden request to `url` and keep what its answer shows; `http` is closed at the end.

    `headers` may name variables of the environment ("Bearer ${TOKEN}"). What is left once `over()` turns
    true is undecided. Raises CancelledError when `cancelled()` turns true.
    """
    answered = False
    try:
        for golden in examples:
            if cancelled():
                said = "stopped while golden examples were asked"
                raise CancelledError(said, do="run it again", code="cancelled")
            if over():
                said = f"{golden.name}: not asked, the time limit was over"
                part = Undecided(golden.operation, Direction.RESPONSE, "golden examples", "", said)
                seen.undecided[part] = None
                continue
            exchange, reason = await _ask(http, golden, url, headers)
            answered = answered or exchange.status > 0
            seen.unreached = "" if answered else reason
            if exchange.status:
                judged = golden_answers.compare(judge, golden, exchange)
            else:
                judged = seen.unanswered(exchange, reason)
            outcome = seen.take(judged)
            check = Check(
                "golden", golden.operation, golden.name, outcome, 1, exchange.elapsed_ms, seen.first(judged)
            )
            seen.add(check, judged.findings)
    finally:
        await http.close()


async def _ask(http: Http, golden: Golden, url: str, headers: Mapping[str, str]) -> tuple[Exchange, str]:
    """Send one golden request; without an answer the status is 0, and the reason beside it."""
    body, kind = None, golden.kind or ""
    if golden.kind is not None:
        is_text = isinstance(golden.asked, str) and "json" not in kind
        body = (golden.asked if is_text else json.dumps(golden.asked)).encode()
    sent = {**golden.headers, **{name: os.path.expandvars(value) for name, value in headers.items()}}
    if kind:
        sent["Content-Type"] = kind
    there = url + golden.target
    exchange = Exchange(
        operation=golden.operation,
        curl=curl(golden.method, there, kind, body or b"", headers),
        status=0,
        headers={},
        body=b"",
        sent=golden.asked,
        has_body=body is not None and "json" in kind,
        sent_bytes=len(body or b""),
    )
    try:
        answer = await http.send(golden.method, there, body, LIMITS, sent)
    except UnansweredError as error:
        return replace(exchange, elapsed_ms=error.exchange.elapsed_ms), error.problem.message
    return replace(
        exchange,
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        cut=answer.cut,
        elapsed_ms=answer.elapsed_ms,
    ), ""
