"""What does one answer of a running service say about its contract? Findings, work to do, or nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from cockpit.contracts.behaviour import headers
from cockpit.contracts.behaviour.answers import (
    bounded,
    covering,
    decoded,
    is_json,
    json_media,
    rejected_at,
    unwritten,
    why,
)
from cockpit.contracts.behaviour.findings import finding, place_of, undecided
from cockpit.contracts.behaviour.goldens import operations
from cockpit.contracts.behaviour.validity import MOST_STEPS, Validity
from cockpit.domain.behaviour import Exchange
from cockpit.domain.conformance import Direction, Finding, Rule, Undecided, Witness
from cockpit.domain.openapi import follow
from cockpit.domain.text import one_line

# What FastAPI and its like answer to a request that they do not take.
_REJECTED = (400, 413, 415, 422)
# Here the service itself did not speak, or not as it will: nothing is learned about it.
NOT_ITS_WORD = {
    401: "it asks for credentials: name the variable that holds a token with --token-env",
    403: "these credentials do not suffice: name the variable of another token with --token-env",
    407: "a proxy asks for credentials",
    429: "it limits the rate of requests: ask again later",
    502: "a gateway before it did not reach it",
    503: "it is not ready, or overloaded: ask again later",
    504: "a gateway before it did not wait for it",
    **dict.fromkeys((301, 302, 303, 307, 308), "it redirects: name the URL where it leads"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What one exchange showed. `todo` is where logic is missing: "services/x/…/operations.py:12"."""

    findings: tuple[Finding, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    todo: str | None = None

    @property
    def clean(self) -> bool:
        """True if the answer is as the contract promises."""
        return not self.findings and not self.undecided and self.todo is None


class Judge:
    """Judges answers under one contract, a whole OpenAPI 3.1 document."""

    def __init__(self, contract: dict[str, Any]) -> None:
        self.contract = contract
        self.validity = Validity(contract)
        self._operations = {label: operation for label, _, _, operation in operations(contract)}

    def judge(self, exchange: Exchange) -> Judged:
        """Return what `exchange` shows, its request being one that the contract allows."""
        todo = unwritten(exchange)
        if todo is not None:
            return Judged(todo=todo)
        operation = self._operations.get(exchange.operation)
        if operation is None:
            said = "the contract has no such operation"
            return Judged(undecided=(undecided(exchange, str(exchange.status), said),))
        if exchange.status == 500:
            said = f"the service fails at a request that the contract allows{why(exchange)}"
            do = "look at its log for the traceback, and mend the logic"
            return Judged((finding(exchange, Rule.SERVER_ERROR, "500", said, do, witness=_sent(exchange)),))
        code, response = self._promised(operation, exchange.status)
        if response is None:
            return self._undeclared(exchange, operation)
        wrong = headers.wrong(self.validity, exchange, code, response)
        inside = self._content(exchange, code, response)
        return Judged((*wrong, *inside.findings), inside.undecided)

    def _promised(self, operation: dict[str, Any], status: int) -> tuple[str, dict[str, Any] | None]:
        """Return the key and the response that cover `status`: exact, then 2XX, then default."""
        responses = operation.get("responses")
        for code in (str(status), f"{status // 100}XX", f"{status // 100}xx", "default"):
            found = follow(self.contract, responses.get(code)) if isinstance(responses, dict) else None
            if isinstance(found, dict):
                return code, found
        return "", None

    def _undeclared(self, exchange: Exchange, operation: dict[str, Any]) -> Judged:
        status, location = exchange.status, str(exchange.status)
        path = exchange.operation.partition(" ")[2]
        if status in NOT_ITS_WORD:
            return Judged(
                undecided=(undecided(exchange, location, f"it answers {status}: {NOT_ITS_WORD[status]}"),)
            )
        if status in _REJECTED:
            return self._rejected(exchange, operation)
        if status == 405 or (status == 404 and "{" not in path):
            rule = Rule.OPERATION_MISSING
            said = f"the contract promises this operation, the service answers {status}: it has none such"
            do = f"add the operation: cockpit update, or a route for {path}"
        elif status > 500:
            rule = Rule.SERVER_ERROR
            said, do = f"the service answers {status}, which the contract does not name", "look at its log"
        else:
            rule = Rule.STATUS_UNDECLARED
            responses = operation.get("responses")
            named = ", ".join(map(str, responses if isinstance(responses, dict) else ())) or "none"
            said = f"the contract names the status codes {named}, the service answers {status}{why(exchange)}"
            do = f"answer as promised, or add {status} to the contract's responses and sign again"
        place = place_of(exchange, "responses")
        return Judged(
            (finding(exchange, rule, location, said, do, witness=_sent(exchange), contract_pointer=place),)
        )

    def _rejected(self, exchange: Exchange, operation: dict[str, Any]) -> Judged:
        """A request that the contract allows was refused; the independent validator has to agree on that."""
        if exchange.status == 413 and exchange.sent_bytes > self._most_bytes(operation):
            return Judged()  # x-slo says that the service need not take it
        body = follow(self.contract, operation.get("requestBody"))
        location, place = "parameters", place_of(exchange)
        if exchange.has_body and isinstance(body, dict):
            kind, media = json_media(body.get("content"))
            location, place = f"body {kind}", place_of(exchange, "requestBody", "content", kind, "schema")
            wrong = self.validity.faults(media.get("schema", True), exchange.sent)
            if wrong is None or wrong:
                reason = wrong[0].said if wrong else "checking it would take too long"
                said = f"it refuses a request that the contract may not allow either: {reason}"
                return Judged(undecided=(undecided(exchange, location, said, Direction.REQUEST),))
        status = f"{exchange.status}{why(exchange)}"
        said = f"the contract allows this request, the service rejects it with {status}"
        return Judged(
            (
                finding(
                    exchange,
                    Rule.REQUEST_NARROWED,
                    location,
                    said,
                    "accept it (loosen the model or the logic), or narrow the contract and sign again",
                    pointer=rejected_at(exchange),
                    witness=_sent(exchange),
                    contract_pointer=place,
                    direction=Direction.REQUEST,
                ),
            )
        )

    def _most_bytes(self, operation: dict[str, Any]) -> float:
        """The largest body that x-slo lets a client send."""
        for holder in (operation, self.contract):
            slo = holder.get("x-slo")
            most = slo.get("max_payload_kb") if isinstance(slo, dict) else None
            if isinstance(most, int | float) and not isinstance(most, bool):
                return most * 1024
        return math.inf

    def _content(self, exchange: Exchange, code: str, response: dict[str, Any]) -> Judged:
        content = response.get("content")
        if not isinstance(content, dict) or not content or exchange.operation.startswith("HEAD "):
            return Judged()
        place = ("responses", code, "content")
        kind = exchange.headers.get("content-type", "").partition(";")[0].strip().lower()
        shown = one_line(kind, 80) or "no content type"
        named, media = covering(content, kind)
        if media is None:
            said = f"the contract promises {', '.join(content)} with {code}, the service sends {shown}"
            do = "set the media type of the answer, or name it in the contract and sign again"
            location, where = f"{exchange.status} {shown}", place_of(exchange, *place)
            return Judged((finding(exchange, Rule.CONTENT_TYPE, location, said, do, contract_pointer=where),))
        location, where = f"{exchange.status} {named}", place_of(exchange, *place, named, "schema")
        schema = media.get("schema")
        if schema is None or not is_json(kind):
            return Judged()
        answer = decoded(exchange)
        if answer.unknown:
            return Judged(undecided=(undecided(exchange, location, answer.unknown),))
        do = "answer within the contract, or widen its schema and sign again"
        if answer.fault:
            witness = Witness(one_line(exchange.body.decode("utf-8", "replace"), 500))
            said = f"the contract promises JSON with {code}, {answer.fault}"
            rule = Rule.RESPONSE_WIDENED
            one = finding(exchange, rule, location, said, do, witness=witness, contract_pointer=where)
            return Judged((one,))
        faults = self.validity.faults(schema, answer.value)
        if faults is None:
            too_many = f"checking it would take more than {MOST_STEPS:,} steps"
            return Judged(undecided=(undecided(exchange, location, too_many),))
        return Judged(
            tuple(
                finding(
                    exchange,
                    Rule.RESPONSE_WIDENED,
                    location,
                    f"the contract does not allow this answer: {fault.said}",
                    do,
                    pointer=fault.pointer,
                    witness=Witness(bounded(answer.value, fault.pointer)),
                    keyword=fault.keyword,
                    contract_pointer=f"{where if fault.inside else ''}{fault.schema_at}",
                )
                for fault in faults
            )
        )


def _sent(exchange: Exchange) -> Witness:
    """What was asked: the body, or without one the command that asks it."""
    return Witness(exchange.sent if exchange.has_body else exchange.curl)
